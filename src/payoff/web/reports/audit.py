"""An audit as one file of HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

import payoff
from payoff.audit import first_page
from payoff.audit.charts import INK, MUTED
from payoff.audit.report import Chart, Report, Table
from payoff.web.reports.pages import page
from payoff.web.reports.pictures import svg

_SENTENCE = 36
"""A cell longer than this is words to read, not a figure to line up."""


_WORDS = {"labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 13, "titleFontSize": 13}
_DRESS: dict[str, dict[str, Any]] = {
    "axis": _WORDS,
    "header": _WORDS,
    "legend": _WORDS,
    "text": {"color": INK},
    "title": {"color": INK},
}
"""Words of a chart take the colours of the page where it names none: the renderer's black is lost in the dark."""


def _dressed(spec: Mapping[str, Any]) -> dict[str, Any]:
    config = dict(spec.get("config", {}))
    return {
        **spec,
        "config": {**config, **{part: {**dress, **config.get(part, {})} for part, dress in _DRESS.items()}},
    }


def picture(chart: Chart) -> Markup:
    """The chart drawn in; nothing where it cannot be drawn, for the sentence beside it says the same."""
    try:
        return svg(_dressed(chart.spec))
    except Exception:  # the renderer fails in many ways, and a page without a picture is still right
        return Markup("")


def _wordy(table: Table, place: int) -> bool:
    return any(len(line[place]) > _SENTENCE for line in table.cells)


def audit_html(report: Report, *, language: str = "en") -> str:
    """The report with its charts drawn in: no script, nothing fetched; light, dark, phone and paper."""
    shown = first_page.findings(report)
    steps = [section for section in report.sections if section.name == first_page.STEPS]
    return page(
        "audit.html",
        report=report,
        language=language,
        labels=report.labels,
        findings=shown,
        more=first_page.more_below(report),
        questions=first_page.questions(report),
        steps=steps,
        sections=[section for section in report.sections if section not in steps],
        titles={section.name: section.title for section in report.sections},
        stake=lambda finding: first_page.stake(report, finding),
        basis=lambda found: first_page.basis(report, found),
        wordy=_wordy,
        prose=lambda table: 2 * sum(_wordy(table, i) for i in range(len(table.columns))) > len(table.columns),
        picture=picture,
        version=report.labels.get("page_version", "").format(version=payoff.__version__),
    )
