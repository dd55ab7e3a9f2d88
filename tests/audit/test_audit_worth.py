"""What an audit says of worth: by capacity, by threshold, what treatment changed, whom it helps, and what next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression

import payoff
from payoff.audit.report import Finding, Report
from payoff.audit.sections.worth.alike import kruskal, pearson
from payoff.audit.sections.worth.section import Worth
from payoff.audit.sections.worth.thresholds import Benefit

CAUSE = {"effect_some", "effect_none", "effect_harm", "effect_top_more", "effect_top_same", "policy_value"}


def world(change: float, *, n: int = 6000, by_score: bool = False, top_only: bool = False) -> dict[str, Any]:
    """Rare churn with an honest score; treatment by a coin changes churn by a share of itself."""
    rng = np.random.default_rng(7)
    risk = rng.beta(1, 12, n)
    treated = risk > np.quantile(risk, 0.5) if by_score else rng.random(n) < 0.5
    here = risk >= np.quantile(risk, 0.7) if top_only else np.ones(n, bool)
    churned = rng.random(n) < risk * np.where(treated & here, 1 + change, 1.0)
    return {"score": risk, "churned": churned, "treated": treated, "role": rng.choice(["admin", "analyst"], n)}


def untreated() -> dict[str, Any]:
    return {k: v for k, v in world(0.0).items() if k != "treated"}


def worth(frame: Any, **named: Any) -> Report:
    return payoff.audit(frame, catalogue=[Worth()], **named)


def keys(report: Report) -> set[str]:
    return {finding.key for finding in report.all_findings}


def found(report: Report, key: str) -> Finding:
    return next(f for f in report.all_findings if f.key == key)


def answer(report: Report) -> str:
    return report.section("worth").answer


def table(report: Report, title: str) -> list[Any]:
    return list(next(t for t in report.section("worth").tables if t.title.startswith(title)).rows)


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


# what treatment changed


def test_a_known_effect_is_found_and_lies_inside_its_range() -> None:
    frame = world(-0.5, n=40_000)
    report = worth(frame, assigned="random")
    effect = found(report, "effect_some")
    truth = -0.5 * frame["score"].mean()
    assert effect.evidence["low"] < truth < effect.evidence["high"]
    ours, theirs = (frame["churned"][frame["treated"] == k].astype(float) for k in (True, False))
    welch = stats.ttest_ind(ours, theirs, equal_var=False).confidence_interval()
    assert effect.evidence["effect"] == pytest.approx(ours.mean() - theirs.mean(), abs=1e-12)
    assert effect.evidence["low"] == pytest.approx(welch.low, abs=1e-9)
    assert effect.evidence["high"] == pytest.approx(welch.high, abs=1e-9)
    assert answer(report) == "measured: it helps"


def test_treatment_that_does_nothing_is_said_with_the_most_it_could_do() -> None:
    report = worth(world(0.0), assigned="random")
    e = found(report, "effect_none").evidence
    assert answer(report) == f"measured: no effect larger than {max(abs(e['low']), e['high']) * 100:.1f} in 100"
    assert "experiment" not in keys(report)


def test_harm_by_treatment_stops_everything() -> None:
    report = worth(world(0.8), assigned="random")
    assert report.findings[0].key == "effect_harm"
    assert report.findings[0].kind == "stop"
    assert answer(report) == "measured: it does harm"


def test_more_of_a_welcome_outcome_helps() -> None:
    frame = world(0.8)
    assert "effect_some" in keys(worth(frame, bad=False))


def test_nobody_said_that_chance_chose_so_both_sides_are_only_compared() -> None:
    guessed, told = worth(world(-0.8), value=9, cost=0), worth(world(-0.8), value=9, cost=0, assigned="random")
    effect = found(guessed, "effect_some")
    assert effect.text.startswith("Of 100 treated, 6.2 fewer end in “churned” than of 100 left alone")
    assert "(2 checks), and nobody has said that it did" in effect.text
    assert (effect.kind, effect.evidence["told"]) == ("know", False)
    assert effect.basis is not None and "Nobody told us" in effect.basis.method and "“role”" in effect.basis.method
    top = next(key for key in keys(guessed) if key.startswith("effect_top"))
    for key in ("effect_money", top, "policy_value"):
        assert found(guessed, key).text.startswith("If chance chose who was treated: ")
        assert found(guessed, key).kind not in ("good", "stop")
        assert not found(told, key).text.startswith("If chance")
    assert "If chance chose who was treated: Whom treatment helps" in str(guessed.section("worth").tables)
    assert "helps" not in answer(guessed)
    assert found(told, "effect_some").text.startswith("Treatment was given by chance")
    assert (found(told, "effect_some").kind, found(told, "effect_some").evidence["told"]) == ("good", True)
    harm = found(worth(world(0.8)), "effect_harm")
    assert harm.kind == "costs" and "harm" not in harm.text


def test_being_alike_in_time_alone_does_not_speak_for_chance() -> None:
    frame = {k: v for k, v in world(-0.8).items() if k in ("churned", "treated")}
    frame["predicted_at"] = np.datetime64("2024-01-01") + np.arange(6000).astype("timedelta64[h]")
    assert keys(worth(frame, time="predicted_at")) == {"difference_only"}


def chosen_by_a_column() -> dict[str, Any]:
    """Churn and treatment both follow a column that nobody named; treatment itself does nothing."""
    rng = np.random.default_rng(21)
    tickets = rng.integers(0, 2, 8000)
    return {
        "score": rng.random(8000),
        "churned": rng.random(8000) < 0.1 + 0.2 * tickets,
        "treated": rng.random(8000) < 0.3 + 0.4 * tickets,
        "role": rng.choice(["admin", "analyst"], 8000),
        "noise": rng.random(8000),
        "tickets": tickets,
    }


def test_a_treatment_by_a_column_nobody_named_is_refused_with_its_name() -> None:
    report = worth(chosen_by_a_column(), segments=["role"])
    refused = found(report, "not_random")
    assert "they differ in “tickets”" not in refused.text  # that would call the column a cause
    assert "differ in “tickets”, which may be a cause or a result" in refused.text
    assert refused.evidence["columns"] == ["tickets"] and refused.evidence["checks"] == 4
    assert not keys(report) & CAUSE
    assert answer(report).startswith("not measured: the two sides differ")
    assert "nobody has said that chance chose" in report.headline


def test_where_chance_was_said_to_choose_a_column_that_differs_may_be_a_result() -> None:
    report = worth(chosen_by_a_column(), segments=["role"], assigned="random")
    effect = found(report, "effect_harm")
    assert effect.basis is not None
    assert "They differ in “tickets”, which may be a result of the treatment." in effect.basis.method
    assert "3 checks found nothing against chance (“score”, “role”, “noise”)" in effect.basis.method


def test_a_column_that_gives_the_outcome_away_is_not_asked_whether_chance_chose() -> None:
    frame = world(-0.8)
    report = worth({**frame, "left": frame["churned"].astype(int)}, segments=["role"])
    assert "effect_some" in keys(report)


def test_outcomes_lost_more_often_on_one_side_leave_no_word_of_cause() -> None:
    frame = world(0.0)
    rng = np.random.default_rng(6)
    gone = rng.random(6000) < np.where(frame["treated"] & frame["churned"], 0.9, 0.1)
    churned = np.where(gone, None, frame["churned"])
    report = worth({**frame, "churned": churned}, assigned="random")
    kept = [1 - gone[frame["treated"] == side].mean() for side in (True, False)]
    lost = found(report, "treated_lost")
    assert lost.text.startswith(f"Outcomes are known for {100 * kept[0]:.0f} of 100 treated and for ")
    assert lost.evidence["treated"] == pytest.approx(kept[0]) and lost.evidence["alone"] == pytest.approx(kept[1])
    assert lost.kind == "costs" and not keys(report) & CAUSE
    assert answer(report) == "not measured: more outcomes were lost on one side"
    assert "lost more often on one side" in report.headline
    alike = np.where(rng.random(6000) < 0.2, None, frame["churned"])
    assert "effect_none" in keys(worth({**frame, "churned": alike}, assigned="random"))


def test_a_treatment_by_score_gives_no_word_of_cause() -> None:
    report = worth(world(-0.8, by_score=True))
    assert "their scores are higher" in found(report, "not_random").text
    assert not keys(report) & CAUSE
    assert "experiment" in keys(report)
    assert any(t.title.startswith("A difference, not an effect") for t in report.section("worth").tables)
    assert len(report.section("worth").charts) == 2


def test_a_rule_gives_no_word_of_cause_even_where_nothing_differs() -> None:
    report = worth(world(-0.8), assigned="rule")
    assert "a rule chose" in found(report, "not_random").text
    assert not keys(report) & CAUSE


def test_chance_that_was_said_but_cannot_be_is_not_believed() -> None:
    report = worth(world(-0.8, by_score=True), assigned="random")
    assert "chance was said to choose" in found(report, "not_random").text


def test_a_group_treated_more_often_is_named() -> None:
    frame = world(-0.5)
    rng = np.random.default_rng(4)
    frame["treated"] = rng.random(6000) < np.where(frame["role"] == "admin", 0.6, 0.4)
    assert "“role”" in found(worth(frame), "not_random").text


def test_with_nothing_to_test_by_a_difference_is_not_called_an_effect() -> None:
    frame = {k: v for k, v in world(-0.8).items() if k in ("churned", "treated")}
    report = worth(frame)
    assert keys(report) == {"difference_only"}
    assert answer(report) == "not known whether chance chose the treated"
    assert keys(worth(frame, assigned="random")) == {"effect_some"}


def test_twenty_treated_are_too_few_to_speak_of_an_effect() -> None:
    frame = world(0.0)
    treated = np.zeros(6000, bool)
    treated[:20] = True
    report = worth({**frame, "treated": treated})
    assert "only 20 rows" in found(report, "treated_few").text
    assert not keys(report) & CAUSE


def test_units_that_come_ten_times_do_not_pass_for_ten() -> None:
    """Treatment by unit, each ten rows alike: by rows scores would differ between the arms for sure."""
    frame = {k: np.repeat(v, 10) for k, v in world(-0.6, n=1500).items()}
    frame["account"] = np.repeat(np.arange(1500), 10)
    effect = found(worth(frame, unit="account"), "effect_some").evidence
    once = found(worth(world(-0.6, n=1500)), "effect_some").evidence
    assert effect["high"] - effect["low"] == pytest.approx(once["high"] - once["low"], rel=0.02)
    policy = found(worth(frame, unit="account"), "policy_value").evidence
    single = found(worth(world(-0.6, n=1500)), "policy_value").evidence
    assert policy["high"] - policy["low"] == pytest.approx(single["high"] - single["low"], rel=0.35)


def test_units_treated_as_a_whole_are_still_treated_by_chance() -> None:
    """Ten rows a unit, all treated or none: counted by rows the arms would seem to differ nearly always."""
    alarms = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        frame = {**world(0.0, n=400), "treated": rng.random(400) < 0.5}
        many = {**{k: np.repeat(v, 10) for k, v in frame.items()}, "account": np.repeat(np.arange(400), 10)}
        alarms += "not_random" in keys(worth(many, unit="account"))
    assert alarms == 0


def test_units_treated_row_by_row_do_not_hide_that_scores_chose() -> None:
    """Ten rows a unit, each treated or not on its own: the worst case over units would see nothing."""
    rng = np.random.default_rng(12)
    risk, unit = rng.beta(2, 12, 6000), np.repeat(np.arange(600), 10)
    role = rng.choice(["admin", "analyst"], 6000)
    frame = {"score": risk, "churned": rng.random(6000) < risk, "role": role, "account": unit}
    by_score = {**frame, "treated": rng.random(6000) < 0.5 + 0.6 * (risk - risk.mean())}
    assert "their scores are higher" in found(worth(by_score, unit="account"), "not_random").text
    by_role = {**frame, "treated": rng.random(6000) < np.where(role == "admin", 0.54, 0.46)}
    assert "“role”" in found(worth(by_role, unit="account"), "not_random").text


def test_too_few_units_are_counted_as_units() -> None:
    frame = {k: np.repeat(v[:200], 10) for k, v in world(0.0).items()}
    frame |= {"account": np.repeat(np.arange(200), 10), "treated": np.repeat(np.arange(200) < 20, 10)}
    assert "only 20 units (“account”) are" in found(worth(frame, unit="account"), "treated_few").text


def test_false_alarms_that_chance_did_not_choose_are_rare() -> None:
    alarms = 0
    rng = np.random.default_rng(11)
    frame = world(0.0, n=1500)
    for _ in range(20):
        alarms += "not_random" in keys(worth({**frame, "treated": rng.random(1500) < 0.5}))
    assert alarms <= 1


# logged probabilities


def leaning(*, wrong: bool = False) -> dict[str, Any]:
    """Admins are treated four times of five, others once, and admins churn more; treatment halves churn."""
    rng = np.random.default_rng(16)
    n = 40_000
    admin = rng.random(n) < 0.5
    p = np.where(admin, 0.8, 0.2)
    treated = rng.random(n) < p
    risk = np.where(admin, 0.4, 0.1)
    churned = rng.random(n) < risk * np.where(treated, 0.5, 1.0)
    logged = np.where(treated, p, 1 - p)
    return {
        "score": np.clip(risk + rng.normal(0, 0.03, n), 0.01, 0.99),
        "churned": churned,
        "treated": treated,
        "role": np.where(admin, "admin", "analyst"),
        "pscore": np.full(n, 0.5) if wrong else logged,
    }


def test_logged_probabilities_recover_the_effect_that_a_plain_difference_misses() -> None:
    frame = leaning()
    plain = worth({k: v for k, v in frame.items() if k != "pscore"})
    assert "not_random" in keys(plain)
    report = worth(frame, propensity="pscore")
    e = found(report, "effect_some").evidence
    assert e["low"] < -0.125 < e["high"] and e["high"] - e["low"] < 0.03
    w = 1 / frame["pscore"]
    means = [np.average(frame["churned"][frame["treated"] == k], weights=w[frame["treated"] == k]) for k in (1, 0)]
    assert e["effect"] == pytest.approx(means[0] - means[1], abs=1e-12)
    top = found(report, "effect_top_more").evidence
    assert top["top"] == pytest.approx(-0.2, abs=0.02)
    row = next(r for r in table(report, "What each way") if r["arm"] == "yes")
    weights = w[frame["treated"]]
    assert row["effective"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum())


def test_logged_probabilities_that_do_not_fit_are_not_used() -> None:
    report = worth(leaning(wrong=True), propensity="pscore")
    assert "logged probabilities do not fit" in found(report, "not_random").text
    assert not keys(report) & CAUSE


def skewed(n: int = 6000, seed: int = 1, ways: int = 1) -> dict[str, Any]:
    """Probabilities of being treated that are mostly tiny, as they are, and treatment by them."""
    rng = np.random.default_rng(seed)
    p = np.clip(rng.beta(0.4, 6, n), 0.002, 0.9)
    treated = rng.random(n) < p
    arm = np.where(treated, rng.integers(1, ways + 1, n), 0)
    return {
        "score": rng.random(n),
        "churned": rng.random(n) < 0.2,
        "treated": treated if ways == 1 else np.array(["none", "mail", "call"])[arm],
        "role": rng.choice(["admin", "analyst", "owner"], n),
        "pscore": np.where(treated, p / ways, 1 - p),
    }


@pytest.mark.parametrize("ways", [1, 2])
def test_correct_probabilities_are_believed_however_skewed(ways: int) -> None:
    named: dict[str, Any] = {"propensity": "pscore", "segments": ["role"]}
    refused = sum("not_random" in keys(worth(skewed(seed=s, ways=ways), **named)) for s in range(12))
    assert refused == 0


def test_skewed_probabilities_that_are_wrong_are_still_found_out() -> None:
    frame = skewed(20_000)
    half = np.where(frame["treated"], frame["pscore"] / 1.5, 1 - (1 - frame["pscore"]) / 1.5)
    report = worth({**frame, "pscore": half}, propensity="pscore", segments=["role"])
    assert "logged probabilities do not fit" in found(report, "not_random").text


def test_a_column_the_probabilities_leave_out_is_refused_with_its_name() -> None:
    frame = leaning(wrong=True)
    frame["tickets"] = np.where(frame.pop("role") == "admin", 1, 0)
    del frame["score"]
    report = worth(frame, propensity="pscore", segments=[], score="")
    assert "“tickets”, which may be a cause or a result" in found(report, "not_random").text


def test_rows_without_a_usable_probability_are_counted_and_per_cent_is_not_used() -> None:
    frame = leaning()
    some = frame["pscore"].copy()
    some[:40], some[40:50] = np.nan, 0.0
    report = worth({**frame, "pscore": some}, propensity="pscore")
    assert "50 rows have no usable probability (“pscore”)" in " ".join(report.section("worth").said)
    assert found(report, "effect_some").evidence["treated"] == frame["treated"][50:].sum()
    cent = worth({**frame, "pscore": frame["pscore"] * 100}, propensity="pscore")
    assert "“pscore” holds values above 1" in " ".join(cent.section("worth").said)
    assert "not chosen by chance" in found(cent, "not_random").text  # as if there were no such column
    assert not worth(frame, propensity="pscore").section("worth").said


def test_probabilities_that_leave_nothing_to_chance_are_no_test_of_it() -> None:
    report = worth({**world(-0.8), "pscore": np.ones(6000)}, propensity="pscore")
    assert "difference_only" in keys(report)


def test_a_few_heavy_rows_cannot_tell() -> None:
    frame = world(0.0, n=4000)
    rng = np.random.default_rng(5)
    p = np.full(4000, 0.004)
    frame["treated"] = rng.random(4000) < p
    report = worth({**frame, "pscore": np.where(frame["treated"], p, 1 - p)}, propensity="pscore")
    assert "treated_few" in keys(report)


# whom it helps


def test_a_score_that_finds_those_whom_treatment_helps_beats_chance() -> None:
    report = worth(world(-0.8, n=20_000, top_only=True))
    assert {"effect_some", "effect_top_more"} <= keys(report)
    policy = found(report, "policy_value").evidence
    assert policy["verdict"] == "more" and policy["everybody"] == "unclear"
    assert policy["qini_low"] > 0
    frame = world(-0.8, n=20_000, top_only=True)
    top = frame["score"] >= np.quantile(frame["score"], 0.7)
    assert policy["low"] < 0.3 * 0.7 * 0.8 * frame["score"][top].mean() < policy["high"]


def test_an_effect_alike_everywhere_needs_no_score() -> None:
    rng = np.random.default_rng(8)
    n = 20_000
    score, treated = rng.random(n), rng.random(n) < 0.5
    bought = rng.random(n) < 0.2 + 0.4 * score + 0.1 * treated
    report = worth({"score": score, "bought": bought, "treated": treated})
    policy = found(report, "policy_value")
    assert policy.evidence["verdict"] == "same" and policy.evidence["everybody"] == "more"
    assert "before any cost" in policy.text
    assert policy.evidence["qini_low"] < 0 < policy.evidence["qini_high"]
    assert "effect_top_same" in keys(report)


def test_cost_decides_whether_the_rest_is_worth_treating() -> None:
    rng = np.random.default_rng(8)
    n = 20_000
    score, treated = rng.random(n), rng.random(n) < 0.5
    bought = rng.random(n) < 0.2 + 0.1 * treated + 0.3 * treated * (score > 0.7)
    frame = {"score": score, "bought": bought, "treated": treated}
    cheap = found(worth(frame, value=10.0, cost=0.1), "policy_value").evidence
    dear = found(worth(frame, value=10.0, cost=2.0), "policy_value").evidence
    assert (cheap["verdict"], cheap["everybody"]) == ("more", "more")
    assert (dear["verdict"], dear["everybody"]) == ("more", "less")
    assert cheap["gain"] == pytest.approx(dear["gain"])


def test_a_score_that_sends_help_where_it_helps_less_is_said() -> None:
    frame = world(-0.8, n=20_000, top_only=True)
    report = worth({**frame, "score": 1 - frame["score"]})
    assert "effect_top_less" in keys(report)
    policy = found(report, "policy_value")
    assert policy.evidence["verdict"] == "less"
    assert "still" not in policy.text and "helps the rest" not in policy.text


# several ways of treating


def ways(**effects: float) -> dict[str, Any]:
    rng = np.random.default_rng(9)
    n = 30_000
    arm = rng.choice(["none", *effects], n)
    rate = 0.2 + np.array([effects.get(a, 0.0) for a in arm])
    return {"score": rng.random(n), "bought": rng.random(n) < rate, "arm": arm}


def test_the_best_constant_is_named_beside_the_next_and_beside_none() -> None:
    best = found(worth(ways(mail=0.05, call=0.15)), "best_constant").evidence
    assert (best["best"], best["second"]) == ("call", "mail")
    assert best["ahead_low"] < 0.10 < best["ahead_high"]
    assert best["over_low"] < 0.15 < best["over_high"]


def test_two_ways_alike_cannot_be_told_apart() -> None:
    assert "best_constant_same" in keys(worth(ways(mail=0.1, call=0.1)))


def test_one_way_that_harms_is_not_hidden_by_another_that_helps() -> None:
    report = worth(ways(mail=-0.06, call=0.12), assigned="random")
    best = found(report, "effect_some")
    assert best.evidence["arms"] == ["call"] and best.evidence["ways"] == 2
    harm = found(report, "arm_harm")
    assert harm.kind == "stop" and harm.evidence["arm"] == "mail"
    tested = found(worth(ways(mail=-0.06, call=0.12)), "arm_harm")
    assert tested.kind == "costs" and "harm" not in tested.text
    row = next(r for r in table(report, "What each way") if r["arm"] == "mail")
    assert (harm.evidence["low"], harm.evidence["high"]) == (row["low"], row["high"])
    assert harm.evidence["sure_low"] < row["low"] and row["high"] < harm.evidence["sure_high"] < 0
    assert harm.basis is not None and harm.basis.interval == (row["low"], row["high"])


def test_several_ways_are_not_pooled_and_weights_ask_the_same() -> None:
    """Nine of ten treated get a way that does nothing: pooled by rows, the one that helps would vanish."""
    rng = np.random.default_rng(19)
    n = 40_000
    arm = rng.choice(["none", "mail", "call"], n, p=[0.5, 0.45, 0.05])
    bought = rng.random(n) < 0.2 + 0.1 * (arm == "call")
    p = np.select([arm == "none", arm == "mail"], [0.5, 0.45], 0.05)
    frame = {"score": rng.random(n), "bought": bought, "arm": arm}
    plain = found(worth(frame, assigned="random"), "effect_some").evidence
    weights = found(worth({**frame, "pscore": p}, propensity="pscore"), "effect_some").evidence
    truth = bought[arm == "call"].mean() - bought[arm == "none"].mean()
    assert plain["effect"] == pytest.approx(truth) and weights["effect"] == pytest.approx(truth)
    alpha = 0.05 / 2
    welch = stats.ttest_ind(bought[arm == "call"], bought[arm == "none"], equal_var=False)
    assert plain["low"] == pytest.approx(welch.confidence_interval(1 - alpha).low, abs=1e-9)
    assert weights["low"] == pytest.approx(plain["low"], abs=2e-4)


def test_of_five_ways_the_score_is_judged_by_the_one_that_does_best() -> None:
    report = worth(ways(a=0.0, b=0.02, c=0.03, d=0.04, e=0.15))
    assert found(report, "policy_value").evidence["arm"] == "e"
    assert found(worth(ways(mail=0.15, call=0.05)), "policy_value").evidence["arm"] == "mail"


def test_a_cost_of_nothing_for_those_left_alone_does_not_halve_the_cost() -> None:
    frame = world(-0.8)
    cost = np.where(frame["treated"], 4.0, 0.0)
    report = worth({**frame, "price": cost}, cost="price", value=100.0, assigned="random")
    plain = worth(frame, cost=4.0, value=100.0, assigned="random")
    ours, theirs = found(report, "effect_money"), found(plain, "effect_money")
    assert ours.evidence["value"] == pytest.approx(theirs.evidence["value"])
    assert "(400, the mean of those treated)" in ours.text
    assert found(report, "break_even").evidence["cost"] == pytest.approx(
        found(plain, "break_even").evidence["cost"]
    )


def test_each_way_costs_what_its_own_rows_cost() -> None:
    frame = ways(mail=0.05, call=0.15)
    price = np.select([frame["arm"] == "mail", frame["arm"] == "call"], [0.1, 9.0], 0.0)
    report = worth({**frame, "price": price}, cost="price", value=10.0, assigned="random")
    best = {f.evidence["measure"]: f.evidence["best"] for f in report.all_findings if f.key == "best_constant"}
    assert best == {"outcome": "call", "value": "mail"}


def test_a_way_with_few_rows_reads_cannot_tell() -> None:
    frame = ways(mail=0.05, call=0.1)
    frame["arm"] = np.where(np.arange(30_000) < 12, "visit", frame["arm"])
    report = worth(frame, segments=[], assigned="random")
    shown = next(t for t in report.section("worth").tables if t.title.startswith("What each way"))
    assert next(c for c in shown.cells if c[0] == "visit")[3] == "cannot tell"


# not logged, decisions, missing parts


def test_without_treatment_the_answer_is_never_measured_and_an_experiment_is_sized() -> None:
    report = worth(untreated())
    experiment = found(report, "experiment")
    assert answer(report) == "never measured"
    assert experiment.text.startswith("Whether acting on the score helps was never measured.")
    e = experiment.evidence
    p, d = e["base"], e["base"] - e["target"]
    plain = (stats.norm.isf(0.025) + stats.norm.ppf(0.8)) ** 2 * 2 * p * (1 - p) / d**2
    assert e["units_a_side"] == pytest.approx(plain, abs=1)


def test_a_decision_that_ignores_the_score_is_named() -> None:
    frame = untreated()
    rng = np.random.default_rng(3)
    ignored = worth({**frame, "flagged": rng.random(6000) < 0.2})
    followed = worth({**frame, "flagged": frame["score"] > np.quantile(frame["score"], 0.8)})
    assert "decision_ignores" in keys(ignored)
    assert found(followed, "decision_follows").evidence["top"] == pytest.approx(1.0)


def test_without_an_outcome_only_the_decision_speaks() -> None:
    frame = {k: v for k, v in untreated().items() if k != "churned"}
    report = worth({**frame, "flagged": frame["score"] > 0.1}, label="")
    assert keys(report) == {"decision_follows"}
    assert "nothing can be said of worth" in report.section("worth").said[0]


def test_without_a_score_an_outcome_beside_a_decision_was_never_measured() -> None:
    frame = {k: v for k, v in untreated().items() if k in ("churned", "role")}
    report = worth({**frame, "flagged": np.arange(6000) % 3 == 0}, score="")
    assert answer(report) == "never measured"
    assert not keys(report)


def test_the_checks_for_chance_are_those_of_scipy() -> None:
    rng = np.random.default_rng(1)
    place, arm = rng.integers(0, 30, 4000), rng.integers(0, 3, 4000)
    counts = np.zeros((30, 3))
    np.add.at(counts, (place, arm), 1)
    statistic, _ = kruskal(counts)
    assert statistic == pytest.approx(stats.kruskal(*(place[arm == k] for k in range(3))).statistic, abs=1e-9)
    assert pearson(counts)[0] == pytest.approx(
        stats.chi2_contingency(counts, correction=False).statistic, abs=1e-9
    )


def test_every_chart_has_a_sentence_and_every_finding_a_basis() -> None:
    report = worth(world(-0.5), value=100, cost=1)
    assert len(report.section("worth").charts) == 3
    assert all(chart.says for chart in report.section("worth").charts)
    assert all(f.basis and f.basis.n and f.basis.method for f in report.all_findings)


# real data


@pytest.fixture(scope="module")
def hillstrom(data: Path) -> pd.DataFrame:
    frame = pq.read_table(data / "hillstrom" / "hillstrom.parquet").to_pandas()
    text = frame[["zip_code", "channel"]].astype(str)
    x = pd.get_dummies(frame[["recency", "history", "mens", "womens", "newbie"]].join(text)).astype(float)
    x = (x - x.mean()) / x.std()
    alone = (frame["segment"].astype(str) == "No E-Mail").to_numpy()
    model = LogisticRegression(max_iter=500).fit(x[alone], frame["visit"][alone])
    return frame.assign(score=model.predict_proba(x)[:, 1])


HILLSTROM: dict[str, Any] = {
    "score": "score",
    "label": "visit",
    "treated": "segment",
    "value": "spend",
    "segments": ["zip_code", "channel", "history_segment"],
    "assigned": "random",
}


@pytest.mark.data
def test_hillstroms_mail_has_its_published_effects(hillstrom: pd.DataFrame) -> None:
    report = worth(hillstrom, **HILLSTROM)
    arms = {row["arm"]: row for row in table(report, "What each way")}
    men, women = arms["Mens E-Mail"], arms["Womens E-Mail"]
    assert arms["No E-Mail"]["outcome"] == pytest.approx(0.1062, abs=5e-5)
    assert men["outcome"] == pytest.approx(0.1828, abs=5e-5)
    assert men["low"] < 0.0766 < men["high"] and women["low"] < 0.0452 < women["high"]
    assert men["worth_difference"] == pytest.approx(0.77, abs=0.005)
    assert women["worth_difference"] == pytest.approx(0.42, abs=0.005)
    best = [f.evidence for f in report.all_findings if f.key == "best_constant"]
    assert {b["measure"]: b["best"] for b in best} == {"outcome": "Mens E-Mail", "value": "Mens E-Mail"}
    assert all(b["ahead_low"] > 0 and b["over_low"] > 0 for b in best)


@pytest.mark.data
def test_hillstroms_response_model_adds_little_to_mailing_at_random(hillstrom: pd.DataFrame) -> None:
    report = worth(hillstrom, **HILLSTROM)
    policy = found(report, "policy_value").evidence
    assert policy["arm"] == "Mens E-Mail" and policy["everybody"] == "more"
    assert policy["high"] < 0.01  # under one visit in 100 rows, where mailing everybody brings more than seven
    assert -0.01 < policy["qini_low"] < policy["qini_high"] < 0.01
    women = [r for r in table(report, "Whom treatment helps") if r["arm"] == "Womens E-Mail" and "gain" in r]
    assert all(r["gain_low"] < 0 < r["gain_high"] for r in women)
    spent = [r for r in table(report, "Whom treatment helps") if "money_gain" in r]
    assert all(r["money_gain_low"] < 0 < r["money_gain_high"] for r in spent)


@pytest.mark.data
def test_cookie_cats_later_gate_loses_players(data: Path) -> None:
    named: dict[str, Any] = {"label": "retention_7", "treated": "version", "control": "gate_30", "score": ""}
    report = worth(
        data / "cookie_cats" / "cookie_cats.parquet", **named, bad=False, segments=[], assigned="random"
    )
    harm = found(report, "effect_harm").evidence
    assert harm["effect"] == pytest.approx(-0.0082, abs=5e-5)
    assert harm["high"] < 0
    assert (harm["untreated"], harm["treated"]) == (44_700, 45_489)


@pytest.mark.data
def test_thorntons_incentive_brings_people_to_their_results(data: Path) -> None:
    every = pq.read_table(data / "thornton_hiv" / "thornton_hiv.parquet").to_pandas()
    file = every[every["got"].notna()]
    named: dict[str, Any] = {
        "label": "got",
        "treated": "any",
        "score": "",
        "unit": "",
        "segments": ["hiv2004", "age"],
        "assigned": "random",
    }
    lost = found(worth(every, **named, bad=False), "treated_lost").evidence
    assert lost["alone"] == pytest.approx(623 / 679) and lost["treated"] > 0.99
    untold = found(worth(file, **{**named, "assigned": "unknown"}, bad=False), "not_random")
    assert "“tinc”" in untold.text  # the amount of the incentive
    effect = found(worth(file, **named, bad=False), "effect_some").evidence
    assert effect["low"] < 0.45 < effect["high"]
    named["unit"] = "villnum"
    village = found(worth(file, **named, bad=False), "effect_some").evidence
    assert village["effect"] == pytest.approx(effect["effect"])
    assert village["high"] - village["low"] > effect["high"] - effect["low"]
