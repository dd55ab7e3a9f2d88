"""What makes no sense in a brief and its playbook is found, all at once; what is open is listed."""

import pytest

from payoff.brief.check import check
from payoff.brief.compile import compile_brief
from payoff.brief.draft import draft
from payoff.brief.read import read_brief, read_playbook
from payoff.errors import BriefFaults
from payoff.metrics.catalogue import KIND_INFO

GOOD = """
[product]
name = "shop"
[unit]
role = "role"
protected = ["gender"]
ignore = ["end_date"]
[outcomes.value]
meaning = "first value"
window_days = 14
worth = 100
source = "accounts"
[outcomes.paid]
meaning = "paid"
window_days = 30
measure = "money"
source = "api"
[[metrics]]
name = "value_rate"
kind = "outcome_rate"
outcome = "value"
purpose = "goal"
[[metrics]]
name = "paid_sum"
kind = "outcome_sum"
outcome = "paid"
purpose = "guardrail"
margin = 5
[[metrics]]
name = "auc"
kind = "auc"
outcome = "value"
[[harms]]
who = "they"
shows = "so"
stopped_by = "paid_sum"
[people.ann]
name = "Ann"
permissions = ["manager"]
[policy]
capacity_per_week = 40
[questions]
users = "u"
problem = "p"
workflow = "w"
success = "s"
[sources.accounts]
as = "units"
file = "a.csv"
unit = "id"
outcomes = { value = "value=yes" }
"""
ACTIONS = '[[actions]]\nid = "call"\nsay = "Call {contact}"\n'


def report(brief=GOOD, playbook=ACTIONS, **more):
    return check(read_brief(brief), read_playbook(playbook), KIND_INFO, **more, brief_text=brief)


def test_a_whole_brief_has_no_faults_and_nothing_open():
    found = report()
    assert (found.faults, found.open, found.notes) == ([], [], [])
    found.enforce()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('outcome = "value"\npurpose = "goal"', 'outcome = "vale"\npurpose = "goal"', "no outcome called 'vale'"),
        ('kind = "auc"', 'kind = "aucc"', "no metric kind called 'aucc'"),
        ('kind = "auc"\noutcome = "value"', 'kind = "auc"', "none is named"),
        ("margin = 5\n", "", "has no margin"),
        ('stopped_by = "paid_sum"', 'stopped_by = "paid"', "no metric called 'paid'"),
        ('stopped_by = "paid_sum"', 'stopped_by = "auc"', "stops nothing"),
        ('purpose = "goal"', 'purpose = "watch"', "no metric is the goal"),
        ('name = "auc"\n', 'name = "auc"\npurpose = "leading goal"\n', "while nobody is better off"),
        ('kind = "auc"', 'kind = "auc"\nlevel = "user"', "is a technical metric"),
        ('source = "accounts"', 'source = "acounts"', "no source called 'acounts'"),
        ('{ value = "value=yes" }', "{}", "does not say which of its columns"),
        ('{ value = "value=yes" }', '{ value = "value=yes", x = "y" }', "no outcome called 'x'"),
        ('file = "a.csv"', 'sql = "select 1"', "a query and no database"),
        ('file = "a.csv"', "", "neither a file nor a query"),
        ('unit = "id"\n', "", "which column holds the unit's id"),
        ("capacity_per_week = 40", "capacity_per_week = 0", "nobody can act"),
        ("window_days = 14", "window_days = 90", "known after 90 days"),
        ('role = "role"', 'role = "gender"', "is protected"),
        ('name = "shop"', 'name = "shop"\nzone = "Mars"', "no time zone 'Mars'"),
        ('name = "auc"', 'name = "paid_sum"', "stands twice"),
        ('name = "value_rate"', 'name = "value_rate"\ntarget = 3', "is no share"),
    ],
)
def test_what_does_not_hold_is_a_fault_with_a_mend(old, new, what):
    assert old in GOOD
    found = report(GOOD.replace(old, new, 1))
    assert what in " / ".join(fault.what for fault in found.faults)
    assert all(fault.mend for fault in found.faults)
    with pytest.raises(BriefFaults):
        found.enforce()


def test_faults_name_the_line_they_stand_on():
    broken = GOOD.replace('kind = "auc"', 'kind = "aucc"')
    line = broken.splitlines().index('kind = "aucc"') + 1
    assert [fault.where for fault in report(broken).faults] == [f"payoff.toml line {line} (metrics.3.kind)"]


def test_several_faults_come_together():
    broken = GOOD.replace("margin = 5\n", "").replace('kind = "auc"', 'kind = "aucc"').replace("= 40", "= 0")
    assert len(report(broken).faults) == 3


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ("[]", "does not end at full"),
        ('[{ stage = "shadow" }, { stage = "full", share = 0.5 }]', "full is everybody"),
        (
            '[{ stage = "canary", share = 0.1 }, { stage = "shadow" }, { stage = "full", share = 1 }]',
            "comes after",
        ),
        (
            '[{ stage = "ramp", share = 0.5 }, { stage = "ramp", share = 0.2 }, { stage = "full", share = 1 }]',
            "falls",
        ),
        ('[{ stage = "canary" }, { stage = "full", share = 1 }]', "would reach nobody"),
        ('[{ stage = "shadow", share = 0.2 }, { stage = "full", share = 1 }]', "admits nobody"),
        ('[{ stage = "retired" }, { stage = "full", share = 1 }]', "no step of the way"),
        ('[{ stage = "ramp", share = 1, days = 90 }, { stage = "full", share = 1 }]', "at least 90 days"),
    ],
)
def test_the_way_to_everybody_must_be_legal(steps, what):
    found = report(GOOD + f"[release]\nsteps = {steps}\n")
    assert what in " / ".join(fault.what for fault in found.faults)


def test_a_ramp_in_several_growing_steps_is_fine():
    steps = '[{ stage = "ramp", share = 0.25 }, { stage = "ramp", share = 0.5 }, { stage = "full", share = 1 }]'
    assert report(GOOD + f"[release]\nsteps = {steps}\n").faults == []


def test_where_people_are_at_stake_nobody_is_left_out_or_tried_out_by_lot():
    at_stake = GOOD.replace('name = "shop"', 'name = "shop"\npeople_at_stake = true')
    assert [fault.mend for fault in report(at_stake).faults] == [
        "Set release.holdout = 0.",
        "Set policy.explore = 0.",
    ]
    mended = at_stake.replace("= 40", "= 40\nexplore = 0") + "[release]\nholdout = 0\n"
    assert report(mended).faults == []


@pytest.mark.parametrize(
    ("action", "what"),
    [
        ('id = "call"\nsay = "again"', "stands twice"),
        ('id = "nothing"\nsay = "x"', "always an action"),
        ('id = "b"\nsay = "{contact.__class__}"', "more than the name of a fact"),
        ('id = "b"\nsay = "{contact"', "do not close"),
        ('id = "b"\nsay = " "', "says nothing"),
        ('id = "b"\nsay = "x"\nwhen = [{ fact = "seats" }]', "nothing is asked"),
        ('id = "b"\nsay = "x"\nwhen = [{ fact = "seats", at_least = 3, at_most = 1 }]', "cannot be over"),
        ('id = "b"\nsay = "x"\nwhen = [{ fact = "gender", among = ["f"] }]', "is protected"),
        ('id = "b"\nsay = "x"\nwhen = [{ fact = "end_date", at_least = 1 }]', "is ignored"),
    ],
)
def test_an_action_that_cannot_be_chosen_or_said_is_a_fault(action, what):
    found = report(playbook=ACTIONS + "[[actions]]\n" + action + "\n")
    assert what in " / ".join(fault.what for fault in found.faults)


def test_with_the_facts_known_a_misspelt_fact_is_a_fault_and_a_condition_on_none_a_note():
    facts = ["rolle", "gender", "seats"]
    action = '[[actions]]\nid = "b"\nsay = "x {seat}"\nwhen = [{ fact = "logins", at_most = 3 }]\n'
    found = report(playbook=ACTIONS + action, facts=facts)
    assert [fault.mend for fault in found.faults] == ["There is: rolle.", "There is: seats."]
    assert any("logins" in note for note in found.notes)


def test_the_template_holds_with_its_questions_open():
    texts = draft({})
    brief = read_brief(texts[0])
    found = check(brief, read_playbook(texts[1]), KIND_INFO)
    assert found.faults == []
    assert len([question for question in found.open if question.startswith("Not measured until")]) == 5


def test_unanswered_questions_are_the_same_in_the_check_and_in_what_it_compiles_to():
    brief = read_brief(draft({})[0])
    assert compile_brief(brief, KIND_INFO).open_questions == tuple(report(draft({})[0]).open)


def test_a_slow_goal_beside_a_quick_leading_goal_is_a_note():
    """The leading goal decides in time; the slow one reads "cannot tell yet" until its window has passed."""
    slow = BRIEF_SLOW_GOAL
    report = check(read_brief(slow), read_playbook("schema = 1\n"), KIND_INFO)
    assert not [f for f in report.faults if "trial ends" in f.what]
    assert any("leading goal decides" in note for note in report.notes)


BRIEF_SLOW_GOAL = """
schema = 1
[product]
name = "slow"
[outcomes.renewed]
meaning = "renewed"
window_days = 90
source = "api"
[outcomes.first_value]
meaning = "reached first value"
window_days = 14
source = "api"
[[metrics]]
name = "renewals"
kind = "outcome_rate"
outcome = "renewed"
purpose = "goal"
[[metrics]]
name = "first"
kind = "outcome_rate"
outcome = "first_value"
purpose = "leading goal"
"""
