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
from payoff.audit.sections.worth.chance import kruskal, pearson
from payoff.audit.sections.worth.section import Worth

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


def test_a_score_that_is_no_probability_has_no_threshold_to_act_from() -> None:
    frame = untreated()
    report = worth({**frame, "score": np.argsort(np.argsort(frame["score"]))})
    assert "finds" in keys(report)
    assert not keys(report) & {"net_benefit", "net_benefit_none"}


# what treatment changed


def test_a_known_effect_is_found_and_lies_inside_its_range() -> None:
    frame = world(-0.5, n=40_000)
    report = worth(frame)
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
    report = worth(world(0.0))
    e = found(report, "effect_none").evidence
    assert answer(report) == f"measured: no effect larger than {max(abs(e['low']), e['high']) * 100:.1f} in 100"
    assert "experiment" not in keys(report)


def test_harm_by_treatment_stops_everything() -> None:
    report = worth(world(0.8))
    assert report.findings[0].key == "effect_harm"
    assert report.findings[0].kind == "stop"
    assert answer(report) == "measured: it does harm"


def test_more_of_a_welcome_outcome_helps() -> None:
    frame = world(0.8)
    assert "effect_some" in keys(worth(frame, bad=False))


def test_nobody_said_that_chance_chose_so_it_reads_as_if_and_says_what_was_tested() -> None:
    guessed, told = worth(world(-0.8)), worth(world(-0.8), assigned="random")
    assert found(guessed, "effect_some").text.startswith("Treatment was given as if by chance")
    basis = found(guessed, "effect_some").basis
    assert basis is not None and "Nobody told us" in basis.method and "“role”" in basis.method
    assert found(told, "effect_some").text.startswith("Treatment was given by chance")


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
    assert found(report, "policy_value").evidence["verdict"] == "less"


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
    report = worth(ways(mail=-0.06, call=0.12))
    assert "effect_some" in keys(report)
    harm = found(report, "arm_harm")
    assert harm.kind == "stop" and harm.evidence["arm"] == "mail"


def test_a_way_with_few_rows_reads_cannot_tell() -> None:
    frame = ways(mail=0.05, call=0.1)
    frame["arm"] = np.where(np.arange(30_000) < 12, "visit", frame["arm"])
    report = worth(frame, segments=[])
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
    file = data / "thornton_hiv" / "thornton_hiv.parquet"
    named: dict[str, Any] = {
        "label": "got",
        "treated": "any",
        "score": "",
        "unit": "",
        "segments": ["hiv2004", "age"],
    }
    effect = found(worth(file, **named, bad=False), "effect_some").evidence
    assert effect["low"] < 0.45 < effect["high"]
    named["unit"] = "villnum"
    village = found(worth(file, **named, bad=False, assigned="random"), "effect_some").evidence
    assert village["effect"] == pytest.approx(effect["effect"])
    assert village["high"] - village["low"] > effect["high"] - effect["low"]
