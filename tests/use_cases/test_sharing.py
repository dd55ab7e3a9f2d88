"""A link shows the figures it was made for, for thirty days, unless somebody takes it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.use_cases.test_cycle import on_trial

from payoff.errors import Refused, Unknown


def test_a_link_keeps_the_figures_who_made_it_and_when() -> None:
    made, _ = on_trial(40)
    card = made.scorecard("r1")
    share = made.boards.share(card, by="pm", reasons=True)
    assert (share.release, share.by, share.at, share.reasons) == ("r1", "pm", made.clock.now(), True)
    assert made.boards.shares() == [share]
    assert made.boards.card("r1", share.card) == card
    assert made.boards.opened(share.id, "r1", share.card) == share


def test_the_same_figures_shared_twice_are_kept_once_and_are_two_links() -> None:
    made, _ = on_trial(40)
    card = made.scorecard("r1")
    first, second = made.boards.share(card, by="pm"), made.boards.share(card, by="pm")
    assert first.card == second.card
    assert first.id != second.id
    assert len(made.boards.judgements("r1", "r1")) == 1


def test_a_link_ends_after_thirty_days() -> None:
    made, _ = on_trial(40)
    share = made.boards.share(made.scorecard("r1"), by="pm")
    made.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert made.boards.opened(share.id, "r1", share.card)
    made.clock.advance(timedelta(seconds=1))
    with pytest.raises(Refused):
        made.boards.opened(share.id, "r1", share.card)


def test_a_link_taken_back_opens_nothing_and_that_it_was_there_is_kept() -> None:
    made, _ = on_trial(40)
    share = made.boards.share(made.scorecard("r1"), by="pm")
    other = made.boards.share(made.scorecard("r1"), by="pm")
    made.boards.withdraw(share.id, by="ceo")
    head = made.storage.log.head()
    made.boards.withdraw(share.id, by="ceo")
    assert made.storage.log.head() == head, "a second time changes nothing"
    with pytest.raises(Refused):
        made.boards.opened(share.id, "r1", share.card)
    assert made.boards.opened(other.id, "r1", other.card)
    assert [s.withdrawn for s in made.boards.shares()] == ["", "ceo"]


def test_a_link_is_bound_to_its_release_and_its_figures() -> None:
    made, _ = on_trial(40)
    share = made.boards.share(made.scorecard("r1"), by="pm")
    for id, release, card in ((share.id, "r0", share.card), (share.id, "r1", "x"), ("x", "r1", share.card)):
        with pytest.raises(Refused):
            made.boards.opened(id, release, card)
    with pytest.raises(Unknown):
        made.boards.withdraw("x", by="pm")
