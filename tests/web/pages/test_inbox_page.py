"""The inbox as data: groups and items with their fate, the trail both ways, and what never leaves."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.fake_product import FakeProduct, talked

from payoff.errors import Unknown
from payoff.learning.traces import Said, Trace
from payoff.people.person import people_of
from payoff.use_cases.lineage import Learned, Taken
from payoff.web.pages.inbox import ME, Filters, InboxPage, inbox, opened_group
from payoff.web.pages.item import ItemPage, opened


def page(who: str = "elena", **filters: str | bool) -> InboxPage:
    product = talked(FakeProduct())
    asked = Filters(**{"single": True, **filters})  # type: ignore[arg-type]
    return inbox(product, people_of(product.brief.people)[who], asked)


def item(id: str, who: str = "elena") -> ItemPage:
    product = talked(FakeProduct())
    return opened(product, people_of(product.brief.people)[who], id)


def test_groups_come_first_and_say_how_many_people_say_what() -> None:
    product = talked(FakeProduct())
    product.feedback("s1", by="tom", thumb=-1, comment="They are on holiday until December.")
    paula = people_of(product.brief.people)["paula"]
    shown = inbox(product, paula, Filters())
    assert shown.lines == ()
    assert [(g.sentence, g.words) for g in shown.groups[:2]] == [
        ("2 people found this not helpful: Set-up call", "They are on holiday until December."),
        ("One person has an idea", "Offer the guide before the call."),
    ]
    group = opened_group(product, paula, shown.groups[0].id)
    assert [line.id for line in group.items] == ["f5", "f2"]
    assert group.open == 2
    assert group.form is not None
    assert group.form.preview == "Tom Berg, Nia Okafor will read your answer word for word."
    assert (group.form.use, group.form.decline, group.form.everybody) == ("We use it", "We do not", "")
    assert inbox(product, paula, Filters(kind="idea")).groups == shown.groups[1:2]


def test_an_internal_comment_is_shown_to_those_who_answer_and_to_nobody_else() -> None:
    product = talked(FakeProduct())
    product.remark("f2", "XINTERNALX she says it every week", by="paula")
    people = people_of(product.brief.people)
    assert [c.text for c in opened(product, people["elena"], "f2").comments] == [
        "XINTERNALX she says it every week"
    ]
    assert "XINTERNALX" not in repr(opened(product, people["nia"], "f2"))


def test_the_newest_comes_first_and_what_waits_is_counted() -> None:
    shown = page()
    assert [line.id for line in shown.lines] == ["f4", "f3", "f2", "f1"]
    assert shown.waiting == "2 are not answered yet"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": "problem"}, ["f3"]),
        ({"state": "used"}, ["f1"]),
        ({"state": "told"}, ["f3", "f1"]),
        ({"author": "me"}, []),
        ({"state": "new", "kind": "idea"}, ["f4"]),
    ],
)
def test_kind_fate_and_author_filter(filters: dict[str, str], found: list[str]) -> None:
    assert [line.id for line in page(**filters).lines] == found


def test_somebody_finds_what_they_said_themselves() -> None:
    assert [line.id for line in page("nia", author="me").lines] == ["f2", "f1"]


def test_the_trail_leads_from_the_suggestion_to_the_release_that_learned() -> None:
    trail = item("f1").trail
    assert [s.label for s in trail] == ["Suggested", "Said", "Used", "Learned", "Release", "Told"]
    assert all(s.reached for s in trail)
    assert trail[4].href == "/releases#r1"
    assert trail[5].text == "Nia Okafor"


def test_the_trail_offers_no_page_its_reader_may_not_open() -> None:
    assert all(not s.href for s in item("f1", "nia").trail)


def test_what_is_not_answered_yet_says_so_and_can_be_answered_by_those_who_may() -> None:
    shown = item("f2")
    assert shown.reply.startswith("Nothing yet.")
    assert shown.open
    assert shown.may_answer
    assert not item("f2", "nia").may_answer
    assert [s.reached for s in shown.trail] == [True, True, False, False, False, False]


def test_a_declined_item_shows_its_reason_and_does_not_claim_to_be_learned() -> None:
    shown = item("f3")
    assert shown.reply == "A model cannot learn this; it was handed to the team."
    assert [s.label for s in shown.trail] == ["Suggested", "Said", "Declined", "Told"]


def test_an_unknown_item_is_unknown() -> None:
    with pytest.raises(Unknown, match="no feedback 'f99'"):
        item("f99")


def test_an_item_names_the_customer_and_leads_back_to_where_its_reader_came_from() -> None:
    product = talked(FakeProduct())
    nia = people_of(product.brief.people)["nia"]
    shown = opened(product, nia, "f2", "said")
    assert shown.line.unit == "about Northwind Logistics" and "Northwind Logistics" in shown.trail[0].text
    assert (shown.back, shown.back_words) == ("/said", "Back to what I said")
    assert opened(product, nia, "f2", "elsewhere").back == "/inbox"
    product.feedback("s1", by="customer:acct-101/ann", comment="Thank you.")
    assert "the customer Bluebird Dental/ann" in opened(product, nia, "f5").line.by


def test_what_counts_on_the_desk_at_once_does_not_read_as_not_used_yet() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", correction={"owner": "Tom Berg"})
    product.feedback("s1", by="nia", comment="They moved.")
    nia = people_of(product.brief.people)["nia"]
    labels = [(step.label, step.reached) for step in opened(product, nia, "f1").trail]
    assert ("On the desk", True) in labels and ("Taken into what we learn", False) in labels
    assert "Used" not in [label for label, _ in labels]
    assert "On the desk" not in [step.label for step in opened(product, nia, "f2").trail]


def test_the_quote_of_a_group_leads_to_the_item_that_says_it() -> None:
    product = talked(FakeProduct())
    product.feedback("s1", by="tom", thumb=-1)
    paula = people_of(product.brief.people)["paula"]
    shown = {group.sentence: group for group in inbox(product, paula, Filters()).groups}
    assert shown["One person found this not helpful: Set-up call"].words
    assert {g.spoken for g in shown.values() if g.words} == {"f2", "f3", "f4"}
    assert {g.spoken for g in shown.values() if not g.words} == {""}


def test_a_problem_is_to_be_fixed_or_not_and_is_never_called_used() -> None:
    product = talked(FakeProduct())
    product.feedback("s1", by="nia", problem="the contact left the company")
    elena = people_of(product.brief.people)["elena"]
    waits = opened(product, elena, "f5")
    assert waits.form is not None
    assert "Learned" not in [step.label for step in waits.trail]
    assert (waits.form.use, waits.form.decline) == ("We will fix it", "We will not fix it")
    product.give(["f5"], "used", by="elena", reason="Sales asks for the new one.")
    fixed = opened(product, elena, "f5")
    assert fixed.line.state.startswith("will be fixed")
    labels = {step.label: step.text for step in fixed.trail}
    assert labels["Will be fixed"] == "Sales asks for the new one."
    assert labels["Learned"] == "For people to fix; nothing is learned from it."


def test_a_problem_the_rules_answered_says_where_it_stands_to_those_who_can_fix_it() -> None:
    product = talked(FakeProduct())
    people = people_of(product.brief.people)
    shown = opened(product, people["elena"], "f3")
    assert shown.line.state.startswith("a problem to fix")
    assert shown.list_of.startswith("A problem teaches nothing")
    assert shown.form_title == "Answer it"
    assert opened(product, people["tom"], "f3").list_of == ""
    product.give(["f3"], "reply", by="elena", reason="We fix it this week.")
    assert opened(product, people["elena"], "f3").list_of == ""


def test_an_answer_can_be_corrected_and_the_earlier_one_stays_on_record() -> None:
    product = talked(FakeProduct())
    people = people_of(product.brief.people)
    form = opened(product, people["elena"], "f1").form
    assert form is not None
    assert (form.use, form.correct) == ("", "Send the new answer")
    product.give(["f1"], "reply", by="elena", reason="It was 3 days, not 2.")
    for who in ("elena", "nia"):
        shown = opened(product, people[who], "f1")
        assert shown.reply == "It was 3 days, not 2."
        (before,) = shown.before
        assert "corrected since: “Used: days since login = 2" in before
        trail = [(step.label, step.text[:9]) for step in shown.trail if step.text]
        assert trail.index(("Used", "Used: day")) + 1 == trail.index(("Answered again", "It was 3 "))
        assert shown.line.state == "answered again"
    assert opened(product, people["nia"], "f1").form is None


def test_a_group_offers_to_tell_those_too_who_have_an_answer_and_shows_what_is_said_inside() -> None:
    product = talked(FakeProduct())
    product.feedback("s2", by="tom", problem="The phone number is missing on half of these.")
    product.remark("f5", "XINTERNALX again", by="paula")
    people = people_of(product.brief.people)
    group = next(g for g in product.groups() if g.topic.kind == "problem")
    shown = opened_group(product, people["paula"], group.id)
    assert shown.form is not None
    assert shown.form.everybody.startswith("Send it also to the 1 answered already")
    assert shown.title == "Answer it"
    assert [c.text for line in shown.items for c in line.inside] == ["XINTERNALX again"]
    assert "XINTERNALX" not in repr(opened_group(product, people["nia"], group.id))
    product.give(["f5"], "used", by="paula", reason="Mended.")
    done = opened_group(product, people["paula"], group.id)
    assert done.form is not None and done.form.correct
    assert (done.open, done.title) == (0, "Say something more to all 2")


def test_an_item_leads_to_one_answer_for_all_who_wait() -> None:
    product = FakeProduct()
    for who in ("tom", "nia"):
        product.feedback("s2", by=who, problem="It is wrong.")
    people = people_of(product.brief.people)
    assert opened(product, people["paula"], "f1").group_words == "Answer all 2 who say the same at once"
    assert opened(product, people["nia"], "f1").group_words == "What others say alike"


def test_a_moved_expectation_says_that_it_moves_for_a_whole_role_and_by_whose_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    product = talked(FakeProduct())
    voices = tuple(Said(who, -1, label=False, here=who == "nia") for who in ("nia", "tom", "ada"))
    trace = Trace("s1", "acct-101", product.clock.now(), "expected", "setup_call", "founder", 0.05, -0.03, ("f1",))
    made = Learned("key", product.clock.now(), ("r1",), ("r1",), 9, True, (replace(trace, voices=voices),))
    taken = Taken("key", product.clock.now(), ("r1",), 1)
    fake = SimpleNamespace(refresh=lambda _: made, of=lambda *_: (taken,))
    monkeypatch.setattr(FakeProduct, "lineage", fake)
    shown = opened(product, people_of(product.brief.people)["elena"], "f1")
    learned = next(step for step in shown.trail if step.label == "Learned")
    assert learned.text.endswith(
        "With it what is expected of Set-up call moved for every founder, not for this one alone; the move is the"
        " sum of 3 people's words."
    )


def test_a_group_counts_only_what_fits_the_filters() -> None:
    product = FakeProduct()
    for who in ("nia", "nia", "tom"):
        product.feedback("s1", by=who, thumb=-1)
    (whole,) = inbox(product, people_of(product.brief.people)["nia"], Filters()).groups
    assert "3 times" in whole.about
    page = inbox(product, people_of(product.brief.people)["nia"], Filters(author=ME))
    (mine,) = page.groups
    assert "2 times" in mine.about
    assert mine.state.startswith("2 wait")
    assert page.headline.startswith("2 things")
