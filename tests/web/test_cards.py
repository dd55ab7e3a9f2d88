"""A page gets the newest figures there are at once; newer ones are worked out behind, seldom, one at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.fake_boards import NOW, judgement
from tests.fake_product import FakeProduct

from payoff.errors import Refused
from payoff.records.releases import STREAM
from payoff.web.cards import DAY, FRESH, OLD, SHARE, Cards, NotYet


@dataclass
class Clocked(FakeProduct):
    """A fake whose clock can be set, and whose figures come only when `gate` is open."""

    at: datetime = NOW
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    breaks: bool = False

    def __post_init__(self) -> None:
        self.gate.set()
        self.clock = SimpleNamespace(now=lambda: self.at)

    def scorecard(self, id: str, /, *, trial: str | None = None) -> Any:
        self.asked.append(id)
        assert self.gate.wait(20)
        if self.breaks:
            raise RuntimeError("the engine is gone")
        return super().scorecard(id, trial=trial)


def settle(cards: Cards) -> None:
    """Wait for what was begun; a renewal never raises here."""
    for made, _ in list(cards._begun.values()):
        made.exception(20)


def kept(product: FakeProduct, days: float = 6) -> None:
    """One judgement of r1 so long ago, with its card."""
    one = judgement(6, 0.1, 0.08, at=product.clock.now() - timedelta(days=days))
    made = FakeProduct.scorecard(product, "r1")
    product.boards.kept = [one]
    product.boards.cards[one.card] = made
    product.judged = 0


def test_the_same_log_is_judged_once_and_a_longer_one_again() -> None:
    product = FakeProduct()
    cards = Cards(product)
    first = cards("r1")
    assert cards("r1") is first
    assert product.judged == 1
    product.record("s1", "done", by="nia")
    assert cards("r1") is not first


def test_a_refusal_is_remembered_too() -> None:
    product = FakeProduct()
    cards = Cards(product)
    for ask in (cards, cards, cards.shown):
        with pytest.raises(Refused):
            ask("r3")
    assert product.judged == 1
    product.record("s1", "done", by="nia")
    with pytest.raises(Refused):
        cards.shown("r3")
    assert product.judged == 2, "something happened that could have lifted it"


def test_being_in_care_is_judged_on_the_stream_of_the_release_that_serves() -> None:
    assert Cards(FakeProduct())("stream").card.trial == "stream"
    assert Cards(FakeProduct()).shown("stream").card.card.trial == "stream"
    assert Cards(FakeProduct()).shown("served").card.card.trial == "served"


def test_a_finished_trial_is_shown_as_it_was_decided_and_never_worked_out_again() -> None:
    product = Clocked()
    kept(product)
    product.boards.rested = {"r1": product.boards.kept[0]}
    product.at = NOW + 90 * DAY
    product.record("s1", "done", by="nia")
    cards = Cards(product)
    shown = cards.shown("r1")
    assert (shown.key, shown.at, shown.renewing) == ("card-6", NOW - 6 * DAY, False)
    assert cards("r1") is shown.card
    assert product.asked == []


def test_being_in_care_goes_on_where_the_one_that_serves_was_taken_back() -> None:
    product = Clocked()
    cards = Cards(product)
    before = cards.shown(STREAM).card
    product.found[0] = replace(product.found[0], moves=(*product.found[0].moves, *product.found[0].moves))
    assert cards.shown(STREAM).card is before


def test_before_anybody_is_in_care_there_is_no_stream() -> None:
    with pytest.raises(Refused):
        Cards(FakeProduct(found=[]))("stream")


def test_figures_that_were_kept_are_shown_at_once_while_newer_ones_are_worked_out() -> None:
    product = Clocked()
    kept(product)
    product.gate.clear()
    cards = Cards(product)
    shown = cards.shown("r1")
    assert (shown.key, shown.at, shown.renewing) == ("card-6", NOW - 6 * DAY, True)
    again = cards.shown("r1")
    assert again.card is shown.card
    product.gate.set()
    settle(cards)
    newest = cards.shown("r1")
    assert (newest.key, newest.at, newest.renewing) == ("", NOW, False)
    assert product.asked == ["r1"], "never two for one release"


def test_one_card_is_worked_out_at_a_time() -> None:
    product = Clocked()
    kept(product)
    product.boards.kept.append(judgement(6, 0.1, 0.08, release="r0", trial=STREAM, card="care"))
    product.boards.cards["care"] = FakeProduct.scorecard(product, "r0", trial=STREAM)
    product.gate.clear()
    cards = Cards(product)
    assert cards.shown("r1").renewing and cards.shown(STREAM).renewing
    assert len(product.asked) <= 1
    product.gate.set()
    settle(cards)
    assert sorted(product.asked) == ["r0", "r1"]


def test_exposures_do_not_have_figures_worked_out_again_every_second() -> None:
    product = Clocked()
    cards = Cards(product)
    first = cards.shown("r1").card
    for second in range(1, int(FRESH.total_seconds()), 20):
        product.at = NOW + timedelta(seconds=second)
        product.record("s1", "shown", by="nia")
        assert cards.shown("r1").card is first
    assert product.asked == ["r1"]
    product.at = NOW + FRESH + timedelta(seconds=1)
    assert cards.shown("r1").renewing
    settle(cards)
    assert cards.shown("r1").card is not first


def test_without_news_figures_are_renewed_by_the_hour_because_outcomes_mature() -> None:
    product = Clocked()
    cards = Cards(product)
    cards.shown("r1")
    product.at = NOW + OLD
    assert not cards.shown("r1").renewing
    product.at = NOW + OLD + timedelta(seconds=1)
    assert cards.shown("r1").renewing
    settle(cards)


def test_figures_that_take_long_are_renewed_the_more_seldom() -> None:
    product = Clocked()
    cards = Cards(product)
    cards.shown("r1")
    cards._known["r1"].took = timedelta(minutes=10)
    product.record("s1", "done", by="nia")
    product.at = NOW + SHARE * timedelta(minutes=10)
    assert not cards.shown("r1").renewing
    product.at += timedelta(seconds=1)
    assert cards.shown("r1").renewing
    settle(cards)


def test_what_is_over_is_looked_at_again_once_a_day_and_only_for_late_news() -> None:
    product = Clocked()
    cards = Cards(product)
    cards.shown("r2")
    product.at = NOW + 3 * DAY
    assert not cards.shown("r2").renewing
    product.record("s1", "done", by="nia")
    product.at = NOW + DAY
    assert not cards.shown("r2").renewing
    product.at = NOW + DAY + timedelta(seconds=1)
    assert cards.shown("r2").renewing
    settle(cards)


def test_a_decision_is_followed_by_the_figures_it_rested_on() -> None:
    product = Clocked()
    cards = Cards(product)
    before = cards.shown("r1")
    product.at = NOW + timedelta(seconds=30)
    kept(product, days=0)
    after = cards.shown("r1")
    assert (after.key, after.at) == ("card-6", product.at)
    assert after.card is not before.card


def test_a_release_that_moved_on_is_not_shown_by_figures_of_before() -> None:
    product = Clocked()
    cards = Cards(product)
    before = cards.shown("r1").card
    product.rollback("r1", by="paula", why="harm")
    assert cards.shown("r1").card is not before


def test_where_none_were_ever_kept_the_page_does_not_wait_for_ever() -> None:
    product = Clocked()
    product.gate.clear()
    cards = Cards(product, patience=0.01)
    for _ in range(3):
        with pytest.raises(NotYet):
            cards.shown("r1")
    product.gate.set()
    settle(cards)
    assert cards.shown("r1").card.card.release == "r1"
    assert product.asked == ["r1"], "reloading does not begin it again"


def test_with_no_end_of_patience_first_figures_come_within_the_request() -> None:
    product = Clocked()
    assert Cards(product, patience=None).shown("r1").card.card.release == "r1"


def test_a_failure_is_raised_where_there_is_nothing_else_and_not_tried_at_every_page() -> None:
    product = Clocked(breaks=True)
    cards = Cards(product)
    with pytest.raises(RuntimeError):
        cards.shown("r1")
    kept(product)
    assert cards.shown("r1").key == "card-6"
    product.asked.clear()
    product.at = NOW + FRESH
    assert cards.shown("r1").renewing
    settle(cards)
    for _ in range(3):
        assert not cards.shown("r1").renewing
    assert product.asked == ["r1"]


def test_agreement_is_remembered_as_long_as_the_figures_are() -> None:
    product = Clocked()
    counted: list[str] = []
    product.boards.agreement = lambda release, /: counted.append(release)  # type: ignore[method-assign]
    cards = Cards(product)
    assert cards.agreement("r1") is None
    assert cards.agreement("r1") is None
    assert counted == ["r1"]


def test_a_brief_that_was_changed_is_judged_by_at_once_and_the_old_verdict_is_known_to_be_old() -> None:
    product = Clocked()
    cards = Cards(product)
    first = cards.shown("r1")
    assert first.changed is None
    product.at = NOW + timedelta(seconds=20)
    product.boards.edits = [(NOW + timedelta(seconds=10), "paula")]
    product.gate.clear()
    old = cards.shown("r1")
    assert (old.card, old.renewing, old.changed) == (first.card, True, product.boards.edits[0])
    product.gate.set()
    settle(cards)
    new = cards.shown("r1")
    assert (new.card is first.card, new.renewing, new.changed) == (False, False, None)
    product.boards.edits.append((NOW + timedelta(seconds=30), "paula"))
    product.at = NOW + timedelta(seconds=40)
    assert cards("r1") is not new.card, "whoever decides never decides by the old brief"
