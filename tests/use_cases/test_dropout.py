"""Where people drop out, counted from the log."""

from __future__ import annotations

from tests import small

from payoff.use_cases.dropout import Steps


def test_each_suggestion_counts_once_at_the_furthest_step_it_came_to() -> None:
    made = small.running(60)
    told = [s for s in made.decide() if s.action != "nothing" and s.arm != "holdout"]
    before = made.boards.dropout()
    assert (before.team.made, before.team.seen, before.team.answered, before.team.done) == (len(told), 0, 0, 0)
    done, refused, looked, undone = told[:4]
    for _ in range(3):
        made.record(looked.id, "shown", by="ana")
    made.record(done.id, "done", by="ana")
    made.answer(refused.id, "wrong", "ana", reason="action")
    made.record(undone.id, "done", by="ana")
    made.record(undone.id, "undone", by="ana")
    found = made.boards.dropout()
    assert (found.team.made, found.team.seen, found.team.answered, found.team.done) == (len(told), 4, 2, 1)
    assert [r.name for r in found.releases] == ["r0"]
    assert sum(r.made for r in found.roles) == len(told)
    assert [r.made for r in found.roles] == sorted((r.made for r in found.roles), reverse=True)
    assert found.customers == Steps("", 0, 0, 0, 0)


def test_what_a_customer_says_is_counted_apart_from_the_team() -> None:
    made = small.running(60)
    one, other = [s for s in made.decide() if s.action != "nothing" and s.arm != "holdout"][:2]
    made.record(one.id, "shown", by="customer:jo")
    made.record(one.id, "accepted", by="customer:jo")
    made.record(other.id, "shown", by="customer:ed")
    found = made.boards.dropout()
    assert (found.customers.seen, found.customers.answered, found.customers.done) == (2, 1, 1)
    assert (found.team.seen, found.team.answered) == (0, 0)
