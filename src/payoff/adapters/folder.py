"""The product's folder: the files people edit by hand, written so that nobody ever reads half of one."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from payoff.errors import BadInput, Fault, Unavailable


class ProductFolder:
    """Implements `ports.ProductFiles`. A file that is a link stays one: what it leads to is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stamp(self, name: str) -> object:
        """See `ports.ProductFiles`."""
        try:
            found = (self._folder / name).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def read(self, name: str) -> tuple[str, datetime] | None:
        """See `ports.ProductFiles`. Raises `BadInput` for a file that is no UTF-8 text, or closed to us."""
        path = self._folder / name
        try:
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            return path.read_text("utf-8"), changed
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            what = f"byte {error.start} is no UTF-8 text"
            raise BadInput(name, [Fault(name, what, "Save the file as UTF-8.")]) from None
        except OSError as error:
            what = f"it cannot be read ({error.strerror})"
            raise BadInput(name, [Fault(name, what, "See who may read it.")]) from None

    def write(self, name: str, text: str) -> None:
        """See `ports.ProductFiles`. Lines end as they did before."""
        path = Path(os.path.realpath(self._folder / name))
        temporary = ""
        try:
            before = path.read_bytes() if path.exists() else b""
            ends = "\r\n" if b"\r\n" in before else "\n"
            handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8", newline=ends) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            _as_before(path, Path(temporary))
            os.replace(temporary, path)  # noqa: PTH105 - the one call that is atomic everywhere
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            what = f"the file cannot be written ({error.strerror})"
            raise Unavailable(
                what, where=name, mend="See who may write it, and whether the disk is full."
            ) from None


def _as_before(path: Path, made: Path) -> None:
    """The new file belongs to whom the old one did, with the same rights; a first one has the usual rights."""
    if not path.exists():
        mask = os.umask(0)
        os.umask(mask)
        made.chmod(0o666 & ~mask)
        return
    shutil.copymode(path, made)
    old = path.stat()
    with contextlib.suppress(OSError, AttributeError):  # only the owner or root may, and not on Windows
        os.chown(made, old.st_uid, old.st_gid)
