"""A session, a quote, a theme, a tie: what is kept of what people told us. People have codes, never names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

SESSIONS = ("interview", "focus group", "prototype test")
"""Kinds of note for which people were asked in person."""
KINDS = (*SESSIONS, "decision", "idea", "problem", "comment")

Stance = Literal["for", "against", ""]
STANCES: tuple[Stance, ...] = ("for", "against", "")
AnswerState = Literal["answered", "partly", "not asked"]
ANSWERS: tuple[AnswerState, ...] = ("answered", "partly", "not asked")
Did = Literal["did", "help", "no"]
DID: tuple[Did, ...] = ("did", "help", "no")
"""What somebody did with a task of a prototype test: did it, did it with help, did not."""
BEARS = ("release", "decision", "action", "brief")
"""What words or a theme can bear on. Written as `kind:key`: `release:r2`, `brief:questions.success`."""
OWN = "own"
"""Who said it, where nobody in particular did: whoever wrote the note saw it themselves."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who came: a code within the session, and the role of their job."""

    code: str
    role: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one question of the agenda; `key` says where the question came from."""

    key: str
    question: str
    state: AnswerState


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a prototype test and what each person (by code) did with it."""

    task: str
    results: Mapping[str, Did] = field(default_factory=dict)

    def count(self, did: Did) -> int:
        return sum(result == did for result in self.results.values())

    def untried(self, codes: Sequence[str]) -> tuple[str, ...]:
        """Those of a session of whom no result is kept."""
        return tuple(code for code in codes if code not in self.results)


@dataclass(frozen=True, slots=True)
class Session:
    """One note as it stands now.

    `held` is when it was (or, while `planned`, is to be). `attended` counts people by role (while planned: those
    to invite). `dropped`: a plan nobody will hold any more. `at` and `by` are of the first writing.
    """

    id: str
    about: str
    title: str
    text: str
    by: str
    at: datetime
    held: datetime
    themes: tuple[str, ...] = ()
    release: str = ""
    attended: Mapping[str, int] = field(default_factory=dict)
    planned: bool = False
    dropped: bool = False
    answers: tuple[Answer, ...] = ()
    tasks: tuple[Task, ...] = ()
    decision: str = ""

    @property
    def asked(self) -> bool:
        """People were asked in person, and it has taken place."""
        return self.about in SESSIONS and not self.planned and not self.dropped

    @property
    def people(self) -> tuple[Participant, ...]:
        """P1, P2, … in the order of the roles; the same numbers always give the same codes."""
        roles = [role for role, n in self.attended.items() for _ in range(n)]
        return tuple(Participant(f"P{i}", role) for i, role in enumerate(roles, 1))

    def role_of(self, code: str) -> str:
        """The role behind a code; "" for a code nobody has."""
        return next((p.role for p in self.people if p.code == code), "")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words somebody said, as they are filed now.

    `who` is a code of the session or `OWN`; "" only in what was kept before that was asked. `withdrawn`: the words
    are gone, only the filing is left. `removed`: marked by mistake, taken out by its author; it counts nowhere.
    `filed` is when it was last said how.
    """

    id: str
    note: str
    text: str
    at: datetime
    by: str
    who: str = ""
    role: str = ""
    themes: tuple[str, ...] = ()
    bears: tuple[str, ...] = ()
    stance: Stance = ""
    withdrawn: bool = False
    removed: bool = False
    filed: datetime | None = None

    @property
    def counts(self) -> bool:
        """It has words that somebody stands by."""
        return not self.withdrawn and not self.removed


@dataclass(frozen=True, slots=True)
class Tie:
    """A theme bears on something, from this moment on."""

    on: str
    at: datetime
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with what is filed under it; `notes` are the ids of sessions filed under it as a whole."""

    name: str
    quotes: tuple[Quote, ...] = ()
    notes: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """How many quotes bear on something (those withdrawn apart), and which themes are tied to it."""

    favour: int = 0
    against: int = 0
    neither: int = 0
    themes: tuple[str, ...] = ()
    withdrawn: int = 0

    @property
    def quotes(self) -> int:
        return self.favour + self.against + self.neither


def counted(quotes: Iterable[Quote], on: str, themes: tuple[str, ...] = ()) -> Counted:
    """What quotes say for and against one thing."""
    mine = [q for q in quotes if on in q.bears and not q.removed]
    stances = [q.stance for q in mine if q.counts]
    return Counted(
        stances.count("for"), stances.count("against"), stances.count(""), themes, sum(q.withdrawn for q in mine)
    )
