"""Entries, windows and answers as the views see them."""

from __future__ import annotations

from datetime import timedelta

from tests.judged_world import Diary, day
from tests.small import running

from payoff.log import analysis


def _rows(table: object) -> list[dict[str, object]]:
    return table.to_pyarrow().to_pylist()  # type: ignore[attr-defined]


def test_an_entry_is_the_first_assignment_and_named_units_are_outside() -> None:
    diary = Diary()
    diary.enter("a", "champion", day(1))
    diary.enter("a", "challenger", day(2))
    diary.enter("b", "named", day(1))
    rows = _rows(analysis.entries(diary.tables(), "r1", day(9)))
    assert [(row["unit"], row["arm"]) for row in rows] == [("a", "champion")]


def test_the_future_is_not_seen() -> None:
    diary = Diary()
    diary.enter("a", "champion", day(5))
    assert _rows(analysis.entries(diary.tables(), "r1", day(4))) == []


def test_a_window_holds_its_first_moment_and_not_its_last() -> None:
    diary = Diary()
    for unit, at in (("early", -0.001), ("first", 0.0), ("last", 13.999), ("late", 14.0)):
        diary.enter(unit, "challenger", day(0))
        diary.outcome(unit, "won", day(at))
    mine = analysis.entries(diary.tables(), "r1", day(30))
    rows = _rows(analysis.happened(diary.tables(), mine, "won", 14, day(30)))
    assert {row["unit"] for row in rows if row["happened"]} == {"first", "last"}


def test_an_outcome_is_known_only_when_its_whole_window_has_passed() -> None:
    diary = Diary()
    diary.enter("a", "challenger", day(0))
    mine = analysis.entries(diary.tables(), "r1", day(13.9))
    before = mine.mutate(known=analysis.known(mine, 14, day(13.9)))
    after = mine.mutate(known=analysis.known(mine, 14, day(14)))
    assert [row["known"] for row in _rows(before)] == [0]
    assert [row["known"] for row in _rows(after)] == [1]


def test_news_that_it_did_not_happen_is_no_event() -> None:
    diary = Diary()
    diary.enter("a", "challenger", day(0))
    diary.outcome("a", "won", day(1), 0.0)
    tables = diary.tables()
    rows = _rows(analysis.happened(tables, analysis.entries(tables, "r1", day(30)), "won", 14, day(30)))
    assert [(row["happened"], row["amount"]) for row in rows] == [(0, 0.0)]


def test_a_unit_enters_the_stream_once_a_quarter_and_its_suggestions_go_with_it() -> None:
    diary = Diary()
    diary.enter("a", "care", day(0), "stream", "2026Q1")
    diary.suggest("a", day(0))
    diary.suggest("a", day(20))
    diary.enter("a", "care", day(90), "stream", "2026Q2")
    diary.suggest("a", day(90))
    tables = diary.tables()
    rows = _rows(analysis.behaviour(tables, analysis.entries(tables, "stream", day(99)), day(99)))
    assert sorted((row["at"], row["given"]) for row in rows) == [(day(0), 2), (day(90), 1)]


def test_since_a_release_serves_only_entries_of_its_term_count_and_a_quarter_right_after_is_the_same_one() -> None:
    diary = Diary()
    for stage, at in (("2026Q1", 0), ("2026Q1 r1/4", 80), ("2026Q2 r1/4", 90), ("2026Q3 r1/4", 181)):
        diary.enter("a", "care", day(at), "stream", stage)
    for at in (0, 81, 90):
        diary.suggest("a", day(at))
    tables = diary.tables()
    whole = _rows(analysis.entries(tables, "stream", day(200)))
    assert sorted(row["at"] for row in whole) == [day(0), day(80), day(181)]
    mine = analysis.entries(tables, "stream", day(200), since=day(79))
    assert sorted(row["at"] for row in _rows(mine)) == [day(80), day(181)]
    given = _rows(analysis.behaviour(tables, mine, day(200)))
    assert [(row["at"], row["given"]) for row in given] == [(day(80), 2)]


def test_what_nobody_was_told_is_not_counted_as_told() -> None:
    diary = Diary()
    diary.enter("h", "holdout", day(0))
    diary.suggest("h", day(0), arm="holdout", action="nothing")
    diary.enter("a", "challenger", day(0))
    diary.suggest("a", day(0), action="nothing")
    diary.suggest("a", day(1))
    diary.suggest("a", day(2), mode="shadow")
    tables = diary.tables()
    rows = _rows(analysis.behaviour(tables, analysis.entries(tables, "r1", day(9)), day(9)))
    assert {row["unit"]: (row["given"], row["told"]) for row in rows} == {"h": (1, 0), "a": (2, 1)}


def test_answers_are_counted_by_suggestion_and_hours_by_the_first_done() -> None:
    diary = Diary()
    diary.enter("a", "challenger", day(0))
    s = diary.suggest("a", day(0))
    for hours, what in ((1, "shown"), (2, "shown"), (6, "done"), (30, "done")):
        diary.add("response", day(0) + timedelta(hours=hours), "a", "ann", suggestion=s, what=what)
    tables = diary.tables()
    (row,) = _rows(analysis.behaviour(tables, analysis.entries(tables, "r1", day(9)), day(9)))
    assert (row["seen"], row["accepted"], row["done"], row["hours"], row["answered"]) == (1, 1, 1, 6.0, 1)


def test_one_author_has_one_thumb_a_suggestion() -> None:
    diary = Diary()
    diary.enter("a", "challenger", day(0))
    s = diary.suggest("a", day(0))
    for i in range(20):
        diary.add("feedback", day(1 + i / 100), None, "loud", suggestion=s, thumb=-1)
    diary.add("feedback", day(1), None, "calm", suggestion=s, thumb=1)
    diary.add("feedback", day(2), None, "calm", suggestion=s, correction={"risk": "seasonal"})
    tables = diary.tables()
    (row,) = _rows(analysis.opinions(tables, day(9)))
    assert (row["thumbs"], row["thumbs_up"], row["corrected"]) == (2, 1, 1)


def test_one_score_an_entry_stands_for_its_unit() -> None:
    diary = Diary()
    for unit in "ab":
        diary.enter(unit, "challenger", day(0))
        for week in range(4):
            diary.suggest(unit, day(7 * week), risk=0.1 * (week + 1))
    diary.outcome("a", "left", day(5))
    tables = diary.tables()
    mine = analysis.entries(tables, "r1", day(40))
    rows = _rows(analysis.scored(tables, mine, "left", 14, day(40)))
    assert {row["unit"]: (row["risk"], row["happened"]) for row in rows} == {"a": (0.1, 1), "b": (0.1, 0)}


def test_rows_of_a_foreign_experiment_keep_what_each_knows() -> None:
    diary = Diary()
    diary.add(
        "trial.row", day(0), "a", trial="x", action="mail", propensity=0.5, outcomes={"visit": 1, "spend": 2.5}
    )
    diary.add("trial.row", day(0), "b", trial="x", action="none", propensity=0.5, outcomes={"visit": 0})
    diary.add("trial.row", day(0), "c", trial="y", action="none", propensity=0.5, outcomes={"visit": 0})
    table = analysis.trial_rows(diary.tables(), "x")
    assert table is not None
    found = {row["unit"]: (row["arm"], row["visit"], row["spend"]) for row in _rows(table)}
    assert found == {"a": ("mail", 1.0, 2.5), "b": ("none", 0.0, None)}
    assert analysis.trial_rows(diary.tables(), "z") is None


def test_a_thumb_and_a_correction_their_author_took_back_count_nowhere() -> None:
    product = running(12)
    first, second = [s for s in product.decide() if s.arm != "holdout" and s.action != "nothing"][:2]
    up = product.feedback(first.id, by="ana", thumb=1)
    product.feedback(first.id, by="ben", thumb=-1)
    fact = product.feedback(second.id, by="ana", correction={"seats": 3})
    other = product.feedback(second.id, by="ana", thumb=-1)
    for item in (up, fact):
        product.take_back(item, "ana")
    product.give([other], "declined", by="pm", reason="we saw it otherwise")
    rows = analysis.opinions(product.workspace.tables, product.clock.now()).to_pyarrow().to_pylist()
    found = {row["suggestion"]: (row["thumbs"], row["thumbs_up"], row["corrected"]) for row in rows}
    assert found == {first.id: (1, 0, 0), second.id: (1, 0, 0)}
    assert product.thumbs("ana") == {second.id: -1}
