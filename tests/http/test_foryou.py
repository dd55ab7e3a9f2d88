"""The page behind an e-mail's link: it opens one suggestion, and keeps nothing before a person presses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.worded import LED, TITLE, TITLE_DE, answers, running, wait

from payoff.errors import Unavailable
from payoff.http.app import create_app
from payoff.use_cases.product import Product


class Reader:
    """A customer with a link; their browser sends no cookie of ours."""

    def __init__(self, product: Product | None = None, unit: str = "acct-1", **more: str) -> None:
        self.product = product or running()
        self.path = f"/for-you/{self.product.customers.link(unit, **more)}"
        self.client = TestClient(create_app(self.product), base_url="http://localhost")

    def get(self, query: str = "", **more: Any) -> Any:
        return self.client.get(self.path + query, **more)

    def press(self, what: str, **more: str) -> Any:
        return self.client.post(self.path, data={"what": what, **more}, headers={"origin": "http://localhost"})


def test_opening_it_keeps_nothing_whoever_opens_it() -> None:
    reader = Reader()
    before = reader.product.storage.log.head()
    for method in ("GET", "GET", "HEAD", "OPTIONS"):
        reader.client.request(method, reader.path)
    page = reader.get()
    assert page.status_code == 200
    assert TITLE in page.text
    assert "Nothing is kept until you press a button." in page.text
    assert reader.product.storage.log.head() == before
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


def test_nothing_of_our_house_stands_around_it() -> None:
    text = Reader().get().text
    for word in ("/desk", "/board", "look-as", "Nia Okafor", "Payoff", "<script", "style="):
        assert word not in text, word
    assert len(re.findall("<h1", text)) == 1


def test_the_three_buttons_and_undo() -> None:
    reader = Reader()
    for what, said in (("yes", "We will get in touch"), ("later", "not now"), ("no", "not for you")):
        page = reader.press(what)
        assert page.status_code == 200 and said in page.text
        assert "Nothing is kept until" not in page.text
        wait(reader.product, minutes=1)
        assert "Taken back." in reader.press("undo").text
        wait(reader.product, minutes=1)
    assert [what for what, *_ in answers(reader.product) if what != "undone"] == [
        "shown",
        "accepted",
        "snoozed",
        "dismissed",
    ]
    assert {via for _, via, _ in answers(reader.product)} == {"link"}


def test_a_thumb_and_a_comment_without_an_answer() -> None:
    reader = Reader()
    page = reader.press("down").text
    assert "If you like, say why below" in page and "<textarea" in page
    assert re.search('value="down" aria-pressed="true"', page) and re.search(
        'value="up" aria-pressed="false"', page
    )
    assert "Nothing is kept until" not in reader.get().text
    assert [said.thumb for said in reader.product.inbox()] == [-1]


def test_words_are_heard_and_shown_as_words() -> None:
    reader = Reader()
    reader.press("no")
    hostile = "<script>alert(1)</script>{{7*7}}"
    page = reader.press("say", reason="fit", words=hostile)
    assert "here, under “Your answers”" in page.text
    assert hostile not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page.text
    assert [i.comment for i in reader.product.inbox() if i.comment] == [hostile]
    assert reader.press("say").status_code == 200, "nothing written is nothing said"


def test_no_more_of_these_holds_for_the_widget_too() -> None:
    reader = Reader()
    assert "no more of these" in reader.press("off").text
    with pytest.raises(Exception, match="nothing to show"):
        reader.product.customers.link("acct-1")
    assert TITLE in reader.press("undo").text
    assert reader.product.customers.link("acct-1")


def test_it_speaks_the_language_of_the_link_or_the_one_that_is_chosen() -> None:
    reader = Reader(language="de")
    assert '<html lang="de">' in reader.get().text and TITLE_DE in reader.get().text
    assert '<html lang="es">' in reader.get("?lang=es").text
    pressed = reader.client.post(
        f"{reader.path}?lang=es", data={"what": "yes"}, headers={"origin": "http://localhost"}
    )
    assert '<html lang="es">' in pressed.text


def test_it_ends_with_its_suggestion() -> None:
    reader = Reader()
    wait(reader.product, days=15)
    page = reader.get()
    assert page.status_code == 410
    assert "This suggestion has ended." in page.text and TITLE not in page.text
    late = reader.press("yes")
    assert late.status_code == 410 and "This suggestion has ended." in late.text
    assert answers(reader.product) == []


@pytest.mark.parametrize("token", ["x", "eyJ1IjoiYSJ9.aaa.bbb", "%00", "a" * 5000])
def test_a_broken_link_is_told_in_the_readers_language(token: str) -> None:
    reader = Reader()
    page = reader.client.get(f"/for-you/{token}", headers={"accept-language": "de-DE,de;q=0.9"})
    assert page.status_code == 404
    assert "Dieser Link öffnet nichts" in page.text
    assert "/desk" not in page.text


def test_a_link_for_something_else_opens_nothing() -> None:
    reader = Reader()
    value = {"unit": "acct-1", "person": "", "suggestion": "x", "language": ""}
    token = reader.product.signer.sign("widget", value)
    assert reader.client.get(f"/for-you/{token}").status_code == 404


def test_a_form_of_another_shape_shows_no_faults_of_ours() -> None:
    reader = Reader()
    for form in ({}, {"what": "done"}, {"what": "say", "reason": "x" * 90}, {"what": "undo"}):
        page = reader.client.post(reader.path, data=form, headers={"origin": "http://localhost"})
        assert page.status_code == 200 and TITLE in page.text
    assert answers(reader.product) == []
    reader.press("say", words="y" * 2500)
    assert [len(i.comment) for i in reader.product.inbox()] == [2000]


def test_a_form_of_another_site_presses_nothing() -> None:
    reader = Reader()
    answer = reader.client.post(reader.path, data={"what": "yes"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert answers(reader.product) == []


def test_a_store_that_is_away_says_so_in_the_customers_words(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader()

    def away(_: object) -> None:
        raise Unavailable("the store cannot be reached", mend="Try again.")

    monkeypatch.setattr(reader.product.storage.log, "append", away)
    page = reader.press("yes")
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "Nothing was kept." in page.text


def test_a_yes_that_leads_somewhere_shows_the_way_afterwards() -> None:
    reader = Reader(running(tell=LED))
    assert "guide.example.com" not in reader.get().text, "before the press it is a button, not a way around it"
    page = reader.press("yes")
    assert 'href="https://guide.example.com/start" rel="noreferrer"' in page.text
