"""What the gate says, and of what it says it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.judged_world import COMPLAINTS, R0, R1, VALUE, day, declarations, declared, played

from payoff.gates.judge import judge
from payoff.gates.rules import RULES, hold
from payoff.records.judgement import Estimate, Row
from payoff.scorecard.build import build
from payoff.scorecard.card import Scorecard, Trust

BOTH = declarations(VALUE, COMPLAINTS)


def _row(metric: str, value: float, se: float | None, n: int = 400, **more: object) -> Row:
    d = next(m for m in BOTH.metrics if m.name == metric)
    arm = Estimate(0.4, 0.02, n=n, known=n, total=n)
    known = {"n": 2 * n, "known": 2 * n, "total": 2 * n}
    low, high = (None, None) if se is None else (value - 3 * se, value + 3 * se)
    row = Row(
        metric,
        d.label,
        d.level,
        d.purpose,
        d.direction,
        d.measure,
        {"challenger": arm, "champion": arm},
        Estimate(value, se, low, high, **known),
        "champion",
        margin=d.margin,
    )
    return replace(row, **more)  # type: ignore[arg-type]


def _card(*rows: Row, days: int = 40, ok: bool = True) -> Scorecard:
    return Scorecard(
        "r1",
        "New",
        "r1",
        day(days),
        day(days),
        "simulated",
        "",
        {"challenger": 400, "champion": 400},
        rows,
        Trust(ok, "as planned" if ok else "the split is off"),
        days,
        56,
        ours="challenger",
        theirs="champion",
    )


GOOD, FLAT, BAD = (_row("first_value", x, 0.03) for x in (0.15, 0.01, -0.15))
UNHURT, UNSURE, HURT = (
    _row("complaints", 0.0, 0.01),
    _row("complaints", 0.0, 0.05),
    _row("complaints", 0.12, 0.02),
)


@pytest.mark.parametrize(
    ("target", "word", "said"),
    [
        (None, "promote", "Not among them, because there is nothing"),
        (0.9, "promote", "Every guardrail is shown"),
        (0.05, "hold", "not yet that no harm"),
    ],
)
def test_a_guardrail_that_could_not_have_failed_is_not_said_to_have_held(
    target: float | None, word: str, said: str
) -> None:
    corrected = declared("corrections_rate", purpose="guardrail", margin=0.05, target=target)
    own = {"challenger": Estimate(0.4, 0.02, n=400, known=400, total=400)}
    row = replace(UNHURT, metric=corrected.name, label="Corrected", target=target, difference=None, arms=own)
    against = [replace(r, arms={**own, "holdout": own["challenger"]}, against="holdout") for r in (GOOD, UNHURT)]
    card = replace(_card(*against, row), theirs="holdout", arms={"challenger": 400, "holdout": 400})
    verdict = judge(card, declarations(VALUE, COMPLAINTS, corrected))
    assert (verdict.word, said in verdict.because) == (word, True)


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ((GOOD, UNHURT), "promote"),
        ((GOOD, UNSURE), "hold"),
        ((GOOD, HURT), "roll back"),
        ((FLAT, UNHURT), "safe, no gain shown"),
        ((FLAT, UNSURE), "hold"),
        ((BAD, UNHURT), "roll back"),
        ((BAD, HURT), "roll back"),
    ],
)
def test_each_verdict(rows: tuple[Row, ...], word: str) -> None:
    verdict = judge(_card(*rows), BOTH)
    assert verdict.word == word
    assert verdict.because
    assert verdict.rule


def test_a_void_comparison_is_never_judged_however_good() -> None:
    assert judge(_card(GOOD, UNHURT, ok=False), BOTH).word == "cannot judge"


def test_a_judged_metric_without_data_is_named_with_its_source() -> None:
    lost = declarations(VALUE, replace(COMPLAINTS, missing_source="helpdesk"))
    row = replace(UNHURT, difference=None, missing="No data yet: connect “helpdesk”.")
    verdict = judge(_card(GOOD, row), lost)
    assert (verdict.word, verdict.rule) == ("cannot judge", "no source")
    assert "helpdesk" in verdict.because


def test_without_a_goal_nothing_can_be_won() -> None:
    assert judge(_card(UNHURT), declarations(COMPLAINTS)).rule == "no goal"


def test_harm_within_the_margin_is_tolerated() -> None:
    slight = _row("complaints", 0.02, 0.004)
    assert judge(_card(GOOD, slight), BOTH).word == "promote"


def test_a_hold_says_what_is_missing_and_for_how_long() -> None:
    verdict = judge(_card(FLAT, UNSURE), BOTH)
    assert len(verdict.missing) == 2
    assert verdict.days_more is not None
    assert 0 < verdict.days_more <= 16


def test_past_the_deadline_a_person_must_choose() -> None:
    verdict = judge(_card(FLAT, UNSURE, days=57), BOTH)
    assert (verdict.word, verdict.rule) == ("hold", "deadline")
    assert "named person" in verdict.because


def test_the_same_figures_need_more_early_than_late() -> None:
    some = _row("first_value", 0.08, 0.03)
    assert judge(_card(some, UNHURT, days=20), BOTH).word != "promote"
    assert judge(_card(some, UNHURT, days=56), BOTH).word == "promote"


def test_a_dozen_units_promote_nothing() -> None:
    few = _row("first_value", 0.6, 0.01, n=12)
    assert judge(_card(few, UNHURT), BOTH).word != "promote"


def test_a_guardrail_without_an_error_is_taken_as_it_is() -> None:
    slow = declared("latency_p95", purpose="guardrail", margin=50.0)
    both = declarations(VALUE, slow)
    fine = replace(_row("complaints", 10.0, None), metric="latency_p95", margin=50.0)
    late = replace(fine, difference=replace(fine.difference, value=90.0))  # type: ignore[type-var]
    assert judge(_card(GOOD, fine), both).word == "promote"
    assert judge(_card(GOOD, late), both).word == "roll back"


def test_the_last_rule_always_answers() -> None:
    assert RULES[-1] is hold


def test_a_good_release_is_promoted_from_its_log_and_a_harmful_one_rolled_back(rng: np.random.Generator) -> None:
    good = build(played(rng, units=2000, lift=0.2).tables(), BOTH, R1, (R0, R1), day(50))
    assert judge(good, BOTH).word == "promote"
    bad = build(played(rng, units=2000, lift=0.0, harm=0.2).tables(), BOTH, R1, (R0, R1), day(50))
    verdict = judge(bad, BOTH)
    assert (verdict.word, verdict.rule) == ("roll back", "guardrail worse")


def test_after_the_deadline_a_gain_counts_only_if_it_was_there_at_the_deadline() -> None:
    late = replace(_card(GOOD, UNHURT, days=70), final=(FLAT, UNHURT))
    assert judge(late, BOTH).word == "safe, no gain shown"
    early = replace(_card(FLAT, UNHURT, days=70), final=(GOOD, UNHURT))
    assert judge(early, BOTH).word == "promote"


def test_harm_is_seen_after_the_deadline_too() -> None:
    assert judge(replace(_card(GOOD, HURT, days=70), final=(GOOD, UNHURT)), BOTH).word == "roll back"


def test_a_release_that_changes_nothing_is_seldom_promoted_or_rolled_back_by_weekly_looks(
    rng: np.random.Generator,
) -> None:
    looks, paths = np.arange(21, 57, 7), 200
    information = (looks - 14) / 42
    steps = rng.standard_normal((paths, 2, looks.size)) * np.sqrt(np.diff(information, prepend=0))
    z = steps.cumsum(axis=2) / np.sqrt(information)
    promoted = rolled_back = 0
    for goal, guard in z:
        words = set()
        for i, days in enumerate(looks):
            ses = np.array([0.03, 0.01]) / np.sqrt(information[i])
            rows = (
                _row("first_value", float(goal[i] * ses[0]), float(ses[0])),
                _row("complaints", float(guard[i] * ses[1]), float(ses[1])),
            )
            words.add(judge(_card(*rows, days=int(days)), BOTH).word)
        promoted += "promote" in words
        rolled_back += "roll back" in words
    assert promoted <= 0.025 * paths + 3 * np.sqrt(0.025 * paths)
    assert rolled_back <= 0.05 * paths + 3 * np.sqrt(0.05 * paths)


def test_what_the_holdout_cannot_have_does_not_hold_a_release_for_ever():
    """Units treated as today were told nothing, so corrections have nothing to be compared with."""
    corrections = declared(
        "corrections", "corrections_rate", level="user", purpose="guardrail", direction="down", margin=0.05
    )
    both = declarations(VALUE, corrections)
    arm = Estimate(0.02, 0.01, n=400, known=400, total=400)
    row = Row("corrections", "Corrections", "user", "guardrail", "down", "share", {"challenger": arm}, margin=0.05)
    good = replace(GOOD, against="holdout", arms={"challenger": arm, "holdout": arm})
    card = replace(_card(good, row), theirs="holdout", arms={"challenger": 400, "holdout": 400})
    assert judge(card, both).word == "promote"
    beside_a_champion = replace(_card(GOOD, row), arms={"challenger": 400, "champion": 400})
    assert judge(beside_a_champion, both).word != "promote"
