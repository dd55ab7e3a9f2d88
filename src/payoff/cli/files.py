"""Files a command writes: refused before the work begins, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from payoff.errors import BadInput, Fault


def writable(read: Path, paths: Sequence[Path]) -> None:
    """Raises `BadInput` with every file that cannot be written: one without a folder, a folder, the file that
    is read, and a name given twice."""
    names = [path.resolve() for path in paths]
    faults = []
    for path in dict.fromkeys(paths):
        if names.count(path.resolve()) > 1:
            faults.append(Fault(str(path), "two outputs have this name", "Name another file for one of them."))
        elif path.is_dir():
            faults.append(Fault(str(path), "it is a folder", "Name a file in it."))
        elif not path.parent.is_dir():
            faults.append(Fault(str(path), "its folder is not there", f"Make {path.parent} first."))
        elif path.resolve() == read.resolve():
            faults.append(Fault(str(path), "it is the file to audit", "Name another file."))
    if faults:
        raise BadInput("what is to be written", faults)


def write(path: Path, text: str) -> None:
    """To a file beside it first, which then takes its place: nobody ever reads half a report."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    made = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        made.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
