"""Salesforce through simple-salesforce, against a server that speaks as Salesforce does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.adapters.notify.papers import certificate
from tests.adapters.notify.parcels import TEXTS, Waits, entry, parcel, placed
from tests.adapters.notify.salesforce_standin import CLIENT, QUERY, SECRET, TASK, SalesforceStandIn

from payoff.adapters.notify.patience import Patience
from payoff.adapters.notify.salesforce import Salesforce
from payoff.errors import Refused
from payoff.records.deliveries import Addressee, Undelivered

CLEO, DAN = "005000000000001AAA", "005000000000002AAA"


@dataclass
class There:
    standin: SalesforceStandIn
    trusted: str

    def salesforce(self, waits: Waits | None = None, secret: str = SECRET) -> Salesforce:
        waits = waits or Waits()
        patience = Patience(60, waits.sleep, waits.now)
        return Salesforce(self.standin.url, CLIENT, secret, TEXTS, patience=patience, trusted=self.trusted)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, Path]:
    return certificate(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def there(papers: tuple[object, Path]) -> Iterator[There]:
    users = {CLEO: ("cleo@small.example", True), DAN: ("dan@small.example", True)}
    with SalesforceStandIn(users=users, secure=papers[0]) as made:  # type: ignore[arg-type]
        yield There(made, str(papers[1]))


def test_a_suggestion_is_a_task_of_its_owners_with_our_words_and_tied_to_the_account(there: There) -> None:
    sent = there.salesforce().send(parcel(entry(1, record="001000000000001AAA"), entry(2)))
    assert sorted(sent.refs.values()) == sorted(there.standin.tasks) and not sent.faults
    task = there.standin.tasks[sent.refs[entry(1).suggestion]]
    assert task["Subject"].startswith("Call Person 1") and task["Subject"].endswith("Customer 1")
    assert (task["ActivityDate"], task["OwnerId"], task["Payoff_Id__c"]) == ("2026-01-16", CLEO, "ours-1")
    assert task["WhatId"] == "001000000000001AAA" and task["Status"] == "Not Started"
    assert "No log-in for 23 days" in task["Description"] and "about $120" in task["Description"]
    assert "WhatId" not in there.standin.tasks[sent.refs[entry(2).suggestion]]
    assert len(there.standin.calls("POST", "/services/oauth2/token")) == 1


def test_what_is_there_already_is_not_made_twice(there: There) -> None:
    first = there.salesforce().send(parcel(entry(1)))
    again = there.salesforce().send(parcel(entry(1), entry(2)))
    assert again.refs[entry(1).suggestion] == first.refs[entry(1).suggestion]
    assert len(there.standin.tasks) == 2


def test_whoever_was_quicker_is_found(there: There) -> None:
    there.standin.unique = True
    first = there.salesforce().send(parcel(entry(1)))
    there.standin.fault(QUERY, 200, {"totalSize": 1, "done": True, "records": [{"Id": CLEO}]})
    there.standin.fault(QUERY, 200, {"totalSize": 0, "done": True, "records": []})
    assert there.salesforce().send(parcel(entry(1))).refs == first.refs


def test_an_address_with_a_quote_asks_for_nobody_else(there: There) -> None:
    there.standin.users["005000000000003AAA"] = ("o'neil@small.example", True)
    neil = Addressee("neil", "Neil", "o'neil@small.example")
    assert there.salesforce().send(parcel(entry(1), to=neil)).refs
    hostile = Addressee("eve", "Eve", "x' OR IsActive = true OR Email = 'y@small.example")
    with pytest.raises(Undelivered, match="does not know Eve"):
        there.salesforce().send(parcel(entry(2), to=hostile))


def test_closing_and_opening_again_leaves_what_people_wrote(there: There) -> None:
    channel = there.salesforce()
    (ref,) = channel.send(parcel(entry(1))).refs.values()
    there.standin.write(ref, "they moved house")
    channel.show([placed(ref, entry(1, state="dismissed", said="No"))])
    assert there.standin.tasks[ref]["IsClosed"]
    channel.show([placed(ref, entry(1, state="snoozed", said="Set aside", until=date(2026, 1, 8)))])
    task = there.standin.tasks[ref]
    assert (task["Status"], task["IsClosed"], task["ActivityDate"]) == ("Not Started", False, "2026-01-08")
    assert task["Description"].endswith("they moved house")


def test_an_organisations_own_states_are_used(there: There) -> None:
    there.standin.states = {"Neu": (False, True), "Erledigt": (True, False)}
    channel = there.salesforce()
    (ref,) = channel.send(parcel(entry(1))).refs.values()
    channel.show([placed(ref, entry(1, state="done", said="Done"))])
    assert there.standin.tasks[ref]["Status"] == "Erledigt"
    channel.show([placed(ref, entry(1))])
    assert there.standin.tasks[ref]["Status"] == "Neu"


def test_a_closed_task_says_when_by_whom_and_what_was_written(there: There) -> None:
    channel = there.salesforce()
    (ref,) = channel.send(parcel(entry(1))).refs.values()
    there.standin.now = datetime(2026, 1, 7, 9, 30, tzinfo=UTC)
    there.standin.write(ref, "Spoke to Li Wei.\n\nBack in May")
    there.standin.change(ref, OwnerId=DAN, Status="Completed")
    there.standin.now = datetime(2026, 1, 8, 9, 30, tzinfo=UTC)
    there.standin.change(ref, Priority="High")  # touched later; that is not when it was closed
    (found,) = channel.look([placed(ref, entry(1))])
    assert (found.state, found.at) == ("done", datetime(2026, 1, 7, 9, 30, tzinfo=UTC))
    assert (found.by, found.comment) == ("dan@small.example", "Spoke to Li Wei.\nBack in May")


def test_untouched_deferred_moved_and_deleted_tasks_are_told_apart(there: There) -> None:
    channel = there.salesforce()
    a, b, c, d = channel.send(parcel(*(entry(n) for n in range(1, 5)))).refs.values()
    there.standin.change(b, Status="Deferred")
    there.standin.change(c, ActivityDate="2026-01-08")
    del there.standin.tasks[d]
    found = channel.look([placed(ref, entry(i)) for i, ref in enumerate((a, b, c, d), 1)])
    assert [f.state for f in found] == ["open", "deferred", "open", "gone"]
    assert [f.day for f in found[:3]] == [date(2026, 1, 16), date(2026, 1, 16), date(2026, 1, 8)]
    assert found[0].comment == ""


def test_a_session_that_ended_is_opened_once_more(there: There) -> None:
    channel = there.salesforce()
    channel.send(parcel(entry(1)))
    there.standin.sessions.clear()
    assert channel.send(parcel(entry(2))).refs
    assert len(there.standin.calls("POST", "/services/oauth2/token")) == 2


def test_wrong_credentials_are_said_without_repeating_them(there: There) -> None:
    with pytest.raises(Undelivered, match="invalid client credentials") as caught:
        there.salesforce(secret="S3CRET").send(parcel())
    assert caught.value.whole and "S3CRET" not in str(caught.value)


def test_a_certificate_nobody_vouches_for_gets_no_secret(there: There) -> None:
    channel = Salesforce(there.standin.url, CLIENT, SECRET, TEXTS)
    with pytest.raises(Undelivered, match="cannot be reached") as caught:
        channel.send(parcel())
    assert caught.value.certain and there.standin.asked == []


def test_an_unencrypted_address_gets_no_secret() -> None:
    with pytest.raises(Refused, match="unencrypted"):
        Salesforce("http://yours.my.salesforce.com", CLIENT, SECRET, TEXTS)


def test_two_users_of_one_address_are_nobody(there: There) -> None:
    there.standin.users["005000000000009AAA"] = ("cleo@small.example", True)
    with pytest.raises(Undelivered, match="two active users") as caught:
        there.salesforce().send(parcel())
    assert not caught.value.whole
    there.standin.users["005000000000009AAA"] = ("cleo@small.example", False)
    assert there.salesforce().send(parcel()).refs


def test_a_missing_field_is_told_with_how_to_make_it(there: There) -> None:
    there.standin.fields.clear()
    with pytest.raises(Undelivered, match="no field 'Payoff_Id__c'") as caught:
        there.salesforce().send(parcel())
    assert caught.value.whole and "text field of Activity" in caught.value.mend


def test_limits_and_faults(there: There) -> None:
    waits = Waits()
    there.standin.fault(TASK, 429, [{"errorCode": "TOO_MANY", "message": "slow down"}], Retry_After="4")
    assert there.salesforce(waits).send(parcel(entry(1))).refs and waits.slept == [4.0]
    spent = [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
    there.standin.fault(TASK, 403, spent)
    sent = there.salesforce().send(parcel(entry(2), entry(3)))
    assert [f.certain and f.whole for f in sent.faults.values()] == [True, True]
    there.standin.fault(TASK, 503, "<html>busy</html>")
    (fault,) = there.salesforce().send(parcel(entry(4))).faults.values()
    assert fault.whole and not fault.certain


def test_one_refused_task_costs_the_others_nothing(there: There) -> None:
    there.standin.fault(
        TASK, 400, [{"message": "A rule of yours says no", "errorCode": "FIELD_CUSTOM_VALIDATION"}]
    )
    sent = there.salesforce().send(parcel(entry(1), entry(2)))
    assert list(sent.refs) == [entry(2).suggestion]
    assert "A rule of yours" in sent.faults[entry(1).suggestion].what


def test_a_line_that_breaks_may_have_arrived_and_is_looked_for(there: There) -> None:
    there.standin.fault(TASK, 0)
    (fault,) = there.salesforce().send(parcel(entry(1))).faults.values()
    assert not fault.certain and len(there.standin.tasks) == 1
    assert list(there.salesforce().send(parcel(entry(1))).refs.values()) == list(there.standin.tasks)


def test_a_task_that_is_gone_is_told_as_gone(there: There) -> None:
    with pytest.raises(Undelivered) as caught:
        there.salesforce().show([placed("00T000000000999AAA", entry(1, state="done"))])
    assert caught.value.gone
