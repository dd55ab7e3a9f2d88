"""No longer a customer: everything about them stops at once, until somebody knows better."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.small import running

from payoff.use_cases.product import Product

DAY = timedelta(days=1)


def gone() -> tuple[Product, str, str]:
    made = running(12)
    said = next(s for s in made.decide() if s.arm != "holdout" and s.action != "nothing")
    made.answer(said.id, "wrong", "ana", reason="gone", comment="closed their doors")
    made.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    return made, said.id, said.unit


def told(product: Product, unit: str) -> bool:
    return product.suggest(unit).action != "nothing"


def test_nobody_is_told_anything_about_them_any_more() -> None:
    product, _, unit = gone()
    assert unit not in [item.unit for item in product.queue()]
    said = product.suggest(unit)
    assert (said.action, said.arm, said.say) == (
        "nothing",
        "named",
        "No suggestion: somebody said that they are no longer a customer.",
    )
    assert product.suggest(unit).id == said.id, "asked again, the same"
    assert unit not in [s.unit for s in product.decide()]
    assert [s.action for s in product.decide([unit])] == ["nothing"]


def test_another_suggestion_about_them_stops_too() -> None:
    made = running(12)
    said = next(s for s in made.decide() if s.arm != "holdout" and s.action != "nothing")
    made.feedback(said.id, by="ana", correction={"gone": "merged"})
    assert said.unit not in [item.unit for item in made.queue()]


def test_it_is_nobodys_fault_and_no_label() -> None:
    from payoff.log.history import decisions

    product, s, _ = gone()
    table = decisions(product.workspace.tables, product.clock.now() + 20 * DAY, goal="first_value", goal_days=14)
    assert dict(zip(table["id"].to_pylist(), table["accepted"].to_pylist(), strict=True))[s] is None


def test_learning_leaves_the_decision_to_a_manager() -> None:
    product, _, unit = gone()
    product.learn()
    (item,) = product.inbox()
    assert item.state == "new"
    assert not told(product, unit)


def _fate(product: Product, state: str) -> None:
    (item,) = product.inbox()
    body = {"feedback": item.id, "state": state, "reason": "We asked."}
    ws = product.workspace
    product.storage.log.append([ws.event("fate", body, at=ws.clock.now(), unit=item.unit, actor="maya")])


@pytest.mark.parametrize(("state", "back"), [("looked_at", False), ("used", False), ("declined", True)])
def test_a_manager_confirms_it_or_does_not(state: str, back: bool) -> None:
    product, _, unit = gone()
    product.suggest(unit)
    _fate(product, state)
    assert told(product, unit) == back
    assert (unit in [s.unit for s in product.decide()]) == back


def test_its_author_can_take_it_back() -> None:
    product, s, unit = gone()
    product.answer(s, "undo", "ana")
    assert unit in [item.unit for item in product.queue()]
    assert told(product, unit)


@pytest.mark.parametrize(
    ("name", "amount", "days", "back"),
    [("first_value", 1.0, 0, True), ("first_value", 0.0, 0, False), ("left", 1.0, 0, False),
     ("first_value", 1.0, -2, False)],
)  # fmt: skip
def test_good_news_later_says_that_they_are_there(name: str, amount: float, days: int, back: bool) -> None:
    product, _, unit = gone()
    product.outcome(unit, name, amount, at=product.clock.now() + days * DAY)
    assert told(product, unit) == back


def test_somebody_can_say_that_they_are_there_after_all() -> None:
    product, _, unit = gone()
    product.feedback(unit=unit, by="ben", correction={"gone": False})
    assert told(product, unit)


def test_a_second_look_from_another_process_knows_it_too() -> None:
    product, _, unit = gone()
    product.outcome("acct-0", "first_value", 1.0)
    from tests import small

    other = small.product(storage=product.storage)
    other.workspace.clock.set(product.clock.now())  # type: ignore[attr-defined]
    assert unit not in [item.unit for item in other.queue()]
    product.outcome(unit, "first_value", 1.0)
    again = small.product(storage=product.storage)
    again.workspace.clock.set(product.clock.now())  # type: ignore[attr-defined]
    assert again.suggest(unit).action != "nothing"


def test_good_news_that_older_news_followed_is_good_news_for_whoever_starts_later() -> None:
    from tests.small import product as fresh

    made, _, unit = gone()
    made.outcome(unit, "first_value", 1)
    made.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    made.outcome(unit, "left", 0)
    other = fresh(storage=made.storage)
    other.workspace.clock.set(made.clock.now())  # type: ignore[attr-defined]
    from payoff.use_cases.waiting import gone as left

    assert left(made.workspace, made.clock.now()) == left(other.workspace, made.clock.now()) == frozenset()
