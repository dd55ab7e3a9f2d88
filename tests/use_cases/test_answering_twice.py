"""The same answer twice, one after the other or at once; what is new beside it; the day a done one counts on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.small import START
from tests.use_cases.test_answering import DAY, desk, kept

from payoff.use_cases.answering import Answered
from payoff.use_cases.product import Product


def at_once(product: Product, suggestion: str, *args: Any, **more: Any) -> tuple[Answered, Answered]:
    """Two presses, the second of which sees the log as it was before the first, and a moment later."""
    log, about = product.storage.log, product.storage.log.about
    stale = about(suggestion)
    first = product.answer(suggestion, *args, **more)
    product.workspace.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]
    log.about = lambda _: stale  # type: ignore[method-assign]
    try:
        return first, product.answer(suggestion, *args, **more)
    finally:
        log.about = about  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "more",
    [
        {"what": "done", "comment": "she was glad"},
        {"what": "not_now", "until": date(2026, 1, 8)},
        {"what": "wrong", "reason": "action", "instead": "tips_mail", "comment": "they read"},
        {"what": "wrong", "reason": "owner", "instead": "ben"},
    ],
)
def test_two_presses_at_once_are_one_answer_which_one_undo_takes_back(more: dict[str, Any]) -> None:
    product, s = desk()
    before = [(i.suggestion.id, i.owner, i.state) for i in product.queue()]
    first, second = at_once(product, s, more.pop("what"), "ana", **more)
    assert (first.again, second.again, second.feedback) == (False, True, "")
    assert (len(kept(product)), len(product.inbox())) in ((1, 0), (1, 1), (0, 1))
    product.workspace.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    product.answer(s, "undo", "ana")
    assert [(i.suggestion.id, i.owner, i.state) for i in product.queue()] == before
    assert all(item.taken_back for item in product.inbox())


def test_the_same_answer_after_an_undo_is_a_new_one() -> None:
    product, s = desk()
    for _ in range(3):
        assert not product.answer(s, "done", "ana", comment="glad").again
        product.answer(s, "undo", "ana")
    assert [row["what"] for row in kept(product)] == ["done", "undone"] * 3
    assert len(product.inbox()) == 3


def test_words_added_to_an_answer_that_stands_are_kept_and_taken_back_with_it() -> None:
    product, s = desk()
    product.answer(s, "done", "ana")
    product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    added = product.answer(s, "done", "ana", comment="they asked for a refund", via="email")
    assert not added.again
    assert [(i.id, i.comment) for i in product.inbox()] == [(added.feedback, "they asked for a refund")]
    again = product.answer(s, "done", "ana", comment="they asked for a refund")
    assert (again.again, again.feedback) == (True, "")
    assert len(kept(product)) == 1
    product.answer(s, "undo", "ana")
    assert [i.taken_back for i in product.inbox()] == [True]


def test_another_action_instead_is_kept_beside_the_answer_that_stands() -> None:
    product, s = desk()
    product.answer(s, "wrong", "ana", reason="action", instead="setup_call")
    product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    assert not product.answer(s, "wrong", "ana", reason="action", instead="tips_mail").again
    assert product.answer(s, "wrong", "ana", reason="action", instead="tips_mail").again
    assert [i.correction for i in product.inbox()] == [{"action": "tips_mail"}, {"action": "setup_call"}]
    assert len(kept(product)) == 1


def test_gone_once_more_after_a_manager_declined_it_is_a_new_word() -> None:
    product, s = desk()
    product.answer(s, "wrong", "ana", reason="gone")
    product.give([product.inbox()[0].id], "declined", by="pm", reason="they pay")
    assert s not in [i.suggestion.id for i in product.queue()], "the no itself stands"
    assert not product.answer(s, "wrong", "ana", reason="gone").again
    assert [i.state for i in product.inbox()] == ["new", "declined"]


def test_handing_over_twice_is_one_hand_over() -> None:
    product, s = desk()
    owner = next(i for i in product.queue() if i.suggestion.id == s).owner
    other, name = {"ana": ("ben", "Ben Osei"), "ben": ("ana", "Ana Ruiz")}[owner]
    assert not product.answer(s, "wrong", owner, reason="owner", instead=other).again
    product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    again = product.answer(s, "wrong", owner, reason="owner", instead=other)
    assert (again.again, again.words) == (True, f"Handed to {name}. It stays open, for them.")
    product.answer(s, "wrong", owner, reason="owner", instead=other, comment="I am away")
    product.answer(s, "wrong", owner, reason="owner", instead=other, comment="I am away")
    assert [i.comment for i in product.inbox()] == ["I am away", ""]
    product.answer(s, "undo", owner)
    assert next(i for i in product.queue() if i.suggestion.id == s).owner == owner


def test_a_hand_over_that_somebody_handed_back_may_be_made_again() -> None:
    product, s = desk()
    for by, to in (("ana", "ben"), ("ben", "ana"), ("ana", "ben")):
        assert not product.answer(s, "wrong", by, reason="owner", instead=to).again
        product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    assert next(i for i in product.queue() if i.suggestion.id == s).owner == "ben"


def test_done_before_it_was_suggested_is_no_effect_of_it_however_it_is_said() -> None:
    product, s = desk()
    answered = product.answer(s, "done", "ana", at=datetime(2025, 12, 1, tzinfo=UTC))
    assert (answered.what, kept(product)[0]["why"]) == ("earlier", "already: 2025-12-01")


def test_done_today_may_be_said_before_noon() -> None:
    product, s = desk()
    assert product.answer(s, "done", "ana", at=START.date()).at == START


def test_a_day_that_could_not_be_kept_is_told_from_the_one_that_was() -> None:
    product, s = desk()
    product.workspace.clock.advance(2 * DAY)  # type: ignore[attr-defined]
    product.answer(s, "not_now", "ana")
    product.workspace.clock.advance(2 * DAY)  # type: ignore[attr-defined]
    answered = product.answer(s, "earlier", "ana", at=date(2026, 1, 6))
    words = "Kept: done, counted on Wed 7 Jan, the day of the last answer to it. Thank you."
    assert (answered.at.date(), answered.words) == (date(2026, 1, 7), words)
    again = product.answer(s, "done", "ana", at=date(2026, 1, 8))
    assert (again.again, again.at, again.words) == (True, answered.at, words)
    assert product.answer(s, "done", "ana").words == "Kept: done. Thank you."
