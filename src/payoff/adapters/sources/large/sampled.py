"""What a large text file looks like: its first rows read with care, and some rows from all over it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from payoff.adapters.sources.delimited import delimiter_of, read_delimited
from payoff.adapters.sources.encoding import decode
from payoff.adapters.sources.jsonlines import read_json
from payoff.errors import BadInput, Fault


@dataclass(frozen=True, slots=True)
class Reach:
    """How many bytes are looked at: the `head`, and `pieces` of `piece` bytes each from the rest of the file."""

    head: int = 1_000_000
    piece: int = 50_000
    pieces: int = 20


@dataclass(frozen=True, slots=True)
class Sampled:
    """Rows from all over the file as texts, and how the file is written.

    `delimiter` is "" for JSON, `listed` says whether it is one JSON list, `codec` how bytes become text. `read` is
    how many bytes of the file the sample stands for, `whole` whether that is all of it.
    """

    table: pa.Table
    delimiter: str
    listed: bool
    codec: str
    notes: tuple[str, ...]
    read: int
    whole: bool


def sampled(path: Path, reach: Reach) -> Sampled:
    """Look at the file.

    Raises `BadInput` for whatever is wrong with its head, and for encodings that cannot be read piece by piece.
    """
    where, size = path.name, path.stat().st_size
    with path.open("rb") as file:
        payload = file.read(reach.head)
        whole = len(payload) >= size
        head, notes = decode(payload if whole else _until_row_end(payload), where)
        codec = _codec(notes, where)
        begin = head.lstrip()
        listed = begin[:1] == "[" and begin[1:].lstrip()[:1] in ("{", "]")
        if begin[:1] == "{" or listed:
            table, remarks = _json(head, where, whole, listed)
            return Sampled(_texts(table), "", listed, codec, (*notes, *remarks), len(payload), whole)
        head = head if whole else _whole_rows(head)
        table, remarks = read_delimited(head, where)
        sign = delimiter_of(head)
        more = [] if whole else list(_pieces(file, size, reach, codec, sign, table.column_names))
    read = len(head.encode(codec)) + reach.piece * len(more)
    return Sampled(pa.concat_tables([table, *more]), sign, False, codec, (*notes, *remarks), read, whole)


def _until_row_end(payload: bytes) -> bytes:
    """Bytes cut in the middle of a row, and perhaps of a character, without that row."""
    if b"\0" in payload[:4096]:
        return payload[: len(payload) // 4 * 4]  # UTF-16 or UTF-32, of which no line end can be seen
    at = max(payload.rfind(b"\n"), payload.rfind(b"\r"))
    return payload[: at + 1] if at > 0 else payload[: payload.rfind(b",") + 1] or payload


def _codec(notes: list[str], where: str) -> str:
    if not notes:
        return "utf-8"
    if "Latin-1" in notes[0]:
        return "latin-1"
    name = "Windows-1252" if "Windows-1252" in notes[0] else "UTF-32" if "UTF-32" in notes[0] else "UTF-16"
    mend = f"Save it as UTF-8, for instance: iconv -f {name} -t UTF-8 {where} > utf8-{where}"
    raise BadInput(where, [Fault(where, f"it is written in {name}, and a file this large is read as UTF-8", mend)])


def _whole_rows(text: str) -> str:
    """The text without its last row, which may have been cut off."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    ends, lines = [0], io.StringIO(text, newline="").readlines()
    try:
        for _ in rows:
            ends.append(rows.line_num)
    except csv.Error:
        return text
    return "".join(lines[: ends[-2]]) if len(ends) > 3 else text


def _pieces(
    file: BinaryIO, size: int, reach: Reach, codec: str, sign: str, names: list[str]
) -> Iterator[pa.Table]:
    """Rows from within the file.

    A piece that does not read as rows of this header is left out: it may begin inside a quoted value.
    """
    last = max(reach.head, size - reach.piece)
    for i in range(1, reach.pieces + 1):
        file.seek(reach.head + (last - reach.head) * i // reach.pieces)
        lines = file.read(reach.piece).splitlines(keepends=True)[1:-1]
        text = b"".join(lines).decode(codec, errors="replace")
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True) if row]
        except csv.Error:
            continue
        if rows and all(len(row) == len(names) for row in rows):
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            yield pa.table(columns, names=names)


def _json(text: str, where: str, whole: bool, listed: bool) -> tuple[pa.Table, list[str]]:
    """The first objects. Of a list only those that fit into the head are read, one after the other."""
    if whole or not listed:
        return read_json(text, where)
    decoder, at, rows = json.JSONDecoder(), text.index("[") + 1, []
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n,")) if text[at : at + 1] in " \t\r\n," else 0
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            break
        rows.append(value)
    return read_json("\n".join(json.dumps(row) for row in rows), where)


def _texts(table: pa.Table) -> pa.Table:
    """Columns of JSON as the texts they were written in."""
    columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_boolean(column.type):
            values = [None if v is None else str(v).lower() for v in column.to_pylist()]
        elif pa.types.is_string(column.type):
            values = column.to_pylist()
        else:
            values = [None if v is None else repr(v) for v in column.to_pylist()]
        columns[name] = pa.array(values, pa.string())
    return pa.table(columns)
