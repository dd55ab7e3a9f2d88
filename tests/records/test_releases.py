"""What a release's past says of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from payoff.records.releases import Move, Release, Stage, served_alone

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def release(id: str, *past: tuple[Stage, int]) -> Release:
    moves = tuple(Move(stage, 1.0, BEGIN + timedelta(days=day), "pm", "") for stage, day in past)
    return Release(id, id, moves[-1].stage, moves[-1].share, {}, moves)


def test_a_term_is_a_releases_own_until_another_meets_its_customers():
    first = release("r0", ("draft", 0), ("canary", 0), ("full", 7))
    assert served_alone(first, [first]), "its own trial is its own doing"
    assert served_alone(first, [first, release("r1", ("draft", 9), ("shadow", 9))]), "a shadow meets nobody"
    assert not served_alone(first, [first, release("r1", ("draft", 9), ("canary", 9))])
    tried = release("r1", ("draft", 9), ("canary", 9), ("ramp", 12), ("rolled back", 20))
    assert not served_alone(first, [first, tried]), "what it did still comes in"
    assert not served_alone(tried, [first, tried]), "it never served everybody"


def test_what_came_before_a_term_is_not_beside_it_but_what_was_taken_back_for_it_is():
    won = release("r1", ("draft", 9), ("canary", 9), ("full", 20))
    over = release("r0", ("draft", 0), ("full", 0), ("retired", 20))
    assert served_alone(won, [over, won])
    assert not served_alone(over, [over, won])
    undone = release("r1", ("draft", 9), ("canary", 9), ("full", 20), ("rolled back", 30))
    back = release("r0", ("draft", 0), ("full", 0), ("retired", 20), ("full", 30))
    assert not served_alone(back, [back, undone])
