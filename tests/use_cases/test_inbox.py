"""The inbox on a real small product: groups, one final answer an item, and words that never leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import small

from payoff.errors import BadInput, Conflict, Unknown
from payoff.use_cases import inbox, pace


@pytest.fixture
def told():
    product = small.running()
    made = [s for s in product.decide() if s.arm != "holdout" and s.action != "nothing"]
    said = [
        product.feedback(made[0].id, correction={"risk": "seasonal pause"}, by="ana"),
        product.feedback(made[1].id, correction={"risk": "a seasonal pause"}, by="ben"),
        product.feedback(made[2].id, problem="the number of seats is wrong", by="ana"),
    ]
    return product, said


@pytest.mark.parametrize("grouping", ["quick", "slow"])
def test_groups_follow_what_is_said_and_answered(told, grouping: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if grouping == "slow":  # nothing is grouped anew for a while
        monkeypatch.setattr(pace, "QUICK", -1.0)
        monkeypatch.setattr(pace, "SHARE", 1e9)
    product, said = told
    ws = product.workspace
    assert [len(c.items) for c in inbox.groups(ws)] == [2, 1]
    assert inbox.groups(ws) is inbox.groups(ws)
    inbox.give(ws, said[:2], "declined", by="pm", reason="we watch this already")
    assert [(c.topic.kind, c.waiting) for c in inbox.groups(ws)] == [("problem", 1), ("correction", 0)]
    product.feedback(unit="acct-5", idea="a shorter list", by="cleo")
    assert len(inbox.groups(ws)) == 3


def test_an_answer_for_many_passes_over_those_that_have_one(told) -> None:
    product, said = told
    ws = product.workspace
    inbox.give(ws, [said[0]], "used", by="pm", reason="it is in the playbook now")
    assert inbox.give(ws, said[:2], "declined", by="eve", reason="no") == 1
    states = {i.id: (i.state, i.reply) for i in inbox.items(ws)}
    assert states[said[0]] == ("used", "it is in the playbook now")
    assert states[said[1]] == ("declined", "no")


def test_the_second_to_answer_one_item_is_told_what_stands(told) -> None:
    product, said = told
    ws = product.workspace
    inbox.give(ws, [said[2]], "used", by="pm", reason="mended at the source")
    with pytest.raises(Conflict, match="mended at the source"):
        inbox.give(ws, [said[2]], "declined", by="eve", reason="not ours")


def test_two_who_answer_at_once_meet_in_the_log(told) -> None:
    product, said = told
    ws = product.workspace
    stale = inbox.items(ws)
    inbox.give(ws, [said[2]], "used", by="pm", reason="mended")
    known = ws.tables.kept("inbox", lambda: None)
    known.sources, known.items = (
        (ws.tables.arrow("feedback"), ws.tables.arrow("fate")),
        stale,
    )  # as a slow page has it
    with pytest.raises(Conflict, match="mended"):
        inbox.give(ws, [said[2]], "declined", by="eve", reason="not ours")
    known.sources = None
    assert next(i for i in inbox.items(ws) if i.id == said[2]).state == "used"


def test_the_weekly_turn_does_not_answer_what_a_person_answered(told) -> None:
    product, said = told
    ws = product.workspace
    inbox.give(ws, [said[0]], "declined", by="pm", reason="they did leave")
    product.clock.set(product.clock.now() + timedelta(days=7))
    product.learn()
    mine = next(i for i in inbox.items(ws) if i.id == said[0])
    assert (mine.state, mine.reply) == ("declined", "they did leave")
    late = inbox.items(ws)
    with pytest.raises(Conflict):
        inbox.give(ws, [said[2]], "used", by="pm", reason="too late")
    assert [i.reply for i in inbox.items(ws)] == [i.reply for i in late]


def test_an_internal_comment_changes_no_fate_and_is_read_by_the_inbox_alone(told) -> None:
    product, said = told
    ws = product.workspace
    inbox.give(ws, [said[0]], "used", by="pm", reason="thank you", internal="XINTERNALX he says it every week")
    inbox.remark(ws, said[0], "XINTERNALX again", by="eve")
    assert [c.text for c in inbox.comments(ws, said)[said[0]]] == [
        "XINTERNALX he says it every week",
        "XINTERNALX again",
    ]
    item = next(i for i in inbox.items(ws) if i.id == said[0])
    assert item.state == "used"
    assert "XINTERNALX" not in repr(item)
    assert "XINTERNALX" not in repr(product.said_by("ana"))


def test_what_cannot_be_said(told) -> None:
    product, said = told
    ws = product.workspace
    with pytest.raises(BadInput, match="author"):
        inbox.give(ws, said, "declined", by="pm", reason="  ")
    with pytest.raises(Unknown, match="fate"):
        inbox.give(ws, said, "told", by="pm", reason="x")
    with pytest.raises(Unknown, match="no feedback"):
        inbox.give(ws, [*said, "nobody"], "looked_at", by="pm")
    with pytest.raises(BadInput, match="empty"):
        inbox.remark(ws, said[0], " ", by="pm")
    with pytest.raises(Unknown, match="group"):
        inbox.group(ws, "0")


def test_a_reply_corrects_what_its_author_reads_and_nothing_that_is_learned(told) -> None:
    product, said = told
    ws = product.workspace
    with pytest.raises(Conflict, match="nobody has answered"):
        inbox.give(ws, [said[0]], "reply", by="pm", reason="wait")
    inbox.give(ws, [said[0]], "used", by="pm", reason="it is in the playbook")
    product.take_back(said[2], "ana")
    product.told(product.said_by("ana"), "ana")
    assert product.unread("ana") == 0
    product.clock.advance(timedelta(hours=1))
    assert inbox.give(ws, said, "reply", by="eve", reason="it is in the brief") == 1, (
        "of those that have an answer"
    )
    mine = next(i for i in inbox.items(ws) if i.id == said[0])
    assert (mine.state, mine.reply, mine.decided_by, mine.told_at) == ("used", "it is in the brief", "pm", None)
    assert [(r.by, r.text) for r in mine.replies] == [
        ("pm", "it is in the playbook"),
        ("eve", "it is in the brief"),
    ]
    assert product.unread("ana") == 1
    assert product.told(product.said_by("ana"), "ana") == 1
    assert (product.unread("ana"), product.told(product.said_by("ana"), "ana")) == (0, 0)
    states = [e["state"] for e in ws.tables.arrow("fate").to_pylist() if e["feedback"] == said[0]]
    assert states == ["used", "told", "reply", "told"], "the log keeps both"
    before = {i.id: i.state for i in inbox.items(ws)}
    product.learn()
    assert {i.id: i.state for i in inbox.items(ws)} == before | {said[1]: "used"}


def test_the_answer_of_the_weekly_turn_names_both_things_that_were_said(told) -> None:
    product, _ = told
    made = [s for s in product.decide() if s.arm != "holdout" and s.action == "setup_call"]
    both = product.feedback(made[0].id, correction={"risk": "seasonal pause"}, thumb=-1, by="cleo")
    product.learn()
    reply = next(i for i in inbox.items(product.workspace) if i.id == both).reply
    assert "counts as “not at risk”" in reply
    assert reply.endswith(
        'Your thumb counts against "Set-up call" with ' + (made[0].role or "everybody") + ", too."
    )
