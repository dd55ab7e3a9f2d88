"""What is wrong with a large file, in words and with the line, from what the query stumbled over."""

# ruff: noqa: S608 - nothing of the file is put into SQL

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from payoff.errors import BadInput, Fault

_LISTED = 5
_BLOCK = 1 << 24
_JSON = re.compile(r"at byte (\d+) in (line|record/value) (\d+): (.*)")


def rejected(path: Path, connection: duckdb.DuckDBPyConnection, width: int, most: int) -> list[Fault] | None:
    """The first rows that do not read, each with its line; `None` where they are but lines of white space."""
    stored = connection.sql("select count(*) from reject_errors").fetchall()[0][0]
    blank = "error_type = 'MISSING COLUMNS' and trim(csv_line, ' \t\r\n') = ''"
    real = connection.sql(
        "select byte_position, any_value(error_type), any_value(csv_line), max(error_message), count(*) "
        f"from reject_errors where not coalesce({blank}, false) group by 1 order by 1"
    ).fetchall()
    if stored and not real:
        if stored < most:
            return None
        return [Fault(path.name, f"it has {stored} lines of nothing but white space", "Leave them out.")]
    faults = []
    for at, kind, text, message, times in real[:_LISTED]:
        where = f"{path.name} line {_line(path, int(at))}"
        found = int(m[1]) if (m := re.search(r"Found: (\d+)", str(message))) else 0
        found = width - int(times) if kind == "MISSING COLUMNS" else found
        faults.append(_fault(where, path.name, str(kind), str(text or "")[:60], found, width))
    if len(real) > _LISTED:
        faults.append(Fault(path.name, f"{len(real) - _LISTED} more rows like these", "Mend them as well."))
    return faults


def _line(path: Path, byte: int) -> int:
    """The line in which a byte (counted from 1) stands."""
    line, left = 1, byte - 1
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(_BLOCK, left))):
            line += block.count(b"\n") or block.count(b"\r")
            left -= len(block)
    return line


def _fault(where: str, name: str, kind: str, text: str, found: int, width: int) -> Fault:
    if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        many = found > width
        mend = 'Put values that hold the separator in "quotes".' if many else "Fill the missing values."
        return Fault(where, f"the row has {found} values, and the header {width} ({text!r})", mend)
    if kind == "UNQUOTED VALUE":
        what = f"a quote opens in this row and does not close before the next separator ({text!r})"
        return Fault(where, what, 'Close it, or write a quote inside a value as "".')
    if kind == "LINE SIZE OVER MAXIMUM":
        what = "a quote opens in this row and never closes, or the row is longer than two million bytes"
        return Fault(where, what, 'Close it, or write a quote inside a value as "".')
    if kind == "INVALID ENCODING":
        mend = f"Save the file as UTF-8, for instance: iconv -f WINDOWS-1252 -t UTF-8 {name} > utf8-{name}"
        return Fault(where, "it holds bytes that are not UTF-8", mend)
    return Fault(where, kind.lower(), "Mend this row.")


def broken(path: Path, message: str, delimiter: str) -> BadInput:
    """The same for what stopped the query as a whole."""
    name = path.name
    if "invalid state" in message:
        what = "its lines end in two ways (\\n and \\r\\n)"
        fault = Fault(
            name, what, f"Save it with one kind of line end, for instance: tr -d '\\r' < {name} > unix-{name}"
        )
    elif "not latin-1" in message:
        mend = f"Save it as UTF-8, for instance: iconv -f WINDOWS-1252 -t UTF-8 {name} > utf8-{name}"
        fault = Fault(name, "it is neither UTF-8 nor Latin-1", mend)
    elif "No space left" in message or "max_temp_directory_size" in message:
        fault = Fault(name, "the disk filled up while it was read", "Make room, or set TMPDIR to a larger disk.")
    elif not delimiter and (found := _JSON.search(message)):
        fault = _json_fault(path, int(found[3]), found[2] == "line", found[4].strip())
    elif "Out of Memory" in message:
        fault = Fault(
            name, "its rows are too wide to be read at once", "Leave out columns the audit does not need."
        )
    else:
        fault = Fault(name, message.splitlines()[0][:200], "Export it again.")
    return BadInput(name, [fault])


def _json_fault(path: Path, near: int, by_line: bool, why: str) -> Fault:
    mend = "Write one complete JSON object a line."
    if not by_line:
        return Fault(f"{path.name}, value {near}", f"it is no valid JSON ({why})", mend)
    for line, text in _lines(path, near - 3, near + 3):
        try:
            json.loads(text)
        except ValueError:
            return Fault(
                f"{path.name} line {line}", f"it is no valid JSON ({text[:60].decode(errors='replace')!r})", mend
            )
    return Fault(f"{path.name} near line {near}", f"it is no valid JSON ({why})", mend)


def _lines(path: Path, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        for line, text in enumerate(file, 1):
            if line > last:
                return
            if line >= first and text.strip():
                yield line, text
