"""Decisions by group, and the section on who is worse off alone."""

from __future__ import annotations

from typing import Any

import payoff
from payoff.audit.report import Finding, Section
from payoff.audit.sections.harm.section import Harm


def harm(frame: Any, *before: Any, **said: Any) -> Section:
    """The section alone; no column is guessed that a test does not name."""
    parts = {"score": "", "label": "", "protected": [], "segments": [], "decision": "", "treated": ""}
    return payoff.audit(frame, **{**parts, **said}, catalogue=(*before, Harm())).section("harm")


def keys(section: Section) -> dict[str, Finding]:
    return {f.key: f for f in section.findings}


def rows(section: Section, table: int = 0) -> dict[str, Any]:
    return {row["group"]: row for row in section.tables[table].rows}


def decided(**groups: tuple[int, int]) -> dict[str, list[Any]]:
    """Decisions with so many picked of so many rows, by group."""
    picked = [int(i < hits) for hits, n in groups.values() for i in range(n)]
    return {"hired": picked, "team": [name for name, (_, n) in groups.items() for _ in range(n)]}
