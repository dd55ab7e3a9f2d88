"""The weekly turn takes back what does harm, without waiting for a person, and keeps the figures it did so on."""

from __future__ import annotations

from datetime import timedelta

from tests.small import running

from payoff.records.suggestions import NOTHING


def on_trial(n: int = 600):
    made = running(n)
    made.create_release("r1", "Mails for all", {"policy": "constant", "action": "tips_mail"}, by="ds", why="cheap")
    made.move("r1", "ramp", share=1.0, by="pm", why="try")
    return made, {s.unit: s.arm for s in made.decide()}


def reach(made, arms: dict[str, str], *who: str) -> None:
    at = made.clock.now() + timedelta(days=3)
    made.outcomes([(unit, "first_value", 1.0, at) for unit, arm in arms.items() if arm in who])


def test_a_harmful_release_is_taken_back_and_the_record_says_on_which_figures():
    made, arms = on_trial()
    reach(made, arms, "champion", "holdout")
    made.clock.advance(timedelta(days=30))
    turn = made.cycle()
    assert turn.rolled_back == "r1"
    assert {r.id: r.stage for r in made.releases()} == {"r0": "full", "r1": "rolled back"}
    (decision, *_) = made.decisions("r1")
    assert (decision.chosen, decision.by) == ("roll back", "payoff")
    assert "worse" in decision.why
    assert made.storage.artefacts.get(decision.card).payload
    assert {s.release for s in made.decide() if s.action != NOTHING} == {"r0"}


def test_a_harmless_release_is_left_alone():
    made, arms = on_trial()
    reach(made, arms, "champion", "challenger", "holdout")
    made.clock.advance(timedelta(days=30))
    assert made.cycle().rolled_back == ""
    assert {r.id: r.stage for r in made.releases()} == {"r0": "full", "r1": "ramp"}


def test_a_harmful_champion_is_taken_back_too():
    made = running(600)
    arms = {s.unit: s.arm for s in made.decide()}
    reach(made, arms, "holdout")
    made.clock.advance(timedelta(days=30))
    turn = made.cycle()
    assert turn.rolled_back == "r0"
    assert turn.suggested == 0


def test_a_champion_is_not_taken_back_for_what_another_may_have_done():
    made, arms = on_trial()
    reach(made, arms, "holdout")
    made.clock.advance(timedelta(days=30))
    turn = made.cycle()
    (served,) = (c for c in turn.cards if c.card.release == "r0")
    assert served.verdict.word == "roll back"
    assert "Another release met some of them" in served.card.estimand
    assert {r.id: r.stage for r in made.releases()}["r0"] == "full", "half of its customers were the other's"
