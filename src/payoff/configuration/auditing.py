"""Open a file for an audit, whatever its size: nothing large is ever held in memory."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from payoff.adapters.sources import Reach, streamed
from payoff.brief.read import read_brief
from payoff.configuration.opening import BRIEF
from payoff.configuration.starting import read_table
from payoff.errors import BadInput, Fault
from payoff.use_cases.importing import readable

LARGE = 64_000_000
"""Bytes up to which a text file is read in memory; a larger one goes through a temporary Parquet file."""
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Opened:
    """A table to audit, in memory or as the path of a Parquet file, and what was coerced while it was read."""

    table: pa.Table | Path
    notes: tuple[str, ...] = ()


@contextmanager
def opened_for_audit(path: Path, *, large: int = LARGE, reach: Reach | None = None) -> Iterator[Opened]:
    """The file until the end of the block, told by its content and not by its name.

    Raises `BadInput` for what cannot be read, with the mend.
    """
    if not path.is_file():
        read_table(path)  # says what there is instead
        raise BadInput(path.name, [Fault(path.name, "it is no ordinary file", "Write it to a file first.")])
    with readable(path.name):
        if _magic(path) == _PARQUET:
            called = path.suffix.lower() not in (".parquet", ".pq", "")
            note = f"{path.name}: it is called {path.suffix} and is Parquet; read as what it is"
            yield Opened(path, (note,) if called else ())
        elif path.stat().st_size <= large:
            reading = read_table(Path(glob.escape(str(path.resolve()))))
            yield Opened(reading.table, reading.notes)
        else:
            with streamed(path, reach) as made:
                yield Opened(made.path, made.notes)


def _magic(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        what = f"it cannot be read ({error.strerror})"
        raise BadInput(path.name, [Fault(path.name, what, "See who may read it.")]) from None


def questions(path: Path) -> dict[str, Any]:
    """The brief's four answers, from its file or its product's folder."""
    file = path / BRIEF if path.is_dir() else path
    if not file.is_file():
        raise BadInput(
            str(path), [Fault(str(file), "there is no such file", "Name a payoff.toml, or its folder.")]
        )
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is no UTF-8 text"
        raise BadInput(str(path), [Fault(str(file), what, "Save the file as UTF-8.")]) from None
    return read_brief(text, str(file)).questions.model_dump()
