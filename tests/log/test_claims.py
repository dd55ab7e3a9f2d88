"""Who has taken a suggestion, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from payoff.log.claims import Move, claim_id, claim_of
from payoff.log.responses import Answer

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TAKEN = [Move(1, NINE, "tom", "taken")]


def test_nobody_has_what_nobody_took() -> None:
    claim = claim_of([], [], NINE)
    assert (claim.by, claim.turns, claim.lapsed) == ("", 0, "")


def test_who_took_it_has_it_until_it_is_given_back() -> None:
    claim = claim_of(TAKEN, [], NINE + HOUR)
    assert (claim.by, claim.at, claim.turns, claim.free_at) == ("tom", NINE, 0, NINE + 3 * DAY)
    back = [*TAKEN, Move(2, NINE + HOUR, "tom", "given back")]
    assert (claim_of(back, [], NINE + HOUR).by, claim_of(back, [], NINE + HOUR).turns) == ("", 1)
    again = [*back, Move(3, NINE + 2 * HOUR, "ana", "taken")]
    assert (claim_of(again, [], NINE + 3 * HOUR).by, claim_of(again, [], NINE + 3 * HOUR).turns) == ("ana", 1)


def test_three_days_without_an_answer_set_it_free_and_name_who_had_it() -> None:
    assert claim_of(TAKEN, [], NINE + 3 * DAY - HOUR).by == "tom"
    claim = claim_of(TAKEN, [], NINE + 3 * DAY)
    assert (claim.by, claim.lapsed, claim.turns) == ("", "tom", 0)


def test_an_answer_of_the_one_who_has_it_gives_three_days_more() -> None:
    working = [Answer("a1", 2, NINE + 2 * DAY, "accepted", "tom")]
    assert claim_of(TAKEN, working, NINE + 4 * DAY).by == "tom"
    assert claim_of(TAKEN, working, NINE + 5 * DAY).lapsed == "tom"
    others = [Answer("a1", 2, NINE + 2 * DAY, "accepted", "ana")]
    assert claim_of(TAKEN, others, NINE + 4 * DAY).lapsed == "tom"


def test_put_off_it_stays_theirs_until_three_days_after_it_came_back() -> None:
    asleep = [Answer("a1", 2, NINE + DAY, "snoozed", "tom", until=NINE + 7 * DAY)]
    assert claim_of(TAKEN, asleep, NINE + 9 * DAY).by == "tom"
    assert claim_of(TAKEN, asleep, NINE + 10 * DAY).lapsed == "tom"


def test_every_turn_has_an_id_everybody_can_work_out() -> None:
    ids = {
        claim_id("p", s, turn, state) for s in ("s1", "s2") for turn in (0, 1) for state in ("taken", "given back")
    }
    assert len(ids) == 8
    assert claim_id("p", "s1", 0, "taken") in ids
    assert claim_id("q", "s1", 0, "taken") not in ids
