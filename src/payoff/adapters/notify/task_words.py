"""A suggestion as the words of a task, and what somebody wrote below them."""

from __future__ import annotations

import html
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from payoff.records.deliveries import Entry
from payoff.texts import Texts

SIGN = "✎✎✎"
"""Ends our own words, in every language; what stands below it is theirs."""
_END_OF_DAY = time(17)


def subject(entry: Entry, most: int) -> str:
    """One line: the sentence, and the customer."""
    line = " ".join(f"{entry.headline} · {entry.customer}".split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def body(texts: Texts, entry: Entry) -> list[str]:
    """Our words, a line each; the last one asks for theirs."""
    lines = [entry.why, entry.worth, entry.good_until, f"{texts.say('channels.task_below')} {SIGN}"]
    return [line for line in lines if line]


def as_html(lines: list[str]) -> str:
    """The same lines where a CRM reads HTML."""
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines) + "<p></p>"


def below(text: str) -> str:
    """What stands below our own words; "" where nothing does, or our words are not there any more."""
    _, found, theirs = text.partition(SIGN)
    return "\n".join(line.strip() for line in theirs.strip().splitlines() if line.strip()) if found else ""


def plain(text: str) -> str:
    """The text of a piece of HTML, a line a paragraph."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts).replace("\u00a0", " ")


def moment(day: date, zone: str) -> datetime:
    """When a task of that day is due: the end of a working day."""
    return datetime.combine(day, _END_OF_DAY, ZoneInfo(zone)).astimezone(UTC)


def when(value: object) -> datetime | None:
    """A moment as CRMs write it: ISO 8601, or milliseconds since 1970; `None` for anything else."""
    text = str(value or "").strip()
    try:
        if text.isascii() and text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Reader(HTMLParser):
    _LINES = frozenset(("p", "br", "div", "li", "tr", "h1", "h2", "h3"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in self._LINES:
            self.parts.append("\n")
