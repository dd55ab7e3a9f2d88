"""Every turn, decision and share keeps the figures it rested on, and they read back as they stood."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.small import running, second_trial
from tests.use_cases.test_cycle import on_trial, reach

from payoff.adapters.clock import SetClock
from payoff.brief.editing import BRIEF
from payoff.errors import Unknown
from payoff.records.releases import SERVED, STREAM
from payoff.use_cases.product import Product


def judged(product: Product) -> list[tuple[str, str, str]]:
    rows = product.workspace.tables.arrow("judgement").to_pylist()
    return [(row["release"], row["trial"], row["word"]) for row in rows]


def test_a_turn_keeps_what_is_on_trial_and_the_champions_stream() -> None:
    made, arms = on_trial()
    reach(made, arms, "champion", "challenger", "holdout")
    made.clock.advance(timedelta(days=30))
    turn = made.cycle()
    assert [j[:2] for j in judged(made)[1:]] == [("r1", "r1"), ("r0", SERVED), ("r0", STREAM)]
    (kept,) = made.boards.judgements("r1", "r1")
    assert (kept.word, kept.because, kept.at) == (
        turn.cards[0].verdict.word,
        turn.cards[0].verdict.because,
        turn.cards[0].card.made_at,
    )
    assert kept.rows == turn.cards[0].standings
    assert {row.metric for row in kept.rows} == {"first_value_14d", "left_60d"}
    assert made.boards.card("r1", kept.card) == turn.cards[0]


def test_every_turn_adds_one_and_they_come_in_order() -> None:
    made, arms = on_trial(60)
    reach(made, arms, "champion", "challenger", "holdout")
    for _ in range(3):
        made.clock.advance(timedelta(days=7))
        made.cycle()
    found = made.boards.judgements("r1", "r1")
    assert len(found) == 3
    assert [j.at for j in found] == sorted(j.at for j in found)
    newest = made.boards.newest("r1")
    assert newest is not None
    assert newest.at == found[-1].at == made.clock.now()


def test_a_decision_keeps_the_figures_of_its_own_moment() -> None:
    made, arms = on_trial(60)
    reach(made, arms, "champion", "holdout")
    made.clock.advance(timedelta(days=20))
    made.hold("r1", by="pm", why="wait")
    made.clock.advance(timedelta(days=2))
    made.rollback("r1", by="pm", why="no")
    back, held = made.decisions("r1")
    kept = made.boards.judgements("r1", "r1")
    assert [j.card for j in kept] == [held.card, back.card]
    assert made.boards.card("r1", held.card).card.made_at == held.at


def test_what_a_turn_takes_back_is_kept_once() -> None:
    made, arms = on_trial()
    reach(made, arms, "champion", "holdout")
    made.clock.advance(timedelta(days=30))
    assert made.cycle().rolled_back == "r1"
    assert [j[2] for j in judged(made) if j[0] == "r1"] == ["roll back"]


def test_promoting_the_first_release_keeps_that_nothing_could_be_judged() -> None:
    made = running(20)
    assert judged(made) == [("r0", "", "cannot judge")]


def test_a_finished_trial_stands_as_it_was_decided_whatever_comes_late() -> None:
    made, arms = on_trial(60)
    reach(made, arms, "champion", "holdout")
    made.clock.advance(timedelta(days=30))
    made.promote("r1", by="pm", why="season", unproven=True)
    (decision,) = made.decisions("r1")
    before = made.boards.card("r1", decision.card)
    unit = next(u for u, arm in arms.items() if arm == "challenger")
    made.outcome(unit, "first_value", at=made.clock.now() - timedelta(days=20))
    made.clock.advance(timedelta(days=40))
    assert made.scorecard("r1") == before
    assert made.boards.decided("r1") is not None
    assert made.scorecard("r1", before.card.as_of - timedelta(days=9)) != before, (
        "an earlier day is looked at anew"
    )
    assert {row.metric for row in made.boards.late("r1")} == {row.metric for row in before.card.rows}


def test_after_a_roll_back_being_in_care_goes_on_and_the_one_that_came_back_begins_anew() -> None:
    made, arms = on_trial(60)
    reach(made, arms, "champion", "challenger", "holdout")
    made.clock.advance(timedelta(days=30))
    made.promote("r1", by="pm", why="season", unproven=True)
    made.clock.advance(timedelta(days=30))
    made.cycle()
    before = made.scorecard("r1", trial=STREAM)
    made.rollback("r1", by="pm", why="no")
    after = made.scorecard("r0", trial=STREAM)
    for card in (before, after):  # what people do with suggestions goes on: new ones were made at once
        assert {row.level for row in card.card.rows} >= {"business", "user"}
    business = [[row for row in card.card.rows if row.level == "business"] for card in (before, after)]
    assert business[0] == business[1]
    assert after.card.days_elapsed == before.card.days_elapsed == 60
    assert [j.release for j in made.boards.judgements("r0", STREAM)] == ["r1"], (
        "what was kept of it stays its past"
    )
    assert made.scorecard("r0").card.days_elapsed == 0
    assert made.boards.newest("r0") is None
    assert made.scorecard("r1").card.trial == "r1"
    won, _ = sorted(made.decisions("r1"), key=lambda d: d.at)
    kept = made.boards.decided("r1")
    assert kept is not None
    assert kept.card == won.card, "it was decided when it won, and stays so"


class Ticking(SetClock):
    """A clock that is never twice at the same moment, as a real one."""

    def now(self) -> datetime:
        return self.advance(timedelta(microseconds=7))


@pytest.mark.parametrize("chosen", ["promote", "rollback"])
def test_a_trial_stands_as_it_was_decided_by_a_clock_that_goes_on(chosen: str) -> None:
    made, arms = on_trial(60)
    reach(made, arms, "champion", "holdout")
    made.workspace.clock = Ticking(made.clock.now() + timedelta(days=30))
    if chosen == "promote":
        made.promote("r1", by="pm", why="season", unproven=True)
    else:
        made.rollback("r1", by="pm", why="no")
    (decision,) = made.decisions("r1")
    kept = made.boards.decided("r1")
    assert kept is not None
    assert kept.card == decision.card
    unit = next(u for u, arm in arms.items() if arm == "challenger")
    made.outcome(unit, "first_value", at=made.clock.now() - timedelta(days=20))
    assert made.scorecard("r1") == made.boards.card("r1", decision.card)
    moments = {m.at for r in made.releases() for m in r.moves if m.at >= decision.at}
    assert moments == {decision.at}, "a decision and all it moves are of one moment"


def test_a_first_release_that_was_taken_back_keeps_the_figures_of_its_term() -> None:
    made = running(60)
    made.decide()
    made.clock.advance(timedelta(days=30))
    made.rollback("r0", by="pm", why="no")
    card = made.scorecard("r0").card
    assert (card.trial, card.days_elapsed) == (SERVED, 30)
    assert card.arms


@pytest.mark.parametrize("stage", ["draft", "shadow", "named", "canary", "ramp", "full", "rolled back"])
def test_the_trial_a_release_is_judged_by_is_the_one_its_card_names(stage: str) -> None:
    made = running(30)
    made.create_release("r1", "Another", {"policy": "rules"}, by="ds", why="try")
    for step in ("shadow", "named", "canary", "ramp"):
        if stage == "draft":
            break
        made.clock.advance(timedelta(days=1))
        share = {"canary": 0.5, "ramp": 1.0}.get(step, 0.0)
        made.move("r1", step, share=share, by="pm", why="on", named=["acct-1"] if step == "named" else None)
        made.decide()
        if step == stage:
            break
    if stage == "full":
        made.promote("r1", by="pm", why="season", unproven=True)
    if stage == "rolled back":
        made.rollback("r1", by="pm", why="no")
    tried = {"canary": "r1", "ramp": "r1", "full": "r1", "rolled back": "r1"}.get(stage, "")
    assert {r.id: made.scorecard(r.id).card.trial for r in made.releases()} == {"r0": SERVED, "r1": tried}
    assert {r.id: r.trial for r in made.releases()} == {"r0": SERVED, "r1": tried}


def test_only_changes_of_what_is_judged_are_told_of_a_trial() -> None:
    made = running(20)
    text = made.documents.document(BRIEF).text
    docs, at = made.storage.documents, made.clock.now()
    docs.save(BRIEF, text, by="pm", at=at + timedelta(minutes=1))
    worded = text.replace("[product]", "# only words\n[product]", 1)
    docs.save(BRIEF, worded, by="pm", at=at + timedelta(hours=1))
    moved = worded.replace("window_days = 14.0", "window_days = 21.0", 1)
    assert moved != worded
    docs.save(BRIEF, moved, by="ds", at=at + timedelta(hours=2))
    assert [(by, when - at) for when, by in made.boards.brief_changes(at)] == [("ds", timedelta(hours=2))]


def test_only_figures_of_this_release_are_read_and_no_other_artefact() -> None:
    made, _ = on_trial(40)
    made.clock.advance(timedelta(days=3))
    made.cycle()
    (kept,) = made.boards.judgements("r1", "r1")
    model = next(r.artefact for r in made.releases() if r.id == "r1")
    assert model
    for release, key in (("r0", kept.card), ("r1", model), ("r1", "nothing")):
        with pytest.raises(Unknown):
            made.boards.card(release, key)


def test_a_trial_whose_champion_was_taken_back_proves_nothing_any_more() -> None:
    made = second_trial(200)
    made.decide()
    assert made.scorecard("r2").card.trust.ok
    made.clock.advance(timedelta(days=10))
    made.rollback("r1", by="pm", why="harm")
    made.clock.advance(timedelta(days=10))
    card = made.scorecard("r2")
    assert card.verdict.word == "cannot judge"
    assert "“Rules first” serves everybody" in " ".join(card.card.trust.faults)
    made.rollback("r2", by="pm", why="anew")
    assert {r.id: r.stage for r in made.releases()}["r0"] == "full"
