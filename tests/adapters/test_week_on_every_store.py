"""A week of work is the same on every store: sent once, answered elsewhere, read by a second process."""

from __future__ import annotations

from tests.adapters.conftest import Opener
from tests.channelled import answers, monday, wait

from payoff.adapters.notify.memory import MemoryChannel
from payoff.records.deliveries import Found
from payoff.use_cases.workspace import Workspace


def second_process(ws: Workspace, opened: Opener) -> Workspace:
    """Another server over the same database, which has read nothing yet."""
    return Workspace(
        brief=ws.brief,
        playbook=ws.playbook,
        declarations=ws.declarations,
        storage=opened("shop"),
        clock=ws.clock,
        texts=ws.texts,
        plugins=ws.plugins,
        open_source=ws.open_source,
        folder=ws.folder,
        channels=ws.channels,
    )


def test_a_week_through_a_channel(opened: Opener) -> None:
    channel = MemoryChannel("slack", lasting=True)
    product = monday(channel, storage=opened("shop"))
    sent = product.send()
    assert not sent.problems
    assert [len(line.suggestions) for line in sent.sent] == [5, 5]
    assert product.send().sent == []

    (first, entry), (second, other) = list(channel.stands.items())[:2]
    channel.found[first] = Found(first, "done")
    wait(product, days=1)
    assert [one.suggestion for one in product.collect().found] == [entry.suggestion]
    assert product.collect().found == []
    product.feedback(other.suggestion, problem="the number of seats is wrong", by="ben")

    elsewhere = type(product)(second_process(product.workspace, opened))
    assert [what for what, _, _ in answers(elsewhere, entry.suggestion)] == ["done"]
    assert elsewhere.send().sent == []
    item = elsewhere.inbox()[0]
    assert (item.suggestion, item.state) == (other.suggestion, "new")
    elsewhere.give([item.id], "used", by="pm", reason="mended at the source")
    assert [(i.state, i.reply) for i in product.inbox()] == [("used", "mended at the source")]
    assert channel.found[second].state == "open"
