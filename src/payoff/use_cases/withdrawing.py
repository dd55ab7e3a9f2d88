"""Somebody takes their words back: what stands in the way of it, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

from payoff.errors import Fault
from payoff.notes.records import Quote, Session
from payoff.notes.standing import standing
from payoff.records.envelope import Event
from payoff.use_cases.workspace import Workspace

_SHOWN = 90


def wordings(ws: Workspace, quotes: Sequence[Quote]) -> tuple[str, ...]:
    """Every wording these quotes ever had: the note may hold an earlier one."""
    roots = {q.id for q in quotes}
    rows = ws.tables.arrow("quote").select(["id", "of", "text"]).to_pylist()
    return tuple(dict.fromkeys(row["text"] for row in rows if row["text"] and (row["of"] or row["id"]) in roots))


def still_there(said: Sequence[str], session: Session, text: str, others: Sequence[Quote]) -> list[Fault]:
    """Where the words would still be read: in the note's new text, its title, or a quote that names nobody."""
    faults = [
        Fault("The note", f"“{_short(words)}” still stands in it", "Take it out of the text below.")
        for words in standing(said, text)
    ]
    faults += [
        Fault("The title", f"“{_short(words)}” still stands in it", "Change the title below.")
        for words in standing(said, session.title)
    ]
    faults += [
        Fault("A task", f"“{_short(task.task)}” holds their words", "Keep the task in words of your own.")
        for task in session.tasks
        if standing(said, task.task)
    ]
    codes = {p.code for p in session.people}
    for quote in others:
        if quote.who not in codes and quote.counts and _alike(said, quote.text):
            mend = "Say that it was theirs, or take it out; then they can take it back."
            what = f"“{_short(quote.text)}” is marked and names nobody"
            faults.append(Fault("A quote", what, mend))
    return faults


def _alike(said: Sequence[str], words: str) -> bool:
    """Whether one holds the other: what is marked may be a part of what was said, or more than it."""
    return bool(standing(said, words)) or any(standing([words], one) for one in said)


def tombstone(ws: Workspace, quote: Quote, by: str) -> Event:
    """What is left of a quote without its words. It is of no unit: there is nothing in it to forget."""
    body = {
        "note": quote.note,
        "text": "",
        "who": quote.who,
        "role": quote.role or None,
        "themes": list(quote.themes),
        "bears": list(quote.bears),
        "against": None if not quote.stance else quote.stance == "against",
        "of": quote.id,
        "withdrawn": True,
        "removed": quote.removed or None,
    }
    return ws.event("quote", body, at=ws.clock.now(), actor=by)


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1].rstrip() + "…"
