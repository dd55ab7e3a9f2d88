"""One thumb-down, from the click to the reply, and from the click to the learned release and back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.small import running

from payoff.errors import BadInput, Unknown


def test_a_thumb_down_is_kept_used_and_answered():
    made = running()
    said = made.suggest("acct-1")
    id = made.feedback(said.id, thumb=-1, comment="they never pick up", by="ana")
    (waiting,) = made.said_by("ana")
    assert (waiting.state, waiting.reply) == ("new", "")

    report = made.learn()
    assert report.feedback_used == 1

    (heard,) = made.said_by("ana")
    assert (heard.id, heard.state) == (id, "used")
    assert "Set-up call" in heard.reply and "HR manager" in heard.reply

    # click → what was learned → the release that serves it
    learned = json.loads(made.storage.artefacts.get(heard.learned).payload)
    assert learned["policy"]["shift"] == [["setup_call", "HR manager", pytest.approx(-1 / 3)]]
    assert made.releases()[0].artefact == heard.learned
    (refresh, *_) = made.refreshes("r0")
    assert refresh.artefact == heard.learned
    assert any("Set-up call" in line for line in refresh.changed)


def test_it_is_answered_once():
    made = running()
    made.feedback(made.suggest("acct-1").id, thumb=-1, by="ana")
    made.learn()
    assert made.learn().feedback_used == 0
    assert made.workspace.tables.arrow("fate").num_rows == 1


def test_three_people_of_one_mind_change_what_the_rules_suggest():
    made = running()
    before = {s.action for s in made.decide() if s.role == "HR manager" and s.arm != "holdout" and not s.explored}
    assert before == {"setup_call"}
    for i, author in ((1, "ana"), (3, "ben"), (5, "cem")):
        made.feedback(made.suggest(f"acct-{i}").id, thumb=-1, by=author)
    made.learn()
    made.clock.advance(timedelta(days=15))
    after = {s.action for s in made.decide() if s.role == "HR manager" and s.arm != "holdout" and not s.explored}
    assert after == {"tips_mail"}


def test_a_corrected_fact_is_known_from_then_on():
    made = running()
    said = made.suggest("acct-1")
    made.feedback(said.id, correction={"seats": 99}, by="ben")
    made.learn()
    facts = (
        json.loads(made.storage.log.latest("unit.facts", "acct-1").body["facts"])
        if isinstance(made.storage.log.latest("unit.facts", "acct-1").body["facts"], str)
        else made.storage.log.latest("unit.facts", "acct-1").body["facts"]
    )
    assert facts["seats"] == 99
    assert facts["role"] == "HR manager"


def test_saying_nothing_or_nobody_saying_it_is_refused_with_all_faults():
    made = running()
    with pytest.raises(BadInput) as refused:
        made.feedback(made.suggest("acct-1").id, thumb=5, by="")
    assert len(refused.value.faults) == 2
    with pytest.raises(Unknown):
        made.feedback("no-such-suggestion", thumb=1, by="ana")


def test_a_person_may_decline_by_hand_and_must_say_why():
    made = running()
    id = made.feedback(made.suggest("acct-1").id, problem="wrong number", by="ana")
    with pytest.raises(BadInput, match="author"):
        made.give([id], "declined", by="pm")
    made.give([id], "declined", by="pm", reason="We mended the number in the CRM.")
    (item,) = made.said_by("ana")
    assert (item.state, item.reply) == ("declined", "We mended the number in the CRM.")


def test_what_a_person_declined_teaches_nothing():
    made = running()
    for i, author in ((1, "ana"), (3, "ben"), (5, "cem")):
        id = made.feedback(made.suggest(f"acct-{i}").id, thumb=-1, by=author)
        made.give([id], "declined", by="pm", reason="A test of the buttons.")
    assert made.learn().changed == ()


def test_a_thousand_calm_words_of_one_author_count_as_a_few():
    made = running(200)
    for said in made.decide():
        if said.action != "nothing":
            made.feedback(said.id, correction={"risk": "seasonal pause"}, by="mallory")
    report = made.learn()
    assert any(line.startswith("25 decisions") for line in report.changed)


def test_a_risk_cannot_be_made_by_saying_so():
    made = running()
    made.feedback(made.suggest("acct-1").id, correction={"risk": "high"}, by="ana")
    made.learn()
    (item,) = made.said_by("ana")
    assert item.state == "declined"


def test_a_corrected_fact_makes_the_open_suggestion_anew():
    made = running()
    first = made.suggest("acct-1")
    made.feedback(first.id, correction={"seats": 99}, by="ben")
    assert made.suggest("acct-1").id == first.id
    made.learn()
    assert made.suggest("acct-1").id != first.id
    other = made.suggest("acct-3")
    assert {s.unit: s.id for s in made.decide(["acct-1", "acct-3"])}["acct-3"] == other.id


def test_the_newest_thumb_of_each_person_stands_until_they_take_it_back():
    made = running()
    said = made.suggest("acct-1")
    made.feedback(said.id, thumb=1, by="ana")
    last = made.feedback(said.id, thumb=-1, by="ana")
    made.feedback(said.id, thumb=1, by="ben")
    assert (made.thumbs("ana"), made.thumbs("ben"), made.thumbs("cleo")) == ({said.id: -1}, {said.id: 1}, {})
    made.take_back(last, "ana")
    assert made.thumbs("ana") == {said.id: 1}
