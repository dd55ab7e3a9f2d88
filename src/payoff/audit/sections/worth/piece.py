"""A part of a section's answer, to be put together with others."""

from __future__ import annotations

from dataclasses import dataclass

from payoff.audit.report import Chart, Finding, Table


@dataclass(frozen=True, slots=True)
class Piece:
    """Findings, tables, charts and plain sentences; two pieces add up in order."""

    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    said: tuple[str, ...] = ()

    def __add__(self, other: Piece) -> Piece:
        return Piece(
            self.findings + other.findings,
            self.tables + other.tables,
            self.charts + other.charts,
            self.said + other.said,
        )
