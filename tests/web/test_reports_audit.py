"""An audit as a file: complete, self-contained, safe, legible in light and dark."""

from __future__ import annotations

import re
from importlib import resources

import numpy as np
import pytest

import payoff
from payoff.audit.report import Report
from payoff.web.reports.audit import audit_html

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def report() -> Report:
    rng = np.random.default_rng(1)
    score = rng.random(800)
    frame = {"score": score, "churned": rng.random(800) < score, "role": rng.choice([HOSTILE, "analyst"], 800)}
    return payoff.audit(frame, name=HOSTILE)


def test_everything_the_report_says_is_on_the_page(report: Report) -> None:
    html = audit_html(report)
    plain = html.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").replace("&amp;", "&")
    for sentence in (report.headline, *(f.text for f in report.all_findings), *report.missing.values()):
        assert sentence in plain
    assert html.count("<figure>") == sum(len(s.charts) for s in report.sections) == html.count("<svg")


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
