"""From a made-up log to a card."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.judged_world import (
    COMPLAINTS,
    R0,
    R1,
    RENEWED,
    VALUE,
    Diary,
    day,
    declarations,
    declared,
    played,
    release,
)

from payoff.metrics.catalogue import BUILT_IN
from payoff.records.releases import Release
from payoff.scorecard.build import build, build_trial_rows

ALL = declarations(VALUE, RENEWED, COMPLAINTS)


def test_a_lift_is_found_with_its_interval(rng: np.random.Generator) -> None:
    card = build(played(rng, lift=0.15).tables(), ALL, R1, (R0, R1), day(50))
    row = card.row("first_value")
    assert row.status == "better"
    assert row.against == "champion"
    assert row.difference is not None
    assert row.difference.low is not None
    assert row.difference.low < 0.15 < row.difference.high  # type: ignore[operator]
    assert set(row.arms) == {"challenger", "champion", "holdout"}
    assert card.trust.ok
    assert (card.days_elapsed, card.plan_days, card.design) == (50, 56, "planned")


def test_every_gap_says_why(rng: np.random.Generator) -> None:
    late = replace(VALUE, name="billing", missing_source="billing")
    worth = declared("worth", "incremental_value", outcome="first_value", window_days=14.0)
    foreign = replace(VALUE, name="foreign", kind="smiles")
    card = build(
        played(rng, units=60).tables(), declarations(VALUE, RENEWED, late, worth, foreign), R1, (R0, R1), day(10)
    )
    assert "None of" in card.row("first_value").missing
    assert "19 Jan 2026" in card.row("first_value").missing
    assert "longer than the trial" in card.row("renewed").missing
    assert "billing" in card.row("billing").missing
    assert "worth" in card.row("worth").missing
    assert "smiles" in card.row("foreign").missing
    assert all(row.difference is None for row in card.rows)


def test_half_known_outcomes_are_said(rng: np.random.Generator) -> None:
    card = build(played(rng, units=400).tables(), ALL, R1, (R0, R1), day(28))
    assert "outcomes known" in card.row("first_value").missing


def test_a_group_of_twelve_reads_cannot_tell() -> None:
    diary = Diary()
    for i in range(24):
        diary.enter(f"a{i}", "challenger" if i % 2 else "champion", day(0))
        if i % 2:
            diary.outcome(f"a{i}", "first_value", day(1))
    row = build(diary.tables(), ALL, R1, (R0, R1), day(50)).row("first_value")
    assert row.status == "cannot tell"
    assert "12" in row.missing


def test_a_ramp_with_a_falling_base_rate_is_not_pooled(rng: np.random.Generator) -> None:
    diary = Diary()
    for i in range(2000):
        canary = i < 1000
        arm = "challenger" if rng.random() < (0.1 if canary else 0.5) else "champion"
        diary.enter(f"a{i}", arm, day(1 if canary else 20), stage="canary" if canary else "ramp")
        if rng.random() < (0.8 if canary else 0.3):
            diary.outcome(f"a{i}", "first_value", day(5 if canary else 25))
    row = build(diary.tables(), ALL, R1, (R0, R1), day(50)).row("first_value")
    pooled = row.arms["challenger"].value - row.arms["champion"].value  # type: ignore[operator]
    assert pooled < -0.1
    assert row.status == "cannot tell"
    assert "among those who came at the same stage" in row.reading, "whoever subtracts would wonder"
    plain = build(played(rng).tables(), ALL, R1, (R0, R1), day(50)).row("first_value")
    assert "same stage" not in plain.reading


def test_a_release_for_everybody_is_set_against_the_holdout(rng: np.random.Generator) -> None:
    diary = Diary()
    for i in range(600):
        arm = "holdout" if i % 10 == 0 else "care"
        diary.enter(f"a{i}", arm, day(0), "stream", "2026Q1")
        if rng.random() < (0.4 if arm == "holdout" else 0.75):
            diary.outcome(f"a{i}", "first_value", day(3))
    card = build(diary.tables(), ALL, R0, (R0,), day(40))
    row = card.row("first_value")
    assert (card.trial, card.ours, card.theirs, card.plan_days) == ("served", "care", "holdout", 0)
    assert row.status == "better"
    assert "while it serves everybody, since 7 Oct 2025" in card.estimand


def _came_back() -> tuple[Release, Release]:
    """r0 served, r1 won its trial and served from day 50 on, and on day 80 r0 came back."""
    first = release("r0", "Most clicked", [("full", 0), ("retired", 50), ("full", 80)])
    second = release("r1", "Next step", [("canary", 5), ("full", 50), ("rolled back", 80)], "r0")
    return first, second


def _stream(rng: np.random.Generator) -> Diary:
    """Nothing is gained in the first quarter, much in the second."""
    diary = Diary()
    for i in range(600):
        arm = "holdout" if i % 10 == 0 else "care"
        for begun, quarter, lift in ((0, "2026Q1", 0.0), (52, "2026Q2", 0.35)):
            diary.enter(f"a{i}", arm, day(begun), "stream", quarter)
            if rng.random() < 0.4 + lift * (arm == "care"):
                diary.outcome(f"a{i}", "first_value", day(begun + 3))
    return diary


def test_taking_a_release_back_takes_nothing_out_of_the_stream(rng: np.random.Generator) -> None:
    tables, (first, second) = _stream(rng).tables(), _came_back()
    serving = replace(second, stage="full", moves=second.moves[:2])
    before = build(tables, ALL, serving, (replace(first, stage="retired"), serving), day(80), trial="stream")
    after = build(tables, ALL, first, (first, second), day(80.1), trial="stream")
    assert after.rows == before.rows
    assert (after.as_of, after.days_elapsed, after.title) == (day(80.1), 80, "In care at all")
    assert after.row("first_value").arms["care"].value == pytest.approx(0.4 + 0.35 / 2, abs=0.05)


def test_the_stream_stands_still_where_nobody_serves_any_more(rng: np.random.Generator) -> None:
    alone = release("r0", "Most clicked", [("full", 0), ("rolled back", 30)])
    card = build(_stream(rng).tables(), ALL, alone, (alone,), day(90), trial="stream")
    assert card.as_of == day(30)


def test_one_that_serves_is_looked_at_for_its_own_term_alone(rng: np.random.Generator) -> None:
    tables, (first, second) = _stream(rng).tables(), _came_back()
    theirs = build(tables, ALL, second, (first, second), day(90), trial="served")
    assert theirs.as_of == day(80)
    assert theirs.row("first_value").arms["care"].value == pytest.approx(0.75, abs=0.05)
    again = build(tables, ALL, first, (first, second), day(90))
    assert (again.trial, again.as_of, again.days_elapsed) == ("served", day(90), 10)
    assert again.row("first_value").arms == {}, "what it did in its first term is over"


def test_what_became_known_late_is_read_of_the_same_units(rng: np.random.Generator) -> None:
    diary = played(rng)
    for i in range(0, 300, 3):
        diary.outcome(f"a{i}", "renewed", day(75))
    diary.enter("late", "challenger", day(55))
    over = release("r1", "Next step", [("canary", 0), ("full", 50)], "r0")
    whole = declarations(VALUE, RENEWED, COMPLAINTS)
    decided = build(diary.tables(), whole, over, (R0, over), day(50), trial="r1")
    late = build(diary.tables(), whole, over, (R0, over), day(120), trial="r1", late=True)
    assert decided.row("renewed").difference is None
    assert late.row("renewed").difference is not None
    assert late.row("renewed").arms["challenger"].known == late.row("renewed").arms["challenger"].total
    assert late.arms == decided.arms, "nobody has entered since"
    assert (late.design, late.plan_days) == ("always", 0)


def test_a_shadow_is_scored_and_not_compared(rng: np.random.Generator) -> None:
    diary = Diary()
    for i in range(200):
        risk = float(rng.random())
        diary.suggest(f"a{i}", day(0), arm="shadow", mode="shadow", release="r2", risk=risk)
        if rng.random() < risk:
            diary.outcome(f"a{i}", "left", day(3))
    shadow = release("r2", "New", [("draft", -1), ("shadow", 0)])
    auc = declared("auc", outcome="left", window_days=14.0)
    card = build(diary.tables(), declarations(VALUE, auc), shadow, (R0, shadow), day(30))
    assert card.arms == {"shadow": 200}
    assert card.row("auc").arms["shadow"].value == pytest.approx(5 / 6, abs=0.06)
    assert card.row("auc").difference is None
    assert "at random" in card.row("auc").reading


def test_a_draft_has_a_card_that_says_nobody_met_it() -> None:
    draft = release("r3", "Idea", [("draft", 0)])
    card = build(Diary().tables(), ALL, draft, (draft,), day(3))
    assert not card.trust.ok
    assert "not met anybody" in card.estimand


def test_a_broken_split_voids_the_card(rng: np.random.Generator) -> None:
    card = build(played(rng, share_of_challengers=0.65).tables(), ALL, R1, (R0, R1), day(50))
    assert not card.trust.ok
    assert card.trust.srm_p is not None
    assert card.trust.srm_p < 0.01
    assert "void" in card.trust.sentence


def test_holdout_units_told_something_are_counted() -> None:
    diary = Diary()
    for i in range(40):
        diary.enter(f"a{i}", ("challenger", "champion", "holdout", "holdout")[i % 4], day(0))
    diary.suggest("a2", day(1), arm="challenger")
    diary.suggest("a3", day(1), arm="holdout", action="nothing")
    card = build(diary.tables(), ALL, R1, (R0, R1), day(20))
    assert card.trust.reached == 1
    assert "1 account left alone was told" in card.trust.sentence


def test_after_its_end_a_trial_stands_still(rng: np.random.Generator) -> None:
    tables = played(rng).tables()
    over = replace(R1, stage="full", moves=(*R1.moves, replace(R1.moves[-1], stage="full", at=day(50))))
    at_end = build(tables, ALL, over, (R0, over), day(50), trial="r1")
    later = build(tables, ALL, over, (R0, over), day(500), trial="r1")
    assert later.rows == at_end.rows
    assert later.as_of == day(50)


@pytest.mark.parametrize("kind", sorted(BUILT_IN))
def test_every_kind_gets_through_a_whole_card(kind: str, rng: np.random.Generator) -> None:
    diary = played(rng, units=200)
    for i in range(0, 200, 2):
        s = diary.suggest(f"a{i}", day(30), risk=float(rng.random()), latency_us=2000, fallback=False)
        diary.add("response", day(31), f"a{i}", "ann", suggestion=s, what="done")
        diary.add("feedback", day(31), f"a{i}", "ann", suggestion=s, thumb=1)
    one = declared(kind, outcome="first_value" if "value" in kind else "complaint", window_days=14.0, worth=10.0)
    card = build(diary.tables(), declarations(one), R1, (R0, R1), day(50))
    row = card.row(kind)
    assert row.arms or row.missing
    json.dumps(card.as_dict(), allow_nan=False)
    assert row.label in card.as_text()


def test_the_chart_holds_every_difference(rng: np.random.Generator) -> None:
    card = build(played(rng).tables(), ALL, R1, (R0, R1), day(50))
    spec = card.plot().to_dict()
    text = json.dumps(spec)
    assert "first value" in text
    assert "complaints" in text


def test_an_experiment_that_is_not_there_is_named() -> None:
    diary = Diary()
    diary.add("trial.row", day(0), "a", trial="mail", action="x", propensity=1.0, outcomes={"first_value": 1})
    with pytest.raises(Exception, match="mial") as told:
        build_trial_rows(diary.tables(), ALL, "mial", "none", day(1))
    assert "mail" in str(told.value)
