"""What is due as a calendar to subscribe to. Implements `ports.CalendarWriter`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from payoff.adapters.notify.patience import missing
from payoff.records.deliveries import Entry

_AGAIN = timedelta(hours=4)


class CalendarFile:
    """All-day entries, so that they fill nobody's working day."""

    def __init__(self) -> None:
        """Raises `Refused` where the library is not installed."""
        try:
            import icalendar  # noqa: F401
        except ImportError:
            raise missing("calendar") from None

    def write(self, title: str, entries: Sequence[Entry], *, host: str, link: str, at: datetime) -> bytes:
        """See `ports.CalendarWriter`."""
        from icalendar import Calendar, Event

        made = Calendar()
        made.add("prodid", "-//Payoff//Payoff//EN")
        made.add("version", "2.0")
        made.add("method", "PUBLISH")
        made.add("x-wr-calname", _line(title))
        made.add("refresh-interval", _AGAIN, parameters={"VALUE": "DURATION"})
        for entry in entries:
            day = entry.until or entry.due
            event = Event()
            event.add("uid", f"{entry.suggestion}@{host}")
            event.add("dtstamp", at.astimezone(UTC))
            event.add("dtstart", day)
            event.add("dtend", day + timedelta(days=1))
            event.add("summary", _line(f"{entry.headline} · {entry.customer}"))
            about = [entry.why, entry.worth, entry.good_until, link and f"{link}#s-{entry.suggestion}"]
            event.add("description", "\n".join(_line(line) for line in about if line))
            if link:
                event.add("url", f"{link}#s-{entry.suggestion}")
            event.add("transp", "TRANSPARENT")
            made.add_component(event)
        return bytes(made.to_ical())


def _line(text: str) -> str:
    """One line of printable text."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())
