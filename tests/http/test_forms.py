"""What a click on a page keeps, and where it leads."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests.fake_product import FakeProduct, talked

from payoff.errors import Unknown
from payoff.http.app import create_app
from payoff.http.session import COOKIE


def client(product: FakeProduct, who: str = "nia") -> TestClient:
    made = TestClient(create_app(product, mode="demo"), base_url="http://localhost", follow_redirects=False)
    made.cookies.set(COOKIE, who)
    return made


@pytest.mark.parametrize(
    "back", ["//elsewhere.example/x", "https://elsewhere.example", "/\\elsewhere", "javascript:1"]
)
def test_a_form_never_leads_to_another_site(back: str) -> None:
    answer = client(FakeProduct()).post("/pulse", data={"score": "4", "back": back})
    assert answer.headers["location"] == "/?said=pulse"


def test_a_decision_needs_a_reason() -> None:
    product = FakeProduct()
    answer = client(product, "paula").post("/board/r1/decide", data={"chosen": "hold", "why": " "})
    assert answer.status_code == 422
    assert product.decided == []


def test_a_reason_that_cannot_be_kept_comes_back_as_it_was_typed() -> None:
    product = FakeProduct()
    manager, long = client(product, "paula"), "too long " * 300
    answer = manager.post("/board/r1/decide", data={"chosen": "roll back", "why": long})
    assert answer.status_code == 422
    assert long.strip() in answer.text
    assert "The reason is too long: 2,699 characters, and 2,000 are kept." in answer.text
    assert answer.text.count('<details class="back" open>') == 1, "the form it came from is open"
    for path, data in (("/releases/r1/revert", {"why": "  "}), ("/releases/r3/start", {"why": " ", "named": "a"})):
        empty = manager.post(path, data=data)
        assert empty.status_code == 422
        assert empty.text.count("Say why in a sentence: it is kept for good.") == 1
        assert 'details class="answer" open' in empty.text
    assert product.decided == []


def test_what_was_decided_is_said_and_where_it_stands_now() -> None:
    product = FakeProduct()
    manager = client(product, "paula")

    def after(path: str, **data: str) -> str:
        return manager.get(manager.post(path, data={"why": "so", **data}).headers["location"]).text

    assert "“The right next step” stays as it is (wider trial, 100% in the trial)." in after(
        "/board/r1/decide", chosen="hold"
    )
    assert "“By the playbook” has taken its step: it is at shadow now." in after("/releases/r3/start")
    assert "“The right next step” serves nobody any more, “Most clicked” serves everybody." in after(
        "/releases/r1/revert"
    )


def test_a_decision_is_kept_with_its_author_and_reason() -> None:
    product = FakeProduct()
    client(product, "paula").post("/board/r1/decide", data={"chosen": "ship unproven", "why": "season starts"})
    (kept,) = product.decided
    assert (kept.release, kept.chosen, kept.by, kept.why) == ("r1", "ship unproven", "paula", "season starts")


def test_promoting_against_the_verdict_is_a_conflict_in_words() -> None:
    answer = client(FakeProduct(), "paula").post("/board/r1/decide", data={"chosen": "promote", "why": "now"})
    assert answer.status_code == 409
    assert "The verdict is “hold”" in answer.text


def test_revert_now_takes_the_release_back() -> None:
    product = FakeProduct()
    client(product, "paula").post("/releases/r1/revert", data={"why": "complaints"})
    assert product.releases()[1].stage == "rolled back"


def test_a_new_release_of_an_earlier_recipe_is_a_draft_under_a_name_of_its_own() -> None:
    product = FakeProduct()
    manager = client(product, "paula")
    refused = manager.post("/releases/r2/again", data={"title": "Second try", "why": " "})
    assert refused.status_code == 422
    assert 'value="Second try"' in refused.text, "what was typed is not lost"
    made = manager.post("/releases/r2/again", data={"title": "Second try", "why": "complaints are solved"})
    assert "“Second try” is a draft now" in manager.get(made.headers["location"]).text
    draft, old = product.found[-1], product.found[2]
    assert (draft.id, draft.title, draft.stage) == ("r2-2", "Second try", "draft")
    assert (draft.recipe, draft.moves[0].why) == (old.recipe, "complaints are solved")
    manager.post("/releases/r2/again", data={"why": "and again"})
    assert (product.found[-1].id, product.found[-1].title) == ("r2-3", "Win-back blitz, once more")
    assert client(product, "rui").post("/releases/r2/again", data={"why": "x"}).status_code == 403


def test_the_record_of_every_decision_is_a_page() -> None:
    product = FakeProduct()
    client(product, "paula").post("/board/r1/decide", data={"chosen": "hold", "why": "quarter end"})
    page = client(product, "rui").get("/releases/record")
    assert "Paula Stein chose hold" in page.text
    assert "“quarter end”" in page.text


def test_declining_needs_a_reason_its_author_can_read() -> None:
    product = talked(FakeProduct())
    expert = client(product, "elena")
    assert expert.post("/inbox/f2/fate", data={"state": "declined"}).status_code == 422
    expert.post("/inbox/f2/fate", data={"state": "declined", "reason": "It was a mistake."})
    assert "It was a mistake." in client(product).get("/said").text
    expert.post("/inbox/f2/fate", data={"state": "reply", "reason": "No mistake: it helps."})
    assert "No mistake: it helps." in client(product).get("/said").text


def test_one_answer_reaches_those_too_who_have_one_only_where_it_is_asked_for() -> None:
    product = talked(FakeProduct())
    words = "The phone number is missing on half of these."
    product.feedback("s2", by="nia", problem=words)
    group = next(g for g in product.groups() if g.topic.kind == "problem").id
    boss, told = client(product, "paula"), {"state": "used", "reason": "They are there from today on."}
    page = boss.get(f"/inbox/group/{group}").text
    assert "We will fix it" in page and 'name="everybody"' in page
    boss.post(f"/inbox/group/{group}/fate", data=told)
    replies = {i.id: i.reply for i in product.inbox() if i.problem}
    assert replies == {"f5": told["reason"], "f3": "A model cannot learn this; it was handed to the team."}
    product.feedback("s2", by="ada", problem=words)
    boss.post(f"/inbox/group/{group}/fate", data={**told, "reason": "And in the mail.", "everybody": "true"})
    assert {i.reply for i in product.inbox() if i.problem} == {"And in the mail."}


def test_the_demo_is_looked_at_as_one_of_its_people_and_says_what_is_simulated() -> None:
    browser = client(FakeProduct(), "")
    page = browser.get("/desk").text
    assert "This is a simulated company." in page
    assert "Nothing is really sent: no mail, no Slack message" in page
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
    for page in ("/said", "/inbox", "/inbox/f1"):
        shown = client(product).get(page).text
        assert "<script>alert" not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;" in shown


def test_a_store_that_is_away_is_said_so_and_to_be_tried_again() -> None:
    product = FakeProduct(away=True)
    answer = client(product).post("/desk/s1/answer", data={"what": "done"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert product.answered == []


@pytest.mark.parametrize("path", ["/desk", "/board", "/releases", "/inbox"])
def test_a_product_nobody_has_used_yet_has_no_broken_page(path: str) -> None:
    answer = client(FakeProduct(items=[], found=[]), "ada").get(path)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


def test_a_new_release_needs_a_name_of_its_own_and_the_actions_of_its_recipe() -> None:
    product = FakeProduct()
    scientist = client(product, "dev")
    taken = scientist.post("/releases/r2/again", data={"title": "the right NEXT step", "why": "try"})
    assert taken.status_code == 422
    assert "There is a release called “the right NEXT step” already" in taken.text

    def gone(*_: object, **__: object) -> None:
        raise Unknown("no action called 'x'", mend="There is: a, b.")

    product.create_release = gone  # type: ignore[method-assign]
    said = scientist.post("/releases/r2/again", data={"title": "Other", "why": "try"})
    assert said.status_code == 404
    assert "An action its recipe needs is no longer in the playbook." in said.text
