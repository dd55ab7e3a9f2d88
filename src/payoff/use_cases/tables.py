"""The desk as a table to fill in, and the filled table as answers: CSV both ways.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, which reading takes away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from payoff.errors import BadInput, Fault
from payoff.records.deliveries import Entry
from payoff.records.time import day_of
from payoff.use_cases.entries import entries
from payoff.use_cases.ordering import in_order
from payoff.use_cases.views import QueueItem, queue
from payoff.use_cases.workspace import Workspace

COLUMNS = ("id", "customer", "action", "answer", "done_on", "until", "reason", "instead", "comment")
"""What is read; every other column is left alone."""
TOLD = ("why", "worth", "owner", "since", "due")
"""What people need beside it who do not open the desk."""
WRITTEN = (*COLUMNS[:3], *TOLD, *COLUMNS[3:])
MOST_ROWS = 5000
MOST_CHARACTERS = 1_000_000
_RUNS = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_HIDDEN = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_SIGNS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was filled in; `number` is the one a spreadsheet shows beside it."""

    number: int
    cells: Mapping[str, str]
    more: bool = False

    def get(self, name: str) -> str:
        return self.cells.get(name, "")


def written(ws: Workspace, person: str = "", only: Sequence[str] | None = None) -> str:
    """What waits, as CSV; with `only`, these suggestions in this order, set aside or not.

    Separated by commas where the product speaks English, by semicolons elsewhere: that is what a spreadsheet
    expects there. It begins with a byte order mark, without which spreadsheets misread accents.
    """
    listed = _waiting(ws, person) if only is None else _named(ws, only)
    told = entries(ws, [item.suggestion.id for item in listed], ws.clock.now())
    rows = [_told(ws, item, told[item.suggestion.id]) for item in listed if item.suggestion.id in told]
    return "\ufeff" + as_csv(rows, "," if ws.texts.language.startswith("en") else ";")


def waiting(ws: Workspace, person: str = "") -> list[Entry]:
    """What waits: a person's own where they have any, else everybody's; in the order of the desk."""
    return list(entries(ws, [item.suggestion.id for item in _waiting(ws, person)], ws.clock.now()).values())


def _waiting(ws: Workspace, person: str) -> list[QueueItem]:
    now, zone = ws.clock.now(), ws.brief.product.zone
    me = [person, ws.brief.people[person].name] if person in ws.brief.people else []
    placed = in_order([item for item in queue(ws) if item.state == "open"], me, now, zone)
    mine = [item for place, item in placed if place == "mine"]
    return mine or [item for place, item in placed if place != "others"]


def _named(ws: Workspace, only: Sequence[str]) -> list[QueueItem]:
    known = {item.suggestion.id: item for item in queue(ws)}
    return [known[id] for id in only if id in known]


def _told(ws: Workspace, item: QueueItem, entry: Entry) -> dict[str, str]:
    """One row, its answer still empty. Days are written the way they are read."""
    zone, people = ws.brief.product.zone, ws.brief.people
    return {
        "id": entry.suggestion,
        "customer": entry.customer,
        "action": entry.headline,
        "why": entry.why,
        "worth": entry.worth,
        "owner": people[item.owner].name if item.owner in people else item.owner,
        "since": day_of(item.since, zone).isoformat(),
        "due": entry.due.isoformat(),
    }


def as_csv(rows: Iterable[Mapping[str, str]], sign: str = ",") -> str:
    """Rows under the columns of a downloaded table."""
    made = io.StringIO()
    table = csv.writer(made, delimiter=sign, lineterminator="\r\n")
    table.writerow(WRITTEN)
    for row in rows:
        table.writerow([safe(row.get(name, "")) for name in WRITTEN])
    return made.getvalue()


def safe(text: str) -> str:
    """The text as a cell no spreadsheet runs; `plain` gives it back."""
    return f"'{text}" if _RUNS.match(text) else text


def plain(cell: str) -> str:
    """What a cell says."""
    return cell[1:] if _HIDDEN.match(cell) else cell


def rows_of(text: str, where: str = "the table") -> list[Row]:
    """The filled rows. Commas, semicolons or tabs, columns in any order and any case, others left out.

    Raises `BadInput` for a table without the columns `id` and `answer`, with two of one name, with a quote that
    never closes, and for one that is too long.
    """
    # Browsers send every line break as CRLF: the same words must be the same, however they came.
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    if len(text) > MOST_CHARACTERS:
        mend = f"Send it in parts of at most {MOST_CHARACTERS:,} characters."
        raise BadInput(where, [Fault(where, f"{len(text):,} characters", mend)])
    found: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_sign(text), strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                found.append((number, cells))
    except csv.Error as error:
        longest = csv.field_size_limit()
        what, mend = f"a quote is not closed, or stands alone ({error})", 'Write "" for ".'
        if "limit" in str(error):  # the reader has one kind of error for all
            what = f"a cell has more than {longest:,} characters"
            mend = "Write less in it; if it should be short, look for a quote that is not closed."
        raise BadInput(where, [Fault(f"line {reader.line_num}", what, mend)]) from None
    if not found:
        raise BadInput(where, [Fault(where, "it is empty", "Download the desk as a table and fill it in.")])
    names = _names(found[0][1], where)
    if len(found) - 1 > MOST_ROWS:
        raise BadInput(where, [Fault(where, f"{len(found) - 1:,} rows", f"Send at most {MOST_ROWS:,} at once.")])
    return [_row(number, names, cells) for number, cells in found[1:]]


def _sign(text: str) -> str:
    """What separates the header's cells."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SIGNS, key=head.count)


def _names(header: Sequence[str], where: str) -> list[str]:
    names = [re.sub(r"[\s_-]+", "_", cell.strip().casefold()) for cell in header]
    faults = [
        Fault(where, f"there is no column {name!r}", f"The first row names the columns: {', '.join(COLUMNS)}.")
        for name in ("id", "answer")
        if name not in names
    ]
    faults += [
        Fault(where, f"two columns are called {name!r}", "Keep one.") for name in COLUMNS if names.count(name) > 1
    ]
    if faults:
        raise BadInput(where, faults)
    return names


def _row(number: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    """Cells that are missing at the end are empty; spreadsheets leave them out."""
    kept = {name: plain(cell.strip()).strip() for name, cell in zip(names, cells, strict=False) if name in COLUMNS}
    return Row(number, kept, any(cell.strip() for cell in cells[len(names) :]))
