"""The promises of the log, each tried by breaking something."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from payoff.adapters.storage.database import Database
from payoff.errors import Refused, Unavailable, Unknown
from payoff.log.events import event
from payoff.records.envelope import Event

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

CHILD = """
import os, resource, sys
from datetime import UTC, datetime
from payoff.adapters.storage.database import Database
from payoff.errors import Unavailable
from payoff.log.events import event

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

def outcome(id):
    return event("outcome", {"name": "x" * 200, "amount": 1}, id=id, at=NOON, received_at=NOON, unit="acct-1")

def say(*words):
    os.write(1, (" ".join(words) + "\\n").encode())  # whole, even from many threads and before a kill
"""


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Another process that runs this code, with pipes to talk to it."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(id: str) -> Event:
    return event("outcome", {"name": "x", "amount": 1}, id=id, at=NOON, received_at=NOON, unit="acct-1")


def ids(database: Database, product: str = "shop") -> list[str]:
    return database.storage(product).log.read("outcome")["id"].to_pylist()


def test_what_was_acknowledged_survives_kill_9_in_the_middle_of_the_load(url: str) -> None:
    load = """
import threading
log = Database.open(sys.argv[1]).storage("shop").log
def write(name):
    for number in range(100_000):
        batch = [outcome(f"{name}-{number}-{part}") for part in range(3)]
        log.append(batch)
        say(*(one.id for one in batch))
for name in "abcd":
    threading.Thread(target=write, args=(sys.argv[2] + name,)).start()
"""
    acknowledged: list[str] = []
    for kill in range(3):
        running = child(load, url, str(kill))
        assert running.stdout is not None
        for _ in range(40 + 17 * kill):
            acknowledged += running.stdout.readline().split()
        running.send_signal(signal.SIGKILL)
        acknowledged += running.stdout.read().split()
        running.wait()
    assert len(acknowledged) > 300
    database = Database.open(url)
    kept = ids(database)
    assert set(acknowledged) <= set(kept), "acknowledged means kept"
    assert len(kept) == len(set(kept))
    assert len(kept) % 3 == 0, "a batch is kept whole or not at all"
    assert database.storage("shop").log.head() == database.storage("shop").log.read("outcome")["seq"][-1].as_py()
    database.close()
    if "://" not in url:
        assert sqlite3.connect(url).execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_processes_racing_to_make_a_fresh_database_all_succeed(url: str) -> None:
    race = """
say("ready")
sys.stdin.readline()
database = Database.open(sys.argv[1])
say(*database.storage("shop").log.append([outcome(sys.argv[2]), outcome("same")]))
"""
    racers = [child(race, url, f"o{number}") for number in range(4)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [racer.communicate() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 4, said
    answers = sorted(out.split()[1] for out, _ in said)
    assert answers == ["duplicate", "duplicate", "duplicate", "stored"]
    database = Database.open(url)
    assert database.products() == ["shop"]
    assert sorted(ids(database)) == ["o0", "o1", "o2", "o3", "same"]


def test_a_reader_that_polls_sees_every_row_once_while_others_write(url: str) -> None:
    """Each writer has a database object of its own, as two server processes would."""
    writers = [Database.open(url) for _ in range(3)]
    seen: list[int] = []
    names: list[str] = []
    writing = threading.Event()

    def write(number: int) -> None:
        log = writers[number].storage("shop").log
        for turn in range(60):
            size = 40 if (turn + number) % 3 == 0 else 1  # long transactions beside short ones
            log.append([outcome(f"{number}-{turn}-{part}") for part in range(size)])

    def follow() -> None:
        log = Database.open(url).storage("shop").log
        while True:
            last_look = not writing.is_set()
            fresh = log.read("outcome", after=seen[-1] if seen else 0)
            seen.extend(fresh["seq"].to_pylist())
            names.extend(fresh["id"].to_pylist())
            if last_look:
                return

    writing.set()
    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    reader = threading.Thread(target=follow)
    for thread in [reader, *threads]:
        thread.start()
    for thread in threads:
        thread.join()
    writing.clear()
    reader.join()
    assert seen == sorted(set(seen))
    assert sorted(names) == sorted(ids(writers[0]))
    assert len(names) == 3 * (20 * 40 + 40)


def test_many_threads_on_one_log_get_each_their_own_answers(url: str) -> None:
    database = Database.open(url)
    log = database.storage("shop").log
    answers: dict[int, list[str]] = {}

    def send(number: int) -> None:
        answers[number] = [log.append([outcome(f"{number}-{turn}"), outcome(f"all-{turn}")]) for turn in range(20)]  # type: ignore[assignment,misc]

    threads = [threading.Thread(target=send, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for turn in range(20):
        own, shared = zip(*(answers[number][turn] for number in range(16)), strict=True)
        assert set(own) == {"stored"}
        assert sorted(shared) == ["duplicate"] * 15 + ["stored"]
    assert len(ids(database)) == 20 * 17


def test_a_full_disk_is_said_and_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = str(tmp_path / "p.db")
    fill = """
database = Database.open(sys.argv[1])
log = database.storage("shop").log
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
number = 0
try:
    while number < 100_000:
        log.append([outcome(f"o{number}")])
        say(f"o{number}")
        number += 1
except Unavailable as why:
    sys.stderr.write(str(why))
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
if log.append([outcome("after")]) == ["stored"]:
    say("after")
"""
    ended = child(fill, path)
    out, err = ended.communicate()
    acknowledged = out.split()
    assert ended.returncode == 0, err
    assert ("disk" in err) and ("p.db" in err)
    assert acknowledged[-1] == "after", "it recovers by itself once there is room"
    assert len(acknowledged) > 20
    assert set(acknowledged) <= set(ids(Database.open(path)))
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_database_locked_by_somebody_else_is_unavailable_and_then_works_again(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    log = Database.open(path, wait_seconds=0.2).storage("shop").log
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        log.append([outcome("o1")])
    assert log.read("outcome").num_rows == 0, "reading goes on"
    other.execute("ROLLBACK")
    assert log.append([outcome("o1")]) == ["stored"]


def test_a_first_opener_waits_for_another_that_is_still_at_it(tmp_path: Path) -> None:
    """Switching a new file to write-ahead logging fails at once beside another writer, whatever the timeout."""
    path = tmp_path / "p.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE busy (x)")
    other.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    done.start()
    assert Database.open(path).products() == []
    done.join()


def test_a_transaction_that_fails_tells_everyone_who_waited_in_it(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    log = Database.open(path, wait_seconds=0.2).storage("shop").log
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    refusals: list[Unavailable] = []

    def send(number: int) -> None:
        try:
            log.append([outcome(f"o{number}")])
        except Unavailable as why:
            refusals.append(why)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.execute("ROLLBACK")
    assert len({id(why) for why in refusals}) == 6
    assert log.read("outcome").num_rows == 0


@pytest.mark.skipif(
    os.getuid() == 0, reason="root may write everywhere; run the tests as another user to try this"
)
def test_a_read_only_file_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    Database.open(path).close()
    path.chmod(stat.S_IRUSR)
    with pytest.raises(Unavailable, match=r"only be read|cannot be opened"):
        Database.open(path).storage("shop").log.append([outcome("o1")])


def test_what_is_no_database_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "p.db").write_text("name,amount\n" * 100)
    with pytest.raises(Unavailable, match="not a database"):
        Database.open(tmp_path / "p.db")
    with pytest.raises(Unavailable, match="cannot be opened"):
        Database.open(tmp_path)
    with pytest.raises(Unknown, match="postgresql"):
        Database.open("mysql://localhost/x")
    with pytest.raises(Refused, match="memory"):
        Database.open("sqlite://")


def test_commits_are_written_through_to_the_disk(tmp_path: Path) -> None:
    """FULL: a commit in the write-ahead log is synced, and outlives a power cut, not only the process."""
    database = Database.open(tmp_path / "p.db")
    with database._access.reading() as connection:
        ask = lambda name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()  # noqa: E731
        assert {name: ask(name) for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")} == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
        }


def test_an_erased_unit_is_in_no_file_any_more(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "p.db")
    log = database.storage("shop").log
    body = {"facts": {"name": "Ana-Secret-Ruiz"}}
    log.append(
        [event("unit.facts", body, id=f"f{n}", at=NOON, received_at=NOON, unit="acct-9") for n in range(50)]
    )
    on_disk = lambda: b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))  # noqa: E731
    assert b"Ana-Secret-Ruiz" in on_disk()
    assert log.forget("acct-9") == 50  # type: ignore[attr-defined]
    assert b"Ana-Secret-Ruiz" not in on_disk()
    assert b"acct-9" not in on_disk()


@pytest.mark.postgresql
def test_a_server_that_crashes_is_unavailable_and_comes_back_with_everything(cluster) -> None:  # type: ignore[no-untyped-def]
    database = Database.open(cluster.fresh())
    log = database.storage("shop").log
    assert log.append([outcome("o1")]) == ["stored"]
    cluster.crash()
    try:
        with pytest.raises(Unavailable):
            log.append([outcome("o2")])
        with pytest.raises(Unavailable):
            log.head()
    finally:
        cluster.start()
    assert log.append([outcome("o1"), outcome("o2")]) == ["duplicate", "stored"]
    assert ids(database) == ["o1", "o2"]


@pytest.mark.postgresql
def test_a_server_told_to_answer_early_still_writes_first_for_us(cluster) -> None:  # type: ignore[no-untyped-def]
    address = cluster.fresh()
    name = address.split("/")[3].split("?")[0]
    with create_engine(address.replace("postgresql:", "postgresql+psycopg:")).begin() as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    access = Database.open(address)._access
    with access.writing(1) as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
    with access.reading() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "off"
