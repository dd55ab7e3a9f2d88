"""A scorecard with its verdict as one file of HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from payoff.records.judgement import Row, Verdict
from payoff.scorecard import figures
from payoff.texts import Texts
from payoff.web.over_time import OverTime
from payoff.web.product import Scorecard
from payoff.web.reports.pages import page

LEVELS = ("business", "user", "technical")
TONES = {
    "promote": "good",
    "safe, no gain shown": "know",
    "hold": "know",
    "roll back": "stop",
    "cannot judge": "stop",
}


@dataclass(frozen=True, slots=True)
class Past:
    """A past decision without its author; `why` is "" unless reasons are shown."""

    when: str
    line: str
    why: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What a card for people outside says beside its figures: of what and when, how they came about, and words.

    `names` are those of the arms; `changed` says where what is judged was changed meanwhile.
    """

    product: str
    title: str
    answer: str
    compared: str
    fate: str
    when: str
    changed: tuple[str, ...]
    simulated: str
    over_time: tuple[OverTime, ...]
    often: str
    past: tuple[Past, ...]
    glossary: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Strip:
    """An interval on a scale of 0 to 100, right is more, as on the board; `margin` is where "no worse" ends."""

    low: float
    value: float
    high: float
    zero: float
    margin: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the card, written out. `known` is false where no arm has a figure."""

    label: str
    purpose: str
    status: str
    tone: str
    arms: tuple[tuple[str, str, str], ...]
    change: str
    strip: Strip | None
    reading: str
    missing: str
    tag: str
    known: bool


def strip(row: Row) -> Strip | None:
    """Where the row's difference lies; `None` without an interval."""
    d = row.difference
    if d is None or d.value is None or d.low is None or d.high is None:
        return None
    margin = None if row.margin is None else abs(row.margin) * (-1.0 if row.direction == "up" else 1.0)
    reach = 1.12 * max(abs(d.low), abs(d.high), abs(margin or 0.0)) or 1.0

    def at(value: float) -> float:
        return round(50 + 50 * value / reach, 2)

    return Strip(at(d.low), at(d.value), at(d.high), at(0.0), None if margin is None else at(margin))


def line(row: Row, texts: Texts, currency: str, names: Mapping[str, str] | None = None) -> Line:
    """A row in words. The status is a word and a colour, never a colour alone."""
    tones = {"better": "good", "worse": "stop", "no worse": "good"}
    return Line(
        label=row.label,
        purpose=texts.say(f"report.purpose_{row.purpose.replace(' ', '_')}"),
        status=texts.say(f"scorecard.status_{row.status.replace(' ', '_')}"),
        tone=tones.get(row.status, "know"),
        arms=tuple(
            (
                _arm(texts, arm, names),
                figures.value(texts, row.measure, e.value, currency),
                texts.say("report.known", known=texts.number(e.known), total=texts.number(e.total))
                if e.total
                else "",
            )
            for arm, e in row.arms.items()
        ),
        change=figures.interval(texts, row.measure, row.difference, currency),
        strip=strip(row),
        reading=row.reading,
        missing=row.missing,
        tag=texts.say(f"common.{row.tag}"),
        known=any(e.value is not None for e in row.arms.values()),
    )


def card_html(
    card: Scorecard,
    verdict: Verdict,
    *,
    currency: str = "USD",
    language: str = "en",
    zone: str = "UTC",
    outside: Outside | None = None,
) -> str:
    """The card with its verdict on top and the trust above every figure; self-contained, fit for paper.

    With `outside` it stands for itself: for people who have never seen a board, with its history and its words.
    """
    texts, names = Texts(language, zone), outside.names if outside else None
    levels = [
        (
            texts.say(f"scorecard.{level}"),
            [line(row, texts, currency, names) for row in card.rows if row.level == level],
        )
        for level in LEVELS
    ]
    word = verdict.word.replace(" ", "_").replace(",", "")
    return page(
        "card.html",
        card=card,
        verdict=verdict,
        levels=[(name, lines) for name, lines in levels if lines],
        word=texts.say(f"report.word_{word}"),
        tone=TONES[verdict.word],
        as_of=texts.say("scorecard.as_of", day=texts.day(card.as_of), tag=texts.say(f"common.{card.tag}")),
        arms=[(_arm(texts, arm, names), texts.number(n)) for arm, n in card.arms.items()],
        days=texts.say("report.days", n=card.days_elapsed, plan=card.plan_days) if card.plan_days else "",
        more=texts.say("report.more", n=verdict.days_more) if verdict.days_more else "",
        open_questions=card.open_questions,
        outside=outside,
        say=texts.say,
        language=language,
        styles=("series.css", "outside.css") if outside else (),
    )


def _arm(texts: Texts, arm: str, names: Mapping[str, str] | None = None) -> str:
    """Arms have a word of their own, or the title of the release that serves them; an experiment's actions keep
    their names."""
    if names and arm in names:
        return names[arm]
    known = ("challenger", "champion", "holdout", "named", "care")
    return texts.say(f"report.arm_{arm}") if arm in known else arm
