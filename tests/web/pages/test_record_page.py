"""Every decision and every step in one list."""

from __future__ import annotations

from datetime import timedelta

from tests.fake_product import FakeProduct
from tests.fake_values import NOW, Decision

from payoff.web.pages.record import record


def test_every_decision_step_and_change_of_the_brief_stands_in_one_list_newest_first() -> None:
    product = FakeProduct()
    product.decided = [Decision("r1", "hold", "promote", "quarter end", "paula", NOW - timedelta(days=1), "card")]
    product.boards.edits = [(NOW - timedelta(hours=2), "ada")]
    lines = record(product).lines
    assert lines[0].said.line == "Ada Lind changed what is judged: goals, guardrails, windows or the plan."
    assert (lines[0].title, lines[0].said.href) == ("Brief", "/brief/history")
    assert lines[1].said.line.startswith("Paula Stein chose hold, against the rule")
    assert (lines[1].title, lines[1].href, lines[1].said.why) == (
        "The right next step",
        "/releases#r1",
        "quarter end",
    )
    assert lines[1].said.href == "/board/r1/as-of/card"
    steps = [line.said.line for line in lines[2:]]
    assert any(said.endswith("took it to: a few accounts") for said in steps)
    assert not any("everyone" in said for said in steps), "that is a decision, and stands as one"


def test_nothing_decided_is_an_empty_list() -> None:
    product = FakeProduct()
    product.found, product.decided = [], []
    assert record(product).lines == ()
