"""Answers from a table: what a filled one says before it is kept, and what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from payoff.errors import Fault
from payoff.people.person import Person
from payoff.use_cases.filled import Filled, Group, Line
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row in words. `fault` and `mend` stand for one that was not understood, `words` for the others."""

    row: str
    customer: str
    words: str
    note: str
    fault: str
    mend: str


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one kind, under a heading that counts them."""

    heading: str
    rows: tuple[RowShown, ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    """`text` is the table as it came, to be sent back with "keep"; "" where there is nothing to keep.

    `calendar` is the person's own calendar address, "" where there is none.
    """

    who: str
    parts: tuple[Part, ...] = ()
    text: str = ""
    save: str = ""
    message: str = ""
    after: str = ""
    faults: tuple[str, ...] = ()
    calendar: str = ""


def table(
    product: Product,
    person: Person,
    filled: Filled | None = None,
    text: str = "",
    faults: Sequence[Fault] = (),
) -> TablePage:
    """The page before a table is chosen, over one that was looked at, and over one that was kept."""
    say = product.texts.say
    who = say("table.who", name=person.name)
    told = tuple(map(str, faults))
    if filled is None:
        return TablePage(who, faults=told, calendar=product.calendars.address(person.id))
    fresh, odd = filled.of("new"), filled.of("odd")
    first = _part(product, "kept" if filled.kept else "new", fresh)
    parts = (first, _part(product, "odd", odd), _part(product, "already", filled.of("already")))
    counted = [say("table.blank", n=len(filled.of("blank")))] if filled.of("blank") else []
    return TablePage(
        who=who,
        parts=tuple(part for part in parts if part.rows),
        text="" if filled.kept or not fresh else text,
        save=say("table.save", n=len(fresh)),
        message=" · ".join([*([] if fresh else [say("table.nothing")]), *counted]),
        after=say("table.odd_after") if odd else "",
        faults=told,
    )


def _part(product: Product, key: Group | str, lines: Sequence[Line]) -> Part:
    say = product.texts.say
    rows = tuple(
        RowShown(
            row=say("table.row", row=line.row),
            customer=line.customer or line.suggestion,
            words=line.words,
            note=line.note,
            fault=line.fault,
            mend=line.mend,
        )
        for line in lines
    )
    return Part(say(f"table.{key}", n=len(lines)), rows)
