"""Aggregates asked of the log equal those reckoned by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.judged_world import Diary, day, played

from payoff.aggregates import Sums
from payoff.errors import Unknown
from payoff.log import analysis
from payoff.metrics import query
from payoff.metrics.base import Latency, Pulse, Ratio
from payoff.stats import ranking

VALUE = Ratio("happened", "known", "first_value", 14.0)


def _scope(
    diary: Diary, until: float = 60, *, pooled: bool = False, trial: str = "r1"
) -> tuple[object, query.Scope]:
    tables = diary.tables()
    mine = analysis.entries(tables, trial, day(until))
    return tables, query.Scope(mine, day(0), day(until), pooled)


def test_sums_are_those_of_the_units(rng: np.random.Generator) -> None:
    diary = played(rng, units=300)
    tables, scope = _scope(diary)
    found = query.answer(tables, scope, [VALUE], query.arrivals(scope))[VALUE]
    arm = {e.unit: e.body["arm"] for e in diary.events if e.kind == "assignment"}
    yes = {e.unit for e in diary.events if e.kind == "outcome" and e.body["name"] == "first_value"}
    for name in ("challenger", "champion", "holdout"):
        y = np.array([float(unit in yes) for unit, a in arm.items() if a == name])
        assert found.pooled(name) == Sums.of(y)


def test_few_units_and_many_give_the_same_sums(rng: np.random.Generator) -> None:
    tables, scope = _scope(played(rng, units=400), 30)
    needs = [VALUE, Ratio("days", "happened", "first_value", 14.0)]
    here = query.answer(tables, scope, needs, query.arrivals(scope))
    wide = query._wide(tables, scope, needs)
    there = query._cells(wide, needs, pooled=False, units=query.ROWS + 1)
    for need, cells in zip(needs, there, strict=True):
        assert {a: set(s) for a, s in cells.items()} == {a: set(s) for a, s in here[need].cells.items()}
        for arm, stages in cells.items():
            for stage, sums in stages.items():
                mine = here[need].cells[arm][stage]
                assert (sums.n, sums.total) == (mine.n, mine.total)
                assert (sums.y, sums.yy, sums.yw) == pytest.approx((mine.y, mine.yy, mine.yw))


def test_events_in_any_order_and_twice_give_the_same(rng: np.random.Generator) -> None:
    diary = played(rng, units=200)
    tables, scope = _scope(diary)
    before = query.answer(tables, scope, [VALUE], query.arrivals(scope))[VALUE].cells
    shuffled = Diary()
    shuffled.events = [diary.events[i] for i in rng.permutation(len(diary.events))] + diary.events[:50]
    tables, scope = _scope(shuffled)
    assert query.answer(tables, scope, [VALUE], query.arrivals(scope))[VALUE].cells == before


def test_several_entries_of_a_unit_are_one_cluster() -> None:
    diary = Diary()
    for unit, arm in (("a", "care"), ("b", "care"), ("h", "holdout")):
        for quarter, at in (("2026Q1", 0.0), ("2026Q2", 90.0)):
            diary.enter(unit, arm, day(at), "stream", quarter)
    diary.outcome("a", "first_value", day(3))
    diary.outcome("a", "first_value", day(95))
    tables, scope = _scope(diary, 200, pooled=True, trial="stream")
    came = query.arrivals(scope)
    care = query.answer(tables, scope, [VALUE], came)[VALUE].pooled("care")
    assert came.units == {"care": 2, "holdout": 1}
    assert (care.n, care.y, care.w, care.yy) == (2, 2, 4, 4)


def test_a_unit_in_two_arms_is_noticed() -> None:
    diary = Diary()
    diary.enter("a", "care", day(0), "stream", "2026Q1")
    diary.enter("a", "holdout", day(90), "stream", "2026Q2")
    _, scope = _scope(diary, 200, pooled=True, trial="stream")
    assert query.arrivals(scope).mixed == 1


def test_the_slowest_answers_are_found_to_a_hundredth() -> None:
    diary = Diary()
    diary.enter("a", "challenger", day(0))
    for i in range(1, 101):
        diary.suggest("a", day(i / 100), latency_us=1000 * i)
    tables, scope = _scope(diary)
    ms, n = query.answer(tables, scope, [Latency()], query.arrivals(scope))[Latency()].latency["challenger"]
    assert n == 100
    assert ms == pytest.approx(95, rel=0.01)


def test_the_pulse_counts_people_and_those_who_did_not_answer() -> None:
    diary = Diary()
    diary.enter("a", "challenger", day(0))
    for week, score in ((0, 2), (1, 4)):
        diary.add("pulse", day(7 * week), None, "ann", score=score, asked="weekly")
    diary.add("pulse", day(1), None, "bob", asked="weekly")
    tables, scope = _scope(diary)
    pulse = query.answer(tables, scope, [Pulse()], query.arrivals(scope))[Pulse()].pulse
    assert (pulse.n, pulse.y, pulse.w, pulse.total) == (1, 6, 2, 2)


def test_a_column_nobody_keeps_is_refused_by_name() -> None:
    diary = Diary()
    diary.enter("a", "challenger", day(0))
    tables, scope = _scope(diary)
    with pytest.raises(Unknown, match="smiles"):
        query.answer(tables, scope, [Ratio("smiles", "told")], query.arrivals(scope))


def test_many_scores_come_in_bins_and_rank_nearly_the_same(rng: np.random.Generator) -> None:
    diary = Diary()
    for i in range(400):
        diary.enter(f"a{i}", "challenger", day(0))
        risk = float(rng.beta(1, 6))
        diary.suggest(f"a{i}", day(0), risk=risk)
        if rng.random() < risk:
            diary.outcome(f"a{i}", "left", day(2))
    tables, scope = _scope(diary)
    rows = analysis.scored(tables, scope.entries, "left", 14.0, scope.until)
    bins, every = query._binned(rows).to_pyarrow().to_pydict(), rows.to_pyarrow().to_pydict()
    assert len(bins["risk"]) < 400
    assert sum(bins["weight"]) == 400
    score, happened = (np.repeat(bins[name], bins["weight"]) for name in ("risk", "happened"))
    assert ranking.auc(score, happened) == pytest.approx(ranking.auc(every["risk"], every["happened"]), abs=2e-3)
    assert score.mean() == pytest.approx(np.mean(every["risk"]))
