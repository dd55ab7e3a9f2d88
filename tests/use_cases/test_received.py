"""Events from outside: each answered for itself, whatever one of them holds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.small import running

GOOD = {"kind": "outcome", "id": "g1", "unit": "acct-4", "name": "left"}
BAD = [
    {"kind": "outcome", "unit": "acct-4", "name": "left", "at": 10**20},
    {"kind": "outcome", "unit": "acct-4", "name": "left", "at": "0001-01-01T00:00:00+14:00"},
    {"kind": "outcome", "unit": "acct-4", "name": "left", "at": True},
    {"kind": "outcome", "unit": "acct-4", "name": "left", "at": "2026-01-05"},
    {"kind": "outcome", "unit": "acct-4", "name": "left", "amount": 10**400},
    {"kind": "outcome", "unit": "acct-4", "name": ["left"]},
    {"kind": "outcome", "unit": "acct-4"},
    {"kind": "outcome", "unit": "acct-4", "name": "no_such"},
    {"kind": "outcome", "unit": "a\x00b", "name": "left"},
    {"kind": "outcome", "id": "x\ud800", "unit": "acct-4", "name": "left"},
    {"kind": "outcome", "id": "x" * 1000, "unit": "acct-4", "name": "left"},
    {"kind": "response", "suggestion": ["x"], "what": "done"},
    {"kind": "response", "suggestion": "never-was", "what": "done", "units": {"never-was": "acct-1"}},
    {"kind": "response", "suggestion": "never-was", "what": "done"},
    {"kind": "facts", "unit": "acct-4", "facts": [1]},
    {"kind": "facts", "unit": "acct-4", "facts": {"a": "\udfff"}},
    {"kind": "feedback", "by": "ana"},
    {"kind": "feedback", "by": "ana", "comment": "x" * 30_000},
    {"kind": "suggestion", "unit": "acct-4"},
    {"kind": "release", "release": "r9"},
    "not an event",
]


@pytest.mark.parametrize("bad", BAD, ids=lambda b: str(b)[:60].encode("ascii", "replace").decode())
def test_one_bad_event_is_refused_and_the_good_one_kept(bad):
    made = running()
    head = made.storage.log.head()
    first, second = made.events([GOOD, bad])
    assert first[:2] == ("g1", "stored")
    assert second[1] == "refused"
    assert second[2]
    assert made.storage.log.head() == head + 1
    "".join(second).encode()  # can be sent back


def test_the_same_id_twice_in_one_batch_is_a_duplicate():
    made = running()
    assert [a[1] for a in made.events([GOOD, GOOD])] == ["stored", "duplicate"]
    assert [a[1] for a in made.events([GOOD])] == ["duplicate"]
    assert [a[1] for a in made.events([{**GOOD, "unit": "acct-5"}])] == ["conflict"]


def test_every_kind_from_outside_is_kept():
    made = running()
    said = made.suggest("acct-1")
    answers = made.events(
        [
            {"kind": "response", "suggestion": said.id, "what": "done", "minutes": 5, "by": "crm"},
            {"kind": "outcome", "unit": 7, "name": "first_value", "at": "2026-01-06T10:00:00Z"},
            {"kind": "facts", "unit": "acct-99", "facts": {"seats": 3}},
            {"kind": "feedback", "suggestion": said.id, "thumb": 1, "by": "ana"},
        ]
    )
    assert [a[1] for a in answers] == ["stored"] * 4


def test_the_weekly_question_is_answered_once_a_week_by_everybody() -> None:
    product = running(2)
    for by, score in (("ana", None), ("ana", 4), ("ana", 1), ("ben", 2)):
        product.pulse(by, score)
    product.clock.advance(timedelta(days=7))  # type: ignore[attr-defined]
    product.pulse("ana", 5)
    rows = product.workspace.tables.arrow("pulse").to_pylist()
    assert [(r["actor"], r["score"]) for r in rows] == [("ana", None), ("ana", 4), ("ben", 2), ("ana", 5)]
