"""What goes where people work, how often, and what of it comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.channelled import answers, monday, shown, wait

from payoff.adapters.notify.memory import MemoryChannel
from payoff.errors import Unavailable
from payoff.ports import Channels
from payoff.records.deliveries import Found, Undelivered
from payoff.use_cases import delivery
from payoff.use_cases.deliveries import deliveries, week_began
from payoff.use_cases.product import Product


def slack(**more) -> MemoryChannel:
    return MemoryChannel("slack", **more)


def test_each_person_gets_the_worthiest_five_of_their_own_in_words() -> None:
    channel = slack()
    product = monday(channel)
    report = product.send()
    assert not report.problems
    assert [(p.to.id, len(p.entries)) for p in channel.parcels] == [("ana", 5), ("ben", 5)]
    for parcel in channel.parcels:
        mine = [q.suggestion.id for q in product.queue(parcel.to.id)]
        assert [e.suggestion for e in parcel.entries] == mine[:5]
        for entry in parcel.entries:
            assert "about" in entry.worth or "not been measured" in entry.worth
            assert entry.headline and entry.why and entry.good_until and entry.offers
    assert sorted(shown(product)) == sorted([("ana", "slack")] * 5 + [("ben", "slack")] * 5)


def test_twice_is_once_and_a_new_week_brings_new_ones() -> None:
    channel = slack()
    product = monday(channel)
    product.send()
    assert product.send().sent == []
    assert len(channel.parcels) == 2
    wait(product, days=7)
    product.send()
    assert len(channel.parcels) == 4
    assert len(shown(product)) == 10 + sum(
        e.suggestion not in {b.suggestion for p in channel.parcels[:2] for b in p.entries}
        for p in channel.parcels[2:]
        for e in p.entries
    )


def test_a_lasting_channel_never_gets_the_same_twice() -> None:
    channel = MemoryChannel("slack", lasting=True)
    product = monday(channel)
    product.send()
    wait(product, days=7)
    product.send()
    sent = [e.suggestion for p in channel.parcels for e in p.entries]
    assert len(sent) == len(set(sent)) > 10


def test_the_week_begins_at_the_briefs_hour() -> None:
    product = monday(slack(), brief="")
    now = product.clock.now()
    assert week_began(product.workspace, now) == now.replace(hour=8)
    assert week_began(product.workspace, now.replace(hour=7)) == now.replace(hour=8) - timedelta(days=7)


def test_what_broke_off_goes_again_under_its_key_and_says_so() -> None:
    channel = slack()
    product = monday(channel)
    channel.after = Undelivered("fell silent", certain=False)
    first = product.send(person="ana")
    channel.after = None
    assert first.sent == [] and len(first.problems) == 1
    assert product.send(person="ana").sent == []  # it may be under way still
    wait(product, minutes=11)
    assert len(product.send(person="ana").sent) == 1
    before, parcel = channel.parcels
    assert parcel.since and parcel.key == before.key and len(parcel.entries) == 5
    assert len(shown(product)) == 5


def test_a_process_that_died_before_the_channel_answered_sends_the_same_parcel() -> None:
    keys = []

    class Dies(MemoryChannel):
        def send(self, parcel):
            keys.append(parcel.key)
            if len(keys) == 1:
                raise KeyboardInterrupt
            return super().send(parcel)

    channel = Dies("slack")
    product = monday(channel)
    with pytest.raises(KeyboardInterrupt):
        product.send(person="ana")
    wait(product, minutes=11)
    product.send(person="ana")
    assert keys[0] == keys[1]
    assert channel.parcels[0].since


def test_what_certainly_did_not_arrive_goes_as_new() -> None:
    channel = slack()
    product = monday(channel)
    channel.refuses["ana"] = Undelivered("refused")
    product.send(person="ana")
    channel.refuses.clear()
    product.send(person="ana")
    (parcel,) = channel.parcels
    assert parcel.since is None and len(parcel.entries) == 5


def test_one_persons_fault_costs_nobody_else_and_a_channel_that_cannot_is_named() -> None:
    channel, other = slack(), MemoryChannel("email")
    product = monday(channel, other)
    ready = product.workspace.channels.ready
    product.workspace.channels = Channels(ready, {"hubspot": Unavailable("no token", mend="Set it.")})
    channel.refuses["ana"] = Undelivered("nobody there")
    report = product.send()
    assert [(p.where, p.what) for p in report.problems] == [
        ("hubspot", "no token"),
        ("slack · Ana Silva", "nobody there"),
    ]
    assert [(s.channel, s.person) for s in report.sent] == [
        ("slack", "Ben Osei"),
        ("email", "Ana Silva"),
        ("email", "Ben Osei"),
    ]


def test_what_nobody_owns_goes_to_whom_the_brief_names() -> None:
    channel = slack()
    product = monday(channel, brief="")
    product.facts([{"unit": f"acct-{i}", "owner": ""} for i in range(40)])
    product.send()
    assert channel.parcels == []
    named = product.brief.channels.model_copy(update={"unowned": "ben"})
    product.workspace.brief = product.brief.model_copy(update={"channels": named})
    product.send()
    assert [p.to.id for p in channel.parcels] == ["ben"]


def test_a_rehearsal_keeps_nothing() -> None:
    channel = slack()
    product = monday(channel)
    head = product.storage.log.head()
    report = product.workspace and delivery.send(product.workspace, product.workspace.channels, dry=True)
    assert len(report.sent) == 2 and channel.parcels == []
    assert product.storage.log.head() == head


def test_what_was_answered_elsewhere_is_shown_and_so_is_undoing_it() -> None:
    channel = slack()
    product = monday(channel)
    product.send(person="ana")
    (ref, entry) = next(iter(channel.stands.items()))
    product.answer(entry.suggestion, "done", "ana")
    assert product.send(person="ana").shown == 1
    assert channel.stands[ref].state == "done"
    assert "Ana Silva" in channel.stands[ref].said
    wait(product, minutes=1)
    product.answer(entry.suggestion, "undo", "ana")
    product.send(person="ana")
    assert channel.stands[ref].state == "open"
    assert product.send(person="ana").shown == 0


def put_off() -> tuple[MemoryChannel, Product, str]:
    """Ana put one off until tomorrow, and it came again beside the message it stood in."""
    channel = slack()
    product = monday(channel)
    product.send(person="ana")
    one = channel.parcels[0].entries[0].suggestion
    wait(product, minutes=1)
    product.answer(one, "not_now", "ana")
    wait(product, days=1)
    product.send(person="ana")
    return channel, product, one


def test_what_was_put_off_comes_back_in_a_message() -> None:
    channel, _, one = put_off()
    assert [e.suggestion for e in channel.parcels[-1].entries] == [one]
    assert len(channel.parcels) == 2


def task(product, channel, **more) -> tuple[str, Found]:
    product.send(person="ana")
    ref, entry = next(iter(channel.stands.items()))
    return entry.suggestion, Found(ref, **more)


def test_a_done_task_is_an_answer_once_at_its_moment() -> None:
    channel = MemoryChannel("slack", lasting=True)
    product = monday(channel)
    at = product.clock.now() + timedelta(hours=1)
    id, found = task(product, channel, state="done", at=at, by="BEN@small.example", comment="went well")
    wait(product, hours=3)
    channel.found[found.ref] = found
    assert [a.what for a in product.collect().found] == ["done"]
    assert product.collect().found == []
    assert answers(product) == [("done", "ben", "slack")]
    (row,) = [r for r in product.workspace.tables.arrow("response").to_pylist() if r["what"] == "done"]
    assert row["at"] == at
    assert [i.text for i in product.said_by("ben")] == ["went well"]
    product.answer(id, "undo", "ben")
    assert product.collect().found == []  # undoing it was the later word
    assert [w for w, *_ in answers(product)] == ["done", "undone"]


def test_a_task_moved_to_another_day_is_put_off_once() -> None:
    channel = MemoryChannel("slack", lasting=True)
    product = monday(channel)
    id, found = task(product, channel, state="open", day=date(2026, 1, 8))
    channel.found[found.ref] = found
    product.collect()
    product.collect()
    product.send()
    product.collect()
    assert answers(product, id) == [("snoozed", "ana", "slack")]


def test_the_desks_own_not_now_is_no_move_in_the_channel() -> None:
    channel = MemoryChannel("slack", lasting=True)
    product = monday(channel)
    id, found = task(product, channel, state="open")
    due = channel.stands[found.ref].due
    product.answer(id, "not_now", "ana", until=date(2026, 1, 7))
    channel.found[found.ref] = Found(found.ref, "open", day=due)  # it was not shown there yet
    product.collect()
    assert answers(product, id) == [("snoozed", "ana", None)]


def test_a_task_nobody_finds_is_not_asked_for_again() -> None:
    channel = MemoryChannel("slack", lasting=True)
    product = monday(channel)
    id, found = task(product, channel, state="gone")
    channel.found[found.ref] = found
    product.collect()
    assert answers(product, id) == []
    (one,) = [d for d in deliveries(product.workspace).of("slack", "ana") if d.suggestion == id]
    assert not one.stands


def test_the_weekly_turn_collects_before_it_judges_and_sends_at_its_end() -> None:
    channel = slack()
    product = monday(channel)
    turn = product.cycle()
    assert turn.collected is not None and turn.delivered is not None
    assert len(turn.delivered.sent) == 2
    assert turn.as_dict()["delivered"]["sent"][0]["channel"] == "slack"


def test_what_was_sent_and_waits_still_is_not_sent_again_next_week() -> None:
    channel = slack()
    product = monday(channel)
    product.send(person="ana")
    wait(product, days=7)
    product.send(person="ana")
    first, second = ([e.suggestion for e in p.entries] for p in channel.parcels)
    assert not set(first) & set(second) and len(second) == 5


def test_what_comes_back_takes_no_new_ones_place() -> None:
    channel = slack()
    product = monday(channel)
    product.send(person="ana")
    one = channel.parcels[0].entries[0].suggestion
    wait(product, minutes=1)
    product.answer(one, "not_now", "ana", until=date(2026, 1, 12))
    wait(product, days=7)
    product.send(person="ana")
    assert len(channel.parcels[-1].entries) == 6 and one in [e.suggestion for e in channel.parcels[-1].entries]


def test_all_messages_it_stands_in_show_the_answer() -> None:
    channel, product, one = put_off()
    standing = [ref for ref, entry in channel.stands.items() if entry.suggestion == one]
    assert len(standing) == 2
    product.answer(one, "done", "ana")
    product.collect()
    assert {channel.stands[ref].state for ref in standing} == {"done"}


def test_what_was_answered_while_a_try_was_uncertain_is_not_sent_again() -> None:
    channel = slack()
    product = monday(channel)
    channel.after = Undelivered("fell silent", certain=False)
    product.send(person="ana")
    channel.after = None
    one = channel.parcels[0].entries[0].suggestion
    product.answer(one, "done", "ana")
    wait(product, minutes=11)
    product.send(person="ana")
    assert one not in [e.suggestion for e in channel.parcels[1].entries] and len(channel.parcels[1].entries) == 4
    wait(product, minutes=11)
    product.send(person="ana")
    assert all(one not in [e.suggestion for e in p.entries] for p in channel.parcels[1:])


def test_of_two_processes_at_once_one_sends() -> None:
    class Slow(MemoryChannel):
        def send(self, parcel):
            if not self.parcels:
                self.parcels.append(parcel)
                assert product.send(person="ana").sent == []  # the other process, while this one is at it
                self.parcels.clear()
            return super().send(parcel)

    channel = Slow("slack")
    product = monday(channel)
    product.send(person="ana")
    assert len(channel.parcels) == 1 and len(shown(product)) == 5


def test_a_round_ends_in_time_and_says_who_was_left_out() -> None:
    channel = slack()
    product = monday(channel)
    report = delivery.send(product.workspace, product.workspace.channels, seconds=0)
    assert report.sent == [] and channel.parcels == []
    assert [p.what for p in report.problems] == ["2 more people were not tried"]
    channel.refuses["ana"] = Undelivered("no key", whole=True)
    report = product.send()
    assert [p.what for p in report.problems] == ["no key", "1 more person was not tried"]


def test_a_task_somebody_opens_again_takes_their_answer_back() -> None:
    channel = MemoryChannel("slack", lasting=True)
    product = monday(channel)
    at = product.clock.now() + timedelta(hours=1)
    id, found = task(product, channel, state="done", at=at)
    wait(product, hours=2)
    channel.found[found.ref] = found
    product.collect()
    wait(product, hours=2)
    due = channel.stands[found.ref].due
    channel.found[found.ref] = Found(found.ref, "open", at=product.clock.now() - timedelta(minutes=1), day=due)
    product.collect()
    assert answers(product, id) == [("done", "ana", "slack"), ("undone", "ana", "slack")]
    product.collect()
    assert len(answers(product, id)) == 2


def test_a_task_opened_again_takes_back_nobody_elses_answer() -> None:
    channel = MemoryChannel("slack", lasting=True)
    product = monday(channel)
    id, found = task(product, channel, state="open")
    product.answer(id, "done", "ben")
    product.collect()
    assert channel.found[found.ref].state == "done"  # collecting brings it up to date, too
    wait(product, hours=1)
    due = channel.stands[found.ref].due
    channel.found[found.ref] = Found(found.ref, "open", at=product.clock.now(), day=due)
    product.collect()
    assert answers(product, id) == [("done", "ben", None)]
