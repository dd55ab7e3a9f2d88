"""Rows scored and decided on, and the section on who acts alone."""

from __future__ import annotations

from typing import Any

import numpy as np

import payoff
from payoff.audit.report import Finding, Section
from payoff.audit.sections.acts.section import Acts


def acts(frame: Any, **said: Any) -> Section:
    """The section alone; no column is guessed that a test does not name."""
    named = ("score", "label", "decision", "seen", "done", "feedback", "time", "acted_at", "treated", "unit")
    parts = {**dict.fromkeys(named, ""), "protected": [], "segments": []}
    return payoff.audit(frame, **{**parts, **said}, catalogue=(Acts(),)).section("acts")


def keys(section: Section) -> dict[str, Finding]:
    return {f.key: f for f in section.findings}


def table(section: Section, title: str) -> list[Any]:
    return list(next(t.rows for t in section.tables if title in t.title))


def scored(n: int) -> dict[str, Any]:
    """Half of the rows score 0.9, half 0.1; 8 of 10 of the first and 1 of 10 of the second have the outcome."""
    high = np.arange(n) % 2 == 0
    place = np.arange(n) // 2 % 10
    return {"p": np.where(high, 0.9, 0.1), "bought": np.where(high, place < 8, place < 1)}


SCORED = {"score": "p", "label": "bought"}
