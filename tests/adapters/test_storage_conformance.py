"""What every store must do, whatever keeps the rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from tests.adapters.logged import NOON, facts, outcome

from payoff.checks import BadParameter
from payoff.errors import BadInput, Unknown
from payoff.log.events import KINDS, UPCASTS, Kind, event
from payoff.log.tables import LogTables
from payoff.ports import ArtefactStore, DocumentStore, EventLog, Storage
from payoff.records.envelope import Event


def test_the_stores_keep_their_ports(storage: Storage) -> None:
    assert isinstance(storage.log, EventLog)
    assert isinstance(storage.artefacts, ArtefactStore)
    assert isinstance(storage.documents, DocumentStore)


def test_an_empty_log_has_empty_tables_in_the_schema_of_their_kind(storage: Storage) -> None:
    log = storage.log
    assert (log.head(), log.generation(), log.find("nobody"), log.latest("outcome", "acct-1")) == (
        0,
        0,
        None,
        None,
    )
    for kind in KINDS.values():
        assert log.read(kind.name).schema == kind.schema
        assert log.read(kind.name).num_rows == 0


def test_nothing_appended_is_nothing_answered(storage: Storage) -> None:
    assert storage.log.append([]) == []
    assert storage.log.head() == 0


def test_an_event_reads_back_as_it_was(storage: Storage) -> None:
    body = {
        "release": "r1",
        "arm": "challenger",
        "mode": "answer",
        "action": "call",
        "propensity": 0.1,
        "say": 'Call "Ana"\n(payroll) – \x00 é 😀 \\',
        "value": 2**63 - 1,
        "low": -(2**63),
        "explored": True,
        "reasons": [{"feature": "logins", "says": "Logins fell", "weight": 0.3, "more": None}],
        "segment": {"role": "payroll lead", "industry": ""},
    }
    at = NOON + timedelta(microseconds=123_457)
    kept = event("suggestion", body, id="s1", at=at, received_at=NOON, unit="konto-ä", actor="desk")
    assert storage.log.append([kept]) == ["stored"]
    assert storage.log.find("s1") == replace(kept, seq=storage.log.head())
    table = storage.log.read("suggestion")
    assert table.schema == KINDS["suggestion"].schema
    (row,) = table.to_pylist()
    assert row["seq"] == storage.log.head()
    assert (row["id"], row["unit"], row["actor"], row["version"]) == ("s1", "konto-ä", "desk", 1)
    assert (row["at"], row["received_at"]) == (at, NOON)
    assert {name: row[name] for name in body if name not in ("reasons", "segment")} == {
        name: value for name, value in body.items() if name not in ("reasons", "segment")
    }
    assert json.loads(row["reasons"]) == body["reasons"]
    assert list(json.loads(row["segment"])) == ["role", "industry"], "the order given is the order read"
    assert row["currency"] is None
    assert row["candidates"] is None


def test_every_kind_reads_back_in_its_schema(storage: Storage) -> None:
    samples = {"text": "x", "number": 0.5, "integer": 3, "boolean": False, "json": {"a": [1, None, "b"]}}
    for number, kind in enumerate(KINDS.values()):
        full = {name: samples[type_] for name, type_ in kind.fields.items()}
        bare = {name: value for name, value in full.items() if name in kind.required}
        for half, body in enumerate((full, bare)):
            key = f"e{number}-{half}"
            storage.log.append([event(kind.name, body, id=key, at=NOON, received_at=NOON, unit="u")])
            found = storage.log.find(key)
            assert found is not None
            assert found.body == body
        table = storage.log.read(kind.name)
        assert table.schema == kind.schema
        assert table.num_rows == 2
        for name, type_ in kind.fields.items():
            given = json.dumps(full[name], separators=(",", ":")) if type_ == "json" else full[name]
            assert table[name].to_pylist() == [given, given if name in kind.required else None]


def test_the_same_event_again_counts_once(storage: Storage) -> None:
    first = outcome("o1")
    assert storage.log.append([first]) == ["stored"]
    head = storage.log.head()
    later = replace(first, received_at=NOON + timedelta(hours=1))
    assert storage.log.append([later]) == ["duplicate"]
    assert storage.log.head() == head
    assert storage.log.read("outcome").num_rows == 1


def test_the_order_of_fields_and_a_whole_number_make_no_other_event(storage: Storage) -> None:
    one, two = {"role": "admin", "seats": 3}, {"seats": 3, "role": "admin"}
    assert storage.log.append([facts("f1", one), facts("f1", two)]) == ["stored", "duplicate"]
    assert storage.log.append([outcome("o1", amount=1), outcome("o1", amount=1.0)]) == ["stored", "duplicate"]


@pytest.mark.parametrize(
    "other",
    [
        outcome("o1", amount=2),
        outcome("o1", unit="acct-2"),
        outcome("o1", at=NOON + timedelta(seconds=1)),
        replace(outcome("o1"), actor="someone"),
        facts("o1", {"a": 1}),
    ],
    ids=["amount", "unit", "moment", "actor", "kind"],
)
def test_the_same_id_with_another_content_is_a_conflict_and_the_first_stays(
    storage: Storage, other: Event
) -> None:
    storage.log.append([outcome("o1")])
    assert storage.log.append([other, outcome("o2")]) == ["conflict", "stored"]
    found = storage.log.find("o1")
    assert found is not None
    assert replace(found, seq=0) == outcome("o1")


def test_doubles_inside_one_batch_are_answered_line_by_line(storage: Storage) -> None:
    batch = [outcome("o1"), outcome("o1"), outcome("o1", amount=0), outcome("o2")]
    assert storage.log.append(batch) == ["stored", "duplicate", "conflict", "stored"]
    assert storage.log.read("outcome")["id"].to_pylist() == ["o1", "o2"]


def test_reading_after_gives_only_what_is_newer_oldest_first(storage: Storage) -> None:
    storage.log.append([outcome("o1"), facts("f1", {"a": 1}), outcome("o2")])
    seen = storage.log.head()
    assert storage.log.read("outcome", after=seen).num_rows == 0
    storage.log.append([outcome("o3", at=NOON - timedelta(days=9)), outcome("o4")])
    assert storage.log.read("outcome", after=seen)["id"].to_pylist() == ["o3", "o4"]
    everything = storage.log.read("outcome")
    assert everything["id"].to_pylist() == ["o1", "o2", "o3", "o4"]
    numbers = everything["seq"].to_pylist()
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == storage.log.head()


def test_cached_tables_follow_the_log(storage: Storage) -> None:
    tables = LogTables(storage.log)
    assert tables.arrow("outcome").num_rows == 0
    storage.log.append([outcome("o1")])
    storage.log.append([facts("f1", {"a": 1})])
    assert tables.arrow("outcome")["id"].to_pylist() == ["o1"]
    storage.log.append([outcome("o2")])
    assert tables.table("outcome").execute()["id"].tolist() == ["o1", "o2"]


class Busy:
    """A log somebody writes to between any two questions about it."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._turn = 0
        self.read = log.read

    def state(self) -> tuple[int, int]:
        state = self._log.state()
        self._turn += 1
        self._log.append([outcome(f"between-{self._turn}")])
        return state


def test_cached_tables_show_every_row_once_though_others_write_meanwhile(storage: Storage) -> None:
    tables = LogTables(Busy(storage.log))  # type: ignore[arg-type]
    for look in range(1, 6):
        names = tables.arrow("outcome")["id"].to_pylist()
        assert len(names) >= look - 1, "all that was there when the look began"
        assert names == [f"between-{turn + 1}" for turn in range(len(names))]


def test_the_latest_is_the_newest_in_its_own_time_not_in_ours(storage: Storage) -> None:
    day = timedelta(days=1)
    storage.log.append([facts("f1", {"seats": 1}), facts("f2", {"seats": 2}, at=NOON + day)])
    storage.log.append(
        [facts("f0", {"seats": 0}, at=NOON - day), facts("g", {"seats": 9}, unit="acct-2", at=NOON + 2 * day)]
    )
    newest = storage.log.latest("unit.facts", "acct-1")
    assert newest is not None
    assert newest.id == "f2"
    storage.log.append([facts("f3", {"seats": 3}, at=NOON + day)])
    newest = storage.log.latest("unit.facts", "acct-1")
    assert newest is not None
    assert newest.body == {"facts": {"seats": 3}}


def test_several_products_do_not_see_each_other(opened: Callable[[str], Storage]) -> None:
    shop, clinic = opened("shop"), opened("clinic")
    assert shop.log.append([outcome("o1")]) == ["stored"]
    assert clinic.log.append([outcome("o1", amount=7)]) == ["stored"], "another product's id is another id"
    assert (shop.log.read("outcome").num_rows, clinic.log.read("outcome").num_rows) == (1, 1)
    assert shop.log.read("outcome")["amount"].to_pylist() == [1.0]
    head = shop.log.head()
    clinic.log.append([outcome("o2"), facts("f1", {"a": 1})])
    assert shop.log.head() == head
    assert shop.log.find("o2") is None
    assert shop.log.latest("unit.facts", "acct-1") is None
    key = shop.artefacts.put("model", b"bytes", {})
    with pytest.raises(Unknown):
        clinic.artefacts.get(key)
    shop.documents.save("brief", "ours", by="ana", at=NOON)
    assert clinic.documents.load("brief") is None
    clinic.log.forget("acct-1")  # type: ignore[attr-defined]
    assert (shop.log.read("outcome").num_rows, shop.log.generation()) == (1, 0)


def test_a_name_after_sql_is_a_name(opened: Callable[[str], Storage]) -> None:
    name = "x'; DROP TABLE events; --%s?"
    log = opened(name).log
    assert log.append([outcome(name, unit=name)]) == ["stored"]
    assert log.find(name) is not None
    assert log.latest("outcome", name) is not None


UNREADABLE: dict[str, Event] = {
    "half a surrogate": outcome("o2", name="\ud800"),
    "half a surrogate, nested": facts("o2", {"a": "\udfff"}),
    "infinite": replace(outcome("o2"), body={"name": "x", "amount": float("inf")}),
    "not a number, nested": facts("o2", {"a": float("nan")}),
    "too large a float": replace(outcome("o2"), body={"name": "x", "amount": 10**400}),
    "too large an integer": replace(
        event("pulse", {"score": 2}, id="o2", at=NOON, received_at=NOON, actor="cs-1"), body={"score": 2**63}
    ),
    "a text for a number": replace(outcome("o2"), body={"name": "x", "amount": "1"}),
    "a number for a text": replace(outcome("o2"), body={"name": 1, "amount": 1}),
    "a text for a mapping": replace(facts("o2", {}), body={"facts": "{}"}),
    "a truth for a number": replace(outcome("o2"), body={"name": "x", "amount": True}),
    "an unknown field": replace(outcome("o2"), body={"name": "x", "amount": 1, "names": 2}),
    "not JSON": facts("o2", {"when": NOON}),
    "no id": replace(outcome("o2"), id=""),
    "NUL in the id": replace(outcome("o2"), id="a\x00b"),
    "NUL in the unit": replace(outcome("o2"), unit="a\x00b"),
    "half a surrogate in the actor": replace(outcome("o2"), actor="\ud800"),
    "an endless unit": replace(outcome("o2"), unit="u" * 501),
    "NUL in what it answers": outcome("o2", suggestion="\x00"),
}


@pytest.mark.parametrize("bad", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_nobody_could_read_back_is_refused_before_anything_is_kept(storage: Storage, bad: Event) -> None:
    with pytest.raises(BadInput) as refused:
        storage.log.append([outcome("o1"), bad])
    assert len(refused.value.faults) == 1
    assert storage.log.head() == 0
    assert storage.log.read(bad.kind).num_rows == 0


def test_all_faults_of_a_batch_are_told_at_once(storage: Storage) -> None:
    with pytest.raises(BadInput) as refused:
        endless = replace(outcome("o1"), body={"name": "x", "amount": float("inf")})
        storage.log.append([endless, outcome("o2", name="\ud800")])
    assert len(refused.value.faults) >= 2


def test_an_id_as_long_as_allowed_is_kept(storage: Storage) -> None:
    long = "😀" * 500
    assert storage.log.append([outcome(long, unit=long, suggestion=long)]) == ["stored"]
    assert storage.log.read("outcome")["suggestion"].to_pylist() == [long]


def test_a_kind_nobody_declared_is_unknown(storage: Storage) -> None:
    for ask in (
        lambda: storage.log.read("outcomes"),
        lambda: storage.log.latest("outcomes", "u"),
        lambda: storage.log.append([replace(outcome("o1"), kind="outcomes")]),
    ):
        with pytest.raises(Unknown, match="outcome"):
            ask()


def test_a_long_body_is_read_beside_short_ones(storage: Storage) -> None:
    long = "é" * 5_000_000
    note = {"about": "interview", "text": long}
    storage.log.append([event("note", note, id="n1", at=NOON, received_at=NOON)])
    storage.log.append([event("note", {**note, "text": "short"}, id="n2", at=NOON, received_at=NOON)])
    assert storage.log.read("note")["text"].to_pylist() == [long, "short"]


def test_more_events_than_one_page_come_back_complete_and_in_order(storage: Storage) -> None:
    many = [outcome(f"o{number}", amount=number) for number in range(60_000)]
    assert set(storage.log.append(many)) == {"stored"}
    table = storage.log.read("outcome")
    assert table["amount"].to_pylist() == [float(number) for number in range(60_000)]
    assert set(storage.log.append(many)) == {"duplicate"}


def test_an_old_body_reads_in_todays_version(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "test.answer"  # a kind of this test's own, first as it was declared in its first version
    first = Kind(name, 1, "an answer", {"name": "text", "amount": "number", "about": "json"})
    second = Kind(name, 2, "the same, renamed", {"called": "text", "amounts": "json", "about": "json"})
    body = {"name": "renewed", "amount": 1, "about": {"a": [1]}}
    monkeypatch.setitem(KINDS, name, first)
    old = event(name, body, id="o1", at=NOON, received_at=NOON, unit="acct-1")
    storage.log.append([old])

    monkeypatch.setitem(KINDS, name, second)
    monkeypatch.setitem(
        UPCASTS,
        (name, 1),
        lambda old: {"called": old["name"], "amounts": [old["amount"]], "about": old["about"]},
    )
    body = {"called": "left", "amounts": [2], "about": {}}
    storage.log.append([event(name, body, id="o2", at=NOON, received_at=NOON, unit="acct-1")])
    assert storage.log.append([replace(old, id="o3")]) == ["stored"], "an old event brought from elsewhere"
    table = storage.log.read(name)
    assert table.schema == second.schema
    assert table["called"].to_pylist() == ["renewed", "left", "renewed"]
    assert table["amounts"].to_pylist() == ["[1.0]", "[2]", "[1]"]
    assert table["about"].to_pylist() == ['{"a":[1]}', "{}", '{"a":[1]}']
    assert table["version"].to_pylist() == [2, 2, 2]
    found = storage.log.find("o1")
    assert found is not None
    assert (found.version, found.body) == (2, {"called": "renewed", "amounts": [1.0], "about": {"a": [1]}})


def test_an_erased_unit_is_gone_with_what_was_said_of_it_and_does_not_come_back(storage: Storage) -> None:
    body = {"release": "r1", "arm": "challenger", "mode": "answer", "action": "call", "propensity": 1.0}
    told = event("suggestion", body, id="s1", at=NOON, received_at=NOON, unit="acct-1")
    thumb = event("feedback", {"suggestion": "s1", "thumb": -1}, id="t1", at=NOON, received_at=NOON, actor="cs-1")
    other = outcome("o2", unit="acct-2")
    storage.log.append([told, thumb, outcome("o1"), facts("f1", {"a": 1}), other])
    tables, head = LogTables(storage.log), storage.log.head()
    assert tables.arrow("outcome").num_rows == 2
    assert storage.log.forget("acct-1") == 4  # type: ignore[attr-defined]
    assert storage.log.generation() == 1
    assert [storage.log.find(key) for key in ("s1", "t1", "o1", "f1")] == [None] * 4
    assert storage.log.latest("unit.facts", "acct-1") is None
    assert tables.arrow("outcome")["id"].to_pylist() == ["o2"]
    assert storage.log.append([outcome("o1", amount=5), told]) == ["duplicate", "duplicate"]
    assert storage.log.head() == head
    assert storage.log.forget("acct-1") == 0  # type: ignore[attr-defined]
    assert storage.log.generation() == 1
    storage.log.append([outcome("o3")])
    assert storage.log.head() > head, "a number is never given twice"


def test_artefacts_are_found_by_their_content(storage: Storage) -> None:
    about = {"rows": 3, "name": "é", "nested": {"a": [1.5, None]}}
    key = storage.artefacts.put("model", b"\x00\xff bytes", about)
    about["rows"] = 4
    assert storage.artefacts.put("model", b"\x00\xff bytes", {"rows": 9}) == key
    kept = storage.artefacts.get(key)
    assert (kept.key, kept.kind, kept.payload) == (key, "model", b"\x00\xff bytes")
    assert kept.about == {"rows": 3, "name": "é", "nested": {"a": [1.5, None]}}
    assert storage.artefacts.put("model", b"other", {}) != key
    with pytest.raises(Unknown, match="artefact"):
        storage.artefacts.get("no such key")


def test_documents_keep_every_version(storage: Storage) -> None:
    documents = storage.documents
    assert documents.load("brief") is None
    assert documents.save("brief", "one", by="ana", at=NOON) == 1
    assert documents.save("brief", "one", by="ben", at=NOON) == 1, "the newest text again is nothing new"
    assert documents.save("brief", "two\n\n", by="ben", at=NOON) == 2
    assert documents.save("brief", "one", by="ana", at=NOON) == 3
    assert documents.save("playbook", "calls", by="ana", at=NOON) == 1
    assert [documents.load("brief", version) for version in (None, 1, 2, 3, 4, 0)] == [
        "one", "one", "two\n\n", "one", None, None,
    ]  # fmt: skip
    with pytest.raises(BadParameter, match="zone"):
        documents.save("brief", "three", by="ana", at=datetime(2026, 3, 1))


def test_a_table_once_read_does_not_change(storage: Storage) -> None:
    storage.log.append([outcome("o1")])
    before: pa.Table = storage.log.read("outcome")
    storage.log.append([outcome("o2")])
    assert before.num_rows == 1
