"""A brief compiles to declarations the judging half can use, and says what each requirement became."""

import pytest

from payoff.brief.compile import compile_brief, requirements
from payoff.brief.read import read_brief
from payoff.errors import Unknown
from payoff.metrics.catalogue import KIND_INFO

TEXT = """
[product]
name = "shop"
[unit]
role = "job"
segments = ["job", "plan"]
protected = ["gender"]
[outcomes.churned]
good = false
meaning = "left"
window_days = 30
worth = -900
source = "api"
[outcomes.paid]
measure = "money"
source = "?"
[outcomes.late]
good = false
source = "bills"
[[metrics]]
name = "churn"
kind = "outcome_rate"
outcome = "churned"
purpose = "goal"
[[metrics]]
name = "money"
kind = "outcome_sum"
outcome = "paid"
purpose = "guardrail"
margin = 5
[[metrics]]
name = "auc"
kind = "auc"
outcome = "churned"
[[metrics]]
name = "late"
kind = "outcome_rate"
outcome = "late"
direction = "up"
[[harms]]
who = "they"
shows = "it hurts"
stopped_by = "money"
"""


def declared(text=TEXT):
    declarations = compile_brief(read_brief(text), KIND_INFO)
    return declarations, {metric.name: metric for metric in declarations.metrics}


def test_a_bad_outcome_turns_the_direction_round_and_a_technical_kind_keeps_its_own():
    _, metrics = declared()
    assert (metrics["churn"].direction, metrics["money"].direction, metrics["auc"].direction) == (
        "down",
        "up",
        "up",
    )


def test_a_direction_that_is_written_wins():
    assert declared()[1]["late"].direction == "up"


def test_window_worth_measure_and_level_come_from_outcome_and_kind():
    _, metrics = declared()
    assert (metrics["churn"].window_days, metrics["churn"].worth, metrics["churn"].measure) == (30, -900, "share")
    assert metrics["money"].measure == "money"
    assert metrics["auc"].level == "technical"
    assert metrics["churn"].label == "left"


def test_a_metric_without_a_source_names_the_one_that_is_missing():
    _, metrics = declared()
    assert {name: metric.missing_source for name, metric in metrics.items()} == {
        "churn": "",
        "money": "paid",
        "auc": "",
        "late": "bills",
    }


def test_segments_use_the_keys_suggestions_are_logged_with():
    declarations, _ = declared()
    assert declarations.segments == ("role", "plan")


def test_every_metric_harm_and_rule_says_what_it_became():
    declarations, _ = declared()
    became = requirements(declarations)
    assert len(became) == 4 + 1 + 1 + 2
    found = {one.wish: one for one in became}
    missing = found["Nothing may get worse in: paid per unit (more is better)."]
    assert missing.whole == "nothing yet: connect a source for paid"
    goal = found["Success is seen in: left (less is better)."]
    assert goal.rule.startswith("a release is promoted"), "a sentence, without code"
    assert "30 d" in goal.code


def test_a_kind_nobody_knows_is_refused_by_name():
    with pytest.raises(Unknown, match="outcome_rat"):
        declared(TEXT.replace('kind = "outcome_rate"', 'kind = "outcome_rat"'))


def test_simulated_data_are_tagged_so():
    assert declared()[0].tag == "measured"
    assert declared(TEXT.replace('name = "shop"', 'name = "shop"\nsimulated = true'))[0].tag == "simulated"
