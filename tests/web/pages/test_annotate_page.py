"""The labelling page as data: one case, what came of the answers, and one number for what is left to settle."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests import small
from tests.http.house import PEOPLE

from payoff.feedback.annotations import NEITHER
from payoff.people.person import people_of
from payoff.use_cases.product import Product
from payoff.web.pages.annotate import LATER, AnnotatePage, annotate


@pytest.fixture
def product() -> Product:
    made = small.running(60, brief=small.BRIEF + PEOPLE)
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    made.decide()
    return made


def page(product: Product, who: str = "elena", **more: Any) -> AnnotatePage:
    return annotate(product, people_of(product.brief.people)[who], **more)


def label(product: Product, who: str, answer: str, most: int = 99) -> None:
    for case in product.annotating.mine(who)[:most]:
        product.annotating.answer(case.suggestion, answer, by=who)
        product.clock.advance(timedelta(seconds=1))  # type: ignore[attr-defined]


def test_why_a_case_was_chosen_is_said_in_the_briefs_own_words(product: Product) -> None:
    shown = page(product).case
    assert shown is not None
    alike = product.annotating.mine("elena")[0].alike
    role = product.annotating.mine("elena")[0].role
    assert shown.stands == (
        f"Chosen because for {alike} accounts (contact: {role}) it is open which of these two helps more."
    )


def test_the_case_after_an_answer_names_the_answer_and_where_to_change_it(product: Product) -> None:
    assert page(product).last is None
    first, second, *_ = product.annotating.mine("elena")
    product.annotating.answer(first.suggestion, NEITHER, by="elena", instead="", why="x")
    made = page(product)
    assert made.case is not None and made.last is not None
    assert made.case.id == second.suggestion
    assert made.last.text.endswith(": Neither of the two.")
    assert made.last.href == f"/annotate?case={first.suggestion}"
    before = page(product, case=first.suggestion)
    assert before.last is None, "one is there"
    assert before.case is not None and before.case.why == "x"
    assert page(product, later=True).last == made.last


def test_before_the_last_case_it_says_what_comes_with_it(product: Product) -> None:
    n = len(product.annotating.batch())
    made = page(product)
    assert made.case is not None and made.case.last_one == ""
    label(product, "elena", NEITHER, n - 1)
    made = page(product)
    assert made.case is not None and "first answers stay" in made.case.last_one


@pytest.mark.parametrize("later", [False, True])
def test_one_number_says_what_is_left_to_settle(product: Product, later: bool) -> None:
    label(product, "paula", "setup_call")
    label(product, "elena", "tips_mail")
    n = len(product.annotating.batch())
    for left in range(n, n - 3, -1):
        made = page(product, later=later)
        assert made.apart_title == f"Where you differ: {left} to settle"
        assert (len(made.apart), len(made.settled)) == (left, n - left)
        assert any(line.startswith(f"{left} differ from") for line in made.became)
        product.annotating.settle(made.apart[0].id, ("setup_call", "tips_mail")[left % 2], by="elena")
    said = {a.settled for a in page(product, later=later).settled}
    assert "Agreed on “Set-up call”: that is what teaches." in said
    assert "You settled on “Tips by mail”. Others have not agreed yet, so nothing is learned from it." in said


def test_in_the_middle_of_a_list_nothing_of_it_is_told_and_older_agreement_is(product: Product) -> None:
    label(product, "paula", "setup_call")
    label(product, "elena", "tips_mail", 2)
    made = page(product, later=True)
    assert (made.apart, made.agreed, made.verdict) == ((), (), "")
    assert made.became == ("2 somebody else has answered, too. You see where you agree once your list is done.",)
    product.clock.advance(timedelta(days=60))  # type: ignore[attr-defined]
    product.decide()
    made = page(product, later=True)
    assert made.agreed[0].startswith("You and Paula Stein agree on 0 of 2;")
    assert len(made.apart) == 2
    label(product, "paula", "setup_call")
    label(product, "elena", "setup_call", 1)
    assert "(2 cases labelled by two so far" in page(product, later=True).verdict, "not the one of this week"
    beside = page(product)
    assert beside.case is not None
    assert (beside.to_settle, beside.apart) == (f"{LATER}#apart", ())


def test_how_it_is_worked_out_knows_one_luck(product: Product) -> None:
    label(product, "paula", "setup_call")
    label(product, "elena", "setup_call")
    how = page(product).how
    assert "toss a coin" in how[0]
    assert "chance" not in " ".join(how)
    assert "0 is this same luck" in product.texts.say("annotate.how_alpha", alpha=1, low=0, high=1)
