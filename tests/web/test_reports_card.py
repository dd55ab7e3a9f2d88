"""A scorecard as a file: everything it says is on the page, hostile text is only text."""

from __future__ import annotations

from datetime import UTC, datetime

from payoff.records.judgement import Estimate, Row, Verdict
from payoff.scorecard.card import Scorecard, Trust
from payoff.web.reports.card import card_html, strip

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def row(**changed: object) -> Row:
    known = {"n": 412, "known": 388, "total": 412}
    made: dict[str, object] = {
        "metric": "renewed",
        "label": "Renewed within 90 days",
        "level": "business",
        "purpose": "goal",
        "direction": "up",
        "measure": "share",
        "arms": {"challenger": Estimate(0.61, **known), "champion": Estimate(0.55, **known)},
        "difference": Estimate(0.06, 0.021, 0.02, 0.10, **known),
        "against": "champion",
        "status": "better",
        "reading": "Of 100 accounts, about 6 more renew.",
    }
    return Row(**{**made, **changed})  # type: ignore[arg-type]


def card(*rows: Row, trust: Trust | None = None, title: str = "Help by role") -> Scorecard:
    return Scorecard(
        release="r2",
        title=title,
        trial="r2",
        made_at=NOW,
        as_of=NOW,
        tag="measured",
        estimand="What “Help by role” changes compared with “Call everybody”.",
        arms={"challenger": 412, "champion": 405, "holdout": 96},
        rows=rows,
        trust=trust or Trust(True, "The comparison holds: the split came out as planned."),
        days_elapsed=38,
        plan_days=56,
        open_questions=("Who answers on weekends?",),
        ours="challenger",
        theirs="champion",
    )


HOLD = Verdict("hold", "not enough evidence", "The range still reaches below nothing.", ("24 outcomes",), 12)


def test_the_page_holds_verdict_trust_figures_and_what_is_missing() -> None:
    html = card_html(card(row()), HOLD)
    for told in (
        "Hold: not enough evidence yet",
        "The comparison holds",
        "+6.0 points",
        "24 outcomes",
        "12 days more",
    ):
        assert told in html
    assert "388 of 412 known" in html
    assert "Who answers on weekends?" in html
    assert html.index("The comparison holds") < html.index("Renewed within 90 days")


def test_a_row_without_an_interval_has_no_picture_and_says_why() -> None:
    missing = row(difference=None, status="cannot tell", missing="41 of 120 outcomes known.", reading="")
    assert strip(missing) is None
    html = card_html(card(missing), HOLD)
    assert "41 of 120 outcomes known." in html
    assert "<rect" not in html


def test_right_is_more_whatever_the_direction_as_on_the_board() -> None:
    up = strip(row())
    down = strip(row(direction="down", status="worse"))
    assert up is not None and down is not None
    assert up.zero == down.zero == 50
    assert up.value == down.value > 50
    assert down.low < down.value < down.high


def test_the_margin_lies_on_the_worse_side() -> None:
    drawn = strip(row(purpose="guardrail", direction="down", margin=0.05))
    assert drawn is not None and drawn.margin is not None
    assert drawn.zero < drawn.margin <= 100


def test_a_void_comparison_says_so_above_the_figures() -> None:
    html = card_html(
        card(row(), trust=Trust(False, "The split is not the planned one.", ("cause unknown",))), HOLD
    )
    assert html.index("The split is not the planned one.") < html.index("Renewed within 90 days")
    assert "cause unknown" in html


def test_hostile_text_stays_text() -> None:
    hostile = "<script>alert(1)</script>"
    html = card_html(card(row(label=hostile, reading=hostile), title=hostile), HOLD)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
