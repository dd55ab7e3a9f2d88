"""One metric in words: whether its target is reached, where it stands without a comparison, and of how many."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.fake_boards import standing
from tests.fake_product import FakeProduct
from tests.fake_values import NOW

from payoff.gates.standing import Standing
from payoff.records.judgement import Direction, Estimate, Row
from payoff.web.pages.judged import Judged, judged
from payoff.web.pages.metric_rows import RowShown


def page(product: FakeProduct, *stands: Standing, rows: tuple[Row, ...] = (), **more: object) -> Judged:
    card = product.scorecard("r1")
    card.card = replace(card.card, **({"rows": rows} if rows else {}), **more)
    card.standings = stands or card.standings
    release = next(r for r in product.releases() if r.id == "r1")
    return judged(product, release, card, NOW)


def told(product: FakeProduct, row: Row, *stands: Standing) -> tuple[RowShown, ...]:
    return tuple(row for level in page(product, *stands, rows=(row,)).levels for row in level.rows)


def test_a_row_says_whether_its_target_is_reached() -> None:
    product = FakeProduct()
    card = product.scorecard("r1")

    def said(low: float, high: float, direction: Direction = "up") -> str:
        row = replace(
            card.card.rows[0],
            target=0.5,
            direction=direction,
            measure="share",
            arms={"challenger": Estimate((low + high) / 2, 0.01, low, high)},
        )
        return told(product, row)[0].target

    assert said(0.52, 0.6) == "target 50%: reached"
    assert said(0.4, 0.6) == "target 50%: too close to say"
    assert said(0.3, 0.4) == "target 50%: not reached"
    assert said(0.3, 0.4, "down") == "target 50%: reached"
    assert said(0.52, 0.6, "down") == "target 50%: not reached"


@pytest.mark.parametrize(
    ("line", "status", "margin"),
    [(None, "cannot be compared", False), (0.1, "holds", True), (0.01, "does not hold", True)],
)
def test_a_guardrail_with_nothing_to_compare_it_with_says_where_it_stands(
    line: float | None, status: str, margin: bool
) -> None:
    product = FakeProduct()
    card = product.scorecard("r1")
    row = replace(card.card.rows[0], purpose="guardrail", direction="down", difference=None, margin=0.05)
    row = replace(row, status="cannot tell", arms={"challenger": Estimate(0.023, 0.01, 0.02, 0.03)})
    level = standing(row.metric, 0.023, None, purpose="guardrail", of="level", line=line, direction="down")
    (shown,) = told(product, row, level)
    assert (shown.status, bool(shown.margin)) == (status, margin)


def test_units_that_begin_anew_with_every_quarter_say_how_often_they_were_counted() -> None:
    product = FakeProduct()
    assert "quarter" not in " ".join(page(product).arms)
    arms = page(product, entries={"challenger": 700, "champion": 405, "holdout": 96}).arms
    assert arms[0] == "The right next step: 412 units (each begins anew with every quarter: counted 700 times)"
    assert "quarter" not in arms[1]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("outcome_rate", "300 of 412 outcomes known"),
        ("done_rate", "every suggestion to 300 of 412"),
        ("time_to_value", "from 300 of 412"),
    ],
)
def test_a_figure_says_of_what_it_is_counted(kind: str, words: str) -> None:
    product = FakeProduct()
    row = product.scorecard("r1").card.rows[0]
    metrics = [SimpleNamespace(name=row.metric, kind=kind)]
    product.brief = product.brief.model_copy(update={"metrics": metrics})
    (shown,) = told(product, replace(row, arms={"challenger": Estimate(0.5, 0.1, 0.4, 0.6, 300, 300, 412)}))
    assert shown.cells[0].known == words
