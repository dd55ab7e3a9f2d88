"""What an audit says: findings in plain words, sections with tables and charts, and what the file cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from payoff.audit import written

Kind = Literal["stop", "costs", "know", "good"]
"""stop: do not rely on it before this is mended · costs: it costs money or people · know: read it so · good."""

_ORDER: dict[Kind, int] = {"stop": 0, "costs": 1, "know": 2, "good": 3}
HEADLINES = 5
SCHEMA = 2
"""The version of the shape `as_dict` gives."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a claim rests on: how many rows, its 95% interval in its own measure (`None` where it has none), how
    it was reckoned in words, the paper or rule behind it, and the call that gives the same number elsewhere (""
    if none)."""

    n: int
    method: str
    interval: tuple[float, float] | None = None
    source: str = ""
    same_as: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "interval": None if self.interval is None else list(self.interval),
            "method": self.method,
            "source": self.source,
            "same_as": self.same_as,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence a person can act on.

    `touches` is the share of all rows it is about (0 to 1) and ranks findings of one kind: the more rows, the
    more it costs. `money` is what it costs (or brings, below 0) where amounts were given, and ranks before it.
    `evidence` holds the figures the sentence rests on, by name, for machines; `basis` says how they were come
    by.
    """

    key: str
    kind: Kind
    text: str
    touches: float = 0.0
    section: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    basis: Basis | None = None
    money: float | None = None

    @property
    def rank(self) -> tuple[int, float, str]:
        return (_ORDER[self.kind], -self.touches, self.key)

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind,
            "text": self.text,
            "section": self.section,
            "touches": self.touches,
            "money": self.money,
            "evidence": dict(self.evidence),
            "basis": None if self.basis is None else self.basis.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A small table. `cells` are written for reading; `rows` hold the same as plain values, by column name, and
    `figures` what is true of the table as a whole."""

    title: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    rows: tuple[Mapping[str, Any], ...] = ()
    note: str = ""
    basis: Basis | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "rows": [dict(row) for row in self.rows],
            "figures": dict(self.figures),
            "note": self.note,
            "basis": None if self.basis is None else self.basis.as_dict(),
        }


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
    """One question of the audit with its answer. `unanswered` says why, where the table does not allow one, and
    `answer` is the answer in a few words ("" where it takes none)."""

    name: str
    title: str
    findings: tuple[Finding, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    said: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    unanswered: str = ""
    answer: str = ""

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
            "answer": self.answer,
        }


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """A whole audit.

    `columns` says which column was read as what and `guessed` which of those we chose ourselves; `coerced`
    lists every change made to the values; `missing` maps a part the table lacks to what it would answer.
    `forward` is the headline as a message that stands alone; `decides` and `undecided` say what may be decided
    by it and what may not.
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
    forward: str = ""
    decides: str = ""
    undecided: str = ""

    def __repr__(self) -> str:
        return f"<Report of {self.name or 'a model'}, {self.n} rows: {self.headline}>"

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

    @property
    def stops(self) -> bool:
        """Whether any finding says not to rely on it."""
        return any(f.kind == "stop" for f in self.all_findings)

    def section(self, name: str) -> Section:
        """One section by name; `KeyError` if there is none."""
        return {s.name: s for s in self.sections}[name]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; numbers are exact, `None` where nothing can be told."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "n": self.n,
            "headline": self.headline,
            "forward": self.forward,
            "decides": self.decides,
            "undecided": self.undecided,
            "columns": dict(self.columns),
            "guessed": list(self.guessed),
            "coerced": list(self.coerced),
            "findings": [f.as_dict() for f in self.findings],
            "sections": [s.as_dict() for s in self.sections],
            "missing": dict(self.missing),
        }

    def as_text(self, width: int = 100) -> str:
        """The whole report for a terminal."""
        return written.as_text(self, width)

    def as_summary(self, width: int = 100) -> str:
        """Headline, findings and steps: one screen."""
        return written.as_summary(self, width)

    def as_markdown(self) -> str:
        """The whole report as Markdown."""
        return written.as_markdown(self)
