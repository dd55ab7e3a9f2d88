"""The scorecard as plain text for a wide terminal: trust first, then business, user, technical."""

from __future__ import annotations

import textwrap

from payoff.records.judgement import Level, Row
from payoff.scorecard import figures
from payoff.scorecard.card import Scorecard
from payoff.texts import Texts

LEVELS: tuple[Level, ...] = ("business", "user", "technical")
_WIDTH = 118


def text(card: Scorecard, *, currency: str, language: str) -> str:
    """All of the card; nothing that is missing is left out without its reason."""
    texts = Texts(language)
    lines = [
        texts.say("scorecard.head", title=card.title, release=card.release),
        texts.say("scorecard.as_of", day=texts.day(card.as_of), tag=texts.say(f"common.{card.tag}")),
        card.estimand,
        texts.say("scorecard.arms", arms=", ".join(f"{n:,} {arm}" for arm, n in card.arms.items()) or "–"),
        ("✓ " if card.trust.ok else "✗ ") + card.trust.sentence,
    ]
    for level in LEVELS:
        rows = [row for row in card.rows if row.level == level]
        if rows:
            lines += ["", texts.say(f"scorecard.{level}").upper()]
            lines += [line for row in rows for line in _row(texts, row, currency)]
    if card.open_questions:
        lines += ["", texts.say("scorecard.open", n=len(card.open_questions))]
    return "\n".join(lines)


def _row(texts: Texts, row: Row, currency: str) -> list[str]:
    shown = " · ".join(
        f"{arm} {figures.value(texts, row.measure, e.value, currency)}" for arm, e in row.arms.items()
    )
    change = figures.interval(texts, row.measure, row.difference, currency)
    status = texts.say(f"scorecard.status_{row.status.replace(' ', '_')}")
    head = f"  {row.label[:34]:<34} {row.purpose:<12} {status:<12} {change}"
    below = [shown, row.missing, row.reading]
    wrapped = [line for part in below if part for line in textwrap.wrap(part, _WIDTH - 6)]
    return [head, *(f"      {line}" for line in wrapped)]
