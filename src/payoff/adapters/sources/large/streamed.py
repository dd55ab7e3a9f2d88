"""Text files too large to hold: read by a query into a temporary Parquet file of typed columns.

The kinds are learned by the careful reader from a sample. Either every cell reads so, or the cells that do not are
counted and the column is learned anew with them. Memory does not grow with the file.

A blank before an opening quote, and a separator at the end of a row, are forgiven here, not by the careful reader.
"""

# ruff: noqa: S608 - names go through `quoted`, texts through `literal`

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from payoff.adapters.sources.files import misnamed
from payoff.adapters.sources.large.forms import TEXT, is_blank, literal, one_of, quoted, trimmed
from payoff.adapters.sources.large.learned import Learned, learned
from payoff.adapters.sources.large.raw import Raw
from payoff.adapters.sources.large.sampled import Reach, sampled
from payoff.adapters.sources.values import NEARLY_ALL, PERHAPS_NOTHING
from payoff.errors import BadInput, Fault

_MEMORY = "500MB"
_ODD = "payoff: a cell does not read as its column does"
_ROUNDS = 4
_GROUP_CELLS = 4_000_000
_EXAMPLES = 200
_CODED = 40
"""Bytes a row the audit itself may put beside the file."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """A temporary Parquet file with all rows, and what was coerced."""

    path: Path
    rows: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Counts:
    """One column's cells: filled ones, those that do not read as its form (and some of these), blanks, and signs
    that stand for nothing (and which)."""

    filled: int
    odd: int
    blank: int
    signs: int
    examples: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()


@contextmanager
def streamed(path: Path, reach: Reach | None = None) -> Iterator[Streamed]:
    """The file as Parquet, until the end of the block; everything temporary goes with it.

    Raises `BadInput` for what the careful reader refuses, for encodings other than UTF-8 and Latin-1, and for a
    disk that cannot hold the rows.
    """
    look = sampled(path, reach or Reach())
    with tempfile.TemporaryDirectory(prefix="payoff-read-") as name:
        folder, connection = Path(name), duckdb.connect()
        link = folder / "given"  # a name that is no pattern and has no ending to be misled by
        link.symlink_to(path.resolve())
        try:
            connection.execute(f"set memory_limit = '{_MEMORY}'")
            connection.execute(f"set temp_directory = {literal(name)}")
            connection.execute("set timezone = 'UTC'")
            work = _Work(path, folder, Raw(path, link, look, connection))
            rows = work.run()
        finally:
            connection.close()
        yield Streamed(folder / "rows.parquet", rows, tuple(work.notes()))


@dataclass(slots=True)
class _Work:
    """One file on its way: its columns as learned, and what there is to say of them."""

    path: Path
    folder: Path
    raw: Raw
    columns: dict[str, Learned] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)

    def run(self) -> int:
        """All rows into the Parquet file; how many there are."""
        cells = self._cells()
        self._distinct(list(cells))
        self.columns = {name: learned(cells[name], self.raw.connection) for name in cells}
        self._room()
        try:
            self._write(strict=True)
        except duckdb.Error as error:
            if _ODD not in str(error):
                self.raw.explain(error, list(self.columns))
            self._settle(cells)
            try:
                self._write(strict=False)
            except duckdb.Error as again:
                self.raw.explain(again, list(self.columns))
        rows = int(pq.read_metadata(self.folder / "rows.parquet").num_rows)
        if not rows:
            what = "there is a header and not one row below it"
            raise BadInput(self.path.name, [Fault(self.path.name, what, "Export it again with its rows.")])
        return rows

    def _distinct(self, names: list[str]) -> None:
        """A query knows no capitals in names."""
        seen: dict[str, str] = {}
        twins = [(name, seen[name.lower()]) for name in names if seen.setdefault(name.lower(), name) != name]
        if twins:
            what = "{!r} differs from {!r} in nothing but capitals"
            faults = [Fault(self.path.name, what.format(*pair), "Rename one, or drop it.") for pair in twins]
            raise BadInput(self.path.name, faults)

    def notes(self) -> list[str]:
        """What was coerced, in words."""
        look = self.raw.look
        found = [*look.notes, *misnamed(self.path, "text" if look.delimiter else "JSON")]
        for name, column in self.columns.items():
            said = [*column.remarks, *self.remarks.get(name, [])]
            found += [f"{self.path.name}: {name}: {remark}" for remark in said]
        return found

    def _cells(self) -> dict[str, pa.ChunkedArray]:
        """The sample's cells by column; JSON may bring new columns in any row."""
        table = self.raw.look.table
        cells = {name: table[name] for name in table.column_names}
        return cells | {
            key: pa.chunked_array([pa.nulls(table.num_rows, pa.string())]) for key in self.raw.new_keys()
        }

    def _write(self, *, strict: bool) -> None:
        """Every column as its form says. `strict` stops at the first cell that does not read so."""
        shown = ", ".join(
            f"{self._cell(column, f'c{i}', strict=strict)} as {quoted(name)}"
            for i, (name, column) in enumerate(self.columns.items())
        )
        target = literal(str(self.folder / "rows.parquet"))
        group = max(2048, min(100_000, _GROUP_CELLS // len(self.columns)))
        self.raw.connection.execute(
            f"copy (select {shown} from {self.raw.relation(list(self.columns))}) to {target} "
            f"(format parquet, compression zstd, compression_level 1, row_group_size {group})"
        )

    def _cell(self, column: Learned, x: str, *, strict: bool) -> str:
        form, t, no = column.form, trimmed(x), f"error({literal(_ODD)})"
        if form.kind == "text":
            odd = f"when not {form.reads_as(t)} then {no} " if strict and form is not TEXT else ""
            return f"(case when {form.is_nothing(t)} then null {odd}else {t} end)"
        if strict and form.kind == "moment":
            return (
                f"(case when {form.is_plainly_nothing(x)} then null else coalesce({form.means_in(x)}, {no}) end)"
            )
        if strict:
            return (
                f"(case when {form.is_plainly_nothing(x)} then null "
                f"when {form.reads_as(x)} then {form.means_in(x)} else {no} end)"
            )
        means = form.means_in(t) if form.sure else f"case when {form.reads_as(t)} then {form.means_in(t)} end"
        return f"(case when {form.is_nothing(t)} then null else {means} end)"

    def _settle(self, cells: Mapping[str, pa.ChunkedArray]) -> None:
        """Hold every column's form to every cell; where some do not fit, learn it anew with these."""
        cells = dict(cells)
        counts = self._count(list(self.columns))
        for _ in range(_ROUNDS):
            fresh: dict[str, Learned] = {}
            for name, counted in counts.items():
                if counted.odd:
                    more = pa.array(counted.examples, pa.string())
                    cells[name] = pa.chunked_array([*cells[name].chunks, more])
                    again = learned(cells[name], self.raw.connection)
                    if again.form != self.columns[name].form:
                        fresh[name] = again
            if not fresh:
                break
            self.columns.update(fresh)
            counts |= self._count(list(fresh))
        self._judge(counts)

    def _judge(self, counts: Mapping[str, _Counts]) -> None:
        """What is odd now stays odd: few cells are a fault, many make the column one of texts."""
        faults = []
        for name, counted in counts.items():
            what = self.columns[name].what
            if counted.odd and what and counted.odd <= counted.filled * (1 - NEARLY_ALL):
                faults.append(self._unreadable(name, what, counted))
            elif counted.odd:
                said = (
                    (f"holds {what} and texts; kept as text",)
                    if counted.odd <= counted.filled / 2 and what
                    else ()
                )
                self.columns[name] = Learned(TEXT, said)
            elif what:
                self.remarks[name] = _nothings(counted, what)
        if faults:
            raise BadInput(self.path.name, faults)

    def _unreadable(self, name: str, what: str, counted: _Counts) -> Fault:
        listed = counted.examples[:3]
        shown = ", ".join(map(repr, listed))
        more = f" and {counted.odd - len(listed)} more" if counted.odd > len(listed) else ""
        good = f"{counted.filled - counted.odd} of {counted.filled} values are {what}"
        return Fault(
            f"{self.path.name}, column {name!r}",
            f"{good}, and these are not: {shown}{more}",
            "Mend or empty them, or leave the column out of the file.",
        )

    def _count(self, names: list[str]) -> dict[str, _Counts]:
        """One pass over all cells of these columns."""
        edges, odd, shown = [], [], []
        for i, name in enumerate(self.columns):
            if name not in names:
                continue
            t, form = f"t{i}", self.columns[name].form
            edges += [f"c{i}", f"{trimmed(f'c{i}')} as {t}"]
            nothing, plainly = form.is_nothing(t), form.is_plainly_nothing(t)
            odd.append(f"{'false' if form is TEXT else f'(not {nothing} and not {form.reads_as(t)})'} as o{i}")
            signs = one_of(t, PERHAPS_NOTHING) if form.signs else "false"
            shown += [
                "0" if form is TEXT else f"count(*) filter (not {plainly})",
                f"count(*) filter (o{i})",
                "0" if form is TEXT else f"count(*) filter ({is_blank(f'c{i}')})",
                f"count(*) filter ({signs})",
                f"approx_top_k({t}, {_EXAMPLES}) filter (o{i})",
                f"min({t}, {_EXAMPLES}) filter (o{i})",
                f"list(distinct {t}) filter ({signs})",
            ]
        cells = f"select {', '.join(edges)} from {self.raw.relation(list(self.columns))}"
        marked = f"select *, {', '.join(odd)} from ({cells})"
        try:
            line = self.raw.connection.sql(f"select {', '.join(shown)} from ({marked})").fetchall()[0]
        except duckdb.Error as error:
            self.raw.explain(error, list(self.columns))
            return self._count(names)
        found = {}
        for i, name in enumerate(names):
            filled, wrong, blank, signs, often, first, seen = line[7 * i : 7 * i + 7]
            examples = tuple(dict.fromkeys([*(first or []), *(often or [])]))
            found[name] = _Counts(filled, wrong, blank, signs, examples, tuple(sorted(seen or [])))
        return found

    def _room(self) -> None:
        """Whether the disk holds the rows, as the sample tells their size."""
        look, written = self.raw.look, io.BytesIO()
        if look.whole:
            return
        pq.write_table(look.table, written, compression="zstd")
        times = self.path.stat().st_size / look.read
        needed = times * (1.1 * written.tell() + _CODED * look.table.num_rows)
        free = shutil.disk_usage(self.folder).free
        if needed > free:
            what = f"reading it takes about {needed / 1e9:.1f} GB on disk, and {free / 1e9:.1f} GB are free"
            mend = f"Make room in {self.folder.parent}, or set TMPDIR to a folder on a larger disk."
            raise BadInput(self.path.name, [Fault(self.path.name, what, mend)])


def _nothings(counted: _Counts, what: str) -> list[str]:
    said = [f"{counted.blank} {'blank' if counted.blank == 1 else 'blanks'} among {what}, read as missing"]
    signs = [f"{counted.signs} times {', '.join(map(repr, counted.seen))} among {what}, read as missing"]
    return [*(said if counted.blank else []), *(signs if counted.signs else [])]
