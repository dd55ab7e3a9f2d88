"""What an audit says: findings in plain words, sections with tables and charts, and what the file cannot tell."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["stop", "costs", "know", "good"]
"""stop: do not rely on it before this is mended · costs: it costs money or people · know: read it so · good."""

_ORDER: dict[Kind, int] = {"stop": 0, "costs": 1, "know": 2, "good": 3}
HEADLINES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence a person can act on.

    `weight` ranks findings of one kind (0 to 1): how much is at stake, such as the size of a gap. `evidence`
    holds the figures the sentence rests on, by name, for machines.
    """

    key: str
    kind: Kind
    text: str
    weight: float = 0.0
    section: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, float, str]:
        return (_ORDER[self.kind], -self.weight, self.key)

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind,
            "text": self.text,
            "section": self.section,
            "evidence": dict(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A small table. `cells` are written for reading; `rows` hold the same as plain values, by column name."""

    title: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    rows: tuple[Mapping[str, Any], ...] = ()
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"title": self.title, "rows": [dict(row) for row in self.rows], "note": self.note}

    def as_text(self) -> str:
        grid = [self.columns, *self.cells]
        widths = [max(len(line[i]) for line in grid) for i in range(len(self.columns))]
        lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in grid]
        return "\n".join([self.title, lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite specification with the sentence that says the same to whoever cannot see it."""

    title: str
    spec: Mapping[str, Any]
    says: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on Monday, with the command that begins it ("" where none does)."""

    text: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One question of the audit with its answer. `unanswered` says why, where the file does not allow one."""

    name: str
    title: str
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    said: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    unanswered: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "findings": [f.as_dict() for f in self.findings],
            "tables": [t.as_dict() for t in self.tables],
            "charts": [{"title": c.title, "says": c.says, "spec": dict(c.spec)} for c in self.charts],
            "said": list(self.said),
            "steps": [{"text": s.text, "command": s.command} for s in self.steps],
            "unanswered": self.unanswered,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A whole audit.

    `columns` says which column was read as what and `guessed` which of those we chose ourselves; `coerced` lists
    every change made to the values; `missing` maps a column the file lacks to what it would answer.
    """

    name: str
    n: int
    headline: str
    columns: Mapping[str, Any]
    guessed: tuple[str, ...]
    coerced: tuple[str, ...]
    sections: tuple[Section, ...]
    missing: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The five that matter most: by kind, then by what is at stake.

        No section takes more than two of the five places while another one still has something to say.
        """
        ranked = self.all_findings
        taken: list[Finding] = []
        for finding in ranked:
            if sum(f.section == finding.section for f in taken) < 2:
                taken.append(finding)
        taken = (taken + [f for f in ranked if f not in taken])[:HEADLINES]
        return tuple(sorted(taken, key=lambda f: f.rank))

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        return tuple(sorted((f for s in self.sections for f in s.findings), key=lambda f: f.rank))

    def section(self, name: str) -> Section:
        """One section by name; `KeyError` if there is none."""
        return {s.name: s for s in self.sections}[name]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; numbers are exact, `None` where nothing can be told."""
        return {
            "name": self.name,
            "n": self.n,
            "headline": self.headline,
            "columns": dict(self.columns),
            "guessed": list(self.guessed),
            "coerced": list(self.coerced),
            "findings": [f.as_dict() for f in self.findings],
            "sections": [s.as_dict() for s in self.sections],
            "missing": dict(self.missing),
        }

    def as_text(self, width: int = 100) -> str:
        """The report for a terminal."""

        def wrap(text: str, first: str = "", rest: str = "") -> str:
            return textwrap.fill(text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False)

        out = [wrap(self.headline), ""]
        if self.labels:
            out += [wrap(self.labels["read_as"])]
        out += [wrap(note, "  ") for note in (*self.guessed, *self.coerced)]
        out += [""]
        for number, finding in enumerate(self.findings, 1):
            mark = self.labels.get(finding.kind, finding.kind)
            out += [wrap(f"{mark}: {finding.text}", f"{number}. ", "   ")]
        for section in self.sections:
            out += ["", section.title, "=" * len(section.title)]
            if section.unanswered:
                out += [wrap(section.unanswered)]
            out += [wrap(finding.text, "· ", "  ") for finding in section.findings]
            out += [wrap(said, "  ", "  ") for said in section.said]
            for table in section.tables:
                out += ["", table.as_text(), *([wrap(table.note)] if table.note else [])]
            for number, step in enumerate(section.steps, 1):
                out += [wrap(step.text, f"{number}. ", "   ")]
                out += [f"   $ {step.command}"] if step.command else []
        if self.missing:
            title = self.labels.get("missing", "What this file cannot say")
            out += ["", title, "=" * len(title)]
            out += [wrap(f"{column}: {answer}", "· ", "  ") for column, answer in self.missing.items()]
        return "\n".join(out) + "\n"
