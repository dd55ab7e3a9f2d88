"""What treatment changed, and when nobody may say that it did."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.audit.worth_world import CAUSE, answer, found, keys, world, worth

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
