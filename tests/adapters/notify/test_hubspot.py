"""HubSpot through its own client, against a server that speaks as HubSpot does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from tests.adapters.notify.hubspot_standin import LIMITED, SPENT, TASKS, TOKEN, HubSpotStandIn
from tests.adapters.notify.parcels import TEXTS, Waits, entry, parcel, placed

from payoff.adapters.notify.hubspot import HubSpot
from payoff.adapters.notify.patience import Patience
from payoff.records.deliveries import Addressee, Undelivered


@pytest.fixture
def there() -> Iterator[HubSpotStandIn]:
    with HubSpotStandIn(owners={"cleo@small.example": "41", "dan@small.example": "42"}) as made:
        yield made


def hubspot(there: HubSpotStandIn, waits: Waits | None = None, token: str = TOKEN) -> HubSpot:
    waits = waits or Waits()
    return HubSpot(token, TEXTS, address=there.url, patience=Patience(60, waits.sleep, waits.now))


def test_a_suggestion_is_a_task_of_its_owners_with_our_words_and_tied_to_the_company(
    there: HubSpotStandIn,
) -> None:
    sent = hubspot(there).send(parcel(entry(1, record="9001"), entry(2)))
    assert sorted(sent.refs.values()) == sorted(there.tasks) and not sent.faults
    task = there.tasks[sent.refs[entry(1).suggestion]]
    assert task["hs_task_subject"].startswith("Call Person 1") and task["hs_task_subject"].endswith("Customer 1")
    assert task["hs_timestamp"] == "2026-01-16T16:00:00.000Z"  # five in the afternoon in Berlin
    assert task["hubspot_owner_id"] == "41" and task["payoff_id"] == "ours-1"
    assert "No log-in for 23 days" in task["hs_task_body"] and "about $120" in task["hs_task_body"]
    (tie,) = there.ties[sent.refs[entry(1).suggestion]]
    assert tie == {
        "to": {"id": "9001"},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 192}],
    }
    assert there.ties[sent.refs[entry(2).suggestion]] == []


def test_what_is_there_already_is_not_made_twice(there: HubSpotStandIn) -> None:
    first = hubspot(there).send(parcel(entry(1)))
    again = hubspot(there).send(parcel(entry(1), entry(2)))
    assert again.refs[entry(1).suggestion] == first.refs[entry(1).suggestion]
    assert len(there.tasks) == 2


def test_a_late_index_makes_no_second_one_where_the_property_is_unique(there: HubSpotStandIn) -> None:
    there.unique = True
    first = hubspot(there).send(parcel(entry(1)))
    there.lag = 1
    assert hubspot(there).send(parcel(entry(1))).refs == first.refs
    assert len(there.tasks) == 1


def test_names_are_text_in_a_task(there: HubSpotStandIn) -> None:
    hostile = entry(1, headline="Call <b>Eve</b>\r\nBcc: x", why="<script>alert(1)</script>")
    (task,) = [there.tasks[ref] for ref in hubspot(there).send(parcel(hostile)).refs.values()]
    assert "<script>" not in task["hs_task_body"] and "&lt;script&gt;" in task["hs_task_body"]
    assert "\n" not in task["hs_task_subject"] and "\r" not in task["hs_task_subject"]


def test_closing_and_opening_again_leaves_what_people_wrote(there: HubSpotStandIn) -> None:
    channel = hubspot(there)
    (ref,) = channel.send(parcel(entry(1))).refs.values()
    there.write(ref, "they moved house")
    channel.show([placed(ref, entry(1, state="done", said="Done"))])
    assert there.tasks[ref]["hs_task_status"] == "COMPLETED"
    channel.show([placed(ref, entry(1, state="snoozed", said="Set aside", until=date(2026, 1, 8)))])
    assert there.tasks[ref]["hs_task_status"] == "NOT_STARTED"
    assert there.tasks[ref]["hs_timestamp"] == "2026-01-08T16:00:00.000Z"
    assert "they moved house" in there.tasks[ref]["hs_task_body"]


def test_a_closed_task_says_when_by_whom_and_what_was_written(there: HubSpotStandIn) -> None:
    channel = hubspot(there)
    (ref,) = channel.send(parcel(entry(1))).refs.values()
    there.now = datetime(2026, 1, 7, 9, 30, tzinfo=UTC)
    there.write(ref, "Spoke to Li&nbsp;Wei: <b>all good</b><br>back in May")
    there.change(ref, hubspot_owner_id="42")
    there.close(ref)
    there.now = datetime(2026, 1, 8, 9, 30, tzinfo=UTC)
    there.change(ref, hs_task_priority="HIGH")  # touched later; that is not when it was closed
    (found,) = channel.look([placed(ref, entry(1))])
    assert (found.state, found.at) == ("done", datetime(2026, 1, 7, 9, 30, tzinfo=UTC))
    assert found.by == "dan@small.example"
    assert found.comment == "Spoke to Li Wei: all good\nback in May"


def test_an_untouched_task_is_open_without_a_word_and_due_when_we_said(there: HubSpotStandIn) -> None:
    channel = hubspot(there)
    (ref,) = channel.send(parcel(entry(1))).refs.values()
    (found,) = channel.look([placed(ref, entry(1))])
    assert (found.state, found.day, found.comment) == ("open", date(2026, 1, 16), "")


def test_deferred_moved_and_deleted_tasks_are_told_apart(there: HubSpotStandIn) -> None:
    channel = hubspot(there)
    a, b, c = channel.send(parcel(entry(1), entry(2), entry(3))).refs.values()
    there.change(a, hs_task_status="DEFERRED")
    there.change(b, hs_timestamp="1767866400000")  # milliseconds: 8 January, ten o'clock
    del there.tasks[c]
    found = channel.look([placed(ref, entry(i)) for i, ref in enumerate((a, b, c), 1)])
    assert [f.state for f in found] == ["deferred", "open", "gone"]
    assert found[1].day == date(2026, 1, 8)


def test_more_than_a_hundred_are_read_in_parts(there: HubSpotStandIn) -> None:
    channel = hubspot(there)
    (ref,) = channel.send(parcel(entry(1))).refs.values()
    found = channel.look([placed(f"{n}", entry(1)) for n in range(150)] + [placed(ref, entry(1))])
    assert len(found) == 151 and found[-1].state == "open"
    assert [len(a.body["inputs"]) for a in there.calls("POST", f"{TASKS}/batch/read")] == [100, 51]


def test_it_waits_as_long_as_hubspot_asks(there: HubSpotStandIn) -> None:
    waits = Waits()
    there.fault(TASKS, 429, LIMITED, Retry_After="7")
    there.fault(TASKS, 429, LIMITED)
    assert len(hubspot(there, waits).send(parcel(entry(1))).refs) == 1
    assert waits.slept == [7.0, 2.0]


def test_it_does_not_wait_for_tomorrow_nor_for_an_hour(there: HubSpotStandIn) -> None:
    for body, header in ((SPENT, "1"), (LIMITED, "3600")):
        waits = Waits()
        there.fault(TASKS, 429, body, Retry_After=header)
        with pytest.raises(Undelivered) as caught:
            hubspot(there, waits).send(parcel(entry(1)))
        assert caught.value.whole and caught.value.certain and waits.slept == []


def test_a_wrong_token_is_said_and_nothing_else_is_tried(there: HubSpotStandIn) -> None:
    with pytest.raises(Undelivered, match="does not let us in") as caught:
        hubspot(there, token="old").send(parcel())
    assert caught.value.whole and "old" not in str(caught.value)
    assert len(there.asked) == 1


def test_a_person_hubspot_does_not_know_costs_only_them(there: HubSpotStandIn) -> None:
    eve = Addressee("eve", "Eve", "eve@elsewhere.example")
    for to in (eve, Addressee("eve", "Eve")):
        with pytest.raises(Undelivered, match="Eve") as caught:
            hubspot(there).send(parcel(to=to))
        assert not caught.value.whole and caught.value.certain


def test_one_refused_task_costs_the_others_nothing(there: HubSpotStandIn) -> None:
    there.fault(TASKS + "/search", 200, {"total": 0, "results": []})
    there.faults[TASKS] = [(400, {"status": "error", "message": "hs_task_subject is too odd"}, {})]
    sent = hubspot(there).send(parcel(entry(1), entry(2)))
    assert list(sent.refs) == [entry(2).suggestion]
    assert "too odd" in sent.faults[entry(1).suggestion].what and not sent.faults[entry(1).suggestion].whole


def test_a_missing_property_is_told_with_how_to_make_it(there: HubSpotStandIn) -> None:
    there.properties.clear()
    with pytest.raises(Undelivered, match="has no property 'payoff_id'") as caught:
        hubspot(there).send(parcel())
    assert "single-line text" in caught.value.mend


def test_a_fault_of_hubspots_own_may_have_arrived(there: HubSpotStandIn) -> None:
    there.fault(TASKS + "/search", 200, {"total": 0, "results": []})
    there.faults[TASKS] = [(502, "<html>bad gateway</html>", {})]
    sent = hubspot(there).send(parcel(entry(1), entry(2)))
    assert not sent.refs
    assert all(not f.certain and f.whole for f in sent.faults.values()) and len(sent.faults) == 2


def test_a_line_that_breaks_may_have_arrived_and_one_that_never_opened_did_not(there: HubSpotStandIn) -> None:
    there.fault(TASKS + "/search", 200, {"total": 0, "results": []})
    there.faults[TASKS] = [(0, None, {})]
    sent = hubspot(there).send(parcel(entry(1)))
    assert not sent.faults[entry(1).suggestion].certain
    assert len(there.tasks) == 1  # it did
    assert list(hubspot(there).send(parcel(entry(1))).refs.values()) == list(there.tasks)  # and is found, not made
    nobody = HubSpot(TOKEN, TEXTS, address="http://127.0.0.1:1")
    with pytest.raises(Undelivered, match="cannot be reached") as caught:
        nobody.send(parcel())
    assert caught.value.certain and caught.value.whole


def test_a_task_that_is_gone_is_told_as_gone(there: HubSpotStandIn) -> None:
    with pytest.raises(Undelivered) as caught:
        hubspot(there).show([placed("12345", entry(1, state="done"))])
    assert caught.value.gone
