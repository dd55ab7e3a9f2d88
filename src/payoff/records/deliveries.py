"""What is put where people work, in their words, and what comes back from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from payoff.errors import PayoffError

State = Literal["open", "snoozed", "done", "dismissed"]
"""How a suggestion stands: it waits · was put off · nobody needs to do anything about it any more."""
CLOSED: frozenset[State] = frozenset(("done", "dismissed"))


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is sent suggestions. `slack` is their member id there, "" where the address finds them."""

    id: str
    name: str
    email: str = ""
    slack: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A day something can be put off to, as people call it."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One suggestion in a person's words, and how it stands.

    `key` is what it is called in a channel that keeps an id of ours. `said` says who answered what and when, ""
    while nobody has; `until` is when a "not now" comes back. `record` is the id of the unit's own record in the
    channel it goes to, "" where none is known.
    """

    suggestion: str
    key: str
    unit: str
    customer: str
    headline: str
    why: str
    worth: str
    good_until: str
    ends: datetime
    due: date
    state: State = "open"
    said: str = ""
    until: date | None = None
    offers: tuple[Offer, ...] = ()
    record: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one person gets in one go.

    `key` is the same whenever the same parcel is sent again. `since`: an earlier try, begun then, may have got
    through; a channel that can look for itself does so first. `link` is the page on which all can be answered, ""
    where there is none.
    """

    key: str
    to: Addressee
    entries: tuple[Entry, ...]
    headline: str
    link: str = ""
    since: datetime | None = None


class Undelivered(PayoffError):
    """A channel did not take something.

    `certain`: nothing arrived there; otherwise it may have, and nobody can tell. `whole`: the channel takes
    nothing from us at present, so that trying the next is of no use. `gone`: what stood there is there no more.
    """

    code = "undelivered"

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        mend: str = "",
        certain: bool = True,
        whole: bool = False,
        gone: bool = False,
    ) -> None:
        self.certain, self.whole, self.gone = certain, whole, gone
        super().__init__(what, where=where, mend=mend)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a channel took: suggestion → its reference there; and why it did not take the others."""

    refs: Mapping[str, str]
    faults: Mapping[str, Undelivered] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry that stands in a channel under a reference of its own there."""

    ref: str
    to: Addressee
    entry: Entry


@dataclass(frozen=True, slots=True)
class Found:
    """How a task stands in a CRM.

    `state` is gone where nobody can find it any more, deferred where it was put off without a day. `day` is when
    it is due there, `at` the moment of the last change to its state, `by` the e-mail address of whoever made it
    ("" where the CRM does not say), `comment` what somebody wrote below our own words.
    """

    ref: str
    state: Literal["open", "deferred", "done", "gone"]
    at: datetime | None = None
    day: date | None = None
    comment: str = ""
    by: str = ""


Pressed = Literal[
    "done", "earlier", "no_answer", "not_now", "wrong", "undo", "say", "ask_wrong", "ask_earlier", "ask_say"
]
"""An answer, a word, or the wish to be asked for more before there is one."""


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed something. `user` is who, as the channel calls them; `ref` the message it stands in.

    `reply` is where a word to this one person goes, `trigger` what opens a form in front of them; both are good
    for a short while only.
    """

    user: str
    suggestion: str
    what: Pressed
    ref: str = ""
    reason: str = ""
    instead: str = ""
    comment: str = ""
    day: date | None = None
    reply: str = ""
    trigger: str = ""
