"""Fairness: shares by hand, every unit one cluster, and no word of chance without a test behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.monitors.watched_world import BRIEF, Written, week

from payoff.monitors.kinds import fairness
from payoff.records.findings import Finding
from payoff.stats.compare import wilson


def written(
    told: dict[str, int],
    *,
    units: int = 40,
    weeks: int = 1,
    action: Callable[[str, int], str] = lambda group, u: "call",
    role: Callable[[str, int], str] = lambda group, u: "lead",
) -> Written:
    """`units` of each group, of whom the first `told[group]` are suggested something, every week again."""
    log = Written()
    for group, n in told.items():
        for u in range(units):
            unit = f"{group}{u}"
            log.facts(unit, week(0, 1), gender=group)
            for w in range(weeks):
                segment = {"role": role(group, u), "industry": "food"}
                made = action(group, u) if u < n else "nothing"
                log.suggest(unit, week(w), made, segment=segment, role=role(group, u))
    log.suggest("old", week(0) - timedelta(weeks=6))  # the log is old enough
    return log


def said(log: Written, at: float = 1.5, text: str = BRIEF) -> Finding:
    (found,) = fairness.watch(log.look(week(at), text=text))
    return found


def test_a_gap_is_told_with_both_shares_and_both_ranges() -> None:
    found = said(written({"f": 12, "m": 28}))
    ours, theirs = ([f"{100 * x:.0f}" for x in wilson(p, 39)] for p in (0.3, 0.7))
    assert found.severity == "act"
    assert found.sentence == (
        "Gender “f”: these accounts are suggested something less often, 30 against 70 of 100 times "
        f"({ours[0]} to {ours[1]} against {theirs[0]} to {theirs[1]}). Chance alone does not explain it."
    )
    assert [(g.name, g.value, g.n) for g in found.groups] == [("“f”", 0.3, 40), ("“m”", 0.7, 40)]


def test_the_advice_is_to_look_and_never_to_lower_anybody() -> None:
    todo = said(written({"f": 12, "m": 28})).todo
    assert todo.startswith("Look at what stands in for gender")
    assert "never the others down" in todo
    assert "A person decides." in todo


def test_units_that_come_again_and_again_make_no_gap_surer() -> None:
    once, often = said(written({"f": 14, "m": 22})), said(written({"f": 14, "m": 22}, weeks=6), 6.5)
    assert once.severity == often.severity == "cannot tell"
    one, six = once.groups[0], often.groups[0]
    assert (six.low, six.high) == pytest.approx((one.low, one.high))


def test_a_gap_that_is_sure_but_small_is_not_named() -> None:
    found = said(written({"f": 960, "m": 996}, units=1000))
    assert found.severity == "fine"
    assert "No gap by gender larger than 5 of 100 is likely" in found.sentence


def test_groups_too_small_for_a_gap_that_matters_cannot_tell() -> None:
    found = said(written({"f": 20, "m": 20}))
    assert found.severity == "cannot tell"
    assert "one of up to 22 of 100 cannot be ruled out" in found.sentence


def test_a_group_of_twelve_cannot_tell_and_is_named() -> None:
    log = written({"f": 12, "m": 28})
    for u in range(12):
        log.facts(f"x{u}", week(0, 1), gender="x")
        log.suggest(f"x{u}", week(0), "nothing")
    found = said(log)
    assert "Cannot tell for “x”: fewer than 20 accounts." in found.details
    assert next(g for g in found.groups if g.name == "“x”").value is None
    assert "30 against 70" in found.sentence


def test_how_many_are_not_known_is_said() -> None:
    log = written({"f": 12, "m": 28})
    for u in range(5):
        log.suggest(f"x{u}", week(0), "call")
    assert "Not known for 6 of 86 accounts; they are left out here." in said(log).details


def test_every_comparison_is_listed_and_what_is_not_looked_at_is_said() -> None:
    log = Written()
    log.suggest("old", week(-6))
    for group in ("f", "m"):
        for u in range(60):
            log.facts(f"{group}{u}", week(0, 1), gender=group)
            log.suggest(f"{group}{u}", week(0), "visit" if u < 30 else "mail", value=9000 if u < 30 else 100)
    fear = '[[harms]]\nwho = "women"\nshows = "one gender complains more often"\nstopped_by = "left"\n'
    fear += '[[harms]]\nwho = "the team"\nshows = "more tasks"\nstopped_by = "left"\n'
    found = said(log, text=BRIEF + fear)
    assert {line for line in found.details if line.endswith(", group by group:")} == {
        "Being suggested something, group by group:",
        "Being suggested “A visit”, the action worth most, group by group:",
    }
    assert sum(line.startswith("“f”: ") for line in found.details) == 2
    assert found.details[-2].startswith("Looked at is what is suggested, and not what comes of it")
    assert found.details[-1] == (
        "The brief fears for women: one gender complains more often. This page does not see that: ask them."
    )


def test_the_action_worth_most_is_looked_at_too() -> None:
    log = Written()
    log.suggest("old", week(-6))
    for group, share in (("f", 0.2), ("m", 0.8)):
        for u in range(60):
            log.facts(f"{group}{u}", week(0, 1), gender=group)
            best = u < share * 60
            log.suggest(f"{group}{u}", week(0), "visit" if best else "mail", value=9000 if best else 100)
    found = said(log)
    assert found.severity == "act"
    assert found.sentence.startswith(
        "Gender “f”: these accounts are suggested “A visit”, the action worth most, less often: "
        "20 against 80 of 100"
    )


def test_what_role_and_industry_explain_is_said() -> None:
    # Within a role both are told as often; women are more often admins, who are told less.
    def role(group: str, u: int) -> str:
        return "admin" if (u % 4 if group == "f" else (u + 1) % 4 == 0) else "lead"

    log = Written()
    log.suggest("old", week(-6))
    for group in "fm":
        for u in range(200):
            log.facts(f"{group}{u}", week(0, 1), gender=group)
            mine = role(group, u)
            tell = (u // 4) % 5 < (1 if mine == "admin" else 4)
            log.suggest(f"{group}{u}", week(0), "call" if tell else "nothing", segment={"role": mine})
    found = said(log)
    assert found.severity == "act"
    assert any(
        line.startswith("Among accounts of the same role and industry the gap is 0 of 100")
        for line in found.details
    )
    assert any(line.endswith("those two may explain it.") for line in found.details)


def test_those_treated_as_today_and_named_people_are_not_counted() -> None:
    log = written({"f": 20, "m": 20})
    for u in range(200):
        for arm in ("holdout", "named"):
            log.facts(f"{arm}{u}", week(0, 1), gender="f")
            log.suggest(f"{arm}{u}", week(0), "nothing", arm=arm)
    assert said(log).n == 80


def test_every_further_comparison_makes_it_harder() -> None:
    """14 against 23 of 40 in seven groups: t = 2.77, enough for one comparison (2.6) and not for eight (3.2)."""
    log = written({"f": 14} | dict.fromkeys("mabcdeg", 23))
    look = log.look(week(1.5))
    rows = fairness.decided(look)
    now = rows.arm != "holdout"
    groups = fairness.cells(rows.values("gender"), now, bands=4)
    assert groups is not None

    def sure(several: int) -> list[bool]:
        gaps = fairness._compared(look, "gender", groups, rows, now, "", several).gaps
        return [g.sure for g in gaps if groups.names[g.cell] == "f"]

    assert (sure(1), sure(8)) == ([True], [False])
    assert said(log).severity == "cannot tell"


def test_numbers_are_grouped_in_quarters() -> None:
    log = Written()
    log.suggest("old", week(-6))
    for u in range(160):
        log.facts(f"u{u}", week(0, 1), gender=20 + u % 40)
        log.suggest(f"u{u}", week(0), "call" if u % 40 < 10 else "nothing")
    found = said(log)
    assert [(g.name, g.value) for g in found.groups] == [
        ("“30 – 39”", 0.0),
        ("“20 – 29”", 1.0),
        ("“40 – 49”", 0.0),
        ("“50 – 59”", 0.0),
    ]
    assert found.severity == "act"


def test_one_finding_a_protected_fact() -> None:
    log = written({"f": 12, "m": 28})
    text = BRIEF.replace('["gender"]', '["gender", "region"]')
    found = list(fairness.watch(log.look(week(1.5), text=text)))
    assert [(f.id, f.severity) for f in found] == [("fairness.gender", "act"), ("fairness.region", "cannot tell")]
    assert found[1].sentence == "Cannot tell: “region” is not known, or is the same for all."


def test_a_brief_that_protects_nothing_is_told_so() -> None:
    (found,) = fairness.watch(Written().look(week(0), text=BRIEF.replace('protected = ["gender"]', "")))
    assert found.severity == "cannot tell"
    assert found.sentence == "Not looked at: the brief names no protected fact."


def test_a_young_log_says_how_many_weeks_more() -> None:
    log = Written()
    assert said(log, 0).sentence == "Cannot tell yet: 4 weeks more."
    log.suggest("u", week(0))
    assert said(log, 3).sentence == "Cannot tell yet: 1 week more."


def test_a_group_may_have_any_name() -> None:
    found = said(written({"<i>{n}</i>": 12, "'; drop": 28}))
    assert "“<i>{n}</i>”" in found.sentence


def test_nobody_decided_on_lately_cannot_tell() -> None:
    found = said(written({"f": 12, "m": 28}), 40)
    assert (
        found.sentence == "Cannot tell: only 0 accounts were decided on in a quarter; it takes 20 in each group."
    )
