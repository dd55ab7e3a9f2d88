"""Slack's faults: its limits are waited for, and what nobody can tell is looked for before it is sent again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from tests.adapters.notify.slack_standin import SECRET, SlackStandIn

from payoff.adapters.notify.patience import Patience
from payoff.adapters.notify.slack import Slack
from payoff.records.deliveries import Addressee, Entry, Parcel, Placed, Undelivered
from payoff.texts import Texts

BEN = Addressee("ben", "Ben Osei", "ben@small.example")
AT = datetime(2026, 1, 5, tzinfo=UTC)


def parcel(customer: str = "Acme", since: datetime | None = None) -> Parcel:
    entry = Entry(
        "s1", "k1", "u1", customer, "Call them", "quiet", "about 20", "until Friday", AT, date(2026, 1, 9)
    )
    return Parcel("p1", BEN, (entry,), "1 customer", since=since)


@pytest.fixture
def standin() -> Iterator[SlackStandIn]:
    with SlackStandIn({"ben@small.example": "UBEN"}) as one:
        yield one


def slack(standin: SlackStandIn, waits: list[float] | None = None) -> Slack:
    patience = Patience(sleep=([] if waits is None else waits).append)
    return Slack("xoxb-1", SECRET, Texts(), address=standin.url, hooks=standin.url, patience=patience)


def test_a_limit_is_waited_for_as_long_as_slack_asks(standin: SlackStandIn) -> None:
    waits: list[float] = []
    standin.faults["chat.postMessage"] = [(429, "ratelimited"), (200, "ratelimited")]
    assert slack(standin, waits).send(parcel()).refs
    assert waits == [3.0, 3.0] and len(standin.messages) == 1


def test_a_line_that_broke_is_uncertain_and_the_next_try_finds_the_message(standin: SlackStandIn) -> None:
    standin.faults["chat.postMessage"] = [(0, "")]
    fault = slack(standin).send(parcel()).faults["s1"]
    assert not fault.certain
    again = slack(standin).send(parcel(since=AT))
    assert len(standin.messages) == 1
    assert again.refs == {"s1": f"DUBEN:{next(iter(standin.messages))}"}


def test_nobody_with_that_address_and_a_key_that_is_none(standin: SlackStandIn) -> None:
    standin.members.clear()
    with pytest.raises(Undelivered) as nobody:
        slack(standin).send(parcel())
    assert nobody.value.certain and not nobody.value.whole
    standin.faults["users.lookupByEmail"] = [(200, "invalid_auth")]
    with pytest.raises(Undelivered) as key:
        slack(standin).send(parcel())
    assert key.value.certain and key.value.whole


def test_a_message_somebody_deleted_is_gone(standin: SlackStandIn) -> None:
    with pytest.raises(Undelivered) as error:
        slack(standin).show([Placed("DUBEN:1.0", BEN, parcel().entries[0])])
    assert error.value.gone


def test_no_customers_name_becomes_markup(standin: SlackStandIn) -> None:
    slack(standin).send(parcel("<!channel> *Acme*"))
    (message,) = standin.messages.values()
    assert "<!channel>" not in message["text"]
    assert not [b for b in message["blocks"] if (b.get("text") or {}).get("type") == "mrkdwn"]
