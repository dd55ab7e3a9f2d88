"""The queue follows the log: what a long-running server shows is what one would show that starts now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import numpy as np
import pytest
from tests import small

from payoff.errors import PayoffError
from payoff.use_cases.product import Product

DAY = timedelta(days=1)


def shown(product: Product) -> list[tuple[object, ...]]:
    return [
        (i.suggestion.id, i.unit, i.owner, i.state, i.snoozed_until, i.responses, i.taken_by, i.lapsed,
         dict(i.facts), sorted(i.corrected), i.why, i.wanted)
        for i in product.queue()
    ]  # fmt: skip


def fresh(product: Product) -> Product:
    other = small.product(storage=product.storage)
    other.workspace.clock.set(product.clock.now())  # type: ignore[attr-defined]
    return other


def something(product: Product, rng: np.random.Generator) -> Callable[[], object]:
    """One of the things that happen to a product, drawn by chance."""
    known = [row["id"] for row in product.workspace.tables.arrow("suggestion").to_pylist()]
    one = known[rng.integers(len(known))] if known else ""
    unit, who = f"acct-{rng.integers(30)}", ("ana", "ben")[rng.integers(2)]
    reason, seats, days = ("need", "gone")[rng.integers(2)], int(rng.integers(50)), float(rng.random()) * 3
    things: list[Callable[[], object]] = [
        product.decide,
        lambda: product.suggest(unit),
        lambda: product.answer(one, "done", who),
        lambda: product.answer(one, "not_now", who, reason="audit"),
        lambda: product.answer(one, "wrong", who, reason=reason),
        lambda: product.answer(one, "undo", who),
        lambda: product.claim(one, who),
        lambda: product.give_back(one, who),
        lambda: product.facts([{"unit": unit, "seats": seats, "owner": who}]),
        lambda: product.feedback(one, by=who, correction={"seats": 3}),
        lambda: product.learn(score=False),
        lambda: product.outcome(unit, "first_value"),
        lambda: product.workspace.clock.advance(days * DAY),  # type: ignore[attr-defined]
    ]
    return things[rng.integers(len(things))]


@pytest.mark.parametrize("seed", range(4))
def test_a_server_that_ran_all_along_shows_what_a_new_one_shows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    product = small.running(30)
    product.queue()
    for _ in range(50):
        with suppress(PayoffError):
            something(product, rng)()
        assert shown(product) == shown(fresh(product))


def test_what_speaks_of_a_moment_to_come_counts_when_it_has_come() -> None:
    product = small.running(12)
    said = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    later = product.clock.now() + DAY
    product.record(said.id, "done", by="ana", at=later)
    product.facts([{"unit": said.unit, "owner": "zoe"}], at=later)
    assert said.id in [i.suggestion.id for i in product.queue()]
    assert "zoe" not in [i.owner for i in product.queue()]
    product.workspace.clock.set(later)  # type: ignore[attr-defined]
    assert said.id not in [i.suggestion.id for i in product.queue()]


def test_a_replay_that_goes_back_sees_the_desk_as_it_was() -> None:
    product = small.running(12)
    product.decide()
    then = shown(product)
    product.workspace.clock.advance(15 * DAY)  # type: ignore[attr-defined]
    assert product.queue() == []
    product.decide()
    product.workspace.clock.set(small.START)  # type: ignore[attr-defined]
    assert [row[0] for row in shown(product)] == [row[0] for row in then]


def test_an_erased_unit_leaves_the_desk() -> None:
    product = small.running(12)
    product.decide()
    unit = product.queue()[0].unit
    product.storage.log.forget(unit)  # type: ignore[attr-defined]
    assert unit not in [item.unit for item in product.queue()]


def test_a_corrected_fact_is_shown_at_once_and_is_a_fact_after_learning() -> None:
    product = small.running(12)
    said = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    product.feedback(said.id, by="ana", correction={"seats": 99, "risk": "pause"})
    item = next(i for i in product.queue() if i.unit == said.unit)
    assert (item.facts["seats"], list(item.corrected), item.corrected["seats"].by) == (99, ["seats"], "ana")
    product.learn(score=False)
    item = next(i for i in product.queue() if i.unit == said.unit)
    assert (item.facts["seats"], dict(item.corrected)) == (99, {})


def test_being_shown_makes_nothing_else_new() -> None:
    product = small.running(12)
    said = product.decide()
    product.queue()
    releases, known = product.releases(), {i.suggestion.id: i for i in product.queue()}
    first = next(s for s in said if s.id in known)
    product.record(first.id, "shown", by="ana")
    assert product.workspace.releases() is product.workspace.releases()
    assert all(a is b for a, b in zip(releases, product.releases(), strict=True))
    again = {i.suggestion.id: i for i in product.queue()}
    assert [id for id in again if again[id] is not known[id]] == [first.id]


def test_the_data_are_as_of_the_newest_thing_that_happened_by_now() -> None:
    product = small.product()
    assert product.as_of() is None
    product.facts(small.accounts(2))
    product.outcome("acct-0", "first_value", at=small.START - DAY)
    product.outcome("acct-0", "first_value", at=small.START + DAY)
    assert product.as_of() == small.START


def test_who_reads_an_answer_is_told_once_and_only_of_what_is_theirs_and_final() -> None:
    product = small.running(12)
    said = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    product.feedback(said.id, by="ana", correction={"seats": 9})
    assert product.told(product.said_by("ana"), "ana") == 0, "nothing was answered yet"
    product.learn(score=False)
    assert (product.unread("ana"), product.unread("ben")) == (1, 0)
    stale = product.said_by("ana")
    assert product.told(stale, "ben") == 0
    assert product.told(stale, "ana") == 1
    assert product.told(stale, "ana") == 0
    (item,) = product.said_by("ana")
    assert item.told_at == product.clock.now()
    assert product.unread("ana") == 0


def test_what_one_answered_lately_comes_with_its_fate() -> None:
    product = small.running(12)
    told = [s for s in product.decide() if s.arm != "holdout" and s.action != "nothing"]
    first, second = told[0], told[1]
    product.answer(first.id, "not_now", "ana", reason="audit")
    product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    product.answer(first.id, "done", "ana")
    product.answer(second.id, "wrong", "ana", reason="need")
    product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    product.answer(second.id, "undo", "ana")
    product.answer(first.id, "wrong", "ben", reason="time")
    found = [(a.suggestion, a.unit, a.what, a.fate, a.last, a.by) for a in product.answers_by("ana")]
    assert sorted(found[:2]) == sorted(
        [
            (first.id, first.unit, "done", "replaced", True, "ben"),
            (second.id, second.unit, "dismissed", "taken back", False, ""),
        ]
    )
    assert found[2] == (first.id, first.unit, "snoozed", "replaced", False, "ben")
    product.workspace.clock.advance(40 * DAY)  # type: ignore[attr-defined]
    assert product.answers_by("ana") == []


def test_what_was_done_says_whether_the_goal_came_within_its_window() -> None:
    product = small.running(12)
    told = [s for s in product.decide() if s.arm != "holdout" and s.action != "nothing"][:3]
    start = product.clock.now()
    for said in told:
        product.answer(said.id, "done", "ana")
    product.outcome(told[0].unit, "first_value", at=start + 3 * DAY)
    product.outcome(told[0].unit, "left", at=start + DAY)
    product.outcome(told[1].unit, "first_value", at=start + 15 * DAY)
    product.outcome(told[2].unit, "first_value", 0.0, at=start + 3 * DAY)
    product.workspace.clock.advance(16 * DAY)  # type: ignore[attr-defined]
    came = {a.suggestion: a.came for a in product.answers_by("ana")}
    assert came == {told[0].id: start + 3 * DAY, told[1].id: None, told[2].id: None}
    assert {a.known_by for a in product.answers_by("ana")} == {start + 14 * DAY}
