"""Sessions and quotes as they stand now; names of themes; who was heard; when the next group is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from payoff.notes import fold
from payoff.notes.coverage import coverage
from payoff.notes.records import Quote, Session
from payoff.notes.schedule import upcoming
from payoff.notes.themes import Names, plain, split, ties
from payoff.records.time import to_micros

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def note(id: str, **more: Any) -> dict[str, Any]:
    keys = ("of", "title", "release", "held_us", "planned", "dropped", "decision", "actor")
    empty = dict.fromkeys(keys)
    return {
        **empty, "id": id, "about": "interview", "text": "t", "themes": [], "attended": {}, "answers": [],
        "tasks": [], "at": NOON, **more,
    }  # fmt: skip


def session(id: str = "s", about: str = "focus group", held: datetime = NOON, **more: Any) -> Session:
    return Session(id, about, "", "t", "ines", held, held, **more)


def quote(id: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("of", "who", "role", "against", "withdrawn", "removed", "actor"))
    return {**empty, "id": id, "note": "n", "text": "t", "themes": [], "bears": [], "at": NOON, **more}


def test_a_later_wording_stands_and_the_first_author_and_day_stay() -> None:
    rows = [
        note("a", actor="ines", planned=True, held_us=to_micros(NOON + 3 * DAY)),
        note("b", at=NOON + DAY),
        note(
            "c", of="a", actor="kenji", text="what was said", at=NOON + 4 * DAY, held_us=to_micros(NOON + 3 * DAY)
        ),
    ]
    found = fold.sessions(rows, Names())
    assert [(s.id, s.text, s.planned, s.by, s.at) for s in found] == [
        ("a", "what was said", False, "ines", NOON),
        ("b", "t", False, "", NOON + DAY),
    ], "the newest held first"


def test_codes_follow_the_roles_and_nobody_has_a_name() -> None:
    people = session(attended={"payroll lead": 2, "founder": 1}).people
    assert [(p.code, p.role) for p in people] == [
        ("P1", "payroll lead"),
        ("P2", "payroll lead"),
        ("P3", "founder"),
    ]


def test_a_quote_filed_anew_keeps_its_id_and_one_taken_back_keeps_its_filing() -> None:
    rows = [
        quote("q", themes=["calls"], against=True, bears=["release:r1"]),
        quote("q2"),
        quote("x", of="q", text="", themes=["calls"], against=True, bears=["release:r1"], withdrawn=True),
    ]
    newest, first = fold.quotes(rows, Names())
    assert (newest.id, newest.stance) == ("q2", "")
    assert (first.id, first.text, first.stance, first.themes, first.withdrawn) == (
        "q",
        "",
        "against",
        ("calls",),
        True,
    )


def test_themes_are_renamed_merged_and_renamed_back() -> None:
    names = Names([("calls", "phone"), ("phone", "Talking"), ("mail", "talking")])
    assert {names(n) for n in ("calls", "phone", "Phone", "mail", "TALKING")} == {"talking"}
    back = Names([("a", "b"), ("b", "a")])
    assert back("a") == back("b") == "a"
    assert Names()("Undo") == "Undo"
    assert names.each(["calls", "mail", "new"]) == ("talking", "new")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" On  call, on call; IT / HR\n", ["On call", "IT - HR"]),
        ("..", []),
        ("a?b#c", ["a?b#c"]),
        ("tab\there", ["tab here"]),
    ],
)
def test_what_is_typed_becomes_names_an_address_can_hold(typed: str, kept: list[str]) -> None:
    assert split(typed) == kept


def test_a_theme_has_no_more_than_a_line() -> None:
    assert len(plain("x" * 500)) == 60


def test_a_theme_is_tied_once_and_untied() -> None:
    empty: dict[str, Any] = {"name": None, "bears": [], "untied": [], "at": NOON, "actor": "i", "why": None}
    rows = [
        {**empty, "theme": "calls", "name": "phone"},
        {**empty, "theme": "calls", "bears": ["release:r1"], "why": "w"},
        {**empty, "theme": "phone", "bears": ["release:r1", "action:a"], "at": NOON + DAY},
        {**empty, "theme": "phone", "untied": ["action:a"]},
    ]
    found = ties(rows, Names([("calls", "phone")]))
    assert [(name, [(t.on, t.at, t.why) for t in tied]) for name, tied in found.items()] == [
        ("phone", [("release:r1", NOON, "w")])
    ]


def test_roles_nobody_has_talked_to_come_first() -> None:
    held = [
        session("1", held=NOON, attended={"founder": 2, "IT admin": 0}),
        session("2", held=NOON + DAY, attended={"payroll lead": 3}),
        session("3", planned=True, attended={"HR manager": 4}),
        session("4", about="idea", attended={"HR manager": 1}),
    ]
    words = [
        Quote("q", "1", "t", NOON, "", role="founder"),
        Quote("w", "1", "", NOON, "", role="founder", withdrawn=True),
        Quote("x", "1", "t", NOON, "", role="founder", removed=True),
    ]
    found = coverage(held, words, {"payroll lead": 9, "HR manager": 5, "IT admin": 7})
    assert [h.withdrawn for h in found] == [0, 0, 1, 0]
    assert [(h.role, h.customers, h.people, h.last and h.last.day, h.quotes) for h in found] == [
        ("IT admin", 7, 0, None, 0),
        ("HR manager", 5, 0, None, 0),
        ("founder", 0, 2, 2, 1),
        ("payroll lead", 9, 3, 3, 0),
    ]


def test_the_next_group_is_due_the_rhythm_after_the_last_held() -> None:
    today = date(2026, 3, 10)
    none = upcoming([], every_days=14, today=today, zone="UTC")
    assert (none.due, none.last, none.planned) == (today, None, None)
    kept = [
        session("old", held=NOON - 30 * DAY),
        session("last", held=NOON),
        session("talk", about="interview", held=NOON + 5 * DAY),
        session("dropped", held=NOON + 9 * DAY, planned=True, dropped=True),
        session("later", about="interview", held=NOON + 20 * DAY, planned=True),
        session("plan", held=NOON + 10 * DAY, planned=True),
    ]
    found = upcoming(kept, every_days=14, today=today, zone="UTC")
    assert (found.due, found.last and found.last.id, found.planned and found.planned.id) == (
        date(2026, 3, 16), "last", "plan",
    )  # fmt: skip


def test_a_day_is_the_teams_day() -> None:
    late = session("late", held=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    assert upcoming([late], every_days=1, today=date(2026, 3, 9), zone="Asia/Tokyo").due == date(2026, 3, 4)
