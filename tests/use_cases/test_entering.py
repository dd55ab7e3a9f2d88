"""Who enters what is judged, and when: the same for everybody, whatever was answered and whoever is left alone."""

from __future__ import annotations

from datetime import UTC, datetime

from tests import small

from payoff.use_cases.product import Product

BRIEF = small.BRIEF.replace("holdout = 0.1", "holdout = 0.3")


def entered(product: Product, since: datetime) -> dict[str, datetime]:
    rows = product.workspace.tables.arrow("assignment").to_pylist()
    return {row["unit"]: row["at"] for row in rows if row["trial"] == "stream" and row["at"] >= since}


def served(units: int) -> Product:
    made = small.product(brief=BRIEF)
    made.facts(small.accounts(units))
    made.clock.set(datetime(2026, 3, 30, 9, tzinfo=UTC))
    made.create_release("r0", "Rules first", {"policy": "rules"}, by="pm", why="begin")
    made.promote("r0", by="pm", why="the first one")
    return made


def test_a_quarter_begins_for_all_at_once_also_for_whose_suggestion_waits_and_for_whoever_is_said_to_be_gone() -> (
    None
):
    made = served(60)
    said = {s.unit: s for s in made.decide() if s.action != "nothing"}
    gone, done, *waiting = sorted(said)
    made.answer(said[gone].id, "wrong", "ana", reason="gone")
    made.record(said[done].id, "done", by="ana")
    turn = datetime(2026, 4, 6, 9, tzinfo=UTC)
    made.clock.set(turn)
    open_before = {item.suggestion.unit for item in made.queue()}
    assert set(waiting) & open_before, "some still wait for an answer"
    made.decide()
    begun = entered(made, turn)
    assert len(begun) == 60
    assert set(begun.values()) == {turn}
    assert made.decide([gone])[0].action == "nothing", "and is told nothing all the same"
    made.decide()
    assert len(entered(made, turn)) == 60, "once"


def test_a_new_term_begins_for_all_at_once_and_again_when_it_comes_back() -> None:
    made = served(60)
    made.decide()
    made.create_release("r1", "r1", {"policy": "rules"}, by="ds", why="try")
    made.clock.set(datetime(2026, 4, 1, 9, tzinfo=UTC))
    made.move("r1", "ramp", share=1.0, by="pm", why="try")
    made.promote("r1", by="pm", why="season", unproven=True)
    for day, taken_back in ((2, False), (5, True)):
        moment = datetime(2026, 4, day, 9, tzinfo=UTC)
        made.clock.set(moment)
        if taken_back:
            made.rollback("r1", by="pm", why="no")
        made.decide()
        begun = entered(made, moment)
        assert len(begun) == 60
        assert set(begun.values()) == {moment}


def test_whoever_is_asked_for_twice_is_told_one_thing() -> None:
    made = served(10)
    said = made.decide(["acct-1", "acct-2", "acct-1"])
    assert [s.unit for s in said] == ["acct-1", "acct-2"]
    assert len(made.workspace.tables.arrow("suggestion").to_pylist()) == 2


def test_when_a_release_is_taken_back_whoever_serves_speaks_to_those_it_left_waiting_at_once() -> None:
    made = small.running(60)
    made.create_release("r1", "Mails for all", {"policy": "constant", "action": "tips_mail"}, by="ds", why="cheap")
    made.move("r1", "ramp", share=1.0, by="pm", why="try")
    made.promote("r1", by="pm", why="season", unproven=True)
    made.decide()
    waited = {item.suggestion.unit for item in made.queue()}
    assert {item.suggestion.release for item in made.queue()} == {"r1"}
    made.rollback("r1", by="pm", why="no")
    said = {item.suggestion.unit: item.suggestion.release for item in made.queue()}
    assert said
    assert set(said) <= waited
    assert set(said.values()) == {"r0"}
    moment = made.clock.now()
    assert len(entered(made, moment)) == 60, (
        "the term of the one that came back begins for all, also for the holdout"
    )
    assert made.scorecard("r0").card.trust.ok
    made.rollback("r0", by="pm", why="nothing at all")
    assert made.queue() == [], "nobody serves any more"


def test_a_release_says_how_many_wait_on_it() -> None:
    made = small.running(60)
    made.decide()
    waiting = made.queue()
    assert made.boards.waiting("r0") == len(waiting) > 1
    assert made.boards.waiting("r1") == 0
    made.record(waiting[0].suggestion.id, "done", by="ana")
    assert made.boards.waiting("r0") == len(waiting) - 1


def test_what_a_release_left_waiting_takes_no_time_of_the_week_and_no_rest_of_the_customers() -> None:
    brief = small.BRIEF.replace("contact_every_days = 0", "contact_every_days = 14\ncapacity_per_week = 12")
    made = small.product(brief=brief)
    made.facts(small.accounts(60))
    for id in ("r0", "r1"):
        recipe = {"policy": "rules"} if id == "r0" else {"policy": "constant", "action": "tips_mail"}
        made.create_release(id, id, recipe, by="ds", why="try")
    made.promote("r0", by="pm", why="first")
    made.move("r1", "ramp", share=1.0, by="pm", why="try")
    made.promote("r1", by="pm", why="season", unproven=True)
    made.decide()
    waiting = [item.suggestion for item in made.queue()]
    assert len(waiting) == 12, "the week is full"
    made.record(waiting[0].id, "done", by="ana")
    made.rollback("r1", by="pm", why="no")
    again = [item.suggestion for item in made.queue()]
    assert len(again) == 11, "what was done took its time"
    assert {s.release for s in again} == {"r0"}
    assert waiting[0].unit not in {s.unit for s in again}, "and who was contacted has their rest"
