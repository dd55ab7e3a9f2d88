"""One fixture, every store: a test written once runs over memory, SQLite and PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from payoff.adapters import memory
from payoff.adapters.storage.database import Database
from payoff.ports import Storage

Opener = Callable[[str], Storage]

HOW = (
    "no PostgreSQL server programs found; install them (Debian: apt-get install postgresql) "
    "or name their folder in PAYOFF_POSTGRESQL_BIN"
)


class Cluster:
    """A PostgreSQL of our own in a temporary folder, reached through a Unix socket only."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="payoff-pg-"))
        self._user = None
        if os.getuid() == 0:  # the server refuses to run as root
            self._user = "postgres"
            found = pwd.getpwnam(self._user)
            os.chown(self.folder, found.pw_uid, found.pw_gid)
        self._call("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._call("pg_ctl", "-D", self._data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def crash(self) -> None:
        """As if its processes were killed: no checkpoint, recovery at the next start."""
        self._call("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")

    def fresh(self) -> str:
        """The address of an empty database."""
        name = f"t{uuid.uuid4().hex}"
        self._call("createdb", "-h", str(self.folder), "-U", "postgres", name)
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def close(self) -> None:
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        with tempfile.TemporaryFile("w+") as said:  # not a pipe: the server would inherit it and hold it open
            done = subprocess.run(command, check=False, user=self._user, cwd=self.folder, stdout=said, stderr=said)
            said.seek(0)
            assert done.returncode == 0, said.read()


def _programs() -> Path | None:
    named = os.environ.get("PAYOFF_POSTGRESQL_BIN")
    on_path = shutil.which("createdb")
    found = [Path(on_path).parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found += [Path(named)] if named else []
    needed = ("initdb", "pg_ctl", "createdb")
    return next((folder for folder in reversed(found) if all((folder / name).exists() for name in needed)), None)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail(HOW)
        pytest.skip(HOW)
    running = Cluster(programs)
    yield running
    running.close()


DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database nobody has opened yet."""
    if request.param == "sqlite":
        return str(tmp_path / "new folder" / "payoff.db")
    return request.getfixturevalue("cluster").fresh()


@pytest.fixture(params=["memory", *DATABASES])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the stores of a product by name."""
    if request.param == "memory":
        kept: dict[str, Storage] = {}
        yield lambda product: kept.setdefault(product, memory.storage())
        return
    address = tmp_path / "p.db" if request.param == "sqlite" else request.getfixturevalue("cluster").fresh()
    database = Database.open(address)
    yield database.storage
    database.close()


@pytest.fixture
def storage(opened: Opener) -> Storage:
    return opened("shop")
