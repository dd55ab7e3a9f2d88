"""Drift: by hand, against planted changes, and against facts no one should send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from tests.monitors.watched_world import BRIEF, Written, week

from payoff.monitors.facts import Cells
from payoff.monitors.kinds import drift
from payoff.monitors.look import BUCKETS
from payoff.monitors.moved import Moved
from payoff.records.findings import Finding
from payoff.stats import distance

UNITS = 120


def written(weeks: int = 12, **of: Any) -> Written:
    """`UNITS` units decided on every week; each fact is a function of (unit, week)."""
    log = Written()
    for w in range(weeks):
        for u in range(UNITS):
            log.facts(f"u{u}", week(w, 8), **{name: made(u, w) for name, made in of.items()})
            log.suggest(f"u{u}", week(w))
    log.learned(week(weeks - 7) + timedelta(days=14, hours=1))
    return log


def said(log: Written, at: float = 12, text: str = BRIEF) -> Finding:
    (found,) = drift.watch(log.look(week(at, 8), text=text))
    return found


def plan(u: int, w: int) -> str:
    """Half are small, half large, until everybody but a tenth is large."""
    return "small" if u % 10 < (5 if w < 8 else 1) else "large"


def test_how_many_would_have_to_be_different_is_counted() -> None:
    found = said(written(plan=plan))
    assert found.severity == "act"
    # 50 of 100 were small, 10 are: 40 would have to be different.
    assert found.groups[0].value == pytest.approx(0.4)
    assert [w.value for w in found.weeks] == pytest.approx([0.0] * 8 + [0.4] * 4 + [None], nan_ok=True)
    assert found.sentence == (
        "Accounts are not as they were when the running model learned (until 9 Feb 2026): “plan” moved for 40 of "
        "100 (for example “small”: 10 of 100 now, 50 then). Chance alone does not explain it."
    )
    assert "Since the week of 2 Mar 2026, as far as the figures can tell." in found.details


def test_the_model_learned_from_decisions_whose_outcome_was_known_then() -> None:
    found = said(written(plan=plan))
    # learned in week 7; first_value takes 14 days: decisions until week 5, of 120 accounts
    assert (
        "It learned last on 23 Feb 2026, from 120 accounts decided on until 9 Feb 2026: the newest decision whose"
        " outcome could be known by then."
    ) in found.details


def test_a_fact_that_no_longer_comes_in_is_broken_data_and_stands_first() -> None:
    log = written(
        plan=lambda u, w: "small" if u % 2 else "large", seats=lambda u, w: None if w >= 8 and u % 4 else u
    )
    found = said(log)
    assert found.sentence.startswith(
        "Accounts are not as they were when the running model learned (until 9 Feb 2026): “seats” is missing for"
        " 75 of 100, 0 then"
    )
    assert found.order == drift.BROKEN
    assert found.todo == "Mend the source that fills “seats”, or take the fact out of the brief."


def test_nothing_moved_is_fine_and_says_of_how_many_facts() -> None:
    found = said(written(plan=lambda u, w: "abc"[u % 3], seats=lambda u, w: u))
    assert found.severity == "fine"
    assert found.sentence.startswith(
        "Accounts look as they did when the running model learned (until 9 Feb 2026): none of 2 facts moved"
        " enough to matter. “"
    )
    assert found.sentence.endswith("of which 0.1 is worth a look; chance alone may move it so far.")


def test_what_moved_more_than_chance_and_too_little_says_so_and_since_when(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tests.monitors.test_monitor_drift.UNITS", 600)
    log = written(plan=lambda u, w: "small" if u % 100 < (50 if w < 8 else 40) else "large")
    found = said(log)
    assert found.severity == "fine"
    assert "“plan” moved most: 10 of 100 would have to be different." in found.sentence
    assert found.sentence.endswith("it is more than chance, and too little to matter.")
    assert found.details[0].startswith("Since the week of 2 Mar 2026")


def test_numbers_are_set_beside_each_other_in_bands_and_named_by_their_bounds() -> None:
    found = said(written(seats=lambda u, w: u if w < 8 else u + 60))
    assert found.severity == "act"
    # bands of 12 each; half of the units now lie above everything known
    assert found.groups[0].value == pytest.approx(0.5)
    assert "for example 108 or more: 60 of 100 now, 10 then" in found.sentence


def test_a_fact_that_runs_with_the_calendar_is_left_out_and_said() -> None:
    found = said(written(tenure=lambda u, w: 100 + u + 7 * w, plan=lambda u, w: "ab"[u % 2]))
    assert found.severity == "fine"
    assert "“tenure” runs with the calendar, so nothing is said of it." in found.details


def test_facts_no_model_may_use_are_not_looked_at() -> None:
    text = BRIEF.replace('owner = "owner"', 'owner = "owner"\nignore = ["secret"]')
    moving = dict.fromkeys(("secret", "owner", "gender"), plan)
    found = said(written(steady=lambda u, w: "ab"[u % 2], **moving), text=text)
    assert found.severity == "fine"
    assert "none of" not in found.sentence and "the one fact looked at" in found.sentence


def test_without_a_learning_the_first_weeks_stand_for_it() -> None:
    log = written(plan=plan)
    log.rows["learned"].clear()
    found = said(log)
    assert found.severity == "act"
    assert "not as they were in the first 4 weeks" in found.sentence


@pytest.mark.parametrize(("weeks", "more"), [(0, 4), (1, 3), (3, 1)])
def test_a_young_log_says_how_many_weeks_more(weeks: int, more: int) -> None:
    log = written(12, plan=plan) if weeks else Written()
    found = said(log, weeks)
    assert found.severity == "cannot tell"
    assert found.weeks_more == more
    assert found.sentence == f"Cannot tell yet: {more} week{'s' if more > 1 else ''} more."


def test_too_few_units_cannot_tell() -> None:
    log = Written()
    for w in range(12):
        for u in range(12):
            log.facts(f"u{u}", week(w, 8), plan=plan(u, w))
            log.suggest(f"u{u}", week(w))
    found = said(log)
    assert found.severity == "cannot tell"
    assert found.sentence == "Cannot tell: only 12 accounts to set beside; it takes 100."


HOSTILE: list[Any] = [
    "<script>alert(1)</script>", float("inf"), 1e308, -(10**40), "=1+1", {"a": [1]}, [1, 2], True, "", "   ", None,
    "{units}", "\x00others", "0123", "nan", "é" * 5000,
]  # fmt: skip


def test_whatever_is_sent_as_a_fact_is_a_value_and_no_more() -> None:
    name = "<b>{fact}</b>\x00"
    log = written(**{name: lambda u, w: HOSTILE[(u + w) % len(HOSTILE)], "plan": plan})
    found = said(log)
    assert found.severity == "act"
    assert "“plan”" in found.sentence
    assert any("<b>{fact}</b>" in line for line in found.details)


def test_the_facts_of_then_count_and_not_those_of_today() -> None:
    log = written(plan=lambda u, w: "ab"[u % 2])
    for u in range(UNITS):
        log.facts(f"u{u}", week(12, 7), plan="changed since")
    assert said(log).severity == "fine"


def by_chance(luck: np.random.Generator, n: int = 110) -> Moved:
    """A fact of ten values, drawn anew for everybody: nothing moved."""
    sides = luck.multinomial(n, [0.1] * 10, size=2)
    counts = np.zeros((BUCKETS, 2, 11))
    for side in (0, 1):
        for cell in range(10):
            np.add.at(counts, (luck.integers(0, BUCKETS, sides[side, cell]), side, cell), 1)
    names = tuple(map(str, range(10)))
    return Moved("fact", Cells(names, np.zeros(0, np.int64), numeric=False), counts, facts=8)


def test_few_units_move_by_chance_and_that_is_taken_off_and_not_named() -> None:
    luck = np.random.default_rng(4)
    drawn = [by_chance(luck) for _ in range(200)]
    raw = [distance.stability_index(*m.dense.sum(0)) for m in drawn]
    # nine cells of freedom over 110 and 110 rows: 9 x 2/110 = 0.16, read as it stands "moved a little"
    assert np.mean(raw) == pytest.approx(0.16, abs=0.03)
    assert np.mean([m.index for m in drawn]) < 0.05
    assert sum(m.index >= 0.1 for m in drawn) > 5  # size alone would name these
    assert [m for m in drawn if m.severity() != "fine"] == []
