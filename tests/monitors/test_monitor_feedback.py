"""Feedback: what counts and what does not, alarms on a rise, and one loud author who is one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.monitors.watched_world import Written, week

from payoff.monitors.kinds import feedback
from payoff.records.findings import Finding

AUTHORS = ("ana", "ben", "cleo", "dev")


def written(weeks: int = 10, met: int = 40) -> Written:
    """`met` suggestions met a week; two thumbs down, one correction and two waved away, each week."""
    log = Written()
    for w in range(weeks):
        for u in range(met):
            said = log.suggest(f"u{w}-{u}", week(w))
            by = AUTHORS[u % 4]
            log.respond(said, week(w, 12), by=by)
            if u in (10, 21):
                log.say(said, week(w, 13), by, thumb=-1)
            if u == 7:
                log.say(said, week(w, 13), by, correction={"seats": 1})
            if u in (5, 6):
                log.respond(said, week(w, 14), "dismissed", by=by)
    return log


def newest(log: Written, n: int) -> list[str]:
    """The first `n` suggestions of the last week written."""
    return [row["id"] for row in log.rows["suggestion"][-40:]][:n]


def said(log: Written, at: float = 10) -> Finding:
    (found,) = feedback.watch(log.look(week(at, 0)))
    return found


def test_as_usual_is_fine_and_every_kind_is_a_rate_on_suggestions_met() -> None:
    found = said(written())
    assert found.severity == "fine"
    rates = {g.name: g.value for g in found.groups}
    streams = {s.kind: s for s in feedback.streams_of(written().look(week(10, 0)))}
    assert {kind: s.counts.tolist() for kind, s in streams.items()} == {
        "thumb": [2.0] * 10 + [0.0],
        "correction": [1.0] * 10 + [0.0],
        "problem": [0.0] * 11,
        "dismissal": [2.0] * 10 + [0.0],
    }
    assert streams["thumb"].met.tolist() == [40.0] * 10 + [0.0]
    assert len(rates) == 3


def test_many_who_object_raise_the_alarm() -> None:
    log = written()
    for i, id in enumerate(newest(log, 20)):
        log.say(id, week(9, 20), AUTHORS[i % 4], thumb=-1)
    found = said(log)
    assert found.severity == "act"
    # of 21 (cleo had said so of one before) ben's sixth is one more than anybody else's: 20 of 40 met
    assert found.sentence.startswith("More thumbs down than usual since 9 Mar 2026: 50 on 100 suggestions met")
    assert found.sentence.endswith("5 before. Chance alone does not explain it.")
    assert found.targets[0].query == {"kind": "thumb"}


def test_one_loud_author_counts_no_more_than_the_next_loudest() -> None:
    log = written()
    for id in newest(log, 40):
        log.say(id, week(9, 20), "ana", thumb=-1)
    found = said(log)
    assert found.severity == "fine"
    assert any(
        "one author said much more than the others; 39 of theirs are not counted" in d for d in found.details
    )


def test_a_loud_author_among_silent_ones_counts_as_one() -> None:
    log = Written()
    for w in range(8):
        for u in range(20):
            id = log.suggest(f"u{w}-{u}", week(w))
            log.respond(id, week(w, 10))
            log.say(id, week(w, 11), "ana", problem="bad")
    problems = feedback.streams_of(log.look(week(8, 0)))[2]
    assert problems.counts.tolist()[:8] == [1.0] * 8
    assert problems.heard.tolist()[:8] == [20.0] * 8


def test_saying_it_twice_about_one_suggestion_is_saying_it_once() -> None:
    log = Written()
    id = log.suggest("u", week(0))
    log.respond(id, week(0, 10))
    for hour in range(11, 20):
        log.say(id, week(0, hour), "ana", thumb=-1)
    log.say(id, week(0, 21), "ben", thumb=-1)
    assert feedback.streams_of(log.look(week(1)))[0].heard.tolist()[0] == 2.0


def test_a_thumb_up_is_no_thumb_down() -> None:
    log = Written()
    id = log.suggest("u", week(0))
    log.respond(id, week(0, 10))
    log.say(id, week(0, 11), "ana", thumb=1)
    assert feedback.streams_of(log.look(week(1)))[0].heard.sum() == 0


@pytest.mark.parametrize(
    ("why", "counts"), [("not needed", 1), ("already: we did", 0), ("not mine", 0), ("already busy", 1), (None, 1)]
)
def test_a_no_that_says_nothing_about_the_suggestion_is_not_counted(why: str | None, counts: int) -> None:
    log = Written()
    log.respond(log.suggest("u", week(0)), week(0, 10), "dismissed", why=why)
    assert feedback.streams_of(log.look(week(1)))[3].heard.sum() == counts


def test_a_no_that_was_taken_back_is_not_counted() -> None:
    log = Written()
    id = log.suggest("u", week(0))
    log.respond(id, week(0, 10), "dismissed")
    log.respond(id, week(0, 11), "undone")
    assert feedback.streams_of(log.look(week(1)))[3].heard.sum() == 0


def test_the_week_that_runs_is_shown_and_not_judged() -> None:
    log = written()
    for u in range(40):
        id = log.suggest(f"now{u}", week(10))
        log.respond(id, week(10, 11), by=AUTHORS[u % 4])
        log.say(id, week(10, 12), AUTHORS[u % 4], problem="bad")
    found = said(log, 10.9)
    assert found.severity == "fine"
    problems = next(g for g in found.groups if g.name == "problems")
    assert problems.weeks[-1].value == 1.0
    assert problems.weeks[-1].open
    assert said(log, 11).severity == "act"


def test_an_alarm_that_lasted_is_told_as_the_new_usual() -> None:
    log = written(24)
    for row in log.rows["suggestion"]:
        if row["at"] >= week(8) and int(row["unit"].split("-")[1]) % 3 == 0:
            log.say(row["id"], row["at"] + timedelta(hours=5), AUTHORS[int(row["id"][1:]) % 4], thumb=-1)
    found = said(log, 24)
    assert found.severity == "fine"
    assert any(d.startswith("Thumbs down: went up since 2 Mar 2026, from 5 to ") for d in found.details)


def test_young_and_empty_logs_say_how_many_weeks_more() -> None:
    assert said(Written(), 0).sentence == "Cannot tell yet: 7 weeks more."
    assert said(written(), 4).weeks_more == 3
    assert said(written(), 6).weeks_more == 1
    assert said(written(), 7).severity == "fine"
