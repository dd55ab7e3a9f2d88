"""What stands on the first page of a report, before anybody draws it: the same on paper, terminal and web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from payoff.audit.report import Basis, Finding, Report
    from payoff.audit.view import View

WORDS = (
    "stop", "costs", "know", "good", "missing", "page_findings", "page_how", "page_basis", "page_forward",
    "page_decides", "page_undecided", "page_questions", "page_touches", "page_touches_all", "page_touches_few",
    "page_money", "page_brings", "page_more",
    "page_more_full", "page_command", "page_unasked", "page_unchecked",
    "page_unchecked_beside", "page_see", "page_version", "page_footer", "basis_n", "basis_interval", "basis_span",
    "basis_how", "basis_source", "basis_same",
)  # fmt: skip
"""The words a page or a terminal sets around a report."""
_BLANKS = ("share", "money", "n", "answer", "version", "low", "high")
STEPS = "monday"
"""The section whose steps stand on the first page."""


@dataclass(frozen=True, slots=True)
class Question:
    """One section as the first page names it: its question, and the answer in a word or two."""

    name: str
    title: str
    answer: str
    asked: bool


def words(view: View) -> dict[str, str]:
    """The words in the reader's language; what differs from finding to finding stays in braces."""
    blanks = {blank: "{" + blank + "}" for blank in _BLANKS}
    return {word: view.say(word, **blanks) for word in WORDS}


def findings(report: Report) -> tuple[Finding, ...]:
    """The five that matter most, and every one that says stop, however many there are."""
    leading = report.findings
    more = [f for f in report.all_findings if f.kind == "stop" and f not in leading]
    return tuple(sorted((*leading, *more), key=lambda f: f.rank))


def more_below(report: Report, where: str = "page_more") -> str:
    """How many findings stand only further down (or in the whole report, `page_more_full`); "" for none."""
    n = len(report.all_findings) - len(findings(report))
    return _fill(report.labels, where, n=f"{n:,}") if n > 0 else ""


def questions(report: Report) -> tuple[Question, ...]:
    """Every section but the steps, with its answer; that nobody is worse off only where somebody looked."""
    labels, made = report.labels, []
    for section in report.sections:
        if section.name == STEPS:
            continue
        answer = section.answer or labels.get("page_see", "")
        asked = not section.unanswered
        if not asked:
            answer = labels.get("page_unasked", "")
        if section.name == "harm" and not report.columns.get("protected"):
            answer = (
                _fill(labels, "page_unchecked_beside", answer=section.answer)
                if section.findings and section.answer
                else labels.get("page_unchecked", "")
            )
            asked = False
        made.append(Question(section.name, section.title, answer, asked))
    return tuple(made)


def stake(report: Report, finding: Finding) -> str:
    """What is at stake in a finding: money where amounts were given, else the rows it touches; "" for neither."""
    labels = report.labels
    if finding.money is not None:
        word = "page_money" if finding.money >= 0 else "page_brings"
        return _fill(labels, word, money=f"{abs(finding.money):,.0f}")
    if finding.touches <= 0:
        return ""
    share = round(finding.touches * 100)
    if finding.touches >= 1:
        return labels.get("page_touches_all", "")
    if share < 1:
        return labels.get("page_touches_few", "")
    return _fill(labels, "page_touches", share=min(share, 99))


def basis(report: Report, found: Basis | None) -> list[tuple[str, str]]:
    """How a claim was come by, as pairs of a word and what goes with it; the last may be a call to copy."""
    if found is None:
        return []
    labels = report.labels
    told = [(labels.get("basis_n", ""), f"{found.n:,}")]
    if found.interval is not None:
        low, high = (f"{edge:.4g}".replace("-", "−") for edge in found.interval)
        told.append((labels.get("basis_interval", ""), _fill(labels, "basis_span", low=low, high=high)))
    rest = {"basis_how": found.method, "basis_source": found.source, "basis_same": found.same_as}
    return [*told, *((labels.get(word, ""), text) for word, text in rest.items() if text)]


def _fill(labels: Mapping[str, str], word: str, **values: object) -> str:
    return labels.get(word, "").format(**values)
