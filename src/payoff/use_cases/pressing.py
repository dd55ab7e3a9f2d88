"""What somebody pressed in a channel, or on the page behind a mail's link, becomes an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from payoff.errors import PayoffError, Refused
from payoff.people.permissions import needed
from payoff.people.person import Person, people_of
from payoff.people.signing import Signer
from payoff.ports import Channels, Door
from payoff.records.deliveries import Entry, Press
from payoff.use_cases import answering, record
from payoff.use_cases.deliveries import LINK, LINK_DAYS, addressees, sent_here
from payoff.use_cases.delivery import refresh
from payoff.use_cases.entries import entries
from payoff.use_cases.reaching import Reach, Stand, calendar_stands, reaches
from payoff.use_cases.workspace import Workspace

_SHEETS = {"ask_wrong", "ask_earlier", "ask_say"}


def press(ws: Workspace, channels: Channels, pressed: Press, channel: str = "slack") -> answering.Answered | None:
    """Keep what was pressed and tell the person so; `None` where nothing was kept. Never raises for their sake:
    whoever pressed reads the reason, and a stranger learns nothing but that they are one."""
    door = channels.door
    if door is None:
        return None
    try:
        return _pressed(ws, channels, door, pressed, channel)
    except PayoffError as error:
        _tell(door, pressed, sentence(error))
        return None


def sentence(error: PayoffError) -> str:
    """An error as somebody reads it who only pressed a button."""
    text = ". ".join(part.rstrip(".") for part in (error.what, error.mend) if part) + "."
    return text[:1].upper() + text[1:]


def may_answer(person: Person | None) -> bool:
    """Whether the one table lets them answer."""
    return person is not None and person.may(needed("POST", "/desk/{suggestion}/answer") or ())


def _pressed(
    ws: Workspace, channels: Channels, door: Door, pressed: Press, channel: str
) -> answering.Answered | None:
    texts = ws.texts
    who = door.who(pressed.user, addressees(ws))
    if who is None:
        _tell(door, pressed, texts.say("channels.stranger"))
        return None
    if not may_answer(people_of(ws.brief.people).get(who.id)):
        _tell(door, pressed, texts.say("channels.may_not"))
        return None
    if not sent_here(ws.storage.log.about(pressed.suggestion), channel, who.id):
        _tell(door, pressed, texts.say("channels.not_sent_here"))
        return None
    if pressed.what in _SHEETS:
        entry = entries(ws, [pressed.suggestion], ws.clock.now())[pressed.suggestion]
        door.ask(pressed, entry, addressees(ws), ws.actions())
        return None
    if pressed.what == "say":
        record.feedback(ws, pressed.suggestion, comment=pressed.comment, by=who.id, via=channel)
        _tell(door, pressed, texts.say("channels.kept_said"))
        return None
    what: Any = pressed.what
    kept = answering.answer(
        ws,
        pressed.suggestion,
        what,
        who.id,
        reason=pressed.reason,
        instead=pressed.instead or None,
        until=pressed.day if what == "not_now" else None,
        at=pressed.day if what == "earlier" else None,
        comment=pressed.comment,
        via=channel,
    )
    refresh(ws, channels, pressed.suggestion)
    _tell(door, pressed, kept.words)
    return kept


def _tell(door: Door, pressed: Press, words: str) -> None:
    try:
        door.tell(pressed, words)
    except PayoffError:
        return  # a word that does not arrive changes nothing of what was kept


@dataclass(frozen=True, slots=True)
class Linked:
    """Whom a link is for and what it opens: these suggestions and nothing else."""

    person: Person
    entries: tuple[Entry, ...]
    via: str


def linked(ws: Workspace, token: str) -> Linked:
    """What a link opens. Raises `Refused` for one that is old, was changed, or whose person has left."""
    value = Signer(ws.storage.accounts.secret("links")).read(LINK, token, days=LINK_DAYS)
    person = people_of(ws.brief.people).get(str(value.get("person")))
    ids: Sequence[Any] = value.get("suggestions") or ()
    if person is None or not may_answer(person):
        raise Refused("this link is for nobody who may answer now", mend="Ask whoever runs Payoff.")
    told = entries(ws, [str(id) for id in ids], ws.clock.now())
    return Linked(person, tuple(told.values()), str(value.get("via") or "email"))


def answer_linked(
    ws: Workspace, link: Linked, suggestion: str, what: Any, **words: Any
) -> answering.Answered | None:
    """One answer behind a link. Raises `Refused` for a suggestion the link does not open."""
    if suggestion not in [entry.suggestion for entry in link.entries]:
        raise Refused("this link does not open that suggestion", mend="Open it on the desk.")
    if what == "say":
        record.feedback(ws, suggestion, comment=words.get("comment", ""), by=link.person.id, via=link.via)
        return None
    return answering.answer(ws, suggestion, what, link.person.id, via=link.via, **words)


class Working:
    """What pages need of the places where people work: who pressed what there, and what a mail's link opens."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    def reaches(self, person: str) -> tuple[Reach, ...]:
        """Where this person is reached, and where not yet."""
        return reaches(self._ws, person)

    def calendar(self, person: str) -> Stand:
        """How the calendar stands for this person."""
        return calendar_stands(self._ws, person)

    def signed(self, body: bytes, headers: Mapping[str, str]) -> Press | None:
        """What was pressed, out of a request that Slack signed. Raises `Refused` for every other one."""
        door = self._ws.channels.door
        if door is None:
            raise Refused("Slack is not set up here", mend="Name it under [channels.slack], with its secrets.")
        return door.pressed(body, headers)

    def press(self, pressed: Press) -> None:
        """Keep it, and tell the person."""
        press(self._ws, self._ws.channels, pressed)

    def linked(self, token: str) -> Linked:
        """What a mail's link opens. Raises `Refused`."""
        return linked(self._ws, token)

    def answer(self, link: Linked, suggestion: str, what: str, **words: Any) -> str:
        """One answer behind a link; returns what was kept, in words."""
        kept = answer_linked(self._ws, link, suggestion, what, **words)
        return kept.words if kept else self._ws.texts.say("channels.kept_said")

    def refresh(self, suggestion: str) -> None:
        """Let the channels show how it stands now. Lost when the store is away: the next turn shows it."""
        try:
            refresh(self._ws, self._ws.channels, suggestion)
        except PayoffError:
            return
