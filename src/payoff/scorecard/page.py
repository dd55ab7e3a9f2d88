"""The scorecard as plain text for a wide terminal: trust first, then business, user, technical."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from payoff.records.judgement import Level, Row
from payoff.scorecard import figures
from payoff.texts import Texts

LEVELS: tuple[Level, ...] = ("business", "user", "technical")
_WIDTH = 118


def text(texts: Texts, head: Sequence[str], rows: Sequence[Row], open_questions: int, currency: str) -> str:
    """Head lines, then all rows by level; nothing that is missing is left out without its reason."""
    lines = list(head)
    for level in LEVELS:
        mine = [row for row in rows if row.level == level]
        if mine:
            lines += ["", texts.say(f"scorecard.{level}").upper()]
            lines += [line for row in mine for line in _row(texts, row, currency)]
    if open_questions:
        lines += ["", texts.say("scorecard.open", n=open_questions)]
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
