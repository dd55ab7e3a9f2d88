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
    """One row in words. `fault` and `mend` stand for one that was not understood, `words` for the others; `said`
    is what somebody wrote and is kept with it."""

    row: str
    customer: str
    words: str
    said: str
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

    `calendar` is the person's own calendar address, "" where there is none. `kept` says what was kept just now.
    """

    who: str
    parts: tuple[Part, ...] = ()
    text: str = ""
    save: str = ""
    message: str = ""
    after: str = ""
    faults: tuple[str, ...] = ()
    calendar: str = ""
    kept: str = ""


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
    first = _part(product, "new", fresh)
    parts = (first, _part(product, "odd", odd), _part(product, "already", filled.of("already")))
    counted = [say("table.blank", n=len(filled.of("blank")))] if filled.of("blank") else []
    return TablePage(
        who=who,
        parts=tuple(part for part in parts if part.rows),
        text=text if fresh else "",
        save=say("table.save", n=len(fresh)),
        message=" · ".join([*([] if fresh else [say("table.nothing")]), *counted]),
        after=say("table.odd_after") if odd else "",
        faults=told,
    )


def table_kept(product: Product, person: Person, *, kept: int, already: int, blank: int, odd: str) -> TablePage:
    """After a table was kept: how much of it, and which rows (their numbers, "3,7") were not."""
    say = product.texts.say
    counts = [say(f"table.{key}", n=n) for key, n in (("already", already), ("blank", blank)) if n]
    rows = [row for row in odd.split(",") if row.isascii() and row.isdigit()]
    return TablePage(
        who=say("table.who", name=person.name),
        kept=say("table.kept", n=kept),
        message=" · ".join(counts),
        after=say("table.odd_rows", n=len(rows), rows=", ".join(rows)) if rows else "",
    )


def _part(product: Product, key: Group | str, lines: Sequence[Line]) -> Part:
    say = product.texts.say
    rows = tuple(
        RowShown(
            row=say("table.row", row=line.row),
            customer=line.customer or line.suggestion,
            words=line.words,
            said=say("table.said", words=line.said) if line.said else "",
            note=line.note,
            fault=line.fault,
            mend=line.mend,
        )
        for line in lines
    )
    return Part(say(f"table.{key}", n=len(lines)), rows)
