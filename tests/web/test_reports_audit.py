"""An audit as a file: complete, self-contained, safe, legible in light and dark."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from importlib import resources

import numpy as np
import pytest
from markupsafe import escape

import payoff
from payoff.audit import first_page
from payoff.audit.report import Chart, Report, Section
from payoff.web.reports.audit import audit_html, picture

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def report() -> Report:
    rng = np.random.default_rng(1)
    score = rng.random(800)
    frame = {"score": score, "churned": rng.random(800) < score, "role": rng.choice([HOSTILE, "analyst"], 800)}
    return payoff.audit(frame, name=HOSTILE)


def test_everything_the_report_says_is_on_the_page(report: Report) -> None:
    html = audit_html(report)
    plain = unescape(html)
    steps = [line for step in report.section("monday").steps for line in step.text.split("\n")]
    for sentence in (
        *(report.headline, report.decides, report.undecided, *report.forward.split("\n")),
        *(f.text for f in report.all_findings),
        *(f.basis.method for f in report.all_findings if f.basis),
        *(*steps, *report.missing.values(), *report.guessed, *report.coerced),
        *(said for s in report.sections for said in (s.title, s.unanswered, *s.said)),
        *(cell for s in report.sections for t in s.tables for row in t.cells for cell in row),
    ):
        assert sentence in plain
    assert html.count("<figure>") == sum(len(s.charts) for s in report.sections) == html.count("<svg")


def test_the_first_page_comes_in_its_order(report: Report) -> None:
    plain = unescape(audit_html(report))
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", plain)
    first = [report.headline, "To forward", "What matters most", report.section("monday").title]
    first += ["The questions, and the answers in short", "How the file was read"]
    rest = [section.title for section in report.sections if section.name != "monday"]
    assert headings == [*first, *rest, "What this file cannot say"]
    places = [plain.index(f">{said}<") for said in ("To forward", "What this decides", "What it does not decide")]
    assert places == sorted(places)
    assert places[-1] < plain.index(">What matters most<")


def test_every_finding_says_how_we_know_and_what_it_touches(report: Report) -> None:
    html = audit_html(report)
    known = len([f for f in (*report.all_findings, *first_page.findings(report)) if f.basis])
    known += len([t for s in report.sections for t in s.tables if t.basis])
    assert html.count('<details class="basis">') == known
    for finding in report.findings:
        assert first_page.stake(report, finding) in unescape(html)
    assert "sklearn.metrics.roc_auc_score(label, score)" in unescape(html)


def test_commands_are_folded_away_and_the_steps_are_words(report: Report) -> None:
    html = audit_html(report)
    for step in report.section("monday").steps:
        folded = f'</summary><code class="command">{escape(step.command)}</code></details>'
        assert folded in html
    assert html.count('class="command"') == 3


def test_who_is_worse_off_reads_not_checked_without_a_protected_column(report: Report) -> None:
    row = re.search(r'<ul class="questions">.*?</ul>', audit_html(report), re.DOTALL)
    assert row and "NOT CHECKED" in row[0]
    assert [q.name for q in first_page.questions(report)] == re.findall(r'href="#(\w+)"', row[0])
    told = replace(report, columns={**report.columns, "protected": ["role"]})
    again = re.search(r'<ul class="questions">.*?</ul>', audit_html(told), re.DOTALL)
    assert again and "NOT CHECKED" not in again[0]


def test_every_link_within_the_page_has_its_place_and_no_name_is_there_twice(report: Report) -> None:
    html = audit_html(report)
    names = re.findall(r'(?<!-)\bid="([^"]+)"', re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(names)


def test_a_chart_that_cannot_be_drawn_leaves_its_sentence(report: Report) -> None:
    chart = Chart("A broken one", {"mark": {"no": "such"}, "encoding": 7}, "Seven of ten.")
    html = audit_html(replace(report, sections=(Section("odd", "Odd", charts=(chart,)),)))
    assert "Seven of ten." in html
    assert "<svg" not in html


def test_the_foot_says_that_nothing_is_sent_and_which_version_it_was(report: Report) -> None:
    foot = audit_html(report).split("<footer")[1]
    assert f"Payoff {payoff.__version__}" in foot
    assert "Nothing is sent anywhere" in foot and "this page loads nothing" in foot


def test_the_page_fetches_nothing_and_runs_nothing(report: Report) -> None:
    html = audit_html(report)
    assert "<script" not in html
    assert not re.search(r"\son\w+=|javascript:|<link|<img|<iframe|@import|url\((?!#)", html)
    addresses = set(re.findall(r"https?://[^\"'\s<]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "default-src 'none'" in html


def test_charts_take_their_colours_from_the_page(report: Report) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", audit_html(report), re.DOTALL))
    assert "var(--accent)" in drawn
    assert not re.findall(r'(?:fill|stroke)="#[0-9a-fA-F]{3,6}"', drawn)


def test_words_of_a_chart_without_colours_of_its_own_are_legible_in_the_dark(report: Report) -> None:
    values = [{"x": 1, "y": 2, "who": "a"}, {"x": 2, "y": 1, "who": "b"}]
    encoding = {axis: {"field": axis, "type": "quantitative"} for axis in ("x", "y")}
    spec = {"data": {"values": values}, "mark": "text", "title": "T"}
    spec |= {"encoding": {**encoding, "text": {"field": "who"}, "shape": {"field": "who", "type": "nominal"}}}
    drawn = picture(Chart("T", {**spec, "config": {"axis": {"grid": False}}}, "S"))
    words = re.findall(r"<text[^>]*>", drawn)
    assert len(words) > 4
    assert [word for word in words if 'fill="var(--' not in word] == []


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def themes() -> list[dict[str, str]]:
    css = resources.files("payoff.web").joinpath("tokens.css").read_text("utf-8")
    blocks = re.findall(r":root[^{]*\{([^}]*)\}", css)
    return [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks]


def test_every_text_colour_is_legible_on_every_ground() -> None:
    found = themes()
    assert len(found) == 3
    assert found[1] == found[2]
    for theme in found:
        for text in ("ink", "muted", "accent", "good", "warn", "bad"):
            for ground in ("bg", "surface", "raised"):
                assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
        for tone in ("accent", "good", "warn", "bad"):
            assert contrast(theme[tone], theme[f"{tone}-soft"]) >= 4.5, tone
            assert contrast(theme["ink"], theme[f"{tone}-soft"]) >= 4.5, tone
        assert contrast(theme["on-accent"], theme["accent"]) >= 4.5
        assert contrast(theme["edge"], theme["surface"]) >= 3
