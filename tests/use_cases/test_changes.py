"""What a release knows that the one before did not."""

from __future__ import annotations

from datetime import timedelta

from tests.small import accounts, running


def test_the_first_release_is_set_against_nothing() -> None:
    assert running(20).boards.changes("r0") is None


def test_two_living_releases_learn_the_same_rows_together() -> None:
    made = running(60)
    made.decide()
    made.clock.advance(timedelta(days=20))
    made.outcomes([(f"acct-{i}", "first_value", float(i % 2), made.clock.now()) for i in range(60)])
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="better")
    made.learn()
    found = made.boards.changes("r1")
    assert found is not None
    assert found.other == "r0"
    assert found.together or found.before_at < found.at
    assert found.rows == made.refreshes("r1")[0].rows


def test_facts_only_one_of_them_looks_at_are_named() -> None:
    made = running(60)
    made.decide()
    made.clock.advance(timedelta(days=20))
    made.outcomes([(f"acct-{i}", "first_value", float(i % 3 == 0), made.clock.now()) for i in range(60)])
    made.facts([{**row, "plan": "large" if i % 4 else "small"} for i, row in enumerate(accounts(60))])
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="better")
    found = made.boards.changes("r1")
    assert found is not None
    assert "seats" in found.gained, "the rules look at no facts at all"
    assert found.lost == ()


def test_what_people_said_is_counted_by_the_learning_that_took_it_in() -> None:
    made = running(40)
    said = [s for s in made.decide() if s.action != "nothing" and s.arm != "holdout"]
    for i, one in enumerate(said[:3]):
        made.feedback(one.id, by=f"cs-{i}", correction={"seats": 12})
    by_hand = made.feedback(said[3].id, by="cs-9", idea="call on Fridays")
    made.give([by_hand], "used", by="pm", reason="We do that now.")
    made.clock.advance(timedelta(days=1))
    report = made.learn()
    assert report.feedback_used == 3
    taught = made.boards.taught()
    assert [lesson.n for lesson in taught.values()] == [3]
    (at,) = taught
    assert at == made.clock.now()
    items = [item for item in made.inbox() if item.learned]
    assert {item.learned for item in items} == {taught[at].key}
