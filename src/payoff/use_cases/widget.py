"""What customers answer and say, in the operator's own product and behind the link of an e-mail.

A yes stands on the owner's card, a no teaches what one voice may teach, and what a customer wants to see no more
is kept as a wish of theirs, which teaches nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from payoff.errors import BadInput, Fault, Refused
from payoff.log.customers import Said
from payoff.log.responses import reasoned
from payoff.people.signing import Signer
from payoff.records.envelope import Event
from payoff.records.suggestions import Suggestion
from payoff.use_cases import answering, record
from payoff.use_cases.customer_view import (
    Customer,
    State,
    Told,
    mine,
    now_for,
    own,
    preview,
    thumb_of,
    told_of,
    unread,
)
from payoff.use_cases.telling import again
from payoff.use_cases.workspace import Workspace

What = Literal["shown", "yes", "later", "no", "undo", "hide", "off", "up", "down"]
REASONS = {"have": "already", "fit": "need", "time": "time", "untrue": "facts"}
"""Why not, as customers choose it: the short names of `log.responses`."""
LATER = timedelta(days=7)
LONGEST = 2000
"""Characters a customer may write at once."""
LINK, LINK_DAYS = "customer", 400
_THUMB = {"yes": 1, "no": -1}
"""The thumb that comes with an answer."""
THUMBS = {"up": 1, "down": -1}
"""A thumb on its own."""
_SPACE = uuid.UUID("a7d4f6a0-5a0b-5c83-9c53-21c3a1a8f4d6")
"""Namespace of what counts once: seen twice, or by two processes, it has one id."""


class Customers:
    """The verbs of customers over one product."""

    def __init__(self, workspace: Workspace) -> None:
        self._ws = workspace

    def look(self, who: Customer, language: str = "", *, decide: bool = True) -> Told | None:
        """What to show now; `None`: nothing. With `decide`, a unit whose suggestion stands no more gets one."""
        return now_for(self._ws, who, language, decide=decide)

    def follow(self, who: Customer, suggestion: str, language: str = "") -> Told:
        """The one suggestion a link opens, in whatever state it is by now. Nothing is kept."""
        return told_of(self._ws, who, own(self._ws, who, suggestion), language)

    def preview(self, action: str, language: str = "") -> Told | None:
        """One action as a customer would read it; `None` where none would. Nothing is kept."""
        return preview(self._ws, action, language)

    def answer(self, who: Customer, suggestion: str, what: What, language: str = "") -> Told:
        """Keep what a customer did with a suggestion, and say how it stands then.

        `undo` takes back all they answered on it, or the wish to see it no more. Raises `Refused` for a suggestion
        that has ended, `Unknown` for one that is not this unit's.
        """
        ws = self._ws
        with ws.lock:
            said = own(ws, who, suggestion)
            before = told_of(ws, who, said, language)
            if what == "shown":
                self._keep(self._shown(who, said) if before.state in ("open", "yes") else [])
            elif what in ("hide", "off"):
                self._keep([self._wish(who, "hidden" if what == "hide" else "off", said.id)])
            elif what == "undo":
                self._undo(who, said, before.state)
            elif before.state in ("ended", "stopped", "hidden"):
                raise Refused("this suggestion has ended", where="suggestion")
            elif what in THUMBS:
                self._thumb(who, said, THUMBS[what])
            elif before.state != what:
                self._back(who, said)
                self._keep(self._answered(who, said, before, what))
        return told_of(ws, who, said, language)

    def say(self, who: Customer, suggestion: str, *, reason: str = "", words: str = "") -> None:
        """Why, or anything else, in the customer's words. Raises `BadInput` when there is neither."""
        said, text = own(self._ws, who, suggestion), words.strip()
        faults = []
        if reason and reason not in REASONS:
            faults.append(Fault("reason", f"{reason[:40]!r} is none", f"There is: {', '.join(REASONS)}."))
        if len(text) > LONGEST:
            faults.append(Fault("words", f"{len(text):,} characters", f"At most {LONGEST:,}."))
        if not reason and not text:
            faults.append(Fault("words", "nothing was said", "Give a reason or a few words."))
        if faults:
            raise BadInput("what was said", faults)
        now, given = self._ws.clock.now(), mine(self._ws, who, said.id)
        why = [self._no(who, said, now, reason)] if reason and given and given[-1].what == "dismissed" else []
        self._keep([*why, *([self._said(who, said, now, comment=text)] if text else [])])

    def read(self, who: Customer) -> None:
        """The customer has read what became of what they said; each reply is told once."""
        self._keep([self._told_on(who, one) for one in unread(self._ws, who)])

    def link(self, unit: str, person: str = "", language: str = "") -> str:
        """The token of the page an e-mail may lead to: it opens what this unit is suggested now, and ends with it.

        Raises `Refused` where the customer would see nothing.
        """
        told = self.look(Customer(unit, person, "link"), language)
        if told is None or told.worded is None:
            mend = "`payoff check` says which actions have no words for customers."
            raise Refused(f"there is nothing to show {unit!r} now", mend=mend)
        value = {"unit": unit, "person": person, "suggestion": told.suggestion, "language": told.language}
        return self.signer.sign(LINK, value)

    def linked(self, token: str) -> tuple[Customer, str, str]:
        """Whom a link speaks for, the suggestion it opens, and its language. Raises `Refused` for another text."""
        value = self.signer.read(LINK, token, days=LINK_DAYS)
        who = Customer(str(value["unit"]), str(value["person"]), "link")
        return who, str(value["suggestion"]), str(value["language"])

    def again(self, unit: str, person: str = "") -> None:
        """The customer wants suggestions again, and has said so elsewhere."""
        self._keep([self._wish(Customer(unit, person, "staff"), "on")])

    @property
    def signer(self) -> Signer:
        """Signs what leaves for a customer's browser."""
        return Signer(self._ws.storage.accounts.secret("links"))

    def _answered(self, who: Customer, said: Suggestion, before: Told, what: What) -> list[Event]:
        texts, now = self._ws.texts, self._ws.clock.now()
        if what == "yes":
            link = before.worded.link if before.worded else ""
            led = link and not (who.via == "link" and link.startswith("/"))  # a path leads nowhere from an e-mail
            why = texts.say("widget.why_led" if led else "widget.why_asked")
            made = self._response(who, said, "accepted", at=now, why=why)
        elif what == "later":
            until, why = min(now + LATER, said.expires), texts.say("widget.why_later")
            made = self._response(who, said, "snoozed", at=now, why=why, until=until)
        else:
            made = self._no(who, said, now)
        # At the very moment of the answer, so that it is taken back together with it.
        thumb = [self._said(who, said, now, thumb=_THUMB[what])] if what in _THUMB else []
        return [*self._shown(who, said), made, *thumb]

    def _no(self, who: Customer, said: Suggestion, at: datetime, reason: str = "") -> Event:
        words = self._ws.texts.say("widget.why_no")
        why = reasoned(REASONS[reason], words) if reason else words
        return self._response(who, said, "dismissed", at=at, why=why)

    def _undo(self, who: Customer, said: Suggestion, state: State) -> None:
        if state == "stopped":
            self._keep([self._wish(who, "on")])
        elif state == "hidden":
            self._keep([self._wish(who, "shown", said.id)])
        else:
            self._back(who, said)

    def _back(self, who: Customer, said: Suggestion) -> None:
        """Take back every answer of this customer that stands, the way everybody's answers are taken back."""
        for _ in mine(self._ws, who, said.id):
            answering.answer(self._ws, said.id, "undo", who.author, via=who.via)

    def _thumb(self, who: Customer, said: Suggestion, thumb: int) -> None:
        """Kept like everybody's thumb: of one voice the newest counts, and the same again is kept once."""
        if thumb_of(self._ws, who, said.id) != thumb:
            now = self._ws.clock.now()
            self._keep([*self._shown(who, said), self._said(who, said, now, thumb=thumb)])

    def _shown(self, who: Customer, said: Suggestion) -> list[Event]:
        """That this customer met it, once."""
        id = self._once("shown", said.id, who.author)
        if self._ws.storage.log.find(id) is not None:
            return []
        return [self._response(who, said, "shown", at=self._ws.clock.now(), id=id)]

    def _told_on(self, who: Customer, said: Said) -> Event:
        """That the customer read what became of it, once for every answer."""
        body = {"feedback": said.id, "state": "told"}
        return self._event("fate", body, who, id=self._once("told", said.id, *again(said.replies)))

    def _wish(self, who: Customer, what: str, suggestion: str = "") -> Event:
        body = {"widget": what, "suggestion": suggestion or None, "person": who.person or None, "via": who.via}
        return self._event("preference", body, who)

    def _response(
        self,
        who: Customer,
        said: Suggestion,
        what: str,
        *,
        at: datetime,
        why: str = "",
        until: datetime | None = None,
        id: str | None = None,
    ) -> Event:
        units = {said.id: said.unit}
        return record.response(
            self._ws, said.id, what, at=at, by=who.author, via=who.via, why=why, until=until, units=units, id=id
        )

    def _said(
        self,
        who: Customer,
        said: Suggestion,
        at: datetime,
        *,
        thumb: int | None = None,
        comment: str | None = None,
    ) -> Event:
        return record.said(self._ws, said.id, thumb=thumb, comment=comment, at=at, by=who.author, via=who.via)

    def _event(self, kind: str, body: Mapping[str, object], who: Customer, *, id: str | None = None) -> Event:
        now = self._ws.clock.now()
        return self._ws.event(kind, body, at=now, unit=who.unit, actor=who.author, id=id)

    def _once(self, *parts: str) -> str:
        return str(uuid.uuid5(_SPACE, "|".join((self._ws.name, *parts))))

    def _keep(self, events: Iterable[Event]) -> None:
        """What came before under the same id stays as it was."""
        listed = list(events)
        if listed:
            self._ws.storage.log.append(listed)
