"""Logged probabilities, several ways of treating, and whom treatment helps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.audit.worth_world import CAUSE, found, keys, table, world, worth

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
