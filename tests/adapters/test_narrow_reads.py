"""Reading a little of a long log: every store gives the same rows, and costs what they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from tests.adapters.logged import NOON, facts, outcome

from payoff.errors import Unknown
from payoff.log.events import KINDS, event
from payoff.log.tables import LogTables
from payoff.ports import Storage
from payoff.records.envelope import Event


def said(id: str, unit: str, at: datetime = NOON, *, action: str = "call", mode: str = "answer") -> Event:
    body = {"release": "r1", "arm": "challenger", "mode": mode, "action": action, "propensity": 1.0}
    return event("suggestion", body, id=id, at=at, received_at=NOON, unit=unit)


def test_a_look_at_the_last_days_leaves_out_what_is_older_and_keeps_the_order_of_the_log(storage: Storage) -> None:
    day = timedelta(days=1)
    storage.log.append(
        [outcome("o1", at=NOON - 9 * day), outcome("o2", at=NOON), outcome("o3", at=NOON - day), facts("f1", {})]
    )
    assert storage.log.read("outcome", since=NOON - day)["id"].to_pylist() == ["o2", "o3"]
    assert storage.log.read("outcome", since=NOON + day).num_rows == 0
    seen = storage.log.head()
    storage.log.append([outcome("o4", at=NOON - 8 * day), outcome("o5", at=NOON)])
    assert storage.log.read("outcome", since=NOON - day, after=seen)["id"].to_pylist() == ["o5"]
    assert storage.log.read("outcome", since=NOON - 9 * day)["id"].to_pylist() == ["o1", "o2", "o3", "o4", "o5"]


def test_what_has_a_certain_word_in_a_field_can_be_left_out(storage: Storage) -> None:
    hostile = 'x","action":"nothing'
    storage.log.append(
        [
            said("s1", "a"),
            said("s2", "a", action="nothing"),
            said("s3", "b", action="NOTHING"),
            said("s4", hostile),
        ]
    )
    without = {"action": "nothing"}
    assert storage.log.read("suggestion", without=without)["id"].to_pylist() == ["s1", "s3", "s4"]
    recent = storage.log.read("suggestion", since=NOON, without=without)
    assert recent["id"].to_pylist() == ["s1", "s3", "s4"]
    assert storage.log.read("suggestion", without={"currency": "EUR"}).num_rows == 4, "a field nobody filled"


def test_the_last_of_every_unit_is_found_without_reading_it(storage: Storage) -> None:
    day = timedelta(days=1)
    storage.log.append(
        [
            said("s1", "a"),
            said("s2", "b"),
            said("s3", "a", NOON - day),
            said("s4", "b", mode="shadow"),
            said("s5", "b", NOON + day),
            said("s6", "c", NOON - 9 * day),
        ]
    )
    seq = dict(zip(*(storage.log.read("suggestion")[name].to_pylist() for name in ("id", "seq")), strict=True))
    span = {"since": NOON - day, "until": NOON}
    assert storage.log.last_of("suggestion", **span) == {"a": seq["s3"], "b": seq["s4"]}
    assert storage.log.last_of("suggestion", **span, without={"mode": "shadow"}) == {
        "a": seq["s3"],
        "b": seq["s2"],
    }


def test_many_are_found_by_their_ids_in_the_order_of_the_log(storage: Storage) -> None:
    storage.log.append([outcome("o1"), facts("f1", {"a": 1}), outcome("o2"), outcome("o3")])
    found = storage.log.find_many("outcome", ["o3", "nobody", "f1", "o1", "o3"])
    assert found["id"].to_pylist() == ["o1", "o3"]
    assert found.schema == KINDS["outcome"].schema
    assert storage.log.find_many("outcome", []).num_rows == 0
    many = [outcome(f"m{number}") for number in range(7_000)]
    storage.log.append(many)
    assert storage.log.find_many("outcome", [one.id for one in many]).num_rows == 7_000


def test_everything_about_a_suggestion_is_found_in_the_order_of_the_log(storage: Storage) -> None:
    about = {"suggestion": "s1", "what": "done"}
    storage.log.append(
        [
            said("s1", "acct-1"),
            event("response", about, id="r1", at=NOON, received_at=NOON, unit="acct-1", actor="ana"),
            event("feedback", {"suggestion": "s1", "thumb": 1}, id="f1", at=NOON, received_at=NOON, actor="ana"),
            event("response", {**about, "suggestion": "s2"}, id="r2", at=NOON, received_at=NOON, unit="acct-1"),
            outcome("o1", suggestion="s1", at=NOON - timedelta(days=1)),
        ]
    )
    found = storage.log.about("s1")
    assert [(one.kind, one.id) for one in found] == [("response", "r1"), ("feedback", "f1"), ("outcome", "o1")]
    assert (found[0].body, found[0].actor, found[0].seq) == (about, "ana", 2)
    assert storage.log.about("s3") == []


def test_the_newest_of_many_units_is_the_newest_in_its_own_time(storage: Storage) -> None:
    day = timedelta(days=1)
    storage.log.append(
        [
            facts("a2", {"n": 2}, unit="a", at=NOON + day),
            facts("a1", {"n": 1}, unit="a"),
            facts("b1", {"n": 1}, unit="b"),
            facts("b2", {"n": 2}, unit="b"),
            facts("c1", {"n": 1}, unit="c"),
            outcome("o1", unit="a", at=NOON + day),
        ]
    )

    def newest(units: list[str], until: datetime) -> list[str]:
        ids: list[str] = storage.log.latest_many("unit.facts", units, until=until)["id"].to_pylist()
        return ids

    assert newest(["a", "b", "nobody", "a"], NOON + day) == ["a2", "b2"]
    assert newest(["a", "b"], NOON) == ["a1", "b2"]
    assert newest(["a"], NOON - day) == []
    assert newest([], NOON) == []
    assert storage.log.latest_many("unit.facts", [], until=NOON).schema == KINDS["unit.facts"].schema


def test_how_new_each_kind_is_is_known_without_reading_it(storage: Storage) -> None:
    day = timedelta(days=1)
    storage.log.append([outcome("o1", at=NOON + day), outcome("o2", at=NOON - day), facts("f1", {})])
    kinds = ("outcome", "unit.facts", "response")
    assert storage.log.newest(kinds, until=NOON + 2 * day) == {"outcome": NOON + day, "unit.facts": NOON}
    assert storage.log.newest(kinds, until=NOON - day) == {"outcome": NOON - day}
    assert storage.log.newest((), until=NOON) == {}


def test_the_state_is_generation_and_head(storage: Storage) -> None:
    assert storage.log.state() == (0, 0)
    storage.log.append([outcome("o1"), outcome("o2", unit="acct-2")])
    assert storage.log.state() == (0, storage.log.head()) == (0, 2)
    storage.log.forget("acct-1")  # type: ignore[attr-defined]
    assert storage.log.state() == (storage.log.generation(), storage.log.head()) == (1, 2)


def test_narrow_reads_see_nothing_of_other_products_nor_of_the_erased(
    opened: Callable[[str], Storage],
) -> None:
    shop, clinic = opened("shop"), opened("clinic")
    about = event(
        "response", {"suggestion": "s1", "what": "done"}, id="r1", at=NOON, received_at=NOON, unit="acct-1"
    )
    shop.log.append([said("s1", "acct-1"), about, facts("f1", {"a": 1})])
    for log in (clinic.log, shop.log):
        if log is shop.log:
            log.forget("acct-1")  # type: ignore[attr-defined]
        assert log.find_many("suggestion", ["s1"]).num_rows == 0
        assert log.about("s1") == []
        assert log.latest_many("unit.facts", ["acct-1"], until=NOON).num_rows == 0
        assert log.newest(("suggestion", "response"), until=NOON) == {}
        assert log.last_of("suggestion", since=NOON, until=NOON) == {}
        assert log.read("suggestion", since=NOON).num_rows == 0


def test_narrow_reads_of_a_kind_nobody_declared_are_refused(storage: Storage) -> None:
    for ask in (
        lambda: storage.log.find_many("outcomes", ["o1"]),
        lambda: storage.log.latest_many("outcomes", ["u"], until=NOON),
        lambda: storage.log.newest(("outcomes",), until=NOON),
        lambda: storage.log.last_of("outcomes", since=NOON, until=NOON),
        lambda: storage.log.read("outcomes", since=NOON),
    ):
        with pytest.raises(Unknown, match="outcome"):
            ask()


def test_recent_rows_follow_the_log_and_widen_where_more_is_asked_for(storage: Storage) -> None:
    day = timedelta(days=1)
    tables = LogTables(storage.log)
    storage.log.append([outcome("o1", at=NOON - 30 * day), outcome("o2", at=NOON - 3 * day)])
    assert tables.recent("outcome", NOON - 5 * day)["id"].to_pylist() == ["o2"]
    storage.log.append([outcome("o3"), outcome("o4", at=NOON - 40 * day)])
    assert tables.recent("outcome", NOON - 5 * day)["id"].to_pylist() == ["o2", "o3"]
    assert tables.recent("outcome", NOON - 31 * day)["id"].to_pylist() == ["o1", "o2", "o3"]
    assert tables.recent("outcome", NOON)["id"].to_pylist() == ["o3"]
    assert tables.recent("outcome", NOON + 80 * day).num_rows == 0
    assert tables.recent("outcome", NOON - 90 * day)["id"].to_pylist() == ["o1", "o2", "o3", "o4"]


def test_a_derived_table_is_made_again_only_when_its_kinds_have_grown(storage: Storage) -> None:
    tables, made = LogTables(storage.log), []

    def doubled(rows: pa.Table) -> pa.Table:
        made.append(rows.num_rows)
        return pa.concat_tables([rows, rows])

    storage.log.append([outcome("o1")])
    assert tables.derived("twice", ("outcome",), doubled).num_rows == 2
    storage.log.append([facts("f1", {})])
    assert tables.derived("twice", ("outcome",), doubled).num_rows == 2
    storage.log.append([outcome("o2")])
    assert tables.derived_view("twice", ("outcome",), doubled).count().execute() == 4
    assert made == [1, 2]


def test_what_follows_the_log_begins_afresh_after_an_erasure(storage: Storage) -> None:
    tables = LogTables(storage.log)
    first = tables.kept("list", list)
    first.append(1)
    assert tables.kept("list", list) is first
    storage.log.append([outcome("o1")])
    assert tables.kept("list", list) is first
    storage.log.forget("acct-1")  # type: ignore[attr-defined]
    assert tables.kept("list", list) == []
