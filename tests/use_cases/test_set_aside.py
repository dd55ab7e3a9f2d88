"""Put off past the end of the suggestion: left alone until the day, decided for afresh after it, and no bias."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests import small
from tests.small import running

from payoff.feedback.rules import Lessons
from payoff.learning.labels import collect
from payoff.log.history import decisions
from payoff.log.tables import LogTables
from payoff.use_cases.product import Product
from payoff.use_cases.waiting import aside

DAY = timedelta(days=1)
BACK = datetime(2026, 2, 3, tzinfo=UTC)


def put_off(units: int = 12) -> tuple[Product, str, str]:
    """Monday 5 January; one suggestion, good until Monday 19 January, is put off until Tuesday 3 February."""
    made = running(units)
    said = next(s for s in made.decide() if s.arm != "holdout" and s.action != "nothing")
    made.answer(said.id, "not_now", "ana", until=date(2026, 2, 3), reason="after their holidays")
    return made, said.id, said.unit


def later(product: Product, days: float) -> None:
    product.workspace.clock.advance(days * DAY)  # type: ignore[attr-defined]


def test_while_it_is_good_it_waits_among_those_set_aside() -> None:
    product, s, unit = put_off()
    item = next(i for i in product.queue() if i.suggestion.id == s)
    assert (item.state, item.snoozed_until, item.why) == ("snoozed", BACK, "after their holidays")
    assert product.suggest(unit).id == s


def test_after_its_end_nobody_is_sent_to_them_before_the_day() -> None:
    product, _, unit = put_off()
    later(product, 15)
    made = {said.unit: said for said in product.decide()}
    said = made[unit]
    assert (said.action, said.arm, said.stage, said.propensity) == ("nothing", "named", "set aside", 1.0)
    assert said.say == "Nothing before Tue 3 Feb: somebody asked to leave them alone until then."
    assert said.expires == BACK
    assert sum(one.action != "nothing" for one in made.values()) > 0, "others are told something"
    assert product.suggest(unit).id == said.id, "asked again, the same"
    assert unit not in [item.unit for item in product.queue()]


def test_on_the_day_they_are_decided_for_afresh() -> None:
    product, _, unit = put_off()
    later(product, 15)
    product.decide()
    product.workspace.clock.set(BACK)  # type: ignore[attr-defined]
    assert product.suggest(unit).action != "nothing"
    assert unit in [item.unit for item in product.queue()]


def test_taking_it_back_or_another_day_counts_at_once() -> None:
    product, s, unit = put_off()
    later(product, 15)
    assert product.suggest(unit).action == "nothing"
    product.answer(s, "undo", "ana")
    assert product.suggest(unit).action != "nothing"

    product, s, unit = put_off()
    product.answer(s, "not_now", "ana", until=date(2026, 1, 21), reason="sooner")
    later(product, 15)
    assert product.suggest(unit).say.startswith("Nothing before Wed 21 Jan")
    later(product, 2)
    assert product.suggest(unit).action != "nothing"


def test_a_second_process_knows_it_too() -> None:
    product, _, unit = put_off()
    later(product, 15)
    other = small.product(storage=product.storage)
    other.workspace.clock.set(product.clock.now())  # type: ignore[attr-defined]
    assert other.suggest(unit).action == "nothing"


def test_they_enter_a_trial_like_everybody_else_and_teach_nothing() -> None:
    """Left out here, they would enter later than the holdout, which nobody can put off."""
    product, _, unit = put_off()
    product.workspace.clock.set(datetime(2026, 3, 25, 9, tzinfo=UTC))  # type: ignore[attr-defined]
    said = product.suggest(unit)
    product.answer(said.id, "not_now", "ana", until=date(2026, 5, 4))
    later(product, 15)  # the next quarter of care has begun
    made = {one.unit: one for one in product.decide()}
    assert made[unit].stage == "set aside"
    stream = [
        row
        for row in product.workspace.tables.arrow("assignment").to_pylist()
        if row["stage"].startswith("2026Q2")
    ]
    assert {row["unit"] for row in stream} == set(made)
    later(product, 40)
    labels = collect(
        product.workspace.tables, product.brief, product.clock.now(),
        goal="first_value", risk="", lessons=Lessons((), frozenset(), {}, ()),
    )  # fmt: skip
    rows = [i for i, stage in enumerate(_stages(product)) if stage == "set aside"]
    assert rows
    assert all(labels.training.goal[i] != labels.training.goal[i] for i in rows), (
        "whom people put off is not chance"
    )
    assert not labels.training.randomised[rows].any()


def _stages(product: Product) -> list[str]:
    table = product.workspace.tables.arrow("suggestion").to_pylist()
    return [row["stage"] for row in table if row["mode"] == "answer"]


def test_a_new_day_from_elsewhere_keeps_the_words() -> None:
    product, s, _ = put_off()
    product.answer(s, "not_now", "ana", until=date(2026, 1, 8), via="slack")
    assert next(i.why for i in product.queue() if i.suggestion.id == s) == "after their holidays"


def test_on_the_day_whoever_put_them_off_is_reminded_for_a_week_unless_somebody_answered() -> None:
    product, s, unit = put_off()
    assert product.calendars.returning("ana") == []
    product.workspace.clock.set(BACK)  # type: ignore[attr-defined]
    (back,) = product.calendars.returning("ana")
    assert (back.unit, back.until, back.why) == (unit, BACK, "after their holidays")
    assert back.say == product.storage.log.find(s).body["say"]  # type: ignore[union-attr]
    assert product.calendars.returning("ben") == []
    product.workspace.tables = LogTables(product.storage.log)
    assert [one.unit for one in product.calendars.returning("ana")] == [unit], "a process that starts today"
    later(product, 7)
    assert product.calendars.returning("ana") == []


def test_nobody_is_reminded_of_what_was_answered_since() -> None:
    product, s, _ = put_off()
    product.answer(s, "done", "ben")
    product.workspace.clock.set(BACK)  # type: ignore[attr-defined]
    assert product.calendars.returning("ana") == []


def test_in_whatever_order_answers_arrive_the_same_are_set_aside() -> None:
    made = running(12)
    s = next(s for s in made.decide() if s.arm != "holdout" and s.action != "nothing").id
    assert aside(made.workspace, made.clock.now()) == {}
    later(made, 0.125)
    now = made.clock.now()
    made.record(s, "done", by="ana", at=now)
    assert aside(made.workspace, now) == {}
    made.record(s, "snoozed", by="ben", at=now - timedelta(hours=1), until=now + 20 * DAY)
    other = small.product(storage=made.storage)
    assert aside(made.workspace, now) == aside(other.workspace, now) == {}


def test_what_was_put_off_past_its_end_is_no_no() -> None:
    product, s, _ = put_off()
    later(product, 20)

    def label() -> float | None:
        table = decisions(product.workspace.tables, product.clock.now(), goal="first_value", goal_days=14)
        return dict(zip(table["id"].to_pylist(), table["accepted"].to_pylist(), strict=True))[s]

    assert label() is None
    product.record(s, "snoozed", by="ana", until=datetime(2026, 1, 12, tzinfo=UTC))
    assert label() == 0.0, "it came back, and nobody did it"
