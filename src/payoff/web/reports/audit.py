"""An audit as one file of HTML."""

from __future__ import annotations

from markupsafe import Markup

from payoff.audit.report import Chart, Report
from payoff.web.reports.pages import page
from payoff.web.reports.pictures import svg


def audit_html(report: Report, *, language: str = "en") -> str:
    """The report with its charts drawn in: no script, nothing fetched; light, dark, phone and paper."""

    def picture(chart: Chart) -> Markup:
        return svg(chart.spec)

    return page("audit.html", report=report, language=language, picture=picture)
