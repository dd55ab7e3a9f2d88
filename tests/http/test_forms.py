"""What a click on a page keeps, and where it leads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from tests.fake_product import NOW, FakeProduct, talked

from payoff.errors import Unavailable
from payoff.http.app import create_app
from payoff.http.session import COOKIE


def client(product: FakeProduct, who: str = "nia") -> TestClient:
    made = TestClient(create_app(product, mode="demo"), base_url="http://localhost", follow_redirects=False)
    made.cookies.set(COOKIE, who)
    return made


def test_done_is_kept_with_its_author_and_leads_to_the_next_card() -> None:
    product = FakeProduct()
    sent = {"what": "done", "back": "/desk?role=&owner=*", "after": "s2"}
    answer = client(product).post("/desk/s1/answer", data=sent)
    assert [(s, what, more["by"]) for s, what, more in product.recorded] == [("s1", "done", "nia")]
    assert answer.headers["location"] == "/desk?owner=%2A&said=done#s-s2"


def test_not_now_keeps_the_day_it_comes_back_and_why() -> None:
    product = FakeProduct()
    client(product).post("/desk/s1/answer", data={"what": "snoozed", "days": "7", "why": "on holiday"})
    more = product.recorded[0][2]
    assert more["until"] == NOW + timedelta(days=7)
    assert more["why"] == "on holiday"


def test_wrong_keeps_what_was_picked_and_what_was_written() -> None:
    product = FakeProduct()
    sent = {"what": "dismissed", "reason": "action", "why": "they want e-mail"}
    client(product).post("/desk/s1/answer", data=sent)
    assert product.recorded[0][2]["why"] == "Not this action: they want e-mail"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"kind": "thumb_up"}, ("thumb", 1)),
        ({"kind": "thumb_down"}, ("thumb", -1)),
        ({"kind": "problem", "words": "no phone"}, ("problem", "no phone")),
        ({"kind": "idea", "words": "a guide"}, ("idea", "a guide")),
        ({"kind": "comment", "words": "on leave"}, ("comment", "on leave")),
        ({"kind": "fact", "fact": "seats", "words": "12"}, ("correction", {"seats": 12})),
        ({"kind": "risk", "words": "seasonal pause"}, ("correction", {"risk": "seasonal pause"})),
        ({"kind": "action", "words": "guide"}, ("correction", {"action": "guide"})),
    ],
)
def test_here_is_what_i_know_keeps_what_was_meant(sent: dict[str, str], kept: tuple[str, object]) -> None:
    product = FakeProduct()
    assert client(product).post("/desk/s1/feedback", data=sent).status_code == 303
    (item,) = product.inbox()
    assert getattr(item, kept[0]) == kept[1]
    assert item.by == "nia"


def test_saying_nothing_is_answered_with_what_mends_it() -> None:
    answer = client(FakeProduct()).post("/desk/s1/feedback", data={"kind": "idea", "words": "  "})
    assert answer.status_code == 422
    assert "Write a few words." in answer.text


def test_looking_at_the_desk_records_what_was_shown_once() -> None:
    product = FakeProduct()
    client(product).get("/desk")
    assert [(s, what) for s, what, _ in product.recorded] == [("s1", "shown"), ("s2", "shown"), ("s4", "shown")]


def test_a_manager_looking_is_no_exposure() -> None:
    product = FakeProduct()
    client(product, "paula").get("/desk")
    assert product.recorded == []


@pytest.mark.parametrize(
    "back", ["//elsewhere.example/x", "https://elsewhere.example", "/\\elsewhere", "javascript:1"]
)
def test_a_form_never_leads_to_another_site(back: str) -> None:
    answer = client(FakeProduct()).post("/desk/s1/answer", data={"what": "done", "back": back})
    assert answer.headers["location"] == "/?said=done"


def test_the_weekly_question_is_asked_once_a_week() -> None:
    product = FakeProduct()
    browser = client(product)
    assert 'class="pulse' in browser.get("/desk").text
    browser.post("/pulse", data={"score": "4"})
    assert product.pulses == [("nia", 4)]
    assert 'class="pulse' not in browser.get("/desk").text


def test_skipping_the_question_is_kept_as_asked_without_an_answer() -> None:
    product = FakeProduct()
    client(product).post("/pulse", data={"score": ""})
    assert product.pulses == [("nia", None)]


def test_a_decision_needs_a_reason() -> None:
    product = FakeProduct()
    answer = client(product, "paula").post("/board/r1/decide", data={"chosen": "hold", "why": " "})
    assert answer.status_code == 422
    assert product.decided == []


def test_a_decision_is_kept_with_its_author_and_reason() -> None:
    product = FakeProduct()
    client(product, "paula").post("/board/r1/decide", data={"chosen": "ship unproven", "why": "season starts"})
    (kept,) = product.decided
    assert (kept.release, kept.chosen, kept.by, kept.why) == ("r1", "ship unproven", "paula", "season starts")


def test_promoting_against_the_verdict_is_a_conflict_in_words() -> None:
    answer = client(FakeProduct(), "paula").post("/board/r1/decide", data={"chosen": "promote", "why": "now"})
    assert answer.status_code == 409
    assert "the verdict is “hold”" in answer.text


def test_revert_now_takes_the_release_back() -> None:
    product = FakeProduct()
    client(product, "paula").post("/releases/r1/revert", data={"why": "complaints"})
    assert product.releases()[1].stage == "rolled back"


def test_declining_needs_a_reason_its_author_can_read() -> None:
    product = talked(FakeProduct())
    expert = client(product, "elena")
    assert expert.post("/inbox/f2/fate", data={"state": "declined"}).status_code == 422
    expert.post("/inbox/f2/fate", data={"state": "declined", "reason": "It was a mistake."})
    assert "It was a mistake." in client(product).get("/desk").text


def test_the_demo_is_looked_at_as_one_of_its_people_and_says_what_is_simulated() -> None:
    browser = client(FakeProduct(), "nobody-known")
    page = browser.get("/desk").text
    assert "This is a simulated company." in page
    assert "You answer as Nia Okafor" in page
    answer = browser.post("/look-as", data={"person": "paula"})
    assert answer.headers["location"] == "/board"
    assert "samesite=strict" in answer.headers["set-cookie"].lower()


def test_a_refused_page_says_who_may_and_keeps_the_way_back() -> None:
    answer = client(FakeProduct()).get("/releases", headers={"referer": "http://localhost/desk"})
    assert answer.status_code == 403
    assert "Nia Okafor may not do this" in answer.text
    assert 'href="/desk"' in answer.text


def test_hostile_text_is_shown_as_text() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", problem="<script>alert(1)</script><img src=x onerror=alert(1)>")
    for page in ("/desk", "/inbox", "/inbox/f1"):
        shown = client(product).get(page).text
        assert "<script>alert" not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;" in shown


def test_a_store_that_is_away_is_said_so_and_to_be_tried_again() -> None:
    product = FakeProduct(away=True)
    answer = client(product).post("/desk/s1/answer", data={"what": "done"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert product.recorded == []


def test_the_desk_opens_although_its_exposure_cannot_be_kept() -> None:
    with pytest.raises(Unavailable):
        FakeProduct(away=True).storage.log.head()
    assert client(FakeProduct(away=True)).get("/desk").status_code == 200


@pytest.mark.parametrize("path", ["/desk", "/board", "/releases", "/inbox"])
def test_a_product_nobody_has_used_yet_has_no_broken_page(path: str) -> None:
    answer = client(FakeProduct(items=[], found=[]), "ada").get(path)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text
