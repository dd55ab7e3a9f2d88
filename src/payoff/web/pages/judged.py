"""A scorecard as the board shows it: the three questions and every row, in words and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from payoff.gates.standing import Standing
from payoff.records.judgement import Level, Row
from payoff.records.releases import SERVED, STREAM, Release
from payoff.texts import Texts
from payoff.web.figures import Figures
from payoff.web.over_time import OverTime, often, over_time, planned_end
from payoff.web.pages.comparing import arm_names, arm_words, compared, ordered, versus
from payoff.web.pages.fate import fate, undone
from payoff.web.pictures import Picture, difference, levels
from payoff.web.product import Card, Product, Scorecard

LEVELS: tuple[Level, ...] = ("business", "user", "technical")
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
_YEARS = 550
"""From so many days on they are told as years."""
BY_HAND = "file"
"""The author of what somebody wrote into the brief's file themselves."""
_STATUS = {"better": "good", "no worse": "good", "worse": "bad", "holds": "good", "beyond": "bad"}
_OF_SOME = frozenset({"time_to_value", "time_to_done", "satisfaction"})
"""Kinds that look only at those who got so far: what is left out is not "not known yet"."""


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
    """One metric. `change` is the difference in words, `picture` draws it, `arms_picture` the levels.

    `late` is what became known after the trial was decided, "" for nothing. `bare` has no figure at all.
    """

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
    late: str = ""

    @property
    def bare(self) -> bool:
        return not (self.cells or self.change or self.late)


@dataclass(frozen=True, slots=True)
class LevelShown:
    """`bare` are the rows without any figure yet: they stand below the others, folded."""

    name: str
    heading: str
    arms: tuple[str, ...]
    rows: tuple[RowShown, ...]

    @property
    def told(self) -> tuple[RowShown, ...]:
        return tuple(row for row in self.rows if not row.bare)

    @property
    def bare(self) -> tuple[RowShown, ...]:
        return tuple(row for row in self.rows if row.bare)


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
    """Everything below the chooser, once there is a scorecard. `ticks` is trust in one line, `trust` at length.

    `compared` says who is compared with whom. `fate` is how a finished trial ended, "" while it runs; the verdict
    is then one of the past (`then`).
    """

    answer: str
    compared: str
    fate: str
    then: bool
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
    late: Sequence[Row] = (),
) -> Judged:
    """A card worked out `at` a moment, as pages show it; nothing that was judged or decided later is in it, but
    for `late`, which says so: what has become known of a finished trial since.

    `data` is the moment the data speak of; `alarms` are how many findings of the monitors ask for something,
    `None` where nobody has looked yet.
    """
    texts, card, verdict = product.texts, made.card, made.verdict
    figures = Figures(texts, product.brief.product.currency)
    found, unit = product.releases(), product.brief.unit.name
    names = arm_names(texts, card, found)
    against = versus(texts, card, names, unit)
    ended = release.ended if card.trial == release.id and not release.on_trial else None
    told = _Told(
        texts,
        figures,
        names,
        {row.metric: row for row in late} if ended else {},
        ended,
        card.ours,
        {one.metric: one for one in made.standings if one.of == "level"},
        frozenset(m.name for m in product.brief.metrics if m.kind in _OF_SOME),
    )
    began = release.began("canary", "ramp", "full")
    over = bool(card.plan_days and card.days_elapsed is not None and card.days_elapsed >= card.plan_days)
    deadline = ""
    if release.on_trial and began:
        ends = texts.day(began + timedelta(days=card.plan_days))
        deadline = texts.say("board.deadline_over") if over else texts.say("board.deadline", day=ends)
    back = ended is not None and undone(release) and verdict.word != "roll back"
    begun = any(card.arms.values())  # before anybody has entered nothing is wrong, there is only nothing to read
    answer = "undone" if back else ANSWERS[verdict.word] if begun else "unknown"
    return Judged(
        answer=texts.say(f"board.answer_{answer}"),
        compared=compared(texts, card, names, unit),
        fate=fate(product, release, found) if ended else "",
        then=ended is not None,
        word=worded(texts, verdict.word, card.trial),
        tone="quiet" if back or not begun else TONES[verdict.word],
        because=verdict.because,
        rule=verdict.rule,
        missing=tuple(verdict.missing),
        days_more=_more(texts, verdict.days_more or 0) if not ended else "",
        elapsed=texts.say("board.elapsed", day=int(card.days_elapsed), plan=card.plan_days)
        if release.on_trial and card.days_elapsed is not None
        else "",
        deadline=deadline,
        void="" if card.trust.ok or not begun else card.trust.sentence,
        amount=(*amount(texts, figures, card, against), *_late_goals(told, card)),
        levels=tuple(_level(told, level, card) for level in LEVELS),
        segments=_segments(texts, figures, card),
        trusted=card.trust.ok,
        trust=card.trust.sentence,
        faults=tuple(map(str, card.trust.faults)),
        tag=texts.say(f"board.tag_{card.tag}"),
        tag_word=card.tag,
        estimand=card.estimand,
        arms=tuple(
            texts.say("board.arm_units", arm=arm_words(names, a), n=texts.say("board.units", n=int(card.arms[a])))
            for a in ordered(card.arms)
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
            others=found,
            until=planned_end(release, card.plan_days, at),
        ),
        often=often(texts, made, planned_end(release, card.plan_days, at)),
        ticks=_ticks(texts, card, at, data, alarms, then=ended is not None),
        brief_changed=brief_changed(product, release, at, trial=card.trial) if card.trial != STREAM else (),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What every row of a card is written with; `ended` is when its trial was decided, `None` while it runs.
    `levels` are the guardrails that have nothing to be compared with, `of_some` the metrics that look at some
    units only."""

    texts: Texts
    figures: Figures
    names: Mapping[str, str]
    late: Mapping[str, Row]
    ended: datetime | None
    ours: str
    levels: Mapping[str, Standing]
    of_some: frozenset[str]


def worded(texts: Texts, word: str, trial: str) -> str:
    """A verdict in the words of what can be done: what serves everybody already is kept or taken back."""
    short = word.split(",", maxsplit=1)[0].replace(" ", "_")
    kept = trial in (SERVED, STREAM) and word in ("promote", "roll back", "hold")
    return texts.say(f"board.kept_{short}" if kept else f"board.word_{short}")


def _more(texts: Texts, days: int) -> str:
    """How long still; in years where it is years: nobody waits for a day so far away."""
    if days > _YEARS:
        return texts.say("board.years_more", n=round(days / 365))
    return texts.say("board.days_more", n=days) if days else ""


def _ticks(
    texts: Texts, card: Scorecard, at: datetime, data: datetime | None, alarms: Alarms | None, *, then: bool
) -> tuple[Tick, ...]:
    """What trust rests on: the split, the age and kind of the data, how much is known, what is alarming.

    Of figures of the past nothing of today is told: neither the data's age nor its alarms.
    """
    split, tone = ("split_ok", "good") if card.trust.srm_p is not None else ("split_none", "quiet")
    if not card.trust.ok and any(card.arms.values()):
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
    if then:
        return tuple(ticks)
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


def brief_changed(
    product: Product, release: Release, at: datetime, *, named: bool = True, trial: str = ""
) -> tuple[str, ...]:
    """The brief says what is won: whoever changes that while a trial runs, or while it serves everybody, is named
    beside its verdict for good."""
    served = trial == SERVED
    began = (release.term() or (None, None))[0] if served else release.began("canary", "ramp")
    if began is None:
        return ()
    texts, until = product.texts, at if served else min(at, release.ended or at)
    key = "board.brief_changed_served" if served else "board.brief_changed"
    return tuple(
        texts.say(
            key if named else "board.brief_changed_outside",
            when=texts.moment(when),
            who=_author(product, by),
        )
        for when, by in product.boards.brief_changes(began)
        if when <= until
    )


def outdated(product: Product, shown: Judged, changed: tuple[datetime, str]) -> Judged:
    """The same figures without their verdict: it was said by a brief that is no longer in use."""
    texts, (when, by) = product.texts, changed
    line = texts.say("board.outdated", when=texts.moment(when), who=_author(product, by))
    return replace(
        shown,
        answer=texts.say("board.outdated_answer"),
        word="",
        tone="quiet",
        because=texts.say("board.outdated_because"),
        rule="",
        missing=(),
        days_more="",
        brief_changed=(line,),
    )


def _author(product: Product, by: str) -> str:
    if by == BY_HAND:
        return product.texts.say("board.brief_by_hand")
    known = product.brief.people.get(by)
    return known.name if known else by


def as_then(release: Release, at: datetime) -> Release:
    """The release as it stood just before that moment."""
    moves = tuple(move for move in release.moves if move.at < at) or release.moves[:1]
    return replace(release, moves=moves, stage=moves[-1].stage, share=moves[-1].share)


def _goals(card: Scorecard) -> list[Row]:
    goals = [r for r in card.rows if r.purpose in ("goal", "leading goal")]
    return sorted(goals, key=lambda r: _ORDER[r.purpose])


def amount(texts: Texts, figures: Figures, card: Scorecard, against: str) -> tuple[str, ...]:
    """The goals in a sentence each: against whom, how much, and how sure. Never empty."""
    return tuple(filter(None, (_amount(texts, figures, row, against) for row in _goals(card)))) or (
        texts.say("board.amount_none"),
    )


def headline(product: Product, figures: Figures, made: Card) -> str:
    """What the verdict rests on in one sentence: the figure its rule names, else the first goal's."""
    texts, card = product.texts, made.card
    against = versus(texts, card, arm_names(texts, card, product.releases()), product.brief.unit.name)
    named = [row for row in card.rows if row.metric in made.verdict.rows]
    said = (_amount(texts, figures, row, against) for row in named)
    return next(filter(None, said), "") or amount(texts, figures, card, against)[0]


def _late_goals(told: _Told, card: Scorecard) -> tuple[str, ...]:
    """The slow goals of a finished trial: not known when it was decided, and known since."""
    rows = [row for row in _goals(card) if row.metric in told.late]
    said = [(row, _late(told, row)) for row in rows]
    return tuple(f"{_capital(row.label)}: {text[:1].lower()}{text[1:]}" for row, text in said if text)


def _late(told: _Told, row: Row) -> str:
    """What has become known of a row that had no figure when its trial was decided."""
    found = told.late.get(row.metric)
    if told.ended is None or row.difference is not None or found is None or found.difference is None:
        return ""
    shown = told.figures.readable(found)
    gap = shown.difference
    if gap is None or gap.value is None:
        return ""
    between = told.figures.between(gap, shown.measure, change=True)
    return told.texts.say(
        "board.late" if between else "board.late_bare",
        value=told.figures.change(gap.value, shown.measure),
        between=between,
        known=told.figures.known(gap),
        day=told.texts.day(told.ended),
    )


def _amount(texts: Texts, figures: Figures, row: Row, against: str) -> str:
    row = figures.readable(row)
    if row.difference is None or row.difference.value is None:
        return ""
    change = figures.change(row.difference.value, row.measure)
    between = figures.between(row.difference, row.measure, change=True)
    key = "board.amount_goal" if between else "board.amount_goal_bare"
    status = texts.say(f"board.status_{row.status.replace(' ', '_')}")
    return texts.say(key, label=_capital(row.label), against=against, value=change, between=between, status=status)


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


def _level(told: _Told, level: Level, card: Scorecard) -> LevelShown:
    rows = sorted((r for r in card.rows if r.level == level), key=lambda r: _ORDER[r.purpose])
    arms = ordered({arm: 0 for row in rows for arm, e in row.arms.items() if e.value is not None or e.known})
    return LevelShown(
        name=level,
        heading=told.texts.say(f"board.{level}"),
        arms=tuple(arm_words(told.names, arm) for arm in arms),
        rows=tuple(_row(told, row, arms) for row in rows),
    )


def _row(told: _Told, row: Row, arms: Sequence[str]) -> RowShown:
    texts, figures, late = told.texts, told.figures, _late(told, row)
    row = figures.readable(row)
    known = [a for a in arms if a in row.arms and (row.arms[a].value is not None or row.arms[a].known)]
    cells = tuple(_cell(told, row, a) for a in known)
    shown = row.difference
    change = figures.change(shown.value, row.measure) if shown else ""
    between = figures.between(shown, row.measure, change=True) if shown else ""
    status = _status(told, row)
    tone = _STATUS.get(status, "quiet")
    label = _capital(row.label)
    arms_words = ", ".join(f"{c.arm} {c.value}" for c in cells)
    return RowShown(
        label=label,
        purpose=texts.say(f"board.purpose_{row.purpose.replace(' ', '_')}"),
        tag=texts.say(f"common.{row.tag}"),
        cells=cells,
        change=change,
        change_between=between,
        against=_against(told, row.against),
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
        target=_target(told, row),
        margin=texts.say("board.margin", value=figures.change(row.margin, row.measure).lstrip("+"))
        if row.margin is not None and status != "unbound"
        else "",
        status=texts.say(f"board.status_{status.replace(' ', '_')}"),
        tone=tone,
        reading=row.reading,
        missing=texts.say("board.unknown_then") if late else row.missing,
        late=late,
    )


def _against(told: _Told, name: str) -> str:
    if not name:
        return ""
    if name == "holdout":
        return told.texts.say("board.against_holdout")
    return told.texts.say("board.against", arm=arm_words(told.names, name))


def _status(told: _Told, row: Row) -> str:
    """The row's status; of a guardrail with nothing to compare it with, where it stands against its limit."""
    level = told.levels.get(row.metric)
    if level is None or level.value is None:
        return row.status
    if level.line is None:
        return "unbound"
    inside = level.value >= level.line if level.direction == "up" else level.value <= level.line
    return "holds" if inside else "beyond"


def _target(told: _Told, row: Row) -> str:
    """The target, and whether what is judged has reached it; "" without one."""
    if row.target is None:
        return ""
    ours, key = row.arms.get(told.ours), "target"
    if ours is not None and ours.value is not None:
        least, most = (ours.value if edge is None else edge for edge in (ours.low, ours.high))
        best, worst = (most, least) if row.direction == "up" else (-least, -most)
        target = row.target if row.direction == "up" else -row.target
        key = "target_reached" if worst >= target else "target_missed" if best < target else "target_open"
    return told.texts.say(f"board.{key}", value=told.figures.value(row.target, row.measure))


def _cell(told: _Told, row: Row, arm: str) -> Cell:
    figures, estimate = told.figures, row.arms[arm]
    known = figures.known(estimate)
    if row.metric in told.of_some and estimate.total:
        counts = {"known": told.texts.number(estimate.known), "total": told.texts.number(estimate.total)}
        known = told.texts.say("board.known_part", **counts)
    return Cell(
        arm,
        arm_words(told.names, arm),
        figures.value(estimate.value, row.measure),
        figures.between(estimate, row.measure),
        known,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
