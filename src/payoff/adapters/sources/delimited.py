"""CSV and its kin to columns of text: the delimiter found, every row as long as the header, or named."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

import pyarrow as pa

from payoff.errors import BadInput, Fault

_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_CHUNK = 20_000
_LISTED = 5


def read_delimited(text: str, where: str) -> tuple[pa.Table, list[str]]:
    """A table of text columns and what was found out.

    Raises `BadInput` for an empty file, for one without rows, for columns without a name or with the same
    one, for a quote that never closes, and for rows longer or shorter than the header, each with its line.
    """
    if not text.strip():
        raise BadInput(where, [Fault(where, "the file is empty", "Export it again with a header and rows.")])
    delimiter = delimiter_of(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    chunks: list[list[pa.Array]] = []
    waiting: list[list[str]] = []
    ragged: list[Fault] = []
    lost, line = 0, 0
    try:
        for row in rows:
            line, begin = rows.line_num, line + 1
            if not any(cell.strip() for cell in row):
                continue
            if len(row) == len(header):
                waiting.append(row)
            elif not header:
                header = _header([name.strip() for name in row], where)
            else:
                lost += 1
                if lost <= _LISTED:
                    ragged.append(_ragged(row, begin, header, delimiter, where))
            if len(waiting) == _CHUNK:
                chunks.append(_columns(waiting))
                waiting = []
    except csv.Error as error:
        raise BadInput(where, [_broken(error, line + 1, delimiter, where)]) from None
    if lost > _LISTED:
        ragged.append(Fault(where, f"{lost - _LISTED} more rows have another length", "Mend them as well."))
    if ragged:
        raise BadInput(where, ragged)
    chunks += [_columns(waiting)] if waiting else []
    if not chunks:
        what = "there is a header and not one row below it"
        raise BadInput(where, [Fault(where, what, "Export it again with its rows.")])
    joined = [pa.chunked_array([chunk[i] for chunk in chunks]) for i in range(len(header))]
    notes = [] if delimiter == "," else [f"{where}: columns are separated by {_NAMES[delimiter]}"]
    return pa.table(joined, names=header), notes


def _columns(rows: list[list[str]]) -> list[pa.Array]:
    return [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]


def delimiter_of(text: str) -> str:
    """The sign that cuts the first rows into the most columns of the same number."""
    best, most = ",", (0.0, 1)
    for sign in _NAMES:
        try:
            head = [
                len(row) for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=sign), 50) if row
            ]
        except csv.Error:
            continue
        width, times = Counter(head).most_common(1)[0] if head else (1, 0)
        agreeing = times / len(head) if head else 0.0
        if head and head[0] > 1 and width > 1 and (round(agreeing, 1), width) > most:
            best, most = sign, (round(agreeing, 1), width)
    return best


def _header(names: list[str], where: str) -> list[str]:
    faults = [
        Fault(f"{where} line 1", f"column {i + 1} has no name", "Name every column in the first row.")
        for i, name in enumerate(names)
        if not name
    ]
    faults += [
        Fault(f"{where} line 1", f"{times} columns are called {name!r}", "Give each its own name.")
        for name, times in Counter(names).items()
        if name and times > 1
    ]
    if faults:
        raise BadInput(where, faults)
    return names


def _ragged(row: list[str], line: int, header: list[str], delimiter: str, where: str) -> Fault:
    what = f"the row has {len(row)} values, and the header {len(header)}"
    shown = delimiter.join(row)[:60]
    mend = (
        'Put values that hold the separator in "quotes"' if len(row) > len(header) else "Fill the missing values"
    )
    return Fault(f"{where} line {line}", f"{what} ({shown!r})", f"{mend}.")


def _broken(error: csv.Error, line: int, delimiter: str, where: str) -> Fault:
    if "unexpected end of data" in str(error) or "field larger" in str(error):
        what = "a quote opens in this row and never closes"
        return Fault(f"{where} line {line}", what, 'Close it, or write a quote inside a value as "".')
    if "expected after" in str(error):
        what = f"something follows a closing quote before the next {_NAMES[delimiter].removesuffix('s')}"
        return Fault(f"{where} line {line}", what, 'Write a quote inside a value as "".')
    return Fault(f"{where} line {line}", str(error), "Export the file again.")
