"""A calendar parsed back by the library that others read it with."""

from __future__ import annotations

import builtins
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar
from tests.adapters.notify.parcels import TEXTS, entry

from payoff.adapters.notify import patience
from payoff.adapters.notify.calendar import CalendarFile
from payoff.adapters.notify.hubspot import HubSpot
from payoff.adapters.notify.salesforce import Salesforce
from payoff.adapters.notify.slack import Slack
from payoff.errors import Refused

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


def made(*entries) -> Calendar:
    link = "https://payoff.small.example/desk"
    return Calendar.from_ical(CalendarFile().write("Due", entries, host="small.payoff", link=link, at=NOW))


def test_each_is_an_all_day_entry_that_fills_nobodys_day() -> None:
    calendar = made(entry(1), entry(2, until=date(2026, 1, 8)))
    assert calendar["version"] == "2.0" and calendar["method"] == "PUBLISH" and calendar["x-wr-calname"] == "Due"
    a, b = calendar.walk("VEVENT")
    assert str(a["uid"]) == f"{entry(1).suggestion}@small.payoff"
    assert (a.decoded("dtstart"), a.decoded("dtend")) == (date(2026, 1, 16), date(2026, 1, 17))
    assert b.decoded("dtstart") == date(2026, 1, 8)
    assert a.decoded("dtstamp") == NOW and str(a["transp"]) == "TRANSPARENT"
    assert str(a["summary"]) == f"{entry(1).headline} · Customer 1"
    assert entry(1).why in str(a["description"]) and f"#s-{entry(1).suggestion}" in str(a["url"])


def test_words_cannot_leave_their_field() -> None:
    hostile = entry(1, headline="a\r\nEND:VEVENT\r\nBEGIN:VALARM", why='b;c,d\\e"\nATTACH:http://evil.example')
    raw = CalendarFile().write("Due\r\nX-EVIL:1", [hostile], host="small.payoff", link="", at=NOW).decode()
    assert not [line for line in raw.split("\r\n") if line.startswith(("BEGIN:VALARM", "ATTACH", "X-EVIL"))]
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert 'b;c,d\\e"' in str(event["description"]) and "url" not in event


def test_an_empty_calendar_is_one() -> None:
    assert made().walk("VEVENT") == []


@pytest.mark.parametrize(
    ("library", "extra", "build"),
    [
        ("icalendar", "calendar", CalendarFile),
        ("slack_sdk", "slack", lambda: Slack("xoxb", "secret", TEXTS)),
        ("hubspot", "hubspot", lambda: HubSpot("pat", TEXTS)),
        ("simple_salesforce", "salesforce", lambda: Salesforce("https://yours", "a", "b", TEXTS)),
    ],
)
def test_without_the_library_the_error_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, library: str, extra: str, build
) -> None:
    real = builtins.__import__

    def without(name: str, *args, **kwargs):
        if name.split(".", maxsplit=1)[0] == library:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Refused) as caught:
        build()
    assert caught.value.mend == f"pip install 'payoff[{extra}]'"
    assert patience.missing(extra).what in str(caught.value)
