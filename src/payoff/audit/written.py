"""A report in plain characters: a screen for a terminal, and the whole of it as text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from payoff.audit import first_page
from payoff.audit.first_page import STEPS
from payoff.audit.markdown import as_markdown

if TYPE_CHECKING:
    from payoff.audit.report import Basis, Finding, Report, Section, Table

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that would move the cursor, colour the screen or turn the direction of what follows."""
_NOTES = 4
"""Notes on how the file was read that a screen has room for."""


def _plain(text: str) -> str:
    return _CONTROL.sub("�", text)


def _wrap(text: str, width: int, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _headed(title: str) -> list[str]:
    return ["", title, "=" * len(title)]


def _grid(table: Table, width: int) -> list[str]:
    """A table in columns; one too wide for the screen, or of sentences, line by line instead."""
    grid = [table.columns, *table.cells]
    widths = [max(len(line[i]) for line in grid) for i in range(len(table.columns))]
    out = ["", _wrap(table.title, width)]
    if sum(widths) + 2 * (len(widths) - 1) <= width:
        lines = [
            "  ".join(_set(c, w, i) for i, (c, w) in enumerate(zip(line, widths, strict=True))) for line in grid
        ]
        out += [lines[0].rstrip(), "  ".join("-" * w for w in widths), *(line.rstrip() for line in lines[1:])]
    else:
        for line in table.cells:
            pairs = zip(table.columns[1:], line[1:], strict=True)
            out += [
                _wrap(line[0], width, "· ", "  "),
                *(_wrap(f"{c}: {v}", width, "    ", "      ") for c, v in pairs),
            ]
    return out + ([_wrap(table.note, width)] if table.note else [])


def _set(cell: str, width: int, place: int) -> str:
    """Names stand left, figures right, so that they line up."""
    return cell.ljust(width) if place == 0 else cell.rjust(width)


def _findings(report: Report, found: Sequence[Finding], width: int) -> list[str]:
    lines = []
    for number, finding in enumerate(found, 1):
        mark = report.labels.get(finding.kind, finding.kind)
        stake = first_page.stake(report, finding)
        text = f"{mark}: {finding.text}" + (f" ({stake})" if stake else "")
        lines.append(_wrap(text, width, f"{number}. ", "   "))
    return lines


def _basis(report: Report, basis: Basis | None, width: int) -> list[str]:
    told = " · ".join(f"{word} {text}" for word, text in first_page.basis(report, basis))
    return [_wrap(told, width, "    ", "    ")] if told else []


def _steps(section: Section, width: int) -> list[str]:
    lines = []
    for number, step in enumerate(section.steps, 1):
        first, *rest = step.text.split("\n")
        lines.append(_wrap(first, width, f"{number}. ", "   "))
        lines += [_wrap(line, width, "   ", "   ") for line in rest]
        lines += [f"   $ {step.command}"] if step.command else []
    return lines


def _top(report: Report, width: int, more_in: str = "page_more") -> list[str]:
    """Headline, what it decides, findings and Monday: what the first page holds."""
    labels = report.labels
    out = [_wrap(report.headline, width), ""]
    for word, text in (("page_decides", report.decides), ("page_undecided", report.undecided)):
        out += [_wrap(f"{labels.get(word, '')}: {text}", width)] if text else []
    out += _headed(labels.get("page_findings", ""))
    out += _findings(report, first_page.findings(report), width)
    more = first_page.more_below(report, more_in)
    out += [f"   … {more}"] if more else []
    for section in report.sections:
        if section.name == STEPS:
            out += [*_headed(section.title), *_steps(section, width)]
    return out


def _read(report: Report, width: int, most: int | None = None) -> list[str]:
    notes = (*report.guessed, *report.coerced)
    shown = notes if most is None or len(notes) <= most else notes[:most]
    out = [_wrap(report.labels.get("read_as", ""), width)]
    out += [_wrap(note, width, "· ", "  ") for note in shown]
    return out + ([f"  … {len(notes) - len(shown)}"] if len(notes) > len(shown) else [])


def _section(report: Report, section: Section, width: int) -> list[str]:
    out = _headed(section.title)
    out += [_wrap(section.unanswered, width)] if section.unanswered else []
    for finding in section.findings:
        mark = report.labels.get(finding.kind, finding.kind)
        out += [_wrap(f"{mark}: {finding.text}", width, "· ", "  "), *_basis(report, finding.basis, width)]
    out += [_wrap(said, width, "  ", "  ") for said in section.said]
    out += [_wrap(f"{chart.title}: {chart.says}", width, "  ", "  ") for chart in section.charts]
    for table in section.tables:
        out += [*_grid(table, width), *_basis(report, table.basis, width)]
    return [*out, *(_steps(section, width) if section.name != STEPS else [])]


def as_summary(report: Report, width: int = 100) -> str:
    """Headline, findings, steps, and the parts the file lacks in one line: one screen."""
    top = _top(report, width, "page_more_full")
    out = [*top, *_headed(report.labels.get("page_how", "")), *_read(report, width, _NOTES)]
    if report.missing:
        out += ["", _wrap(f"{report.labels.get('missing', '')}: {', '.join(report.missing)}", width)]
    return _plain("\n".join(out) + "\n")


def as_text(report: Report, width: int = 100) -> str:
    """The whole report for a terminal."""
    labels = report.labels
    out = _top(report, width)
    out += _headed(labels.get("page_questions", ""))
    out += [_wrap(f"{q.title} {q.answer}", width, "· ", "  ") for q in first_page.questions(report)]
    out += [*_headed(labels.get("page_how", "")), *_read(report, width)]
    for section in report.sections:
        if section.name != STEPS:
            out += _section(report, section, width)
    if report.missing:
        out += _headed(labels.get("missing", ""))
        out += [_wrap(f"{part}: {answer}", width, "· ", "  ") for part, answer in report.missing.items()]
    return _plain("\n".join([*out, "", _wrap(labels.get("page_footer", ""), width)]) + "\n")


__all__ = ["as_markdown", "as_summary", "as_text"]
