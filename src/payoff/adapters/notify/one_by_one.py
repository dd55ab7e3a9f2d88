"""Putting a parcel's entries into a place one by one: what stands there already is not put there again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from payoff.records.deliveries import Entry, Parcel, Sent, Undelivered


def each_once(parcel: Parcel, standing: Mapping[str, str], make: Callable[[Entry], str]) -> Sent:
    """`standing` are the references that are there, by suggestion; `make` puts one there and gives its reference.

    What one entry cannot be costs the others nothing, unless the place takes nothing at all (`whole`): then those
    that are left are not tried.
    """
    refs, faults = dict(standing), dict[str, Undelivered]()
    for entry in parcel.entries:
        if entry.suggestion in refs:
            continue
        try:
            refs[entry.suggestion] = make(entry)
        except Undelivered as error:
            faults[entry.suggestion] = error
            if error.whole:
                faults |= {e.suggestion: error for e in parcel.entries if e.suggestion not in refs}
                break
    return Sent(refs, faults)
