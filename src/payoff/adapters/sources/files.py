"""A file, or all files of a pattern: CSV, TSV, Parquet or JSON lines, told by content and not by name."""

from __future__ import annotations

import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from payoff.adapters.sources.delimited import read_delimited
from payoff.adapters.sources.encoding import decode
from payoff.adapters.sources.jsonlines import read_json
from payoff.adapters.sources.selection import Selection
from payoff.adapters.sources.values import coerced
from payoff.errors import BadInput, Fault
from payoff.ports import Reading

_PARQUET = b"PAR1"
_SUFFIXES = {".csv": "text", ".tsv": "text", ".txt": "text", ".parquet": "Parquet", ".pq": "Parquet"}
_SUFFIXES |= dict.fromkeys((".json", ".jsonl", ".ndjson"), "JSON")


@dataclass(frozen=True, slots=True)
class FileSource:
    """Rows of the files a path or pattern names. A relative one starts at the product folder.

    `newest_only` takes the last file by name: each is a whole snapshot, and older ones are history.
    """

    pattern: str
    folder: Path
    selection: Selection
    zone: str = "UTC"
    newest_only: bool = False

    def read(self) -> Reading:
        """All rows as of the newest file's writing, or `BadInput` with what is wrong; never half of them."""
        paths = self._paths()
        notes: list[str] = []
        if len(paths) > 1 and self.newest_only:
            notes.append(f"{self.pattern}: {len(paths)} files; read the last one by name, {paths[-1].name}")
            paths = paths[-1:]
        elif len(paths) > 1:
            notes.append(f"{self.pattern}: {len(paths)} files, read together")
        tables = []
        for path in paths:
            table, first_row, remarks = _read_file(path)
            notes += remarks
            table, remarks = self.selection.of(table, path.name)
            notes += remarks
            table, remarks = coerced(
                table, path.name, text=self.selection.text, zone=self.zone, first_row=first_row
            )
            notes += remarks
            tables.append(table)
        as_of = max(datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in paths)
        return Reading(_joined(tables, paths), as_of, tuple(notes))

    def _paths(self) -> list[Path]:
        path = Path(self.pattern)
        path = path if path.is_absolute() else self.folder / path
        if any(sign in self.pattern for sign in "*?["):
            base = Path(path.anchor) if path.is_absolute() else Path()
            found = sorted(p for p in base.glob(str(path.relative_to(base))) if p.is_file())
            if not found:
                raise BadInput(
                    self.pattern, [Fault(self.pattern, "no file fits the pattern", f"Look in {path.parent}.")]
                )
            return found
        if path.is_dir():
            mend = f"Name a file in it, or a pattern such as {self.pattern.rstrip('/')}/*.csv."
            raise BadInput(self.pattern, [Fault(self.pattern, "it is a folder", mend)])
        if not path.is_file():
            there = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
            near = difflib.get_close_matches(path.name, there, n=3, cutoff=0.5)
            mend = f"There is: {', '.join(near)}." if near else f"Looked in {path.parent}."
            raise BadInput(self.pattern, [Fault(self.pattern, "there is no such file", mend)])
        return [path]


def _read_file(path: Path) -> tuple[pa.Table, int, list[str]]:
    """The columns as they stand, what people call the first row of data, and what was found out."""
    where = path.name
    try:
        payload = path.read_bytes()
    except OSError as error:
        mend = "See who may read it."
        raise BadInput(where, [Fault(where, f"it cannot be read ({error.strerror})", mend)]) from None
    if payload[:4] == _PARQUET:
        return _read_parquet(payload, where), 1, misnamed(path, "Parquet")
    text, notes = decode(payload, where)
    start = text.lstrip()[:1]
    if start == "{" or (start == "[" and text.lstrip()[1:].lstrip()[:1] in ("{", "]")):
        table, remarks = read_json(text, where)
        return table, 1, [*notes, *misnamed(path, "JSON"), *remarks]
    table, remarks = read_delimited(text, where)
    return table, 2, [*notes, *misnamed(path, "text"), *remarks]


def _read_parquet(payload: bytes, where: str) -> pa.Table:
    if payload[-4:] != _PARQUET or len(payload) < 12:
        what = "it begins as Parquet and ends before its end"
        raise BadInput(where, [Fault(where, what, "Copy or export it again; it was cut off.")])
    try:
        table = pq.read_table(io.BytesIO(payload))
    except (pa.ArrowException, OSError) as error:
        what = f"it is damaged Parquet ({str(error).splitlines()[0][:100]})"
        raise BadInput(where, [Fault(where, what, "Export it again.")]) from None
    if not table.num_rows:
        raise BadInput(where, [Fault(where, "there is not one row in it", "Export it again with its rows.")])
    return table


def misnamed(path: Path, kind: str) -> list[str]:
    called = _SUFFIXES.get(path.suffix.lower())
    if called in (None, kind):
        return []
    shown = "a delimited text" if kind == "text" else kind
    return [f"{path.name}: it is called {path.suffix} and is {shown}; read as what it is"]


def _joined(tables: Sequence[pa.Table], paths: Sequence[Path]) -> pa.Table:
    if len(tables) == 1:
        return tables[0]
    names = tables[0].column_names
    faults = [
        Fault(path.name, f"its columns differ from those of {paths[0].name}", f"Expected: {', '.join(names)}.")
        for table, path in zip(tables, paths, strict=True)
        if set(table.column_names) != set(names)
    ]
    if faults:
        raise BadInput(str(paths[0].parent), faults)
    try:
        return pa.concat_tables([table.select(names) for table in tables], promote_options="permissive")
    except pa.ArrowException as error:
        what = f"the files do not fit together ({str(error).splitlines()[0][:120]})"
        mend = "Let a column hold the same kind of value in every file, or list it under text."
        raise BadInput(str(paths[0].parent), [Fault(paths[0].name, what, mend)]) from None
