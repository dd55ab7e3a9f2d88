"""What an edit does to a running trial: refused where it moves what was agreed, said where it only mixes."""

from __future__ import annotations

import pytest
from tests.small import BRIEF, PLAYBOOK

from payoff.brief.changes import Disturbance, Running, brief_disturbs, playbook_disturbs
from payoff.brief.read import read_brief, read_playbook
from payoff.texts import Texts

TRIAL = Running("r1", begun=True, kept=True)
SERVED = Running("", begun=True, kept=True)
NEW = Running()


def after(old: str, new: str, running: Running, text: str = BRIEF) -> Disturbance:
    assert old in text
    return brief_disturbs(read_brief(text), read_brief(text.replace(old, new, 1)), running, Texts())


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("holdout = 0.1", "holdout = 0.2", "release.holdout"),
        ("holdout = 0.1", "holdout = 0.1\nalpha = 0.1", "release.alpha"),
        ("holdout = 0.1", "holdout = 0.1\ndays = 90", "release.days"),
        ("holdout = 0.1", "holdout = 0.1\nminimum_units = 5", "release.minimum_units"),
        ("holdout = 0.1", "holdout = 0.1\nholdout_drawn = 2027", "release.holdout_drawn"),
        ('segments = ["industry"]', 'segments = ["industry"]\nexcluded = ["acct-1"]', "unit.excluded"),
        ("target = 0.5", "target = 0.4", "metrics.first_value_14d"),
        ("margin = 0.05", "margin = 0.2", "metrics.left_60d"),
        ('purpose = "guardrail"\nmargin = 0.05', 'purpose = "watch"', "metrics.left_60d"),
        ('kind = "done_rate"', 'kind = "done_rate"\npurpose = "guardrail"\nmargin = 0.1', "metrics.done"),
        ("window_days = 14", "window_days = 7", "outcomes.first_value.window_days"),
        ("good = false", "good = true", "outcomes.left.good"),
    ],
)  # fmt: skip
def test_what_a_trial_was_agreed_on_may_not_change_while_it_runs(old: str, new: str, where: str) -> None:
    found = after(old, new, TRIAL)
    assert [fault.where for fault in found.refused] == [where]
    assert "Finish r1 or take it back first" in found.refused[0].mend
    assert after(old, new, NEW).refused == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("five people", "six people"),
        ('name = "done"', 'name = "done"\nlabel = "Done"'),
        ("worth = 200.0", "worth = 200.0 # said so"),
    ],
)
def test_words_disturb_nothing(old: str, new: str) -> None:
    found = after(old, new, TRIAL)
    assert (found.refused, found.warned) == ([], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("worth = 200.0", "worth = 300.0"),
        ("contact_every_days = 0", "contact_every_days = 7"),
        ('role = "role"', 'role = "job"'),
    ],
)
def test_what_both_sides_get_is_said(old: str, new: str) -> None:
    found = after(old, new, TRIAL)
    assert found.refused == []
    assert ["r1" in said for said in found.warned] == [True]
    assert after(old, new, SERVED).warned == []


def test_without_a_trial_the_holdout_begins_again_and_is_said() -> None:
    assert len(after("holdout = 0.1", "holdout = 0.2", SERVED).warned) == 1
    assert after("holdout = 0.1", "holdout = 0.2", NEW).warned == []


def test_the_name_never_changes_and_the_currency_not_once_it_was_counted_in() -> None:
    assert [f.where for f in after('name = "small"', 'name = "other"', NEW).refused] == ["product.name"]
    assert after('currency = "EUR"', 'currency = "USD"', NEW).refused == []
    assert [f.where for f in after('currency = "EUR"', 'currency = "USD"', SERVED).refused] == ["product.currency"]


def book(old: str, new: str, running: Running) -> list[str]:
    before, now = read_playbook(PLAYBOOK), read_playbook(PLAYBOOK.replace(old, new, 1))
    found = playbook_disturbs(before, now, running, Texts())
    assert found.refused == [], "an action that does harm has to go at any time"
    return found.warned


def test_a_playbook_may_always_change_and_says_what_a_trial_makes_of_it() -> None:
    assert book('say = "Call', 'say = "Ring', TRIAL) == []
    assert "Set-up call" in book("cost = 10.0", "cost = 20.0", TRIAL)[0]
    assert book("cost = 10.0", "cost = 20.0", SERVED) == []
    retired = book(PLAYBOOK[PLAYBOOK.index('[[actions]]\nid = "tips_mail"') :], "", TRIAL)
    assert len(retired) == 2
    assert book("cost = 10.0", "cost = 20.0", NEW) == []
