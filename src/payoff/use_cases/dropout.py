"""Where people drop out: of what was suggested, how much was looked at, answered and done."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from payoff.log.customers import AUTHOR
from payoff.log.responses import ANSWERS, responses
from payoff.records.suggestions import NOTHING
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Steps:
    """Suggestions of one group: `made` for somebody, `seen` by one who may act on them, `answered` in any way, and
    `done`. Each counts once however often it was looked at; what was taken back was only seen."""

    name: str
    made: int
    seen: int
    answered: int
    done: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """The team's steps as a whole, by the contact's role and by release (largest group first); and the customers'
    own, of whom a suggestion was shown to in the widget or by a link: seen, answered, said yes (`done`)."""

    team: Steps
    roles: tuple[Steps, ...]
    releases: tuple[Steps, ...]
    customers: Steps
    customer_roles: tuple[Steps, ...]


def dropout(ws: Workspace) -> Dropped:
    """Counted over the whole log."""
    said = ws.tables.arrow("suggestion").select(["id", "mode", "arm", "action", "role", "release"])
    told = said.filter(
        pc.and_(
            pc.and_(pc.equal(said["mode"], "answer"), pc.not_equal(said["arm"], "holdout")),
            pc.not_equal(said["action"], NOTHING),
        )
    )
    heard = responses(ws.tables).select(["suggestion", "what", "actor"])
    theirs = pc.fill_null(pc.starts_with(heard["actor"], AUTHOR), False)
    team, customers = heard.filter(pc.invert(theirs)), heard.filter(theirs)
    shown = told.filter(pc.is_in(told["id"], pc.unique(customers["suggestion"])))
    yes = ("accepted", "done")
    return Dropped(
        _whole(told, team, ("done",)),
        _by(told, team, "role", ("done",)),
        _by(told, team, "release", ("done",)),
        _whole(shown, customers, yes),
        _by(shown, customers, "role", yes),
    )


def _whole(told: pa.Table, heard: pa.Table, last: tuple[str, ...]) -> Steps:
    found = _steps(told.append_column("all", pa.array([""] * told.num_rows, pa.string())), heard, "all", last)
    return found[0] if found else Steps("", 0, 0, 0, 0)


def _by(told: pa.Table, heard: pa.Table, column: str, last: tuple[str, ...]) -> tuple[Steps, ...]:
    return tuple(sorted(_steps(told, heard, column, last), key=lambda one: (-one.made, one.name)))


def _steps(told: pa.Table, heard: pa.Table, column: str, last: tuple[str, ...]) -> list[Steps]:
    of = told.set_column(told.column_names.index(column), column, pc.fill_null(told[column], ""))
    counts = [
        {row["values"]: row["counts"] for row in pc.value_counts(mine[column]).to_pylist()}
        for mine in (
            of,
            *(
                of.filter(pc.is_in(of["id"], pc.unique(some["suggestion"])))
                for some in (
                    heard,
                    heard.filter(pc.is_in(heard["what"], pa.array(sorted(ANSWERS)))),
                    heard.filter(pc.is_in(heard["what"], pa.array(last))),
                )
            ),
        )
    ]
    return [Steps(name, *(of_step.get(name, 0) for of_step in counts)) for name in counts[0]]
