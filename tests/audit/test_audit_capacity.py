"""What acting on the highest scores finds, by capacity and by threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.audit.worth_world import found, keys, table, untreated, world, worth

from payoff.audit.sections.worth.thresholds import Benefit

# by capacity


def test_rows_tied_at_the_cut_are_taken_in_proportion() -> None:
    frame = {"score": np.repeat([0.9, 0.5, 0.1], [50, 300, 650]), "churned": np.tile([1, 0, 0, 0, 0], 200)}
    rows = table(worth(frame), "If you can act")
    assert [row["rows"] for row in rows] == [50, 100, 200, 300]
    assert [row["hits"] for row in rows] == pytest.approx([10, 20, 40, 60])
    assert rows[1]["caught"] == pytest.approx(0.1)


def test_money_is_a_ceiling_and_a_share_that_must_be_changed() -> None:
    report = worth(untreated(), value=1000, cost=50)
    row = table(report, "If you can act")[1]
    assert row["ceiling"] == pytest.approx(row["hits"] * 1000 - row["rows"] * 50)
    assert found(report, "break_even").evidence["needed"] == pytest.approx(50 / (1000 * row["precision"]))


def test_a_cost_above_all_it_could_bring_never_pays() -> None:
    report = worth(untreated(), value=10, cost=50)
    assert found(report, "never_pays").money is not None
    assert "break_even" not in keys(report)


def test_value_and_cost_may_be_columns_and_ties_share_them() -> None:
    frame = untreated()
    frame["score"] = np.round(frame["score"], 2)
    amount = np.where(np.arange(6000) % 2 == 0, 100.0, 300.0)
    cost = np.where(np.arange(6000) % 3 == 0, 2.0, 5.0)
    row = table(
        worth({**frame, "revenue": amount, "price": cost}, value="revenue", cost="price"), "If you can act"
    )[0]
    cut = np.sort(frame["score"])[::-1][299]
    over, tied = frame["score"] > cut, frame["score"] == cut
    part = (300 - over.sum()) / tied.sum()
    assert tied.sum() > 10
    for name, y in (("worth", frame["churned"] * amount), ("cost", cost)):
        assert row[name] == pytest.approx(y[over].sum() + part * y[tied].sum(), rel=1e-12)


@pytest.mark.parametrize(("capacity", "rows"), [(0.02, 120), (450, 450)])
def test_a_capacity_that_was_said_is_the_one_spoken_of(capacity: float, rows: int) -> None:
    report = worth(untreated(), capacity=capacity)
    assert found(report, "finds").evidence["rows"] == rows
    assert rows in [row["rows"] for row in table(report, "If you can act")]


def test_a_capacity_in_rows_is_a_part_of_all_rows_whatever_is_known_of_them() -> None:
    frame = untreated()
    churned = np.where(np.arange(6000) % 2 == 0, None, frame["churned"])
    e = found(worth({**frame, "churned": churned}, capacity=600), "finds").evidence
    assert e["top"] == pytest.approx(0.1) and e["rows"] == 300


def test_what_the_highest_hold_is_no_surer_for_rows_that_repeat() -> None:
    frame = {k: v[:1500] for k, v in untreated().items()}
    many = {**{k: np.repeat(v, 10) for k, v in frame.items()}, "account": np.repeat(np.arange(1500), 10)}
    once, ten = found(worth(frame), "finds").basis, found(worth(many, unit="account"), "finds").basis
    assert once is not None and ten is not None and once.interval and ten.interval
    assert ten.interval == pytest.approx(once.interval, abs=0.005)


def test_the_chart_of_the_highest_reads_as_how_many_of_them_and_not_of_all() -> None:
    says = worth(untreated()).section("worth").charts[0].says
    assert says.startswith("Of the 5 of 100 with the highest score, ") and "end in “churned”" in says


def test_scores_counted_in_bins_say_the_same_within_a_bin(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = world(-0.5, n=20_000)
    named: dict[str, Any] = {"value": 100.0, "cost": 1.0}
    exact = worth(frame, **named)
    monkeypatch.setattr("payoff.audit.view.EXACT", 1000)
    binned = worth(frame, **named)
    assert keys(exact) == keys(binned)
    for ours, theirs in zip(table(exact, "If you can act"), table(binned, "If you can act"), strict=True):
        assert abs(ours["hits"] - theirs["hits"]) <= theirs["off_by_at_most"] + 1e-9
        assert ours["worth"] == pytest.approx(theirs["worth"], abs=300)
    ours, theirs = (found(r, "policy_value").evidence for r in (exact, binned))
    assert ours["gain"] == pytest.approx(theirs["gain"], rel=0.02)


# by threshold


def test_net_benefit_is_that_of_vickers_and_elkin() -> None:
    frame = untreated()
    report = worth(frame)
    rows = table(report, "If acting always helped")
    score, y, n = frame["score"], frame["churned"], 6000
    assert len(rows) >= 4
    for row in rows:
        p = row["threshold"]
        picked = score >= p
        assert row["net_benefit"] == pytest.approx(
            (picked & y).sum() / n - (picked & ~y).sum() / n * p / (1 - p), abs=1e-12
        )
        assert row["everybody"] == pytest.approx(y.mean() - (1 - y.mean()) * p / (1 - p), abs=1e-12)
    over = found(report, "net_benefit").evidence
    assert 0 < over["from"] < y.mean() < over["to"]


def test_a_score_without_skill_is_nowhere_better_than_everybody_or_nobody() -> None:
    rng = np.random.default_rng(2)
    frame = {"score": rng.uniform(0.1, 0.5, 5000), "churned": rng.random(5000) < 0.3}
    assert "net_benefit_none" in keys(worth(frame))


def test_a_range_of_thresholds_needs_rows_and_outcomes_on_both_sides_and_some_width() -> None:
    def told(better: list[int]) -> tuple[float, float] | None:
        flags = np.array(better, bool)
        line = np.arange(1, flags.size + 1) / 100
        return Benefit(line, line, line, line, flags).range()

    assert told([0, 1, 1, 0, 0]) is None
    assert told([0, 1, 1, 1, 0]) == (0.02, 0.04)
    score = np.concatenate([np.full(4, 0.9), np.full(200, 0.005)])
    few = worth({"score": score, "churned": np.concatenate([np.ones(4), np.zeros(200)]).astype(int)})
    assert "net_benefit" not in keys(few)
    rare = np.concatenate([np.full(20, 0.9), np.full(4000, 0.01)])
    churned = np.concatenate([np.ones(20), np.zeros(3990), np.ones(10)]).astype(int)
    assert "net_benefit" not in keys(worth({"score": rare, "churned": churned}))  # twenty rows above
    rare = np.concatenate([np.full(30, 0.9), np.full(20_000, 0.000_01)])
    churned = np.concatenate([np.ones(4), np.zeros(20_026)]).astype(int)
    assert "net_benefit" not in keys(worth({"score": rare, "churned": churned}))  # four outcomes above


def test_a_score_that_is_no_probability_has_no_threshold_to_act_from() -> None:
    frame = untreated()
    report = worth({**frame, "score": np.argsort(np.argsort(frame["score"]))})
    assert "finds" in keys(report)
    assert not keys(report) & {"net_benefit", "net_benefit_none"}
