"""What a press on the desk keeps, and where it leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from tests.channelled import monday
from tests.fake_product import FakeProduct, talked
from tests.fake_values import NOW

from payoff.errors import Unavailable
from payoff.http.app import create_app
from payoff.http.session import COOKIE


def client(product: FakeProduct, who: str = "nia") -> TestClient:
    made = TestClient(create_app(product, mode="demo"), base_url="http://localhost", follow_redirects=False)
    made.cookies.set(COOKIE, who)
    return made


def test_done_is_kept_with_its_author_and_leads_to_the_next_card_with_undo_above_it() -> None:
    product = FakeProduct()
    sent = {"what": "done", "back": "/desk?role=&owner=me", "after": "s2"}
    answer = client(product).post("/desk/s1/answer", data=sent)
    assert product.answered == [("s1", "done", "nia", {})]
    assert answer.headers["location"] == "/desk?owner=me&answered=s1&after=s2#s-s2"
    page = client(product).get(answer.headers["location"]).text
    assert page.index('id="undone"') < page.index('id="s-s2"')
    assert 'value="undo"' in page


def test_what_is_answered_on_the_desk_is_shown_anew_elsewhere_and_what_is_not_kept_is_not() -> None:
    product = FakeProduct()
    client(product).post("/desk/s1/answer", data={"what": "done"})
    client(product).post("/desk/s2/answer", data={"what": "not_now", "until": "day", "day": "soon"})
    assert product.refreshed == ["s1"]


@pytest.mark.parametrize("limit", ["510", "9" * 5000])
def test_any_number_of_cards_may_be_asked_for(limit: str) -> None:
    product = FakeProduct()
    assert client(product).get("/desk?limit=510").status_code == 200
    sent = {"what": "not_now", "until": "day", "day": "soon", "back": f"/desk?limit={limit}"}
    assert client(product).post("/desk/s1/answer", data=sent).status_code == 422


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"what": "not_now", "until": "2026-11-26", "why": "on holiday"},
         ("not_now", {"until": date(2026, 11, 26), "reason": "on holiday"})),
        ({"what": "not_now", "until": ""}, ("not_now", {})),
        ({"what": "not_now", "until": "day", "day": "2026-12-14", "why": "after their holidays"},
         ("not_now", {"until": date(2026, 12, 14), "reason": "after their holidays"})),
        ({"what": "wrong", "reason": "time", "why": "audit"}, ("wrong", {"reason": "time", "comment": "audit"})),
        ({"what": "wrong", "reason": "action", "instead": "guide"},
         ("wrong", {"reason": "action", "instead": "guide"})),
        ({"what": "wrong", "reason": "action", "instead": "", "other": "send flowers"},
         ("wrong", {"reason": "action", "instead": "send flowers"})),
        ({"what": "wrong", "reason": "need", "instead": "guide", "other": "with flowers", "why": "they know it"},
         ("wrong", {"reason": "need", "instead": "guide", "comment": "they know it · with flowers"})),
        ({"what": "wrong", "reason": "already", "why": "last week"},
         ("wrong", {"reason": "already", "comment": "last week"})),
        ({"what": "wrong", "reason": "gone", "why": "closed"}, ("wrong", {"reason": "gone", "comment": "closed"})),
        ({"what": "earlier", "on": "2026-11-20"}, ("earlier", {"at": date(2026, 11, 20)})),
        ({"what": "no_answer"}, ("no_answer", {})),
    ],
)  # fmt: skip
def test_every_answer_is_one_form(sent: dict[str, str], kept: tuple[str, dict[str, object]]) -> None:
    product = FakeProduct()
    assert client(product).post("/desk/s1/answer", data=sent).status_code == 303
    assert product.answered == [("s1", kept[0], "nia", kept[1])]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"what": "not_now", "until": "thursday"}, "“thursday” is no day"),
        ({"what": "earlier", "on": "thursday"}, "“thursday” is no day"),
        ({"what": "not_now", "until": "day", "day": ""}, "Choose a day, from tomorrow to Mon 22 Feb."),
        ({"what": "not_now", "until": "day", "day": "2026-11-23"}, "Choose a day, from tomorrow to Mon 22 Feb."),
        ({"what": "not_now", "until": "day", "day": "2027-06-01"}, "Choose a day, from tomorrow to Mon 22 Feb."),
    ],
)
def test_a_day_that_is_none_is_said_at_its_field_and_the_words_stay(sent: dict[str, str], words: str) -> None:
    product = FakeProduct()
    answer = client(product).post("/desk/s1/answer", data={**sent, "why": "after their holidays"})
    assert answer.status_code == 422
    card = answer.text[answer.text.index('id="s-s1"') :]
    assert words in card
    if sent["what"] == "not_now":
        assert 'value="after their holidays"' in card
    assert product.answered == []


@pytest.mark.parametrize(
    ("path", "field"),
    [("feedback", "words"), ("facts", "words"), ("feedback", "risk"), ("facts", "fact.plan"), ("answer", "why")],
)
def test_what_is_too_long_is_refused_with_all_that_was_typed_and_never_cut(path: str, field: str) -> None:
    product, long = FakeProduct(), "too long " * 1200
    sent = {"what": "wrong", "reason": "need", "kind": "comment"} if path != "facts" else {}
    answer = client(product).post(f"/desk/s1/{path}", data={**sent, field: long})
    assert answer.status_code == 422
    assert "That is 10,800 characters; 10,000 are kept." in answer.text
    assert long.rstrip() in answer.text
    assert (product.inbox(), product.answered) == ([], [])


def test_a_remark_of_some_thousand_characters_is_kept_whole() -> None:
    product, long = FakeProduct(), "word " * 900 + "end"
    assert client(product).post("/desk/s1/feedback", data={"kind": "comment", "words": long}).status_code == 303
    assert product.inbox()[0].comment == long


@pytest.mark.parametrize("path", ["facts", "feedback"])
def test_whichever_button_is_pressed_everything_typed_is_kept(path: str) -> None:
    product = FakeProduct()
    sent = {"words": "they moved", "fact.seats": "12", "fact.plan": "growth", "risk": "seasonal pause"}
    more = {"kind": "problem"} if path == "feedback" else {}
    answer = client(product).post(f"/desk/s1/{path}", data={**sent, **more})
    assert answer.headers["location"] == "/desk?kept=facts_kept&card=s1#s-s1"
    kept = product.inbox()
    assert {item.problem or item.comment for item in kept if not item.correction} == {"they moved"}
    assert [item.correction for item in kept if item.correction] == [{"risk": "seasonal pause"}, {"seats": 12}]


def test_one_fact_that_cannot_be_keeps_nothing_and_loses_nothing() -> None:
    product = FakeProduct()
    answer = client(product).post("/desk/s1/facts", data={"words": "they moved", "fact.seats": "about ten"})
    assert answer.status_code == 422
    assert ">they moved</textarea>" in answer.text
    assert product.inbox() == []


def test_what_was_kept_is_said_on_the_card_it_is_about() -> None:
    product = FakeProduct()
    browser = client(product)
    page = browser.get(browser.post("/desk/s2/feedback", data={"kind": "thumb_up"}).headers["location"]).text
    card = page[page.index('id="s-s2"') : page.index('id="s-s4"')]
    assert 'id="k-s2">Kept: helpful.' in card
    assert page.count("Kept: helpful.") == 1
    assert 'value="thumb_up" data-key="5" aria-pressed="true"' in card
    assert page.count('aria-pressed="true"') == 1


def test_not_mine_hands_the_customer_to_somebody_and_can_be_taken_back() -> None:
    product = FakeProduct()
    sent = {"what": "wrong", "reason": "owner", "to": "tom", "after": "s2"}
    answer = client(product).post("/desk/s1/answer", data=sent)
    assert product.inbox()[0].correction == {"owner": "tom"}
    assert 'id="undone"' in client(product).get(answer.headers["location"]).text


def test_undo_leads_back_to_the_card() -> None:
    product = FakeProduct()
    client(product).post("/desk/s1/answer", data={"what": "done"})
    assert 'id="s-s1"' not in client(product).get("/desk").text
    answer = client(product).post("/desk/s1/answer", data={"what": "undo"})
    assert answer.headers["location"] == "/desk?kept=undo&card=s1#s-s1"
    page = client(product).get("/desk?kept=undo&card=s1").text
    assert 'id="s-s1"' in page
    assert "Taken back. It is as it was before." in page


def test_undo_works_from_the_list_of_what_i_said() -> None:
    product = FakeProduct()
    client(product).post("/desk/s1/answer", data={"what": "done"})
    assert 'action="/desk/s1/answer"' in client(product).get("/said").text
    answer = client(product).post("/desk/s1/answer", data={"what": "undo", "back": "/said"})
    assert answer.headers["location"] == "/said?said=undo#s-s1"


def test_a_second_claimer_is_told_calmly_who_has_it() -> None:
    product = FakeProduct()
    assert client(product, "tom").post("/desk/s1/answer", data={"what": "take"}).status_code == 303
    answer = client(product).post("/desk/s1/answer", data={"what": "take", "back": "/desk?owner=me"})
    assert answer.status_code == 409
    assert '<p class="said notice" role="status">Tom took this one. It stays with them.</p>' in answer.text
    assert "Northwind Logistics" in answer.text, "the desk goes on, as it was filtered"
    assert "Kestrel Foods" not in answer.text
    assert [item.taken_by for item in product.items if item.taken_by] == ["tom"]


def test_nothing_to_take_back_is_said_on_the_desk() -> None:
    answer = client(FakeProduct()).post("/desk/s1/answer", data={"what": "undo"})
    assert answer.status_code == 409
    assert "There is nothing of yours to take back here" in answer.text
    assert 'id="s-s1"' in answer.text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"kind": "thumb_up"}, ("thumb", 1)),
        ({"kind": "thumb_down"}, ("thumb", -1)),
        ({"kind": "problem", "words": "no phone"}, ("problem", "no phone")),
        ({"kind": "idea", "words": "a guide"}, ("idea", "a guide")),
        ({"kind": "comment", "words": "on leave"}, ("comment", "on leave")),
        ({"kind": "risk", "words": "seasonal pause"}, ("correction", {"risk": "seasonal pause"})),
        ({"kind": "action", "words": "guide"}, ("correction", {"action": "guide"})),
    ],
)
def test_i_know_more_keeps_what_was_meant(sent: dict[str, str], kept: tuple[str, object]) -> None:
    product = FakeProduct()
    assert client(product).post("/desk/s1/feedback", data=sent).status_code == 303
    (item,) = product.inbox()
    assert getattr(item, kept[0]) == kept[1]
    assert item.by == "nia"


def test_saying_nothing_is_answered_with_what_mends_it() -> None:
    answer = client(FakeProduct()).post("/desk/s1/feedback", data={"kind": "idea", "words": "  "})
    assert answer.status_code == 422
    assert "Write a few words." in answer.text


def test_facts_are_corrected_in_place_and_the_card_stays() -> None:
    product = FakeProduct()
    sent = {"fact.seats": "12", "fact.plan": "growth", "fact.dormant": "yes", "back": "/desk"}
    answer = client(product).post("/desk/s1/facts", data=sent)
    assert answer.headers["location"] == "/desk?kept=facts&card=s1#s-s1"
    assert product.inbox()[0].correction == {"seats": 12, "dormant": True}
    assert 'id="s-s1"' in client(product).get("/desk").text


def test_a_fact_that_cannot_be_comes_back_with_what_was_typed_and_why() -> None:
    product = FakeProduct()
    answer = client(product).post("/desk/s1/facts", data={"fact.seats": "about ten", "fact.plan": "starter"})
    assert answer.status_code == 422
    assert 'value="about ten"' in answer.text
    assert 'value="starter"' in answer.text
    assert "Seats is a number" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert product.inbox() == []


def test_looking_at_the_desk_records_what_was_shown_once() -> None:
    product = FakeProduct()
    client(product).get("/desk?owner=me")
    assert [(s, what) for s, what, _ in product.recorded] == [("s1", "shown"), ("s2", "shown"), ("s4", "shown")]


def test_a_manager_looking_is_no_exposure() -> None:
    product = FakeProduct()
    client(product, "paula").get("/desk")
    assert product.recorded == []


def test_reading_an_answer_is_being_told() -> None:
    product = talked(FakeProduct())
    product._feedback = [replace(item, told_at=None) for item in product._feedback]
    page = client(product).get("/desk").text
    assert "1 new answer" in page
    assert product.unread("nia") == 1, "the desk says that there is one, not what it says"
    client(product).get("/said")
    assert product.unread("nia") == 0
    assert product.unread("tom") == 1


def test_the_weekly_question_is_asked_once_a_week() -> None:
    product = FakeProduct()
    browser = client(product)
    assert 'class="pulse' in browser.get("/desk").text
    browser.post("/pulse", data={"score": "4"})
    assert product.pulses == [("nia", 4)]
    assert 'class="pulse' not in browser.get("/desk").text
    browser.cookies.set(COOKIE, "tom")
    assert 'class="pulse' in browser.get("/desk").text, "several may share a browser"


def test_skipping_the_question_is_kept_as_asked_without_an_answer() -> None:
    product = FakeProduct()
    client(product).post("/pulse", data={"score": ""})
    assert product.pulses == [("nia", None)]


def test_the_desk_opens_although_its_exposure_cannot_be_kept() -> None:
    with pytest.raises(Unavailable):
        FakeProduct(away=True).storage.log.head()
    assert client(FakeProduct(away=True)).get("/desk").status_code == 200


def test_hostile_words_in_the_address_change_nothing() -> None:
    product = FakeProduct()
    hostile = "?owner=<script>&role=%22%3E&reason=:x&answered=<img>&after='&limit=3"
    answer = client(product).get(f"/desk{hostile}")
    assert answer.status_code == 200
    assert "<script>&" not in answer.text
    assert "<img>" not in answer.text


def test_an_empty_desk_says_what_comes_next() -> None:
    asleep = [
        replace(item, state="snoozed", snoozed_until=NOW + timedelta(days=1)) for item in FakeProduct().items
    ]
    assert "See what is set aside" in client(FakeProduct(items=asleep)).get("/desk").text
    assert "What I said" in client(FakeProduct(items=[])).get("/desk").text
    assert "Nothing is set aside." in client(FakeProduct(items=[])).get("/desk?snoozed=1").text
    assert "No customer fits these filters." in client(FakeProduct()).get("/desk?industry=none").text


def test_what_nobody_else_has_is_kept_by_a_second_press_and_changing_it_asks_again() -> None:
    product = FakeProduct()
    asked = client(product).post("/desk/s1/facts", data={"fact.plan": "grwth", "fact.seats": "99"})
    assert asked.status_code == 422
    assert "Did you mean “growth”?" in asked.text
    assert '<input type="hidden" name="sure.plan" value="grwth">' in asked.text
    assert product._feedback == []
    sure = {"sure.plan": "grwth", "sure.seats": "99"}
    assert client(product).post("/desk/s1/facts", data={"fact.plan": "grwht", **sure}).status_code == 422
    client(product).post("/desk/s1/facts", data={"fact.plan": "grwth", "fact.seats": "99", **sure})
    assert [item.correction for item in product._feedback] == [{"plan": "grwth", "seats": 99}]


def test_only_what_was_answered_is_listed_where_that_is_asked_for() -> None:
    product = talked(FakeProduct())
    page = client(product).get("/said?show=answered").text
    assert "was answered" in page and "holiday until December" not in page
    assert "holiday until December" in client(product).get("/said?show=<b>").text


def test_asking_for_a_way_is_kept_once_as_a_problem() -> None:
    product = monday()
    asked = client(product, "ana")
    answer = asked.post("/desk/elsewhere", data={"way": "slack"})
    assert answer.headers["location"] == "/desk/elsewhere?said=asked"
    asked.post("/desk/elsewhere", data={"way": "slack"})
    (item,) = product.said_by("ana")
    assert item.problem == "Please set up Slack for me, so that my suggestions reach me there."
    shown = asked.get(answer.headers["location"]).text
    assert "you read what becomes of it" in shown and "You asked for it" in shown
    assert "docs/" not in shown
    assert asked.post("/desk/elsewhere", data={"way": "pigeon"}).status_code == 404
