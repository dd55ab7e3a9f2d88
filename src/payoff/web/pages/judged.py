"""A scorecard as the board shows it: the three questions and every row, in words and pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from payoff.records.judgement import Estimate, Level, Row
from payoff.records.releases import Release
from payoff.texts import Texts
from payoff.web.figures import Figures
from payoff.web.over_time import OverTime, often, over_time, planned_end
from payoff.web.pictures import Picture, difference, levels
from payoff.web.product import Card, Product, Scorecard

LEVELS: tuple[Level, ...] = ("business", "user", "technical")
_ARMS = ("challenger", "champion", "care", "named", "holdout")
_ORDER = {"goal": 0, "leading goal": 1, "guardrail": 2, "watch": 3}
TONES: Mapping[str, str] = {
    "promote": "good",
    "roll back": "bad",
    "cannot judge": "warn",
    "hold": "quiet",
    "safe, no gain shown": "quiet",
}
ANSWERS = {
    "promote": "yes",
    "roll back": "no",
    "cannot judge": "void",
    "hold": "unknown",
    "safe, no gain shown": "flat",
}
_MARKS = {"good": "✓", "warn": "!", "bad": "✗", "quiet": "·"}
STALE = timedelta(days=7)
"""Data older than this beside newer figures: a source that is read every week has missed a week."""
BY_HAND = "file"
"""The author of what somebody wrote into the brief's file themselves."""
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
class Alarms:
    """How many findings of the monitors ask to act, and how many to look."""

    act: int
    look: int


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing trust rests on, in a few words; `mark` and `tone` say the same, `href` leads to more."""

    mark: str
    tone: str
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything below the chooser, once there is a scorecard. `ticks` is trust in one line, `trust` at length."""

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
    over_time: tuple[OverTime, ...]
    often: str
    ticks: tuple[Tick, ...]
    brief_changed: tuple[str, ...]


def judged(
    product: Product,
    release: Release,
    made: Card,
    at: datetime,
    *,
    data: datetime | None = None,
    alarms: Alarms | None = None,
) -> Judged:
    """A card worked out `at` a moment, as pages show it; nothing that was judged or decided later is in it.

    `data` is the moment the data speak of; `alarms` are how many findings of the monitors ask for something,
    `None` where nobody has looked yet.
    """
    texts, card, verdict = product.texts, made.card, made.verdict
    figures = Figures(texts, product.brief.product.currency)
    ended = not release.on_trial and card.trial == release.id

    def arm(name: str) -> str:
        return arm_words(texts, name, ended=ended)

    began = release.began("canary", "ramp", "full")
    over = bool(card.plan_days and card.days_elapsed is not None and card.days_elapsed >= card.plan_days)
    deadline = ""
    if release.on_trial and began:
        ends = texts.day(began + timedelta(days=card.plan_days))
        deadline = texts.say("board.deadline_over") if over else texts.say("board.deadline", day=ends)
    if release.stage == "full" and release.against and card.trial == release.id:
        deadline = texts.say("board.won", day=texts.day(card.as_of))
    return Judged(
        answer=texts.say(f"board.answer_{ANSWERS[verdict.word]}"),
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
        amount=amount(texts, figures, card),
        levels=tuple(_level(texts, figures, level, card, arm) for level in LEVELS),
        segments=_segments(texts, figures, card),
        trusted=card.trust.ok,
        trust=card.trust.sentence,
        faults=tuple(map(str, card.trust.faults)),
        tag=texts.say(f"board.tag_{card.tag}"),
        tag_word=card.tag,
        estimand=card.estimand,
        arms=tuple(
            texts.say("board.arm_units", arm=arm(a), n=texts.say("board.units", n=int(card.arms[a])))
            for a in _arms(card.arms)
        ),
        open=tuple(card.open_questions),
        over_time=over_time(
            texts,
            figures,
            made,
            at,
            product.boards.judgements(card.release, card.trial),
            release=release,
            decisions=[d for d in product.decisions(release.id) if d.at <= at],
            until=planned_end(release, card.plan_days, at),
        ),
        often=often(texts, made, planned_end(release, card.plan_days, at)),
        ticks=_ticks(texts, card, at, data, alarms),
        brief_changed=_brief_changed(product, release, at) if release.on_trial else (),
    )


def _ticks(
    texts: Texts, card: Scorecard, at: datetime, data: datetime | None, alarms: Alarms | None
) -> tuple[Tick, ...]:
    """What trust rests on: the split, the age and kind of the data, how much is known, what is alarming."""
    split, tone = ("split_ok", "good") if card.trust.srm_p is not None else ("split_none", "quiet")
    if not card.trust.ok:
        split, tone = "split_void", "bad"
    ticks = [_tick(texts, split, tone, href="#q3")]
    if data is not None:
        ticks.append(_tick(texts, "as_of", "warn" if at - data > STALE else "good", at=texts.moment(data)))
    ticks.append(_tick(texts, f"tag_{card.tag}", "good" if card.tag == "measured" else "warn"))
    goals = sorted(
        (r for r in card.rows if r.purpose in ("goal", "leading goal")), key=lambda r: _ORDER[r.purpose]
    )
    gap = next((r.difference for r in goals if r.difference is not None and r.difference.total), None)
    if gap is not None:
        counted = {"known": texts.number(gap.known), "total": texts.number(gap.total)}
        ticks.append(_tick(texts, "known", "good" if gap.known >= gap.total else "quiet", **counted))
    if alarms is None:
        ticks.append(_tick(texts, "alarms_unknown", "quiet", href="/health"))
    elif alarms.act or alarms.look:
        tone = "bad" if alarms.act else "warn"
        ticks.append(_tick(texts, "alarms", tone, href="/health", act=alarms.act, look=alarms.look))
    else:
        ticks.append(_tick(texts, "alarms_none", "good", href="/health"))
    return tuple(ticks)


def _tick(texts: Texts, key: str, tone: str, *, href: str = "", **values: object) -> Tick:
    return Tick(_MARKS[tone], tone, texts.say(f"board.tick_{key}", **values), href)


def _brief_changed(product: Product, release: Release, at: datetime) -> tuple[str, ...]:
    """The brief says what is won: whoever changes it while a trial runs is named beside the verdict."""
    began = release.began("canary", "ramp")
    if began is None:
        return ()
    names = {key: p.name for key, p in product.brief.people.items()}
    texts = product.texts
    return tuple(
        texts.say(
            "board.brief_changed",
            when=texts.moment(when),
            who=names.get(by, by) if by != BY_HAND else texts.say("board.brief_by_hand"),
        )
        for when, by in product.boards.brief_changes(began)
        if when <= at
    )


def as_then(release: Release, at: datetime) -> Release:
    """The release as it stood just before that moment."""
    moves = tuple(move for move in release.moves if move.at < at) or release.moves[:1]
    return replace(release, moves=moves, stage=moves[-1].stage, share=moves[-1].share)


def arm_words(texts: Texts, arm: str, *, ended: bool = False) -> str:
    """An arm by the name people read; what served during a trial that has `ended` serves no more today."""
    if arm == "champion" and ended:
        return texts.say("board.champion_then")
    return texts.say(f"board.{arm}") if arm in _ARMS else arm.replace("_", " ")


def _arms(arms: Mapping[str, object]) -> list[str]:
    known = [arm for arm in _ARMS if arm in arms]
    return [*known, *(arm for arm in arms if arm not in known)]


def amount(texts: Texts, figures: Figures, card: Scorecard) -> tuple[str, ...]:
    """The goals in a sentence each: how much, and how sure. Never empty."""
    goals = sorted(
        (r for r in card.rows if r.purpose in ("goal", "leading goal")), key=lambda r: _ORDER[r.purpose]
    )
    return tuple(filter(None, (_amount(texts, figures, row) for row in goals))) or (
        texts.say("board.amount_none"),
    )


def headline(texts: Texts, figures: Figures, made: Card) -> str:
    """What the verdict rests on in one sentence: the figure its rule names, else the first goal's."""
    named = [row for row in made.card.rows if row.metric in made.verdict.rows]
    said = (_amount(texts, figures, row) for row in named)
    return next(filter(None, said), "") or amount(texts, figures, made.card)[0]


def _amount(texts: Texts, figures: Figures, row: Row) -> str:
    row = figures.readable(row)
    if row.difference is None or row.difference.value is None:
        return ""
    change = figures.change(row.difference.value, row.measure)
    between = figures.between(row.difference, row.measure, change=True)
    key = "board.amount_goal" if between else "board.amount_goal_bare"
    status = texts.say(f"board.status_{row.status.replace(' ', '_')}")
    return texts.say(key, label=_capital(row.label), value=change, between=between, status=status)


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


def _level(texts: Texts, figures: Figures, level: Level, card: Scorecard, arm: Callable[[str], str]) -> LevelShown:
    rows = sorted((r for r in card.rows if r.level == level), key=lambda r: _ORDER[r.purpose])
    arms = _arms({arm: 0 for row in rows for arm, e in row.arms.items() if e.value is not None or e.known})
    return LevelShown(
        name=level,
        heading=texts.say(f"board.{level}"),
        arms=tuple(map(arm, arms)),
        rows=tuple(_row(texts, figures, row, arms, arm) for row in rows),
    )


def _row(texts: Texts, figures: Figures, row: Row, arms: Sequence[str], arm: Callable[[str], str]) -> RowShown:
    row = figures.readable(row)
    told = [a for a in arms if a in row.arms and (row.arms[a].value is not None or row.arms[a].known)]
    cells = tuple(_cell(figures, row.arms[a], a, arm(a), row.measure) for a in told)
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
        against=_against(texts, row.against, arm),
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


def _against(texts: Texts, name: str, arm: Callable[[str], str]) -> str:
    if not name:
        return ""
    if name == "holdout":
        return texts.say("board.against_holdout")
    return texts.say("board.against", arm=arm(name).lower())


def _cell(figures: Figures, estimate: Estimate, arm: str, name: str, measure: str) -> Cell:
    return Cell(
        arm,
        name,
        figures.value(estimate.value, measure),
        figures.between(estimate, measure),
        figures.known(estimate),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
