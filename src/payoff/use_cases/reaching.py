"""Where one person is reached without opening the desk, and where not yet: the brief's channels, for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from payoff.brief.channels import KEYS, served
from payoff.use_cases.workspace import Workspace

Stand = Literal["ready", "unknown", "others", "broken", "unset"]
"""ready: it reaches this person · unknown: it would, and has no address of theirs · others: it is set up for other
people · broken: the brief names it and it does not work · unset: nobody set it up."""
WAYS = tuple(name for name in KEYS if name != "calendar")


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to one person. `address` is where it finds them; `answers`: a mail leads to a page that answers."""

    way: str
    stand: Stand
    address: str = ""
    answers: bool = True


def reaches(ws: Workspace, person: str) -> tuple[Reach, ...]:
    """Slack, e-mail and the CRMs for one person, in the order of the brief's channels."""
    one = ws.brief.people.get(person)
    email, slack = (one.email, one.slack) if one else ("", "")
    linked = bool(ws.brief.channels.public_url)
    found = []
    for way in WAYS:
        address = (slack or email) if way == "slack" else email
        found.append(Reach(way, _stand(ws, way, person, address), address, way != "email" or linked))
    return tuple(found)


def calendar_stands(ws: Workspace, person: str) -> Stand:
    """The same of the calendar, which needs no address of the person's but one of the server's."""
    stand = _stand(ws, "calendar", person, ws.brief.channels.public_url)
    return "broken" if stand == "unknown" else stand


def _stand(ws: Workspace, way: str, person: str, address: str) -> Stand:
    if getattr(ws.brief.channels, way) is None:
        return "unset"
    if person not in served(ws.brief, way):
        return "others"
    ready: Mapping[str, Any] = ws.channels.ready
    works = ws.channels.calendar is not None if way == "calendar" else way in ready
    if not works:
        return "broken"
    return "ready" if address else "unknown"
