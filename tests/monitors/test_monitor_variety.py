"""Variety: shares and effective numbers by hand; a narrow choice is a look, no choice is an act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.monitors.watched_world import Written, week

from payoff.monitors.kinds import variety
from payoff.records.findings import Finding


def written(action: Callable[[int, int], str], *, weeks: int = 5, units: int = 50, roles: int = 1) -> Written:
    """`units` new units a week; the action is a function of (unit, week)."""
    log = Written()
    for w in range(weeks):
        for u in range(units):
            log.suggest(f"u{w}-{u}", week(w), action(u, w), role=f"role {u % roles}")
    return log


def said(log: Written, at: float = 4.9, policy: str = "effect") -> Finding:
    (found,) = variety.watch(log.look(week(at), policy=policy))
    return found


def mixed(u: int, w: int) -> str:
    """60 of 100 calls, 40 of 100 mails."""
    return "call" if u % 5 < 3 else "mail"


def test_the_share_of_the_most_frequent_and_the_effective_number() -> None:
    found = said(written(mixed))
    assert found.severity == "fine"
    # 1 / (0.6² + 0.4²) = 1.92
    assert found.sentence.startswith(
        "Not everybody gets the same: the most frequent action, “Set-up call”, is 60 of 100"
    )
    assert [w.value for w in found.weeks] == pytest.approx([0.6] * 5)
    assert found.details[-2:] == (
        "Of 100 suggestions: Set-up call 60, Tips by mail 40.",
        "As varied as 1.9 actions used equally often (the effective number of actions).",
    )


def test_only_weeks_that_are_over_are_in_the_sentence() -> None:
    log = written(lambda u, w: "mail" if w < 4 else "call")
    assert "Tips by mail" in said(log).sentence
    assert said(log).weeks[-1].open


def test_most_the_same_is_worth_a_look() -> None:
    found = said(written(lambda u, w: "call" if u % 10 < 8 else "mail"))
    assert found.severity == "look"
    assert found.sentence.startswith("Most get the same: “Set-up call” is 80 of 100 suggestions")


def test_everybody_the_same_is_something_to_act_on_unless_it_is_meant() -> None:
    same = written(lambda u, w: "call")
    assert said(same).severity == "act"
    meant = said(same, policy="constant")
    assert meant.severity == "fine"
    assert "as meant: the release that serves suggests one action to everybody" in meant.sentence


def test_a_role_that_decides_alone_is_seen_though_the_whole_is_varied() -> None:
    found = said(written(lambda u, w: ("call", "mail", "visit")[u % 3], units=90, roles=3))
    assert found.severity == "look"
    assert "in 3 of 3 roles one action is 90 of 100 suggestions or more" in found.sentence
    assert found.details[:2] == (
        "So in every week that is shown, since that of 5 Jan 2026.",
        "role 0: “Set-up call” 100 of 100.",
    )


def test_a_narrow_choice_says_since_which_week() -> None:
    found = said(written(lambda u, w: "call" if u % 10 < (5 if w < 6 else 9) else "mail", weeks=12), 11)
    assert found.severity == "look"
    assert found.details[0] == "So since the week of 16 Feb 2026."
    assert not said(written(mixed)).details[0].startswith("So")


def test_what_is_drawn_is_what_is_said_with_its_own_limit() -> None:
    """The whole is at a third, far below the line of the whole: roles are what the finding is about."""
    found = said(written(lambda u, w: ("call", "mail", "visit")[u % 3], units=90, roles=3))
    assert [w.value for w in found.weeks] == pytest.approx([1.0] * 5)
    assert [limit.value for limit in found.limits] == [variety.ROLE]
    whole = found.groups[-1]
    assert [w.value for w in whole.weeks] == pytest.approx([1 / 3] * 5)
    assert [limit.value for limit in whole.limits] == [variety.NARROW]
    assert ("brief", "explore") in [(t.page, t.place) for t in found.targets]


def test_what_only_chance_suggests_is_named_so() -> None:
    log = written(mixed)
    for u in range(4):
        log.suggest(f"x{u}", week(2), "visit", explored=True)
    found = said(log)
    assert found.details[-2] == "2 of 100 suggestions were chosen by chance, to learn what they do."
    assert found.details[-1].startswith("Only chance suggests “")
    assert "no release chose it" in found.details[-1]


def test_getting_narrower_is_seen_against_the_quarter_before() -> None:
    def narrowing(u: int, w: int) -> str:
        return "call" if u % 10 < (4 if w < 10 else 6) else ("mail", "visit")[u % 2]

    found = said(written(narrowing, weeks=15), 14)
    assert found.severity == "look"
    assert found.sentence.startswith("It gets narrower: “Set-up call” is 60 of 100")
    assert "was 40 of 100 before" in found.sentence


def test_nothing_suggested_and_the_holdout_are_not_counted() -> None:
    log = written(mixed)
    for u in range(100):
        log.suggest(f"n{u}", week(2), "nothing")
        log.suggest(f"h{u}", week(2), "visit", arm="holdout")
    assert said(log).n == 200


def test_a_role_of_twelve_cannot_tell() -> None:
    log = written(mixed)
    for u in range(12):
        log.suggest(f"g{u}", week(2), "call", role="guest")
    assert "guest: cannot tell, fewer than 20." in said(log).details


def test_young_and_empty_logs() -> None:
    assert said(Written(), 0).sentence == "Cannot tell yet: 4 weeks more."
    assert said(written(mixed), 2).sentence == "Cannot tell yet: 2 weeks more."
    few = said(written(lambda u, w: "call" if u < 3 else "nothing"))
    assert few.sentence == "Cannot tell: only 12 accounts were suggested anything in four weeks; it takes 20."
