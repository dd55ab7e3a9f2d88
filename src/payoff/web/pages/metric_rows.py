"""A scorecard's metrics as the board shows them: every figure in words, its picture, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from payoff.gates.standing import Standing
from payoff.records.judgement import Level, Row
from payoff.texts import Texts
from payoff.web.figures import Figures
from payoff.web.pages.comparing import arm_names, arm_words, ordered, versus
from payoff.web.pictures import Picture, difference, levels
from payoff.web.product import Card, Product, Scorecard

LEVELS: tuple[Level, ...] = ("business", "user", "technical")
_ORDER = {"goal": 0, "leading goal": 1, "guardrail": 2, "watch": 3}
_STATUS = {"better": "good", "no worse": "good", "worse": "bad", "holds": "good", "beyond": "bad"}
OF_SOME = frozenset({"time_to_value", "time_to_done", "satisfaction"})
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
class Told:
    """What every row of a card is written with; `ended` is when its trial was decided, `None` while it runs.
    `levels` are the guardrails that have nothing to be compared with, `of_some` the metrics that look at some
    units only, `of_told` those that count every suggestion told to a unit."""

    texts: Texts
    figures: Figures
    names: Mapping[str, str]
    late: Mapping[str, Row]
    ended: datetime | None
    ours: str
    levels: Mapping[str, Standing]
    of_some: frozenset[str]
    of_told: frozenset[str]


def goals(card: Scorecard) -> list[Row]:
    goals = [r for r in card.rows if r.purpose in ("goal", "leading goal")]
    return sorted(goals, key=lambda r: _ORDER[r.purpose])


def amount(texts: Texts, figures: Figures, card: Scorecard, against: str) -> tuple[str, ...]:
    """The goals in a sentence each: against whom, how much, and how sure. Never empty."""
    return tuple(filter(None, (_amount(texts, figures, row, against) for row in goals(card)))) or (
        texts.say("board.amount_none"),
    )


def headline(product: Product, figures: Figures, made: Card) -> str:
    """What the verdict rests on in one sentence: the figure its rule names, else the first goal's."""
    texts, card = product.texts, made.card
    against = versus(texts, card, arm_names(texts, card, product.releases()), product.brief.unit.name)
    named = [row for row in card.rows if row.metric in made.verdict.rows]
    said = (_amount(texts, figures, row, against) for row in named)
    return next(filter(None, said), "") or amount(texts, figures, card, against)[0]


def late_goals(told: Told, card: Scorecard) -> tuple[str, ...]:
    """The slow goals of a finished trial: not known when it was decided, and known since."""
    rows = [row for row in goals(card) if row.metric in told.late]
    said = [(row, _late(told, row)) for row in rows]
    return tuple(f"{_capital(row.label)}: {text[:1].lower()}{text[1:]}" for row, text in said if text)


def _late(told: Told, row: Row) -> str:
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
        value=told.figures.change(gap.value, shown.measure) + _levels(told, shown),
        between=between,
        known=told.figures.known(gap),
        day=told.texts.day(told.ended),
    )


def _levels(told: Told, row: Row) -> str:
    """The two figures a difference is of, in brackets; "" where one is missing."""
    pair = [(a, row.arms[a].value) for a in (told.ours, row.against) if a in row.arms]
    said = [f"{arm_words(told.names, a)} {told.figures.value(v, row.measure)}" for a, v in pair if v is not None]
    return f" ({', '.join(said)})" if len(said) > 1 else ""


def _amount(texts: Texts, figures: Figures, row: Row, against: str) -> str:
    row = figures.readable(row)
    if row.difference is None or row.difference.value is None:
        return ""
    change = figures.change(row.difference.value, row.measure)
    between = figures.between(row.difference, row.measure, change=True)
    key = "board.amount_goal" if between else "board.amount_goal_bare"
    status = texts.say(f"board.status_{row.status.replace(' ', '_')}")
    return texts.say(key, label=_capital(row.label), against=against, value=change, between=between, status=status)


def segments(texts: Texts, figures: Figures, card: Scorecard) -> tuple[SegmentShown, ...]:
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


def level(told: Told, name: Level, card: Scorecard) -> LevelShown:
    rows = sorted((r for r in card.rows if r.level == name), key=lambda r: _ORDER[r.purpose])
    arms = ordered({arm: 0 for row in rows for arm, e in row.arms.items() if e.value is not None or e.known})
    return LevelShown(
        name=name,
        heading=told.texts.say(f"board.{name}"),
        arms=tuple(arm_words(told.names, arm) for arm in arms),
        rows=tuple(_row(told, row, arms) for row in rows),
    )


def _row(told: Told, row: Row, arms: Sequence[str]) -> RowShown:
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


def _against(told: Told, name: str) -> str:
    if not name:
        return ""
    if name == "holdout":
        return told.texts.say("board.against_holdout")
    return told.texts.say("board.against", arm=arm_words(told.names, name))


def _status(told: Told, row: Row) -> str:
    """The row's status; of a guardrail with nothing to compare it with, where it stands against its limit."""
    level = told.levels.get(row.metric)
    if level is None or level.value is None:
        return row.status
    if level.line is None:
        return "unbound"
    inside = level.value >= level.line if level.direction == "up" else level.value <= level.line
    return "holds" if inside else "beyond"


def _target(told: Told, row: Row) -> str:
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


def _cell(told: Told, row: Row, arm: str) -> Cell:
    figures, estimate = told.figures, row.arms[arm]
    known = figures.known(estimate)
    if row.metric in told.of_some | told.of_told and estimate.total:
        counts = {"known": told.texts.number(estimate.known), "total": told.texts.number(estimate.total)}
        known = told.texts.say("board.known_told" if row.metric in told.of_told else "board.known_part", **counts)
    return Cell(
        arm,
        arm_words(told.names, arm),
        figures.value(estimate.value, row.measure),
        figures.between(estimate, row.measure),
        known,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
