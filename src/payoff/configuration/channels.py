"""The brief's channels bound to what speaks for them. Secrets come from the environment and are kept nowhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from payoff.brief.channels import named, unset
from payoff.brief.schema import Brief
from payoff.errors import PayoffError, Unavailable
from payoff.ports import CalendarWriter, Channel, Channels, Door
from payoff.texts import Texts


def bind(brief: Brief, texts: Texts, environment: Mapping[str, str] | None = None) -> Channels:
    """Every channel the brief sets up: ready, or with the reason why it is not. Nothing is sent or asked yet."""
    given = os.environ if environment is None else environment
    ready: dict[str, Channel] = {}
    faults: dict[str, PayoffError] = {}
    calendar: CalendarWriter | None = None
    for name in named(brief.channels):
        missing = unset(brief, name, given)
        try:
            if missing:
                mend = "Set it where Payoff runs; the brief only names it."
                raise Unavailable(f"{', '.join(missing)} is not set", where=f"channels.{name}", mend=mend)
            if name == "calendar":
                calendar = _calendar()
            else:
                ready[name] = _BUILD[name](brief, texts, given)
        except PayoffError as error:
            faults[name] = error
    door = ready.get("slack")
    return Channels(ready, faults, door if isinstance(door, Door) else None, calendar)


def _slack(brief: Brief, texts: Texts, given: Mapping[str, str]) -> Channel:
    from payoff.adapters.notify.slack import Slack

    entry = brief.channels.slack
    assert entry is not None
    return Slack(given[entry.token], given[entry.signing_secret], texts)


def _email(brief: Brief, texts: Texts, given: Mapping[str, str]) -> Channel:
    from payoff.adapters.notify.email import Email, Server

    entry = brief.channels.email
    assert entry is not None
    return Email(Server.read(given[entry.server]), entry.sender, texts)


def _hubspot(brief: Brief, texts: Texts, given: Mapping[str, str]) -> Channel:
    from payoff.adapters.notify.hubspot import HubSpot

    entry = brief.channels.hubspot
    assert entry is not None
    return HubSpot(given[entry.token], texts, id_property=entry.id_property)


def _salesforce(brief: Brief, texts: Texts, given: Mapping[str, str]) -> Channel:
    from payoff.adapters.notify.salesforce import Salesforce

    entry = brief.channels.salesforce
    assert entry is not None
    return Salesforce(
        entry.url, given[entry.client_id], given[entry.client_secret], texts, id_field=entry.id_field
    )


def _calendar() -> CalendarWriter:
    from payoff.adapters.notify.calendar import CalendarFile

    return CalendarFile()


_BUILD: Mapping[str, Callable[[Brief, Texts, Mapping[str, str]], Channel]] = {
    "slack": _slack,
    "email": _email,
    "hubspot": _hubspot,
    "salesforce": _salesforce,
}
