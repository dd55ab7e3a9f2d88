"""Who may not answer reads nothing of the desk and corrects nothing, whichever door they try."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from tests import small
from tests.channelled import PEOPLE

from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.use_cases.product import Product

BRIEF = small.BRIEF.replace('contact = "contact"', 'contact = "contact"\nprotected = ["seats"]') + PEOPLE


@pytest.fixture
def product() -> Product:
    made = small.running(12, brief=BRIEF)
    made.decide()
    return made


def client(product: Product, who: str) -> TestClient:
    made = TestClient(create_app(product, mode="demo"), base_url="http://localhost", follow_redirects=False)
    made.cookies.set(COOKIE, who)
    return made


@pytest.mark.parametrize("form", ["feedback", "facts", "answer"])
def test_a_form_that_cannot_be_kept_shows_the_desk_to_those_alone_who_may_open_it(
    product: Product, form: str
) -> None:
    answer = client(product, "rui").post(f"/desk/nope/{form}", data={"words": "", "what": "done"})
    assert answer.status_code == 403
    assert "Person" not in answer.text and "acct-" not in answer.text


def test_who_may_not_answer_says_it_in_words_and_corrects_nothing(product: Product) -> None:
    item = product.queue()[0]
    for correction in ({"gone": "closed"}, {"owner": "rui"}):
        sent = {"unit": item.unit, "correction": correction}
        assert client(product, "rui").post("/v1/feedback", json=sent).status_code == 403
    assert [i.unit for i in product.queue()].count(item.unit) == 1
    said = client(product, "rui").post("/v1/feedback", json={"unit": item.unit, "comment": "they moved"})
    assert said.status_code == 201
    sent = {"unit": item.unit, "correction": {"gone": "closed"}}
    assert client(product, "ana").post("/v1/feedback", json=sent).status_code == 201
    assert item.unit not in [i.unit for i in product.queue()]


@pytest.mark.parametrize("fact", ["seats", "owner"])
def test_a_fact_that_is_not_shown_is_not_corrected(product: Product, fact: str) -> None:
    item = product.queue()[0]
    form = {f"fact.{fact}": "7"}
    answer = client(product, "ana").post(f"/desk/{item.suggestion.id}/facts", data=form)
    assert answer.status_code == 422
    assert product.inbox() == []


def test_feedback_of_one_unit_is_not_kept_under_another(product: Product) -> None:
    first, second = product.queue()[:2]
    sent = {"suggestion": first.suggestion.id, "unit": second.unit, "thumb": -1}
    answer = client(product, "ana").post("/v1/feedback", json=sent)
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_input")
    assert client(product, "ana").post("/v1/feedback", json={**sent, "unit": first.unit}).status_code == 201
    assert [i.unit for i in product.inbox()] == [first.unit]


def test_words_on_what_nobody_was_told_are_refused(product: Product) -> None:
    rows = product.workspace.tables.arrow("suggestion").to_pylist()
    quiet = next(r["id"] for r in rows if r["arm"] == "holdout" or r["action"] == "nothing")
    for words in ({"thumb": -1}, {"comment": "hm"}):
        answer = client(product, "ana").post("/v1/feedback", json={"suggestion": quiet, **words})
        assert answer.status_code == 404
    assert product.inbox() == []
