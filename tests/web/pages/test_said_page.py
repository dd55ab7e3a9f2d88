"""What I said: answers and words in one list, each with what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests import small
from tests.fake_product import FakeProduct, talked
from tests.fake_values import DAY, NOW

from payoff.feedback.items import Reply
from payoff.people.person import people_of
from payoff.use_cases.actions import Learned
from payoff.use_cases.answered import GivenAnswer
from payoff.web.pages.desk import SaidPage, said
from payoff.web.pages.desk.said import just_said


def page(product: FakeProduct, who: str = "nia", **more: Any) -> SaidPage:
    return said(product, people_of(product.brief.people)[who], **more)


def test_what_somebody_said_comes_back_newest_first_with_its_fate() -> None:
    product = talked(FakeProduct())
    product._feedback[1] = replace(product._feedback[1], at=product._feedback[1].at - 14 * DAY)
    product._feedback[0] = replace(product._feedback[0], at=product._feedback[0].at - 20 * DAY)
    product._feedback[0] = replace(product._feedback[0], told_at=product._feedback[0].at + DAY)
    assert [(line.name, line.what, line.state) for line in page(product).lines] == [
        (
            "Northwind Logistics",
            "Not helpful: Set-up call · They are on holiday until December.",
            "Nobody has looked at it yet (14 days).",
        ),
        (
            "Bluebird Dental",
            "days since login: 2",
            "Answered at 09:30 by the rules of the weekly turn. It was used.",
        ),
    ]
    assert page(product).lines[1].reply.startswith("Used:")


def test_each_fate_has_its_own_sentence() -> None:
    product = FakeProduct()
    for key in ("s1", "s2", "s3", "s4"):
        product.feedback(key, by="nia", comment=key)
    product.give(["f1"], "looked_at", by="paula")
    product.give(["f2"], "used", by="paula", reason="Mended.")
    product.give(["f3"], "declined", by="paula", reason="We cannot.")
    states = {line.feedback: line.state for line in (*page(product).news, *page(product).lines)}
    assert states == {
        "f1": "Somebody has looked at it; there is no answer yet.",
        "f2": "Paula Stein answered at 09:30. It was used.",
        "f3": "Paula Stein answered at 09:30. It was not used, and this is why.",
        "f4": "Nobody has looked at it yet.",
    }


def test_an_answer_can_be_taken_back_there_and_then_says_so() -> None:
    product = FakeProduct()
    product.answer("s1", "done", "nia")
    (line,) = page(product).lines
    assert (line.what, line.state, line.undo) == ("Done", "Kept.", "s1")
    product.answer("s1", "undo", "nia")
    (line,) = page(product).lines
    assert (line.state, line.undo) == ("You took this back.", "")


def test_what_was_done_before_it_was_suggested_says_when() -> None:
    product = FakeProduct()
    product.answer("s1", "earlier", "nia", comment="2026-11-18")
    product.answer("s2", "earlier", "nia")
    assert [line.what for line in page(product).lines] == [
        "Done before it was suggested",
        "Done before it was suggested, on Wed 18 Nov",
    ]


def test_a_later_answer_of_somebody_else_is_named() -> None:
    product = FakeProduct()
    product.answer("s1", "done", "nia")
    product.answer("s1", "wrong", "tom", reason="need")
    (line,) = page(product).lines
    assert line.state == "Tom Berg answered later, and that counts."
    assert page(product, "tom").lines[0].what == "Wrong: they do not need this"


def test_words_said_with_an_answer_stand_on_its_line() -> None:
    product = FakeProduct()
    product.answer("s1", "wrong", "nia", reason="time", comment="audit")
    product.feedback("s1", by="nia", comment="audit")
    (line,) = page(product).lines
    assert (line.what, line.state, line.feedback) == (
        "Wrong: wrong time: audit",
        "Nobody has looked at it yet.",
        "f1",
    )


def test_handing_a_customer_over_can_be_taken_back_until_it_was_learned() -> None:
    product = FakeProduct()
    product.answer("s1", "wrong", "nia", reason="owner", instead="Tom Berg")
    assert page(product).lines[0].undo == "s1"
    product.give(["f1"], "used", by="payoff", reason="Thank you.")
    assert page(product).news[0].undo == ""


def test_on_it_is_not_listed_beside_the_answer_that_followed() -> None:
    product = FakeProduct()
    product.answer("s1", "accepted", "nia")
    assert [line.what for line in page(product).lines] == ["Agreed to do it"]
    product.answer("s1", "done", "nia")
    assert [line.what for line in page(product).lines] == ["Done"]


def test_new_answers_stand_first_in_a_part_of_their_own_until_the_visit_is_over() -> None:
    product = talked(FakeProduct())
    product._feedback = [replace(item, told_at=None) for item in product._feedback]
    shown = page(product, limit=1)
    assert ([line.feedback for line in shown.news], shown.heard) == (["f1"], ("f1",))
    assert ([line.feedback for line in shown.lines], shown.left) == (["f2"], 0)
    product.told(product.said_by("nia"), "nia")
    again = page(product)
    assert ([line.feedback for line in again.news], again.heard) == (["f1"], ())
    over = product.clock.now() - timedelta(minutes=31)
    product._feedback[0] = replace(product._feedback[0], told_at=over)
    assert page(product).news == () and len(page(product).lines) == 2


def test_the_headline_says_what_it_counts_and_what_is_left_out() -> None:
    product = FakeProduct()
    product.answer("s1", "done", "nia")
    product.feedback("s2", by="nia", thumb=1)
    product.feedback("s3", by="nia", comment="They moved.")
    shown = page(product)
    assert shown.headline == "3 things you said"
    assert "1 answer of the last 30 days and 2 things you told us" in shown.counts
    for n in range(201):
        product.feedback("s3", by="nia", comment=f"Word {n}")
    assert "the newest 200 things you told us" in page(product).counts


def test_each_word_says_whether_it_was_a_problem_an_idea_or_a_remark() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", problem="The number is dead.")
    product.feedback("s2", by="nia", idea="Call later.")
    product.feedback("s3", by="nia", comment="They moved.")
    product.feedback("s4", by="nia", thumb=1)
    assert [line.kind for line in page(product).lines] == ["", "remark", "idea", "problem"]


def test_what_nobody_has_answered_can_be_taken_back() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", thumb=-1)
    product.feedback("s2", by="nia", correction={"seats": 9})
    assert [line.withdraw for line in page(product).lines] == ["f2", "f1"]
    product.take_back("f1", "nia")
    product.give(["f2"], "used", by="payoff", reason="Thank you.")
    shown = page(product)
    assert [(line.state, line.reply, line.withdraw) for line in shown.lines] == [("You took this back.", "", "")]
    assert [line.withdraw for line in shown.news] == [""], "what is answered stays"


def test_a_corrected_fact_counts_at_once_and_says_so() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", correction={"seats": 9})
    assert page(product).lines[0].state.startswith("It stands on their card already")


def test_a_person_who_said_nothing_has_an_empty_page() -> None:
    assert page(FakeProduct(), "tom").lines == ()


def test_no_longer_a_customer_reads_in_words() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", correction={"gone": "bankrupt"})
    product.feedback("s2", by="nia", correction={"gone": False})
    assert [line.what for line in page(product).lines] == [
        "They are a customer after all",
        "No longer a customer: bankrupt",
    ]


def test_what_was_taken_back_is_listed_and_not_counted() -> None:
    product = FakeProduct()
    product.answer("s1", "done", "nia")
    product.answer("s1", "undo", "nia")
    product.feedback("s2", by="nia", thumb=1)
    product.feedback("s3", by="nia", comment="They moved.")
    product.take_back("f1", "nia")
    shown = page(product)
    assert (len(shown.lines), shown.headline) == (3, "1 thing you said")
    assert "0 answers of the last 30 days and 1 thing you told us" in shown.counts


def test_a_correction_made_again_says_that_the_later_one_counts() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", correction={"seats": 99})
    product.feedback("s1", by="nia", correction={"seats": 9, "plan": "starter"})
    product.feedback("s2", by="nia", correction={"seats": 9})
    states = {line.feedback: line.state for line in page(product).lines}
    assert states["f1"] == "Replaced by your later one."
    assert states["f2"].startswith("It stands on their card already")
    assert states["f3"].startswith("It stands on their card already"), "another customer"
    product.take_back("f2", "nia")
    assert {line.feedback: line.state for line in page(product).lines}["f1"].startswith("It stands")


def test_only_what_was_answered_can_be_listed() -> None:
    product = FakeProduct()
    product.answer("s1", "done", "nia")
    product.feedback("s2", by="nia", thumb=1)
    product.feedback("s3", by="nia", comment="They moved.")
    product.give(["f2"], "used", by="payoff", reason="Mended.")
    shown = page(product, show="answered")
    assert [line.feedback for line in (*shown.news, *shown.lines)] == ["f2"]
    assert shown.news[0].state == "Answered at 09:30 by the rules of the weekly turn. It was used."
    assert (shown.headline, shown.counts) == ("1 thing you said was answered", "")


@pytest.mark.parametrize(
    ("came", "known_by", "words"),
    [
        (NOW - DAY, NOW + DAY, "First value came on Sun 22 Nov."),
        (None, NOW + DAY, "Whether “First value” follows is known by Tue 24 Nov."),
        (None, NOW - DAY, "“First value” had not come by Sun 22 Nov."),
        (None, None, "Kept."),
    ],
)
def test_how_the_customer_went_on_stands_with_what_was_done(
    came: datetime | None, known_by: datetime | None, words: str
) -> None:
    brief = FakeProduct().brief
    metric = {"name": "first_value", "kind": "outcome_rate", "outcome": "first_value", "purpose": "leading goal"}
    product = FakeProduct(brief=brief.model_validate({**brief.model_dump(by_alias=True), "metrics": [metric]}))
    at = NOW - 3 * DAY
    given = GivenAnswer("s1", "acct-101", "Call", "done", "", None, at, "stands", True, "", came, known_by)
    product.answers_by = lambda person: [given]  # type: ignore[method-assign]
    assert page(product).lines[0].state == words


def test_where_results_speak_against_an_action_an_answer_in_its_favour_says_so() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", thumb=1)
    product.give(["f1"], "used", by="payoff", reason="Your thumb counts.")
    assert page(product).news[0].reply == "Your thumb counts."
    product.actions.learned = lambda: {"setup_call": Learned("r1", "E", 100, -0.1, -0.2, -0.05, True, False)}
    assert page(product).news[0].reply.endswith("“Set-up call” has done harm so far.")
    product.actions.learned = lambda: {"setup_call": Learned("r1", "E", 100, 0.0, -0.2, 0.05, True, False)}
    assert page(product).news[0].reply == "Your thumb counts."


def test_an_answer_given_again_is_of_whoever_gave_it_and_of_that_day() -> None:
    product = FakeProduct()
    product.feedback("s3", by="nia", comment="They moved.")
    product.give(["f1"], "used", by="payoff", reason="Mended.")
    item = product.said_by("nia")[0]
    replies = (Reply(NOW - DAY, "payoff", "Mended."), Reply(NOW, "paula", "We ask them on Tuesday."))
    product._feedback[0] = replace(item, replies=replies, reply=replies[-1].text)
    (line,) = page(product).news
    assert line.state.startswith("Paula Stein answered again at 09:30.")
    assert line.reply == "We ask them on Tuesday."


def test_what_somebody_would_rather_have_suggested_stands_beside_the_no() -> None:
    made = small.running(60)
    made.decide()
    one = made.queue()[0].suggestion
    other = next(a.id for a in made.playbook.actions if a.id != one.action)
    made.answer(one.id, "wrong", "ana", reason="action", instead=other)
    who: Any = SimpleNamespace(id="ana")
    line = just_said(made, who, one.id)
    assert line is not None
    name = next(a.name for a in made.playbook.actions if a.id == other)
    assert line.what == f"Wrong: wrong action; you would rather: {name}"
    assert said(made, who).lines[0].what == line.what
