"""A channel in memory, for tests: it keeps what it is sent, and answers what a test writes into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from payoff.records.deliveries import CLOSED, Entry, Found, Parcel, Placed, Sent, Undelivered


@dataclass
class MemoryChannel:
    """Implements `ports.Channel`. `refuses` is raised for the people it names; `after` once something was kept."""

    name: str = "slack"
    lasting: bool = False
    parcels: list[Parcel] = field(default_factory=list)
    stands: dict[str, Entry] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    refuses: dict[str, Undelivered] = field(default_factory=dict)
    after: Exception | None = None
    _ours: dict[str, str] = field(default_factory=dict)

    def send(self, parcel: Parcel) -> Sent:
        """See `ports.Channel`."""
        if parcel.to.id in self.refuses:
            raise self.refuses[parcel.to.id]
        refs = {}
        for entry in parcel.entries:
            known = self._ours.get(entry.key) if self.lasting or parcel.since else None
            ref = refs[entry.suggestion] = known or f"{self.name}-{len(self.stands) + 1}"
            self._ours[entry.key] = ref
            self.stands[ref] = entry
            self.found.setdefault(ref, Found(ref, "open", day=entry.due))
        self.parcels.append(parcel)
        if self.after is not None:
            raise self.after
        return Sent(refs)

    def show(self, placed: Sequence[Placed]) -> None:
        """See `ports.Channel`."""
        for one in placed:
            self.stands[one.ref] = one.entry
            day = one.entry.until or one.entry.due
            closed = one.entry.state in CLOSED
            self.found[one.ref] = replace(self.found[one.ref], state="done" if closed else "open", day=day)

    def look(self, placed: Sequence[Placed]) -> Sequence[Found]:
        """See `ports.Channel`."""
        return [self.found[one.ref] for one in placed] if self.lasting else []
