"""A report as Markdown that holds on GitHub, in a wiki and in a mail. Every text is escaped: none is markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from payoff.audit import first_page
from payoff.audit.first_page import STEPS

if TYPE_CHECKING:
    from payoff.audit.report import Basis, Finding, Report, Section, Step, Table

_MARKS = re.compile(r"([\\`*_{}\[\]#|!~$^])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """Text in Markdown: nothing of it is read as a mark, a table's edge, a link, an address or HTML."""
    out = _CONTROL.sub("�", " ".join(text.split()))
    out = _MARKS.sub(r"\\\1", re.sub("[&<>]", lambda found: _ENTITIES[found[0]], out))
    out = out.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")
    return re.sub(r"^(\d*)(?=[-+=.)](?:\s|$)|[-+=]{2})", r"\1\\", out)


def _code(text: str) -> str:
    """A command or a call: fenced by more backticks than it holds."""
    out = _CONTROL.sub("�", " ".join(text.split()))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", out)), default=0))
    pad = " " if out.startswith("`") or out.endswith("`") else ""
    return f"{fence}{pad}{out}{pad}{fence}"


def _basis(report: Report, basis: Basis | None, indent: str) -> list[str]:
    told = []
    for word, text in first_page.basis(report, basis):
        told.append(f"{safe(word)} {_code(text) if basis and text == basis.same_as else safe(text)}")
    head = safe(report.labels.get("page_basis", ""))
    return [f"{indent}- *{head}:* {' · '.join(told)}"] if told else []


def _finding(report: Report, finding: Finding, bullet: str) -> list[str]:
    mark, stake = report.labels.get(finding.kind, finding.kind), first_page.stake(report, finding)
    line = f"{bullet} **{safe(mark)}** · {safe(finding.text)}" + (f" *({safe(stake)})*" if stake else "")
    return [line, *_basis(report, finding.basis, " " * (len(bullet) + 1))]


def _steps(steps: tuple[Step, ...]) -> list[str]:
    out = []
    for number, step in enumerate(steps, 1):
        first, *rest = step.text.split("\n")
        out += [f"{number}. **{safe(first)}**", *(f"   - {safe(line)}" for line in rest)]
        out += [f"   - {_code(step.command)}"] if step.command else []
    return out


def _table(report: Report, table: Table) -> list[str]:
    rows = [[safe(cell) for cell in line] for line in (table.columns, *table.cells)]
    edge = ["---", *["---:" if _figures(table, i) else "---" for i in range(1, len(table.columns))]]
    lines = ["| " + " | ".join(line) + " |" for line in (rows[0], edge, *rows[1:])]
    note = ["", safe(table.note)] if table.note else []
    basis = _basis(report, table.basis, "")
    return ["", f"**{safe(table.title)}**", "", *lines, *note, *(["", *basis] if basis else [])]


def _figures(table: Table, place: int) -> bool:
    return all(len(line[place]) < 24 for line in table.cells)


def _section(report: Report, section: Section) -> list[str]:
    out = ["", f"## {safe(section.title)}", ""]
    out += [safe(section.unanswered), ""] if section.unanswered else []
    for finding in section.findings:
        out += _finding(report, finding, "-")
    for said in section.said:
        out += ["", safe(said)]
    for chart in section.charts:
        out += ["", f"*{safe(chart.title)}.* {safe(chart.says)}"]
    for table in section.tables:
        out += _table(report, table)
    return [*out, *([""] if section.steps else []), *_steps(section.steps)]


def as_markdown(report: Report) -> str:
    """The whole report as Markdown, the first page first."""
    labels = report.labels

    def word(key: str) -> str:
        return safe(labels.get(key, ""))

    out = [f"# {word('page_title') or safe(report.name)}", "", f"**{safe(report.headline)}**", ""]
    if report.forward:
        quoted = [f"> {safe(line)}" for line in report.forward.split("\n")]
        out += [f"{word('page_forward')}:", "", "  \n".join(quoted), ""]
    for key, text in (("page_decides", report.decides), ("page_undecided", report.undecided)):
        out += [f"- **{word(key)}:** {safe(text)}"] if text else []
    out += ["", f"## {word('page_findings')}", ""]
    for number, finding in enumerate(first_page.findings(report), 1):
        out += _finding(report, finding, f"{number}.")
    more = first_page.more_below(report)
    out += ["", safe(more)] if more else []
    for section in report.sections:
        if section.name == STEPS:
            out += _section(report, section)
    out += ["", f"## {word('page_questions')}", ""]
    out += [f"- {safe(q.title)} **{safe(q.answer)}**" for q in first_page.questions(report)]
    out += ["", f"## {word('page_how')}", "", word("read_as"), ""]
    out += [f"- {safe(note)}" for note in (*report.guessed, *report.coerced)]
    for section in report.sections:
        if section.name != STEPS:
            out += _section(report, section)
    if report.missing:
        out += ["", f"## {word('missing')}", ""]
        out += [f"- **{safe(part)}**: {safe(answer)}" for part, answer in report.missing.items()]
    return "\n".join([*out, "", word("page_footer")]) + "\n"
