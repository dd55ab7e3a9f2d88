"""The board: are we winning, by how much, and can it be trusted — for one release at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from payoff.errors import PayoffError
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.judgement import Estimate, Level, Row, Verdict
from payoff.records.releases import STREAM, Release
from payoff.texts import Texts
from payoff.web.figures import Figures
from payoff.web.pages.desk import Option
from payoff.web.pictures import Picture, difference, levels
from payoff.web.product import Card, Decision, Product, Scorecard

LEVELS: tuple[Level, ...] = ("business", "user", "technical")
ITSELF = "payoff"
"""The author of what happens without a person: an automatic rollback."""
_ARMS = ("challenger", "champion", "care", "named", "holdout")
_ORDER = {"goal": 0, "leading goal": 1, "guardrail": 2, "watch": 3}
TONES: Mapping[str, str] = {
    "promote": "good",
    "roll back": "bad",
    "cannot judge": "warn",
    "hold": "quiet",
    "safe, no gain shown": "quiet",
}
_ANSWERS = {
    "promote": "yes",
    "roll back": "no",
    "cannot judge": "void",
    "hold": "unknown",
    "safe, no gain shown": "flat",
}
_STATUS = {"better": "good", "no worse": "good", "worse": "bad"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One arm of one metric, in words. `tone` is the arm's own id, which names its colour."""

    tone: str
    arm: str
    value: str
    between: str
    known: str


@dataclass(frozen=True, slots=True)
class RowShown:
    """One metric. `change` is the difference in words, `picture` draws it, `arms_picture` the levels."""

    label: str
    purpose: str
    tag: str
    cells: tuple[Cell, ...]
    change: str
    change_between: str
    against: str
    picture: Picture | None
    arms_picture: Picture | None
    target: str
    margin: str
    status: str
    tone: str
    reading: str
    missing: str


@dataclass(frozen=True, slots=True)
class LevelShown:
    name: str
    heading: str
    arms: tuple[str, ...]
    rows: tuple[RowShown, ...]


@dataclass(frozen=True, slots=True)
class SegmentShown:
    """A goal again within one segment: to read, not to decide on."""

    name: str
    label: str
    change: str
    between: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class DecisionShown:
    when: str
    line: str
    why: str
    tone: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what is chosen, its label, and what happens then."""

    chosen: str
    label: str
    then: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything below the chooser, once there is a scorecard."""

    answer: str
    word: str
    tone: str
    because: str
    rule: str
    missing: tuple[str, ...]
    days_more: str
    elapsed: str
    deadline: str
    void: str
    amount: tuple[str, ...]
    levels: tuple[LevelShown, ...]
    segments: tuple[SegmentShown, ...]
    trusted: bool
    trust: str
    faults: tuple[str, ...]
    tag: str
    tag_word: str
    estimand: str
    arms: tuple[str, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """`judged` is `None` when there is nothing to judge yet; `unjudged` then says why."""

    options: tuple[Option, ...]
    release: str
    title: str
    stage: str
    unproven: str
    judged: Judged | None
    unjudged: str
    choices: tuple[Choice, ...]
    may_decide: bool
    decisions: tuple[DecisionShown, ...]


def board(product: Product, person: Person, release: str, card: Callable[[str], Card]) -> BoardPage:
    """The page of one release; without an id, of the one that matters now."""
    texts, found = product.texts, product.releases()
    if release == STREAM and any(r.stage == "full" for r in found):
        return _stream(product, found, card)
    chosen = next((r for r in found if r.id == release), None) or _matters(found)
    may = person.may(needed("POST", "/board/{release}/decide") or ())
    if chosen is None:
        return BoardPage((), "", "", "", "", None, "", (), may, ())
    judged, unjudged, verdict = None, "", None
    try:
        made = card(chosen.id)
    except PayoffError as error:
        unjudged = str(error)
    else:
        judged, verdict = _judged(product, chosen, made), made.verdict
    names = {key: p.name for key, p in product.brief.people.items()}
    return BoardPage(
        options=_options(texts, found, chosen.id),
        release=chosen.id,
        title=chosen.title,
        stage=texts.say("board.stage", stage=stage_words(texts, chosen)),
        unproven=texts.say("board.unproven") if chosen.unproven else "",
        judged=judged,
        unjudged=unjudged,
        choices=_choices(texts, chosen, verdict) if may else (),
        may_decide=may,
        decisions=tuple(decided(texts, d, names) for d in product.decisions(chosen.id)),
    )


def _stream(product: Product, found: Sequence[Release], card: Callable[[str], Card]) -> BoardPage:
    """Being in care at all against the holdout, whatever release served: read, never decided on."""
    texts = product.texts
    serving = next(r for r in found if r.stage == "full")
    judged, unjudged = None, ""
    try:
        judged = _judged(product, serving, card(STREAM))
    except PayoffError as error:
        unjudged = str(error)
    title = texts.say("board.stream")
    options = _options(texts, found, STREAM)
    return BoardPage(options, STREAM, title, texts.say("board.stream_stage"), "", judged, unjudged, (), True, ())


def stage_words(texts: Texts, release: Release) -> str:
    """The stage as people say it, with the share while it is on trial."""
    word = texts.say(f"releases.stage_{release.stage.replace(' ', '_')}")
    share = texts.say("releases.share", share=texts.share(release.share)) if release.on_trial else ""
    return f"{word}, {share}" if share else word


def decided(texts: Texts, decision: Decision, names: Mapping[str, str]) -> DecisionShown:
    """A decision in one line, with its author's name."""
    who = texts.say("board.itself") if decision.by == ITSELF else names.get(decision.by, decision.by)
    key = "board.past_line" if decision.word else "board.past_line_bare"
    proven = decision.chosen == "promote" and decision.word == "promote"
    tone = "good" if proven else {"roll back": "bad", "ship unproven": "warn"}.get(decision.chosen, "quiet")
    line = texts.say(key, who=who, chosen=decision.chosen, word=decision.word)
    return DecisionShown(texts.moment(decision.at), line, decision.why, tone)


def _matters(found: Sequence[Release]) -> Release | None:
    """The one on trial; else the one that serves; else the newest."""
    newest = found[::-1]
    trial = next((r for r in newest if r.on_trial), None)
    return trial or next((r for r in newest if r.stage == "full"), None) or next(iter(newest), None)


def _options(texts: Texts, found: Sequence[Release], chosen: str) -> tuple[Option, ...]:
    options = [Option(r.id, f"{r.title} ({stage_words(texts, r)})", r.id == chosen) for r in reversed(found)]
    if any(r.stage == "full" for r in found):
        options.append(Option(STREAM, texts.say("board.stream"), chosen == STREAM))
    return tuple(options)


def _judged(product: Product, release: Release, made: Card) -> Judged:
    texts, card, verdict = product.texts, made.card, made.verdict
    figures = Figures(texts, product.brief.product.currency)
    began = release.began("canary", "ramp", "full")
    over = bool(card.plan_days and card.days_elapsed is not None and card.days_elapsed >= card.plan_days)
    deadline = ""
    if release.on_trial and began:
        ends = texts.day(began + timedelta(days=card.plan_days))
        deadline = texts.say("board.deadline_over") if over else texts.say("board.deadline", day=ends)
    if release.stage == "full" and release.against and card.trial == release.id:
        deadline = texts.say("board.won", day=texts.day(card.as_of))
    return Judged(
        answer=texts.say(f"board.answer_{_ANSWERS[verdict.word]}"),
        word=texts.say(f"board.word_{verdict.word.split(',')[0].replace(' ', '_')}"),
        tone=TONES[verdict.word],
        because=verdict.because,
        rule=verdict.rule,
        missing=tuple(verdict.missing),
        days_more=texts.say("board.days_more", n=verdict.days_more) if verdict.days_more else "",
        elapsed=texts.say("board.elapsed", day=int(card.days_elapsed), plan=card.plan_days)
        if release.on_trial and card.days_elapsed is not None
        else "",
        deadline=deadline,
        void="" if card.trust.ok else card.trust.sentence,
        amount=_amount(texts, figures, card),
        levels=tuple(_level(texts, figures, level, card) for level in LEVELS),
        segments=_segments(texts, figures, card),
        trusted=card.trust.ok,
        trust=card.trust.sentence,
        faults=tuple(map(str, card.trust.faults)),
        tag=texts.say(f"board.tag_{card.tag}"),
        tag_word=card.tag,
        estimand=card.estimand,
        arms=tuple(
            texts.say("board.arm_units", arm=arm_words(texts, a), n=texts.say("board.units", n=int(card.arms[a])))
            for a in _arms(card.arms)
        ),
        open=tuple(card.open_questions),
    )


def arm_words(texts: Texts, arm: str) -> str:
    """An arm by the name people read; arms of experiments run elsewhere keep their own."""
    return texts.say(f"board.{arm}") if arm in _ARMS else arm.replace("_", " ")


def _arms(arms: Mapping[str, object]) -> list[str]:
    known = [arm for arm in _ARMS if arm in arms]
    return [*known, *(arm for arm in arms if arm not in known)]


def _amount(texts: Texts, figures: Figures, card: Scorecard) -> tuple[str, ...]:
    """The goals in a sentence each: how much, and how sure."""
    lines = []
    for row in map(figures.readable, sorted(card.rows, key=lambda r: _ORDER[r.purpose])):
        if row.purpose not in ("goal", "leading goal") or row.difference is None or row.difference.value is None:
            continue
        change = figures.change(row.difference.value, row.measure)
        between = figures.between(row.difference, row.measure, change=True)
        key = "board.amount_goal" if between else "board.amount_goal_bare"
        status = texts.say(f"board.status_{row.status.replace(' ', '_')}")
        lines.append(texts.say(key, label=_capital(row.label), value=change, between=between, status=status))
    return tuple(lines) or (texts.say("board.amount_none"),)


def _segments(texts: Texts, figures: Figures, card: Scorecard) -> tuple[SegmentShown, ...]:
    shown = []
    for name, rows in card.segments.items():
        for row in map(figures.readable, rows):
            gap = row.difference
            shown.append(
                SegmentShown(
                    name=name.replace("_", " ").replace("=", ": "),
                    label=_capital(row.label),
                    change=figures.change(gap.value if gap else None, row.measure),
                    between=figures.between(gap, row.measure, change=True) if gap else "",
                    status=texts.say(f"board.status_{row.status.replace(' ', '_')}"),
                    tone=_STATUS.get(row.status, "quiet"),
                )
            )
    return tuple(shown)


def _level(texts: Texts, figures: Figures, level: Level, card: Scorecard) -> LevelShown:
    rows = sorted((r for r in card.rows if r.level == level), key=lambda r: _ORDER[r.purpose])
    arms = _arms({arm: 0 for row in rows for arm, e in row.arms.items() if e.value is not None or e.known})
    return LevelShown(
        name=level,
        heading=texts.say(f"board.{level}"),
        arms=tuple(arm_words(texts, arm) for arm in arms),
        rows=tuple(_row(texts, figures, row, arms) for row in rows),
    )


def _row(texts: Texts, figures: Figures, row: Row, arms: Sequence[str]) -> RowShown:
    row = figures.readable(row)
    told = [arm for arm in arms if arm in row.arms and (row.arms[arm].value is not None or row.arms[arm].known)]
    cells = tuple(_cell(texts, figures, row.arms[arm], arm, row.measure) for arm in told)
    shown = row.difference
    change = figures.change(shown.value, row.measure) if shown else ""
    between = figures.between(shown, row.measure, change=True) if shown else ""
    tone = _STATUS.get(row.status, "quiet")
    label = _capital(row.label)
    arms_words = ", ".join(f"{c.arm} {c.value}" for c in cells)
    return RowShown(
        label=label,
        purpose=texts.say(f"board.purpose_{row.purpose.replace(' ', '_')}"),
        tag=texts.say(f"common.{row.tag}"),
        cells=cells,
        change=change,
        change_between=between,
        against=texts.say("board.against", arm=arm_words(texts, row.against).lower()) if row.against else "",
        picture=difference(
            shown,
            direction=row.direction,
            margin=row.margin,
            tone=tone,
            label=texts.say("board.picture", label=label, value=change, between=between),
        ),
        arms_picture=levels(
            [(cell.tone, row.arms[cell.tone]) for cell in cells],
            target=row.target,
            label=texts.say("board.picture_arms", label=label, arms=arms_words),
        )
        if len(cells) > 1
        else None,
        target=texts.say("board.target", value=figures.value(row.target, row.measure))
        if row.target is not None
        else "",
        margin=texts.say("board.margin", value=figures.change(row.margin, row.measure).lstrip("+"))
        if row.margin is not None
        else "",
        status=texts.say(f"board.status_{row.status.replace(' ', '_')}"),
        tone=tone,
        reading=row.reading,
        missing=row.missing,
    )


def _cell(texts: Texts, figures: Figures, estimate: Estimate, arm: str, measure: str) -> Cell:
    return Cell(
        arm,
        arm_words(texts, arm),
        figures.value(estimate.value, measure),
        figures.between(estimate, measure),
        figures.known(estimate),
    )


def _choices(texts: Texts, release: Release, verdict: Verdict | None) -> tuple[Choice, ...]:
    """What a manager may choose now. Nothing is offered that the release's stage does not allow."""
    hold = Choice("hold", texts.say("board.hold"), texts.say("board.hold_then"))
    back = Choice("roll back", texts.say("board.rollback"), texts.say("board.rollback_then"), danger=True)
    if release.on_trial and verdict is not None:
        if verdict.word == "promote":
            up = Choice("promote", texts.say("board.promote"), texts.say("board.promote_last"))
        else:
            up = Choice(
                "ship unproven", texts.say("board.promote_unproven"), texts.say("board.promote_unproven_then")
            )
        return (up, hold, back)
    return (hold, back) if release.stage == "full" and verdict is not None else ()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
