"""The headline says one of three things about worth, and "never measured" never reads as "it does not work"."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import payoff
from payoff.audit.catalogue import SectionMaker
from payoff.audit.report import Finding, Report, Section
from payoff.audit.sections.accuracy.section import Accuracy
from payoff.audit.sections.monday import Monday
from payoff.audit.view import View

RNG = np.random.default_rng(3)
TREATED = RNG.integers(0, 2, 400)
EFFECT = {"effect": -0.031, "low": -0.042, "high": -0.02}
GAP = {
    "column": "race",
    "rate": "selected",
    "worst_off": "Black",
    "reference": "White",
    "rates": {"White": 0.097, "Black": 0.065, "Other": 0.05, "Asian": 0.04},
    "gaps": {
        "Black": {"value": -0.032, "low": -0.047, "high": -0.017},
        "Other": {"value": -0.047, "low": -0.12, "high": 0.02},
        "Asian": {"value": -0.057, "low": -0.07, "high": -0.03},
    },
}


class Told:
    """A section that has found what it was given."""

    needs = ()

    def __init__(self, name: str, *findings: Finding) -> None:
        self.name, self.findings = name, findings

    def run(self, view: View) -> Section:
        return Section(self.name, self.name, self.findings)


def told(section: str, key: str, kind: str = "know", **evidence: object) -> Told:
    return Told(section, Finding(key, kind, f"The sentence of {key}.", 0.5, section, evidence))  # type: ignore[arg-type]


def audited(*sections: SectionMaker, score: bool = True, label: bool = True, **more: object) -> Report:
    rng = np.random.default_rng(1)
    frame: dict[str, object] = {
        **({"score": rng.random(400)} if score else {}),
        **({"churned": TREATED} if label else {}),
    }
    given = {"score": "score" if score else "", "label": "churned" if label else ""}
    given |= {k: more.pop(k) for k in ("cost", "value") if k in more}  # type: ignore[misc]
    frame |= more
    return payoff.audit(frame, **given, catalogue=(*sections, Monday()), name="a.csv")  # type: ignore[arg-type]


RIGHT = told("accuracy", "accuracy_no_better", accuracy=0.94, constant=0.94)
BETTER = told("accuracy", "accuracy_better", accuracy=0.79, constant=0.73)


def test_never_measured_is_neither_good_nor_bad_news() -> None:
    line = audited(RIGHT).headline
    assert line.startswith("It is right 94 times of 100, and so is always saying “")
    assert line.endswith("Whether acting on it helps was never measured, so this is neither good nor bad news.")
    better = audited(BETTER).headline
    assert better.startswith("It is right 79 times of 100; always saying “")
    assert "never measured" in better


def test_a_score_that_ranks_is_not_made_worthless_by_a_constant_as_often_right() -> None:
    ranks = told("accuracy", "ranks_well", "good", auc=0.73)
    both = Told("accuracy", *RIGHT.findings, *ranks.findings)
    assert "though it does put the likelier ones first" in audited(both).headline
    assert audited(ranks).headline.startswith("Of two rows, one that ends in “churned” and one that does not")


def test_measured_and_helps_says_how_many_of_100_and_its_range() -> None:
    report = audited(BETTER, told("worth", "effect_some", "good", **EFFECT), called=TREATED)
    assert report.headline == (
        "Treatment was measured, and it helps: of 100 treated, about 3.1 fewer end in “churned” because of it "
        "(−4.2 to −2.0)."
    )
    assert report.decides == "To go on with the treatment, with a part kept as today."
    arm = audited(told("worth", "effect_some", "good", arms=["mail"], **EFFECT), called=TREATED)
    assert "of 100 given “mail”, about 3.1 fewer" in arm.headline


def test_where_nobody_said_that_chance_chose_there_is_no_word_of_cause() -> None:
    for key, kind in (("effect_some", "know"), ("effect_harm", "costs"), ("effect_none", "costs")):
        report = audited(told("worth", key, kind, told=False, **EFFECT), score=False, called=TREATED)
        assert report.headline == f"The sentence of {key}. Say so (assigned=random) if it did."
        assert report.decides == "To find out how those treated were chosen."
    both = Told(
        "worth",
        *told("worth", "effect_some", "know", told=False, **EFFECT).findings,
        *told("worth", "arm_harm", "costs", told=False, arm="mail", **EFFECT).findings,
    )
    assert audited(both, called=TREATED).headline.endswith("The sentence of arm_harm.")


def test_of_several_ways_the_best_is_named_and_the_one_that_harms() -> None:
    best = told("worth", "effect_some", "good", arms=["call"], ways=3, told=True, **EFFECT)
    harm = told("worth", "arm_harm", "stop", arm="mail", told=True, effect=0.05, low=0.02, high=0.08)
    line = audited(Told("worth", *best.findings, *harm.findings), called=TREATED).headline
    assert line.startswith("3 ways were measured, and the best helps: of 100 given “call”, about 3.1 fewer")
    assert "(−4.2 to −2.0, allowing for 3 ways)" in line
    assert line.endswith("“mail” does harm: 5.0 more of 100 (+2.0 to +8.0).")


def test_a_way_that_harms_is_the_headline_where_none_helps() -> None:
    none = told(
        "worth", "effect_none", "costs", arms=["call"], ways=2, told=True, effect=0.0, low=-0.01, high=0.01
    )
    harm = told("worth", "arm_harm", "stop", arm="mail", told=True, effect=0.05, low=0.02, high=0.08)
    report = audited(Told("worth", *none.findings, *harm.findings), called=TREATED)
    assert "none was seen to help, and one does harm: of 100 given “mail”, about 5.0 more" in report.headline
    assert report.decides == "To stop “mail” for now."


def test_the_most_that_is_not_ruled_out_is_that_of_any_way() -> None:
    none = told("worth", "effect_none", "costs", effect=0.0, low=-0.01, high=0.01, most=0.034)
    assert "no effect larger than 3.4 of 100" in audited(none, score=False, called=TREATED).headline


def test_what_helps_and_costs_more_than_it_brings_is_not_to_go_on_at_this_cost() -> None:
    effect = told("worth", "effect_some", "good", told=True, **EFFECT)
    loss = told("worth", "effect_money", "costs", value=-250.0, low=-300.0, high=-200.0)
    sections = Told("worth", *effect.findings, *loss.findings)
    report = audited(sections, called=TREATED, cost=5.0, value=1.0)
    assert "it helps, and costs more than it brings. Of 100 treated, about 3.1 fewer" in report.headline
    assert "treating 100 costs 250 more than it brings (200 to 300)" in report.headline
    assert report.decides == "Not to go on at this cost."
    maybe = told("worth", "effect_money", "know", value=-250.0, low=-600.0, high=100.0)
    open_ = audited(Told("worth", *effect.findings, *maybe.findings), called=TREATED, cost=5.0, value=1.0)
    assert open_.decides.startswith("To go on")


def test_sides_that_differ_and_lost_outcomes_are_said_as_what_they_are() -> None:
    differ, lost = told("worth", "not_random", "costs", how="differ"), told("worth", "treated_lost", "costs")
    for score in (True, False):
        assert "nobody has said that chance chose" in audited(differ, score=score, called=TREATED).headline
        assert "outcomes were lost more often" in audited(lost, score=score, called=TREATED).headline


@pytest.mark.parametrize(
    ("way", "said"),
    [("more", "finds those it helps most."), ("same", "has not been shown."), ("less", "where it helps less.")],
)
def test_whether_the_score_finds_those_it_helps_is_said_beside_the_effect(way: str, said: str) -> None:
    effect, top = told("worth", "effect_some", "good", **EFFECT), told("worth", f"effect_top_{way}")
    assert audited(Told("worth", *effect.findings, *top.findings), called=TREATED).headline.endswith(said)


def test_measured_and_harms_is_said_as_plainly() -> None:
    harm = told("worth", "effect_harm", "stop", effect=0.02, low=0.01, high=0.03)
    report = audited(BETTER, harm, called=TREATED)
    assert "measured, and it does harm: of 100 treated, about 2.0 more end in “churned”" in report.headline
    assert report.decides == "To stop this treatment for now."


def test_measured_without_an_effect_says_the_largest_one_still_possible() -> None:
    none = told("worth", "effect_none", "costs", effect=0.001, low=-0.004, high=0.006)
    report = audited(RIGHT, none, called=TREATED)
    assert report.headline.endswith(
        "Treatment was measured, and no effect larger than 0.6 of 100 on “churned” was seen."
    )
    assert "0.6 of 100" in report.decides


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("not_random", "not chosen by chance"),
        ("treated_few", "too few were treated"),
        ("difference_only", "nobody has said that chance chose"),
    ],
)
def test_a_treatment_that_cannot_be_judged_is_no_news_either_way(key: str, said: str) -> None:
    for score in (True, False):
        line = audited(told("worth", key), score=score, called=TREATED).headline
        assert said in line
        assert line.endswith("neither good nor bad news.")


def test_an_experiment_without_a_score_has_no_word_about_a_score() -> None:
    for worth in ((), (told("worth", "effect_some", "good", **EFFECT),), (told("worth", "not_random"),)):
        report = audited(*worth, score=False, called=TREATED)
        assert "score" not in f"{report.headline} {report.decides} {report.undecided}"
        assert "It is right" not in report.headline


def test_a_file_of_decisions_says_the_gap_and_what_cannot_be_told() -> None:
    harm = told("harm", "harm_selected", "stop", **GAP)
    report = audited(harm, score=False, label=False, decision=TREATED, race=RNG.choice(["White", "Black"], 400))
    assert report.headline == (
        "Where “race” is “White”, 9.7 of 100 are picked (“decision”); where it is “Black”, 6.5 of 100: "
        "a gap of 3.2 (1.7 to 4.7). Whether the picks were right cannot be told: the table holds no outcome."
    )
    assert "“race”" in report.decides


def test_a_gap_that_may_be_none_is_no_headline() -> None:
    unsure = {**GAP, "worst_off": "Other", "gaps": {"Other": GAP["gaps"]["Other"]}}  # type: ignore[index]
    harm = told("harm", "harm_selected", **unsure)
    report = audited(harm, score=False, label=False, decision=TREATED, race=RNG.choice(["White", "Other"], 400))
    assert report.headline.startswith("Of 100 rows, ")


def test_a_file_of_decisions_without_a_gap_says_how_many_are_picked() -> None:
    frame = {"decision": TREATED, "race": RNG.choice(["White", "Black"], 400)}
    share = f"{100 * TREATED.mean():.0f}" if TREATED.mean() * 100 >= 9.5 else ""
    plain = audited(score=False, label=False, **frame)
    assert plain.headline.startswith(f"Of 100 rows, {share} are picked (“decision”). ")
    none = audited(told("harm", "harm_none", "good"), score=False, label=False, **frame)
    assert "no group clearly more often than another" in none.headline


@pytest.mark.parametrize("key", ["trust_equal", "trust_perfect", "trust_constant", "trust_few", "ranks_backwards"])
def test_void_figures_are_said_to_be_void_before_anything_else(key: str) -> None:
    effect = told("worth", "effect_some", "good", **EFFECT)
    report = audited(BETTER, effect, told("trust", key, "stop"), called=TREATED)
    assert report.headline == f"Do not lean on these figures yet. The sentence of {key}."


def test_an_uneven_split_voids_an_effect_but_not_a_score() -> None:
    uneven, effect = told("trust", "trust_uneven", "stop"), told("worth", "effect_some", "good", **EFFECT)
    assert audited(BETTER, effect, uneven, called=TREATED).headline.startswith("Do not lean")
    assert audited(BETTER, uneven, called=TREATED).headline.startswith("It is right")


def test_the_message_to_forward_names_what_must_stop_and_the_next_step() -> None:
    harm = told("harm", "harm_fpr", "stop", column="race")
    lines = audited(BETTER, harm).forward.split("\n")
    assert lines[0].startswith("Audit of a.csv (400 rows). It is right 79")
    assert lines[1] == "Before anybody uses it: The sentence of harm_fpr."
    assert lines[-1].startswith("Next: Let chance decide who is acted on")
    void = audited(told("trust", "trust_constant", "stop")).forward.split("\n")
    assert void[-1].startswith("Next: Find out why every row has the same score")


@pytest.mark.data
def test_the_hiring_file_gives_the_published_gap(data: Path) -> None:
    table = pq.read_table(data / "resume_names" / "resume_names.parquet")
    report = payoff.audit(table, score="", label="", decision="call", protected=["ethnicity"])
    assert "“cauc”, 9.7 of 100 are picked" in report.headline  # Bertrand & Mullainathan 2004, table 1
    assert "“afam”, 6.4 of 100: a gap of 3.2" in report.headline
    assert "the table holds no outcome" in report.headline


def test_a_real_score_without_treatment_is_never_measured() -> None:
    score = np.random.default_rng(2).random(500)
    frame = {"score": score, "churned": np.random.default_rng(5).random(500) < score}
    report = payoff.audit(frame, catalogue=(Accuracy(), Monday()))
    assert "never measured" in report.headline
    assert "neither good nor bad news" in report.headline
