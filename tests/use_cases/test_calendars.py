"""A calendar address each: what stands behind it, for whom, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from tests import small
from tests.channelled import CHANNELS, PEOPLE, wait

from payoff.adapters.notify.calendar import CalendarFile
from payoff.errors import Refused
from payoff.people.invitations import invite
from payoff.ports import Channels
from payoff.use_cases.product import Product

SET_UP = "[channels.calendar]\n"


def product(brief: str = PEOPLE + CHANNELS + SET_UP) -> Product:
    made = small.running(24, brief=small.BRIEF + brief)
    made.decide()
    made.workspace.channels = Channels(calendar=CalendarFile())
    return made


def token(made: Product, person: str = "ana") -> str:
    path = urlsplit(made.calendars.address(person)).path
    return path.removeprefix("/calendar/").removesuffix(".ics")


def due(made: Product, given: str) -> dict[str, str]:
    """Suggestion → the day it stands on."""
    events = Calendar.from_ical(made.calendars.opened(given)).walk("VEVENT")
    return {str(e["uid"]).partition("@")[0]: e.decoded("dtstart").isoformat() for e in events}


def test_each_reads_their_own_and_the_address_is_the_servers() -> None:
    made = product()
    assert made.calendars.address("ana").startswith("https://payoff.small.example/calendar/")
    for person in ("ana", "ben"):
        assert set(due(made, token(made, person))) == {i.suggestion.id for i in made.queue(person)} != set()


def test_what_is_done_leaves_it_and_what_is_put_off_moves() -> None:
    made = product()
    address = token(made)
    done, later = (i.suggestion.id for i in made.queue("ana")[:2])
    made.answer(done, "done", "ana")
    until = (made.clock.now() + timedelta(days=3)).date()
    made.answer(later, "not_now", "ana", until=until)
    shown = due(made, address)
    assert done not in shown and shown[later] == until.isoformat()


def test_it_shows_the_same_entries_under_the_same_ids_a_day_later() -> None:
    made = product()
    address = token(made)
    before = set(due(made, address))
    wait(made, days=1)
    assert set(due(made, address)) == before


def test_what_nobody_owns_stands_with_whoever_looks_after_it() -> None:
    owned = product()
    free = product(PEOPLE + CHANNELS.replace("most = 5", 'most = 5\nunowned = "ana"') + SET_UP)
    unit = next(i.unit for i in free.queue("ben"))
    for made in (owned, free):
        wait(made, minutes=1)
        made.facts([{**next(i.facts for i in made.queue() if i.unit == unit), "unit": unit, "owner": ""}])
        made.workspace.clock.set(made.clock.now() + timedelta(minutes=1))
    (one,) = (i.suggestion.id for i in free.queue() if i.unit == unit)
    assert one in due(free, token(free)) and one not in due(owned, token(owned))


def test_an_address_ends_with_the_next_change_of_the_account() -> None:
    made = product()
    old = token(made)
    invite(made.storage.accounts, made.signer, "ana", now=made.clock.now())
    with pytest.raises(Refused, match="opens nothing any more"):
        made.calendars.opened(old)
    assert token(made) != old and due(made, token(made))


def test_another_purposes_link_and_a_changed_one_open_nothing() -> None:
    made = product()
    good = token(made)
    other = made.signer.sign("answer", {"person": "ana", "version": 0})
    forged = made.signer.sign("calendar", {"person": "nobody", "version": 0})
    for bad in (other, forged, good[:-2], good + "x", ""):
        with pytest.raises(Refused):
            made.calendars.opened(bad)


def test_whoever_is_not_served_or_may_not_see_the_desk_has_none() -> None:
    made = product(PEOPLE + CHANNELS + '[channels.calendar]\npeople = ["ana", "rui"]\n')
    assert made.calendars.address("ana") and not made.calendars.address("ben")
    with pytest.raises(Refused):  # a researcher sees no desk
        made.calendars.opened(made.signer.sign("calendar", {"person": "rui", "version": 0}))


def test_without_calendars_or_an_address_there_is_nothing_to_subscribe_to() -> None:
    assert product(PEOPLE + CHANNELS).calendars.address("ana") == ""
    assert product(PEOPLE + "[channels]\n" + SET_UP).calendars.address("ana") == ""
