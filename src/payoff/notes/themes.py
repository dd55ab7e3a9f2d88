"""Names of themes: as people type them, one spelling each, renamed and merged without touching what was filed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from payoff.notes.records import Quote, Session, Theme, Tie

LONGEST = 60


def plain(name: str) -> str:
    """A theme's name without what an address or a list could not hold: `" IT / HR, "` → `IT - HR`."""
    text = "".join(c if c.isprintable() else " " for c in name).replace(",", " ").replace("/", "-")
    return re.sub(r"\s+", " ", text).strip(" .-?#")[:LONGEST].strip()


def split(typed: str) -> list[str]:
    """What somebody typed into one field: themes with commas between, each once."""
    found = {name.casefold(): name for name in map(plain, re.split(r"[,;\n]", typed)[::-1]) if name}
    return list(found.values())[::-1]


class Names:
    """Which name a theme goes by today. `renames` are (old, new) in the order they were made."""

    def __init__(self, renames: Iterable[tuple[str, str]] = ()) -> None:
        self._into: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        for old, new in renames:
            self._rename(old, new)

    def __call__(self, name: str) -> str:
        """Today's name, in the spelling it was first met with (or was last renamed to)."""
        key = self._today(name.casefold())
        return self._shown.setdefault(key, name)

    def each(self, names: Iterable[str]) -> tuple[str, ...]:
        """Today's names of several, each once."""
        return tuple(dict.fromkeys(map(self, names)))

    def _today(self, key: str) -> str:
        return self._into.get(key, key)

    def _rename(self, old: str, new: str) -> None:
        was, now = self._today(old.casefold()), new.casefold()
        self._shown[now] = new
        self._into = {key: now if to == was else to for key, to in self._into.items() if key != now}
        if was != now:
            self._into[was] = now


def names(events: Sequence[Mapping[str, Any]]) -> Names:
    """From the log's `theme` events, oldest first."""
    return Names((row["theme"], row["name"]) for row in events if row["name"])


def ties(events: Sequence[Mapping[str, Any]], today: Names) -> dict[str, tuple[Tie, ...]]:
    """What each theme is tied to now; `bears` and `untied` of the events are lists."""
    found: dict[str, dict[str, Tie]] = {}
    for row in events:
        theme = found.setdefault(today(row["theme"]), {})
        for on in row["bears"]:
            theme.setdefault(on, Tie(on, row["at"], row["actor"] or "", row["why"] or ""))
        for on in row["untied"]:
            theme.pop(on, None)
    return {name: tuple(tied.values()) for name, tied in found.items() if tied}


def themes(
    quotes: Sequence[Quote], sessions: Sequence[Session], tied: Mapping[str, tuple[Tie, ...]]
) -> tuple[Theme, ...]:
    """All themes in use, those with the most quotes that have words first."""
    order = [
        *(name for quote in quotes for name in quote.themes),
        *(name for session in sessions for name in session.themes),
        *tied,
    ]
    found = [
        Theme(
            name,
            tuple(q for q in quotes if name in q.themes),
            tuple(s.id for s in sessions if name in s.themes),
            tied.get(name, ()),
        )
        for name in dict.fromkeys(order)
    ]
    return tuple(sorted(found, key=lambda t: (-sum(q.counts for q in t.quotes), -len(t.notes), t.name.casefold())))
