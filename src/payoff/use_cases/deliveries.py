"""What was put where, as the log tells it: one fold of the `delivery` events.

`sending` stands before a channel is asked and holds the parcel's key in `ref`; `failed` says that nothing arrived
after all. A stance ("open 2026-01-09", "done 2026-01-09") says that it stands there under `ref`, and as what it
was shown last; `gone`, that nobody finds it there any more. A `sending` that nothing followed is a try that broke
off: it may have arrived.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from payoff.people.signing import Signer
from payoff.records.deliveries import Addressee, Entry
from payoff.records.envelope import Event
from payoff.use_cases.workspace import Workspace

SENDING, FAILED, GONE = "sending", "failed", "gone"
LINK, LINK_DAYS = "answer", 14
LEASE = timedelta(minutes=10)
"""A try that is younger may still be under way in another process: a channel may be waiting as it was asked to."""
_LATELY = timedelta(days=60)
_SPACE = uuid.UUID("5b0f9a63-2f4e-5d6c-8a57-3c3e3e9d7c11")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(slots=True)
class Spot:
    """One place where a suggestion stands: a task, or one of the messages it was sent in. `shown` is what it was
    shown as last, `shows` how often."""

    ref: str
    shown: str
    shows: int = 1
    gone: bool = False

    @property
    def due(self) -> date:
        """The day that was shown last."""
        return date.fromisoformat(self.shown.rpartition(" ")[2])


@dataclass(slots=True)
class Delivery:
    """One suggestion in one channel for one person, first tried at `first`.

    `tries` counts every try ever; `key` is the parcel's of the last one, begun at `at`.
    """

    suggestion: str
    unit: str
    channel: str
    to: str
    first: datetime
    at: datetime
    key: str = ""
    tries: int = 0
    pending: bool = False
    failed: bool = False
    spots: list[Spot] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        return any(not spot.gone for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """All of them, by channel, person and suggestion."""

    known: Mapping[tuple[str, str, str], Delivery] = field(default_factory=dict)

    def of(self, channel: str, to: str = "") -> list[Delivery]:
        return [d for (c, who, _), d in self.known.items() if c == channel and to in ("", who)]


def deliveries(ws: Workspace, now: datetime | None = None) -> Deliveries:
    """Everything that was put anywhere lately: what is older has ended, and nobody looks at it again."""
    lately = max(_LATELY, timedelta(days=ws.brief.policy.expires_days) + _LATELY / 2)
    rows = ws.tables.recent("delivery", (now or ws.clock.now()) - lately).to_pylist()
    known: dict[tuple[str, str, str], Delivery] = {}
    for row in sorted(rows, key=lambda r: r["seq"]):
        key = (row["channel"], row["to"] or "", row["suggestion"])
        one = known.setdefault(key, Delivery(row["suggestion"], row["unit"], *key[:2], row["at"], row["at"]))
        _fold(one, row["at"], row["state"] or "", row["ref"] or "")
    return Deliveries(known)


def sent_here(events: Iterable[Event], channel: str, to: str) -> bool:
    """Whether a suggestion, of which these are all events, was sent to a person in a channel."""
    here = {"channel": channel, "to": to}
    return any(e.kind == "delivery" and here.items() <= e.body.items() for e in events)


def _fold(one: Delivery, at: datetime, state: str, ref: str) -> None:
    if state == SENDING:
        one.at, one.key, one.tries = at, ref, one.tries + 1
        one.pending, one.failed = True, False
        return
    if state == FAILED:
        one.pending, one.failed = False, True
        return
    spot = next((spot for spot in one.spots if spot.ref == ref), None)
    if state == GONE:
        if spot is not None:
            spot.gone = True
    elif spot is None:
        one.pending = False
        one.spots.append(Spot(ref, state))
    else:
        one.pending = False
        spot.shown, spot.gone, spot.shows = state, False, spot.shows + 1


def stance(entry: Entry) -> str:
    """How an entry stands, as it is kept of what a channel was shown."""
    return f"{entry.state} {entry.due.isoformat()}"


def noted(
    ws: Workspace, channel: str, to: str, entry: Entry, state: str, ref: str, turn: int, at: datetime
) -> Event:
    """One event of a delivery. The same turn of the same thing has the same id, in whatever process; a try has it
    whatever else is in its parcel, so that of two processes one sends."""
    place = "" if state in (SENDING, FAILED) else ref
    return ws.event(
        "delivery",
        {"suggestion": entry.suggestion, "channel": channel, "to": to, "ref": ref, "state": state},
        at=at,
        unit=entry.unit,
        id=made_id(ws, channel, to, entry.suggestion, state.partition(" ")[0], place, str(turn)),
    )


def made_id(ws: Workspace, *parts: str) -> str:
    """An id that follows from what it stands for."""
    return str(uuid.uuid5(_SPACE, "|".join((ws.name, *parts))))


def week_began(ws: Workspace, now: datetime) -> datetime:
    """Since when new ones count for this week: the last time it was the brief's day and hour."""
    zone, channels = ZoneInfo(ws.brief.product.zone), ws.brief.channels
    local = now.astimezone(zone)
    back = (local.weekday() - _DAYS.index(channels.on)) % 7
    for days in (back, back + 7):
        began = datetime.combine(local.date() - timedelta(days=days), time(channels.hour), zone)
        if began <= local:
            break
    return began


def addressees(ws: Workspace) -> list[Addressee]:
    """Everybody of the brief, as a channel knows people."""
    return [Addressee(id, p.name, p.email, p.slack) for id, p in ws.brief.people.items()]


def answer_link(ws: Workspace, to: str, suggestions: Sequence[str], via: str) -> str:
    """The address of the page that answers these without a sign-in; "" while the brief names no public address."""
    base = ws.brief.channels.public_url.rstrip("/")
    if not base:
        return ""
    signer = Signer(ws.storage.accounts.secret("links"))
    value = {"person": to, "suggestions": list(suggestions), "via": via}
    return f"{base}/answer/{signer.sign(LINK, value)}"
