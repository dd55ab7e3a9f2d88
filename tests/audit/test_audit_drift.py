"""Is it drifting: what moved is named, what did not is said not to have, and nothing is said of why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import accuracy_score, roc_auc_score
from statsmodels.stats.proportion import confint_proportions_2indep
from tests.audit.drift_world import DAY, Frame, frame

import payoff
from payoff.audit.report import Report, Section
from payoff.audit.sections.drift.section import Drift
from payoff.stats import distance


def late(f: Frame) -> np.ndarray:
    """Which rows lie in the later half: periods are whole days, half of twelve on either side."""
    return np.asarray(f["predicted_at"] >= np.datetime64("2026-01-01") + 90 * DAY)


def audited(f: Frame, **named: Any) -> Report:
    return payoff.audit(f, catalogue=(Drift(),), **{"time": "predicted_at", **named})


def drift(f: Frame, **named: Any) -> Section:
    return audited(f, **named).section("drift")


def keys(section: Section) -> list[str]:
    return [f.key for f in section.findings]


def test_without_moments_or_with_one_moment_it_says_what_it_lacks() -> None:
    f = frame()
    assert payoff.audit({k: f[k] for k in ("score", "churned")}, catalogue=(Drift(),)).section("drift").unanswered
    alike = drift({**f, "predicted_at": np.full(6_000, np.datetime64("2026-01-01"))})
    assert alike.unanswered and not alike.findings


def test_what_stays_as_it_is_is_said_to_stay() -> None:
    section = drift(frame())
    assert keys(section) == ["drift_none", "drift_ranks_same"]
    assert section.answer == "no"
    assert section.findings[0].evidence["looked_at"] == 4  # score, outcome, who is picked, colour
    assert len(section.tables[0].cells) == 12
    assert section.charts


def test_a_score_that_moved_is_told_in_rows_that_would_have_to_change() -> None:
    f = frame()
    section = drift({**f, "score": np.where(late(f), f["score"] * 0.6 + 0.35, f["score"])})
    found = {x.key: x for x in section.findings}["drift_score"]
    assert found.evidence["size"] == "much"
    assert f"{round(100 * found.evidence['rows_to_change'])} of 100" in found.text
    assert "because" not in found.text
    assert section.answer == "the score moved"


def test_the_score_is_cut_into_tenths_of_the_earlier_half() -> None:
    f = frame()
    moved = np.where(late(f), f["score"] ** 0.8, f["score"])
    row = drift({**f, "score": moved}).tables[1].rows[0]
    before, after = moved[~late(f)], moved[late(f)]
    cuts = np.sort(before)[(np.arange(1, 10) * before.size / 10).astype(int) - 1]
    counts = [np.bincount(np.searchsorted(cuts, x), minlength=10) for x in (before, after)]
    assert row["stability_index"] == pytest.approx(distance.stability_index(*counts), abs=1e-9)
    assert row["rows_to_change"] == pytest.approx(distance.total_variation(*counts), abs=1e-9)
    assert row["jensen_shannon"] == pytest.approx(distance.jensen_shannon(*counts), abs=1e-9)


def test_columns_that_moved_are_named_worst_first_and_counted_in_the_answer() -> None:
    f = frame()
    rng = np.random.default_rng(7)
    later = late(f)
    f["plan"] = np.where(later & (rng.random(later.size) < 0.8), "new", "old")
    f["size"] = rng.normal(size=later.size) + 0.8 * later
    section = drift(f, segments=["plan"])
    found = {x.key: x for x in section.findings}["drift_columns"]
    assert list(found.evidence["columns"]) == ["plan", "size"]
    assert found.text.index("plan") < found.text.index("size")
    assert section.answer == "2 columns moved"
    before, after = ([np.sum(f["plan"][part] == v) for v in ("old", "new")] for part in (~later, later))
    assert found.evidence["columns"]["plan"] == pytest.approx(distance.stability_index(before, after), abs=1e-9)


def test_a_column_that_runs_dry_is_told_from_one_that_changed() -> None:
    f = frame()
    f["seats"] = np.where(late(f), np.nan, np.random.default_rng(3).poisson(20, 6_000).astype(float))
    section = drift(f)
    assert keys(section)[0] == "drift_gone"
    assert "100 of 100 later rows" in section.findings[0].text


def test_a_counter_is_no_drift() -> None:
    f = frame()
    section = drift({**f, "running": np.arange(6_000.0)})
    assert keys(section)[0] == "drift_none"
    assert "running" in section.said[0]


def test_a_half_with_few_rows_reads_cannot_tell() -> None:
    f = frame(60)
    f["predicted_at"] = np.where(np.arange(60) < 40, np.datetime64("2026-01-01"), f["predicted_at"])
    section = drift(f)
    assert keys(section) == ["drift_few"]
    assert section.answer == "cannot tell"


def test_the_change_of_the_outcome_comes_with_newcombe_s_interval() -> None:
    f = frame()
    f["churned"] = np.where(late(f), 1, f["churned"] % 2) * (np.random.default_rng(2).random(6_000) < 0.5)
    found = {x.key: x for x in drift(f).findings}["drift_outcome"]
    y, later = f["churned"], late(f)
    sides = (y[later].sum(), later.sum(), y[~later].sum(), (~later).sum())
    low, high = confint_proportions_2indep(*sides, method="newcomb", compare="diff")
    assert (found.evidence["low"], found.evidence["high"]) == (
        pytest.approx(low, abs=1e-9),
        pytest.approx(high, abs=1e-9),
    )


def test_periods_have_scikit_learn_s_auc_exactly() -> None:
    f = frame()
    rows = drift(f).tables[0].rows
    for k, row in enumerate(rows):
        part = (f["predicted_at"] - np.datetime64("2026-01-01")) // (15 * DAY) == k
        assert row["rows"] == part.sum()
        assert row["auc"] == pytest.approx(roc_auc_score(f["churned"][part], f["score"][part]), abs=1e-9)
        assert row["outcome"] == pytest.approx(f["churned"][part].mean(), abs=1e-12)
        assert row["mean_score"] == pytest.approx(f["score"][part].mean(), abs=1e-9)
        assert row["auc_off_by_at_most"] == 0


def test_with_more_values_than_bins_the_auc_is_within_what_it_says() -> None:
    f = frame(60_000)
    rows = drift(f).tables[0].rows
    for k, row in enumerate(rows):
        part = (f["predicted_at"] - np.datetime64("2026-01-01")) // (15 * DAY) == k
        theirs = roc_auc_score(f["churned"][part], f["score"][part])
        assert 0 < row["auc_off_by_at_most"] < 0.002
        assert abs(row["auc"] - theirs) <= row["auc_off_by_at_most"]


def test_a_model_that_ranks_worse_than_it_did_costs() -> None:
    f = frame()
    rng = np.random.default_rng(5)
    f["churned"] = np.where(late(f), rng.random(6_000) < f["score"].mean(), f["churned"]).astype(int)
    section = drift(f)
    found = {x.key: x for x in section.findings}["drift_ranks_worse"]
    assert found.kind == "costs"
    assert section.answer == "it ranks worse"
    later = late(f)
    ours, theirs = (roc_auc_score(f["churned"][part], f["score"][part]) for part in (later, ~later))
    assert found.evidence["change"] == pytest.approx(ours - theirs, abs=1e-9)
    assert found.basis is not None and found.basis.interval == (found.evidence["low"], found.evidence["high"])


def test_few_outcomes_read_cannot_tell() -> None:
    f = frame(900)
    section = drift(f)
    assert {cells[-1] for cells in section.tables[0].cells} == {"cannot tell"}
    assert "drift_ranks_unclear" in keys(section)
    f["churned"][late(f)] = np.arange(late(f).sum()) < 20
    assert "drift_ranks_few" in keys(drift(f))


def test_a_size_that_moved_is_told_apart_from_the_order() -> None:
    f = frame()
    f["score"] = np.where(late(f), f["score"] ** 0.6, f["score"])
    found = {x.key: x for x in drift(f).findings}
    assert "drift_size_over" in found and "drift_ranks_same" in found
    gaps = [f["score"][part].mean() - f["churned"][part].mean() for part in (~late(f), late(f))]
    assert found["drift_size_over"].evidence["gap_before"] == pytest.approx(gaps[0], abs=1e-9)
    assert found["drift_size_over"].evidence["gap_after"] == pytest.approx(gaps[1], abs=1e-9)


def unknown_from(f: Frame, day: int) -> tuple[Frame, np.ndarray]:
    """The outcome is not known yet from some day on."""
    open_ = f["predicted_at"] >= np.datetime64("2026-01-01") + day * DAY
    return {**f, "churned": np.where(open_, np.nan, f["churned"])}, open_


def test_rows_without_an_outcome_yet_are_estimated_and_tagged_so() -> None:
    f = frame(20_000)
    g, open_ = unknown_from(f, 150)
    section = drift(g)
    found = {x.key: x for x in section.findings}["drift_estimated"]
    assert found.text.startswith("Estimated, not seen")
    assert found.evidence["estimated"] is True
    s = f["score"][open_]
    assert found.evidence["accuracy"] == pytest.approx(np.where(s >= 0.5, s, 1 - s).mean(), abs=1e-9)
    assert found.evidence["accuracy"] == pytest.approx(accuracy_score(f["churned"][open_], s >= 0.5), abs=0.02)
    assert found.evidence["auc"] == pytest.approx(roc_auc_score(f["churned"][open_], s), abs=0.02)
    rows = section.tables[0].rows
    assert [r["auc"] is None for r in rows] == [False] * 10 + [True] * 2
    assert [r["auc_estimated"] is None for r in rows] == [True] * 10 + [False] * 2
    assert "known for 100 of 100 earlier rows and for 67 of 100 later ones" in section.said[0]


def test_nothing_is_estimated_from_a_score_whose_size_does_not_hold() -> None:
    f = frame(20_000)
    f["score"] = np.sqrt(f["score"])
    g, _ = unknown_from(f, 150)
    section = drift(g)
    assert "drift_estimated" not in keys(section)
    assert any("was not estimated" in text for text in section.said)


def test_a_score_that_is_no_probability_is_looked_at_by_order_only() -> None:
    f = frame()
    f["score"] = 1000 * f["score"] - 300 * (f["churned"] == 0)
    found = keys(drift(f))
    assert "drift_ranks_same" in found
    assert not {"drift_size_over", "drift_size_under"} & set(found)


def test_it_works_without_a_score_and_without_an_outcome() -> None:
    f = frame()
    rng = np.random.default_rng(8)
    decided = {**f, "flagged": rng.random(6_000) < 0.2 + 0.3 * late(f)}
    del decided["score"], decided["churned"]
    section = drift(decided, decision="flagged", segments=["colour"])
    assert "drift_picked" in keys(section)
    assert section.answer == "who is picked moved"
    outcome_only = {k: v for k, v in f.items() if k != "score"} | {"called": rng.random(6_000) < 0.5}
    section = drift(outcome_only, treated="called", score="")
    assert keys(section) == ["drift_none"]
    assert "auc" in section.tables[0].rows[0] and section.tables[0].rows[0]["auc"] is None


@pytest.mark.data
def test_ratings_of_films_are_judged_by_the_people_who_gave_them(data: Any) -> None:
    """MovieLens: people rate in one sitting. Row by row the share of good ratings fell for sure; by people it
    did not."""
    ratings = pq.read_table(data / "movielens_small" / "ratings.parquet").to_pandas()
    ratings["liked"] = (ratings["rating"] >= 4).astype(int)
    f = {name: ratings[name].to_numpy() for name in ("userId", "timestamp", "liked", "rating")}
    by_people = drift(f, score="rating", label="liked", unit="userId", time="timestamp")
    by_row = drift(f, score="rating", label="liked", unit="", time="timestamp")
    rows = by_people.tables[0].rows
    assert sum(row["rows"] for row in rows) == len(ratings)
    assert sum(row["rows"] * row["outcome"] for row in rows) == pytest.approx(ratings["liked"].sum())
    assert "drift_outcome" in keys(by_row)
    assert "drift_outcome" not in keys(by_people)
    assert "Units come several times" in by_people.tables[0].note
