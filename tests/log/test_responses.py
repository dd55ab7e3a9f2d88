"""Of all that was answered, what stands: one by one and as a table, and the two agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payoff.adapters.memory import MemoryLog
from payoff.log.events import event
from payoff.log.responses import CODES, Answer, current, reason_of, reasoned, responses, said, standing
from payoff.log.tables import LogTables

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def answers(*told: tuple[str, str] | tuple[str, str, int]) -> list[Answer]:
    """(what, by) in order, an hour apart; a third part sets the hour."""
    made = []
    for i, (what, by, *hour) in enumerate(told):
        at = NOON + timedelta(hours=hour[0] if hour else i)
        made.append(Answer(f"a{i}", i + 1, at, what, by))
    return made


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ([("shown", "ana"), ("done", "ana")], ["a1"]),
        ([("done", "ana"), ("undone", "ana")], []),
        ([("done", "ana"), ("undone", "ben")], ["a0"]),
        ([("done", "ana"), ("shown", "ana"), ("undone", "ana")], []),
        ([("accepted", "ana"), ("done", "ana"), ("undone", "ana")], ["a0"]),
        ([("accepted", "ana"), ("done", "ana"), ("undone", "ana"), ("undone", "ana")], []),
        ([("undone", "ana"), ("done", "ana")], ["a1"]),
        ([("done", "ana"), ("dismissed", "ana")], ["a1"]),
        ([("done", "ana"), ("dismissed", "ben")], ["a1"]),
        ([("done", "ana"), ("dismissed", "ben"), ("undone", "ben")], ["a0"]),
        ([("done", "ana"), ("snoozed", "ana")], ["a1"]),
        ([("snoozed", "ana"), ("done", "ana")], ["a0", "a1"]),
        ([("done", "ana"), ("done", "ben")], ["a0", "a1"]),
        ([("done", "ana"), ("accepted", "ben")], ["a0", "a1"]),
        ([("dismissed", "ana", 5), ("done", "ana", 1)], ["a0"]),
    ],
)
def test_what_stands(told: list[tuple[str, str]], stands: list[str]) -> None:
    assert sorted(a.id for a in standing(answers(*told))) == stands


def test_who_changed_their_mind_can_still_take_the_first_answer_back() -> None:
    told = answers(("done", "ana"), ("dismissed", "ben"), ("undone", "ana"))
    assert [a.id for a in said(told)] == ["a1"]


def test_the_one_that_counts_is_the_last_and_on_it_only_where_nothing_else_was_said() -> None:
    counts = current(answers(("done", "ana"), ("accepted", "ana")))
    assert counts is not None
    assert counts.what == "done"
    alone = current(answers(("accepted", "ana"), ("shown", "ben")))
    assert alone is not None
    assert alone.what == "accepted"
    assert current(answers(("done", "ana"), ("undone", "ana"))) is None


WHAT = st.sampled_from(["shown", "accepted", "done", "dismissed", "snoozed", "undone"])
ONE = st.tuples(st.sampled_from("st"), WHAT, st.sampled_from(["ana", "ben", None]), st.integers(0, 3))


@given(st.lists(ONE, max_size=14))
def test_one_by_one_and_as_a_table_the_same_stands(told: list[tuple[str, str, str | None, int]]) -> None:
    log = MemoryLog()
    log.append(
        [
            event("response", {"suggestion": about, "what": what}, id=f"r{i}", at=NOON + timedelta(hours=hour),
                  received_at=NOON, unit="u", actor=by)
            for i, (about, what, by, hour) in enumerate(told)
        ]
    )  # fmt: skip
    table = responses(LogTables(log))
    assert table.num_rows == len(told), "what does not stand still says that it was met"
    stands = {row["id"] for row in table.to_pylist() if row["what"] != "shown"}
    expected: set[str] = set()
    for about in "st":
        mine = [
            Answer(f"r{i}", i, NOON + timedelta(hours=hour), what, by or "")
            for i, (of, what, by, hour) in enumerate(told)
            if of == about
        ]
        expected |= {a.id for a in standing(mine)}
    assert stands == expected


def test_a_log_without_answers_has_an_empty_table() -> None:
    table = responses(LogTables(MemoryLog()))
    assert isinstance(table, pa.Table)
    assert table.num_rows == 0


@pytest.mark.parametrize("name", CODES)
def test_a_reason_reads_back_with_its_words(name: str) -> None:
    assert reason_of(reasoned(name, " they: closed ")) == (name, "they: closed")
    assert reason_of(reasoned(name)) == (name, "")


@pytest.mark.parametrize("why", ["", "not the right moment", "already there", "wrong times: two"])
def test_free_words_have_no_code(why: str) -> None:
    assert reason_of(why) == ("", why)
