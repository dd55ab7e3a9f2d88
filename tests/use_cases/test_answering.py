"""What is kept of an answer, in plain words of ours, and what taking it back takes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.small import BRIEF, START, running

from payoff.errors import BadInput, Refused, Unknown
from payoff.log.analysis import responses
from payoff.log.history import decisions
from payoff.use_cases.claiming import Taken
from payoff.use_cases.product import Product

DAY = timedelta(days=1)
PEOPLE = """
[people.ana]
name = "Ana Ruiz"
permissions = ["frontline"]
[people.ben]
name = "Ben Osei"
permissions = ["frontline"]
"""


def desk() -> tuple[Product, str]:
    """Monday at nine; one suggestion of those that wait, good until Monday in two weeks."""
    made = running(12, brief=BRIEF + PEOPLE)
    said = next(s for s in made.decide() if s.arm != "holdout" and s.action != "nothing")
    return made, said.id


def kept(product: Product, kind: str = "response") -> list[dict[str, Any]]:
    names = {
        "response": ("what", "why", "actor", "at", "via"),
        "feedback": ("correction", "idea", "comment", "actor"),
    }
    return [{name: row[name] for name in names[kind]} for row in product.workspace.tables.arrow(kind).to_pylist()]


def waiting(product: Product) -> list[str]:
    return [item.suggestion.id for item in product.queue() if item.state == "open"]


def test_done_closes_it_and_takes_a_free_one() -> None:
    product, s = desk()
    answered = product.answer(s, "done", "ana", via="slack")
    assert (answered.closed, answered.words, answered.again) == (True, "Kept: done. Thank you.", False)
    assert kept(product) == [{"what": "done", "why": None, "actor": "ana", "at": START, "via": "slack"}]
    assert s not in waiting(product)
    with pytest.raises(Taken, match="Ana Ruiz took this one at 09:00"):
        product.claim(s, "ben")


def test_done_stays_done_whoever_had_taken_it() -> None:
    product, s = desk()
    product.claim(s, "ben")
    assert product.answer(s, "done", "ana").closed
    assert [c.body["state"] for c in product.storage.log.about(s) if c.kind == "claim"] == ["taken"]


def test_pressing_twice_keeps_one_answer() -> None:
    product, s = desk()
    first = product.answer(s, "not_now", "ana", reason="holiday")
    again = product.answer(s, "not_now", "ana", reason="holiday")
    assert (first.again, again.again) == (False, True)
    assert again.words == first.words
    assert len(kept(product)) == 1
    assert not product.answer(s, "not_now", "ana", reason="another").again


def test_the_latest_answer_counts_and_all_are_kept() -> None:
    product, s = desk()
    product.answer(s, "done", "ana")
    product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    product.answer(s, "not_now", "ben")
    assert [row["what"] for row in kept(product)] == ["done", "snoozed"]
    found = next(item for item in product.queue() if item.suggestion.id == s)
    assert found.state == "snoozed"
    row = _judged(product, s)
    assert (row["done"], row["answered"]) == (0, 1)


def _judged(product: Product, suggestion: str) -> dict[str, Any]:
    rows = responses(product.workspace.tables, product.clock.now()).to_pyarrow().to_pylist()
    return next(row for row in rows if row["suggestion"] == suggestion)


def test_done_before_it_was_suggested_is_no_effect_of_it() -> None:
    product, s = desk()
    answered = product.answer(s, "earlier", "ana", at=date(2026, 1, 2))
    assert (answered.what, answered.closed) == ("earlier", True)
    assert kept(product)[0]["what"] == "dismissed"
    assert kept(product)[0]["why"] == "already: 2026-01-02"
    assert _judged(product, s)["done"] == 0
    table = decisions(product.workspace.tables, product.clock.now() + 20 * DAY, goal="first_value", goal_days=14)
    labels = dict(zip(table["id"].to_pylist(), table["accepted"].to_pylist(), strict=True))
    assert labels[s] is None, "it says nothing about the suggestion, not even once it has expired"


def test_done_on_an_earlier_day_since_it_was_suggested_is_done_on_that_day() -> None:
    product, s = desk()
    product.workspace.clock.advance(3 * DAY)  # type: ignore[attr-defined]
    answered = product.answer(s, "earlier", "ana", at=date(2026, 1, 6))
    assert (answered.what, answered.at) == ("done", datetime(2026, 1, 6, 12, tzinfo=UTC))
    assert _judged(product, s)["done"] == 1


def test_done_on_the_day_it_was_suggested_is_never_before_it() -> None:
    product, s = desk()
    product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    made = next(item for item in product.queue() if item.suggestion.id == s).since
    assert product.answer(s, "earlier", "ana", at=made.date()).at >= made


def test_who_put_it_off_and_says_later_that_it_was_done_before_is_believed() -> None:
    product, s = desk()
    product.workspace.clock.advance(3 * DAY)  # type: ignore[attr-defined]
    product.answer(s, "not_now", "ana")
    product.answer(s, "earlier", "ana", at=date(2026, 1, 6))
    assert s not in [item.suggestion.id for item in product.queue()]


@pytest.mark.parametrize(("what", "at"), [("earlier", date(2026, 1, 6)), ("done", START + timedelta(hours=1))])
def test_what_has_not_come_yet_is_refused(what: Any, at: date) -> None:
    product, s = desk()
    with pytest.raises(BadInput, match="not come yet"):
        product.answer(s, what, "ana", at=at)


def test_tried_and_nobody_answered_comes_back_on_the_next_working_day() -> None:
    product, s = desk()
    product.workspace.clock.advance(4 * DAY)  # type: ignore[attr-defined]  # Friday
    answered = product.answer(s, "no_answer", "ana")
    assert answered.until == datetime(2026, 1, 12, tzinfo=UTC)
    assert answered.words == "Kept: you tried and nobody answered. It comes back on Mon 12 Jan."
    assert kept(product)[0]["why"] == "nobody answered"
    assert not answered.closed


@pytest.mark.parametrize(
    ("until", "back", "words"),
    [
        (None, "2026-01-06", "Set aside. It comes back on Tue 6 Jan."),
        (date(2026, 1, 8), "2026-01-08", "Set aside. It comes back on Thu 8 Jan."),
        (date(2026, 1, 10), "2026-01-12", "Set aside. It comes back on Mon 12 Jan."),
        (
            date(2026, 2, 3),
            "2026-02-03",
            "Set aside until Tue 3 Feb. This suggestion is good until Fri 16 Jan; on Mon 9 Feb we look at them "
            "afresh, and nobody is sent to them before Tue 3 Feb. Your desk reminds you that day.",
        ),
        (
            date(2026, 1, 19),
            "2026-01-19",
            "Set aside until Mon 19 Jan. This suggestion is good until Fri 16 Jan; on Mon 19 Jan we look at them "
            "afresh, and nobody is sent to them before Mon 19 Jan. Your desk reminds you that day.",
        ),
        (
            date(2027, 2, 3),
            "2026-04-06",
            "Set aside until Mon 6 Apr: nothing is put off for longer than a quarter. On Mon 6 Apr we look at "
            "them afresh, and nobody is sent to them before Mon 6 Apr.",
        ),
    ],
)
def test_not_now_holds_past_the_end_and_says_what_happens_then(until: date | None, back: str, words: str) -> None:
    product, s = desk()
    answered = product.answer(s, "not_now", "ana", until=until, reason="audit")
    assert answered.until is not None
    assert (answered.until.date().isoformat(), answered.words) == (back, words)
    assert answered.shortened == ("than a quarter" in words)
    assert kept(product)[0]["why"] == "audit"


def test_a_moment_is_kept_as_it_is() -> None:
    product, s = desk()
    moment = START + timedelta(hours=6)
    assert product.answer(s, "not_now", "ana", until=moment).until == moment


def test_on_its_last_day_not_now_says_that_it_does_not_come_back() -> None:
    product, s = desk()
    product.workspace.clock.advance(11 * DAY + timedelta(hours=2))  # type: ignore[attr-defined]  # Friday before
    answered = product.answer(s, "not_now", "ana")
    assert answered.words.startswith("Set aside. It ends before another working day")
    assert answered.shortened


def test_what_ended_cannot_be_put_off_and_a_day_that_is_over_is_none() -> None:
    product, s = desk()
    with pytest.raises(BadInput, match="that day is over"):
        product.answer(s, "not_now", "ana", until=date(2026, 1, 5))
    product.workspace.clock.advance(14 * DAY)  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="good until"):
        product.answer(s, "not_now", "ana")
    assert product.answer(s, "done", "ana").closed, "that it was done can still be said"


@pytest.mark.parametrize(
    ("reason", "why"),
    [("need", "not needed"), ("action", "wrong action"), ("time", "wrong time"), ("facts", "wrong facts")],
)
def test_what_is_wrong_is_kept_as_a_code_with_the_words_behind_it(reason: str, why: str) -> None:
    product, s = desk()
    assert product.answer(s, "wrong", "ana", reason=reason).closed
    assert kept(product)[0]["why"] == why
    product.answer(s, "wrong", "ana", reason=reason, comment="they are closed")
    assert kept(product)[1]["why"] == f"{why}: they are closed"
    assert kept(product, "feedback")[-1]["comment"] == "they are closed", "whoever writes words hears of them"


def test_wrong_action_keeps_what_one_would_do_instead() -> None:
    product, s = desk()
    answered = product.answer(s, "wrong", "ana", reason="action", instead="tips_mail", comment="they read")
    (item,) = product.inbox()
    assert (item.id, item.correction, item.comment) == (answered.feedback, {"action": "tips_mail"}, "they read")
    product.answer(s, "wrong", "ana", reason="action", instead="send flowers")
    assert product.inbox()[0].idea == "send flowers"


def test_not_mine_hands_it_over_and_leaves_it_open() -> None:
    product, s = desk()
    product.claim(s, "ana")
    answered = product.answer(s, "wrong", "ana", reason="owner", instead="ben")
    assert (answered.closed, answered.words) == (False, "Handed to Ben Osei. It stays open, for them.")
    assert kept(product) == []
    item = next(i for i in product.queue() if i.suggestion.id == s)
    assert (item.owner, item.taken_by) == ("ben", "")
    assert product.answer(s, "wrong", "ben", reason="owner").words.startswith("Kept: not yours")
    assert next(i for i in product.queue() if i.suggestion.id == s).owner == ""


def test_an_owner_fact_that_holds_names_is_corrected_by_name() -> None:
    product, s = desk()
    unit = product.storage.log.find(s).unit  # type: ignore[union-attr]
    product.facts([{"unit": unit, "owner": "Ana Ruiz"}])
    product.answer(s, "wrong", "ana", reason="owner", instead="ben")
    assert product.inbox()[0].correction == {"owner": "Ben Osei"}


@pytest.mark.parametrize(
    ("more", "error", "match"),
    [
        ({"what": "later"}, Unknown, "answer"),
        ({"what": "wrong", "reason": "mood"}, Unknown, "reason"),
        ({"what": "wrong", "reason": "owner", "instead": "zoe"}, Unknown, "person"),
        ({"what": "done", "by": ""}, BadInput, "answer"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_nothing_is_kept(
    more: dict[str, Any], error: type[Exception], match: str
) -> None:
    product, s = desk()
    head = product.storage.log.head()
    with pytest.raises(error, match=match):
        product.answer(s, more.pop("what"), more.pop("by", "ana"), **more)
    assert product.storage.log.head() == head


def test_nobody_answers_what_nobody_was_told() -> None:
    product, _ = desk()
    silent = [s for s in product.workspace.tables.arrow("suggestion").to_pylist() if s["action"] == "nothing"]
    for id in ("nobody", *(row["id"] for row in silent[:1])):
        with pytest.raises(Unknown, match="no suggestion"):
            product.answer(id, "done", "ana")


def test_undo_puts_everything_back_as_it_was() -> None:
    product, s = desk()
    before = waiting(product)
    product.answer(s, "wrong", "ana", reason="action", instead="tips_mail", comment="they read")
    assert s not in waiting(product)
    answered = product.answer(s, "undo", "ana")
    assert answered.words == "Taken back. It is as it was before."
    assert waiting(product) == before
    (item,) = product.inbox()
    assert (item.state, item.reply) == ("declined", "You took this back yourself.")
    row = _judged(product, s)
    assert (row["answered"], row["done"], row["seen"]) == (0, 0, 1)


def test_an_undone_done_counts_nowhere_and_frees_what_it_took() -> None:
    product, s = desk()
    product.answer(s, "done", "ana")
    product.answer(s, "undo", "ana")
    assert _judged(product, s)["done"] == 0
    table = decisions(product.workspace.tables, product.clock.now(), goal="first_value", goal_days=14)
    assert dict(zip(table["id"].to_pylist(), table["accepted"].to_pylist(), strict=True))[s] is None
    assert product.claim(s, "ben").by == "ben"


def test_undo_leaves_what_was_taken_before() -> None:
    product, s = desk()
    product.claim(s, "ana")
    product.workspace.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
    product.answer(s, "done", "ana")
    product.answer(s, "undo", "ana")
    assert next(i for i in product.queue() if i.suggestion.id == s).taken_by == "ana"


def test_undo_takes_back_ones_own_answers_one_after_the_other() -> None:
    product, s = desk()
    product.answer(s, "not_now", "ana")
    product.answer(s, "done", "ana")
    product.answer(s, "wrong", "ben", reason="need")
    product.answer(s, "undo", "ana")
    product.answer(s, "undo", "ana")
    with pytest.raises(Refused, match="nothing of yours"):
        product.answer(s, "undo", "ana")
    assert s not in [i.suggestion.id for i in product.queue()], "the other's answer stands"


def test_two_presses_of_undo_at_once_take_back_one_answer() -> None:
    product, s = desk()
    product.answer(s, "not_now", "ana")
    product.answer(s, "done", "ana")
    log, about = product.storage.log, product.storage.log.about
    stale = about(s)
    product.answer(s, "undo", "ana")
    log.about = lambda suggestion: stale  # type: ignore[method-assign]  # as the second process saw it
    product.answer(s, "undo", "ana")
    log.about = about  # type: ignore[method-assign]
    assert next(i for i in product.queue() if i.suggestion.id == s).state == "snoozed"


def test_handing_over_is_taken_back_too_until_somebody_decided() -> None:
    product, s = desk()
    owner = next(i for i in product.queue() if i.suggestion.id == s).owner
    product.answer(s, "wrong", "ana", reason="owner", instead="ben")
    product.answer(s, "undo", "ana")
    assert next(i for i in product.queue() if i.suggestion.id == s).owner == owner
    with pytest.raises(Refused):
        product.answer(s, "undo", "ana")


def test_a_new_suggestion_is_made_for_who_answered_and_the_same_for_who_took_it_back() -> None:
    product, s = desk()
    unit = str(product.storage.log.find(s).unit)  # type: ignore[union-attr]
    product.answer(s, "done", "ana")
    product.answer(s, "undo", "ana")
    assert product.suggest(unit).id == s
    product.answer(s, "done", "ana")
    assert product.suggest(unit).id != s


def test_we_did_this_already_is_the_same_as_done_before_it_was_suggested() -> None:
    product, s = desk()
    answered = product.answer(s, "wrong", "ana", reason="already", comment="last week")
    assert (answered.what, answered.closed) == ("earlier", True)
    assert answered.words.startswith("Kept: that was done before we suggested it")
    assert kept(product)[0]["why"] == "already", "the very code of done earlier, without a day"
    assert kept(product, "feedback")[0]["comment"] == "last week"
    assert product.answer(s, "earlier", "ana").again


def test_what_one_would_do_instead_is_kept_whatever_was_wrong() -> None:
    product, s = desk()
    product.answer(s, "wrong", "ana", reason="need", instead="tips_mail")
    assert (kept(product)[0]["why"], product.inbox()[0].correction) == ("not needed", {"action": "tips_mail"})
    product.answer(s, "wrong", "ana", reason="time", instead="send flowers")
    assert product.inbox()[0].idea == "send flowers"
    product.answer(s, "wrong", "ana", reason="gone", instead="tips_mail", comment="closed")
    assert product.inbox()[0].correction == {"gone": "closed"}, "who is gone is not a customer for another action"
    assert product.inbox()[0].idea == "Tips by mail"
