"""Everything Payoff refuses, as one small tree.

    PayoffError                 code, what, where, mend
    ├── BadInput                a file, a row, a value that cannot be used
    ├── BriefFaults             all faults of a brief or a playbook at once
    ├── Unknown                 a name that does not exist; lists those that do
    ├── Refused                 allowed in general, not now or not by you
    ├── Conflict                the same id came before with another content
    ├── Unavailable             the store cannot take it; try again later
    └── NewerSchema             the database was written by a newer Payoff

A *no* that belongs to the trade (a gate that says hold) is a result, never an error.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where it is, what it is, and what mends it.

    `path` is the same place for programs, where it has one: a form that shows that value names its own field.
    """

    where: str
    what: str
    mend: str
    path: tuple[str | int, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.mend}"


class PayoffError(Exception):
    """Base of all errors raised on purpose; `str()` gives what, where and the mend."""

    code = "error"

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.mend}" if self.mend else head

    def as_dict(self) -> dict[str, object]:
        """The one JSON shape of every error, on the command line and over HTTP."""
        return {"error": self.code, "what": self.what, "where": self.where, "mend": self.mend}


class Faults(PayoffError):
    """Several faults, reported together so that they can be mended together."""

    code = "faults"

    def __init__(self, subject: str, faults: Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = tuple(faults)
        n = len(self.faults)
        super().__init__(f"{subject}: {n} {'thing' if n == 1 else 'things'} to mend")

    def __str__(self) -> str:
        return "\n".join([self.what, *(f"  · {fault}" for fault in self.faults)])

    def as_dict(self) -> dict[str, object]:
        shown = [{"where": f.where, "what": f.what, "mend": f.mend} for f in self.faults]
        return {**super().as_dict(), "faults": shown}


class BadInput(Faults):
    """A file or a request that cannot be used; nothing of it was kept."""

    code = "bad_input"


class BriefFaults(Faults):
    """The brief or the playbook does not hold together."""

    code = "brief"


class Unknown(PayoffError):
    """A name that does not exist."""

    code = "unknown"

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str]) -> Unknown:
        """Say which names exist, nearest first."""
        names = sorted(set(known))
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
        listed = ", ".join(near or names[:8]) or "none yet"
        return cls(f"no {kind} called {name!r}", mend=f"There is: {listed}.")


class Refused(PayoffError):
    """A step that is not allowed here or now."""

    code = "refused"


class Conflict(PayoffError):
    """The same id came before with another content; the first one stays."""

    code = "conflict"


class Unavailable(PayoffError):
    """The store cannot keep anything now; nothing was acknowledged."""

    code = "unavailable"


class NewerSchema(PayoffError):
    """The database was written by a newer Payoff."""

    code = "newer_schema"
