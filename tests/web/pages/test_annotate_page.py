"""The labelling page as data: one case, what came of the answers, and one number for what is left to settle."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests import small
from tests.http.house import PEOPLE

from payoff.feedback.annotations import NEITHER
from payoff.people.person import people_of
from payoff.use_cases.annotating import Annotating
from payoff.use_cases.label_agreement import Measure
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
    assert made.case is not None and "stays in the count" in made.case.last_one


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
    assert "You settled on “Tips by mail”. It teaches once two of you agree." in said


def test_in_the_middle_of_a_list_nothing_of_it_is_told_and_older_agreement_is(product: Product) -> None:
    label(product, "paula", "setup_call")
    label(product, "elena", "tips_mail", 2)
    made = page(product, later=True)
    assert (made.apart, made.agreed, made.verdict) == ((), (), "")
    assert made.became == (
        "2 somebody else has answered, too. You see where you agree once your list is done, or its week is over:"
        " until then you could be swayed.",
    )
    product.clock.advance(timedelta(days=60))  # type: ignore[attr-defined]
    product.decide()
    made = page(product, later=True)
    assert made.agreed[0].startswith("You and Paula Stein agree on 0 of 2;")
    assert len(made.apart) == 2
    label(product, "paula", "setup_call")
    label(product, "elena", "setup_call", 1)
    assert "2 cases labelled by two" in page(product, later=True).verdict, "not the one of this week"
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


def test_other_actions_stand_apart_where_the_playbook_does_not_call_them_fit() -> None:
    more = '[[actions]]\nid = "{id}"\nname = "{id}"\nsay = "x"\nrank = 9\n'
    more += 'when = [{{ fact = "role", among = [{among}] }}]\n'
    plays = small.PLAYBOOK + more.format(id="never", among='"nobody"')
    plays += more.format(id="always", among='"payroll lead", "founder", "HR manager", "IT admin", "finance lead"')
    product = small.running(60, brief=small.BRIEF + PEOPLE, playbook=plays)
    product.decide()
    case = page(product).case
    assert case is not None
    assert [o.value for o in case.instead] == ["", "always"]
    assert [o.value for o in case.unfit] == ["never"]


def test_facts_read_as_on_the_desk_and_stand_at_what_is_left_to_settle(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(product, "paula", "setup_call")
    label(product, "elena", "tips_mail")
    about = product.annotating.about(product.annotating.mine("elena")[0])
    known = replace(about, facts={"seats_used_share": 0.34, "mrr": 943.88, "seats": 25})
    monkeypatch.setattr(Annotating, "about", lambda *_: known)
    case = page(product, later=True).apart[0]
    assert [(f.label, f.value) for f in case.facts] == [
        ("seats used share", "34%"),
        ("MRR", "€944"),
        ("seats", "25"),
    ]


def test_what_was_settled_can_be_changed_back_and_offers_only_what_changes_it(product: Product) -> None:
    label(product, "paula", "setup_call")
    label(product, "elena", "tips_mail")
    open_ = page(product).apart[0]
    assert (open_.keep, [o.value for o in open_.take]) == ("Keep mine", ["setup_call"])
    product.annotating.settle(open_.id, "tips_mail", by="elena")
    kept = next(a for a in page(product).settled if a.id == open_.id)
    assert (kept.keep, [o.value for o in kept.take]) == ("", ["setup_call"])
    product.annotating.settle(open_.id, "setup_call", by="elena")
    taken = next(a for a in page(product).settled if a.id == open_.id)
    assert (taken.keep, taken.take) == ("Go back to mine", ())


@pytest.mark.parametrize(
    ("told", "begins"),
    [
        (Measure(24, 10, -0.03, -0.35, 0.31), "So far no better than luck. 24 cases"),
        (Measure(24, 20, 0.6, 0.3, 0.9), "So far better than luck. 24 cases"),
        (Measure(60, 25, 0.0, -0.2, 0.2), "You agree no better than luck."),
        (Measure(1, 1, None, None, None), "Too few to call it good or bad"),
    ],
)
def test_how_far_people_agree_is_said_plainly(
    product: Product, monkeypatch: pytest.MonkeyPatch, told: Measure, begins: str
) -> None:
    label(product, "paula", "setup_call")
    label(product, "elena", "setup_call")
    monkeypatch.setattr("payoff.web.pages.annotate.measure", lambda _: told)
    said = page(product).verdict
    assert said.startswith(begins)
    assert ("learned from all the same" in said) == ("no better" in said)


def test_what_learning_took_in_goes_by_the_title_of_the_release(product: Product) -> None:
    for who in ("paula", "elena"):
        label(product, who, "tips_mail")
    product.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    product.learn()
    titles = {release.title for release in product.releases()}
    (line,) = [line for line in page(product).became if "moved what" in line]
    assert any(f"“{title}” expects, first in the learning of" in line for title in titles)
