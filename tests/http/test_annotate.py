"""Labelling over HTTP: answers, back, the end of the list, and what nobody may see or send."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from tests.http.house import Home, home

from payoff.http.app import create_app
from payoff.http.session import COOKIE


@pytest.fixture
def at() -> Home:
    return home()


def client(at: Home, who: str = "elena") -> TestClient:
    made = TestClient(create_app(at.product, mode="demo"), base_url="http://localhost")
    made.cookies.set(COOKIE, who)
    return made


def case_on(page: str) -> str:
    found = re.search(r'action="/annotate/([^"/]+)" class="block case"', page)
    return found.group(1) if found else ""


def label_all(browser: TestClient, answer: str, instead: str = "") -> int:
    n, page = 0, browser.get("/annotate").text
    while case := case_on(page):
        page = browser.post(f"/annotate/{case}", data={"answer": answer, "why": "so", "instead": instead}).text
        n += 1
        assert n < 50
    return n


def test_one_case_at_a_time_with_both_actions_and_no_choice_of_the_models(at: Home) -> None:
    page = client(at).get("/annotate").text
    n = len(at.product.annotating.batch())
    assert "minutes in all" in page
    assert f"1 of {n}" in page
    assert "Set-up call" in page
    assert "Tips by mail" in page
    for word in ("propensity", "candidates", "worth", "release r0"):
        assert word not in page


def test_an_answer_leads_to_the_next_case_and_back_shows_it(at: Home) -> None:
    browser = client(at)
    first = case_on(browser.get("/annotate").text)
    second = browser.post(
        f"/annotate/{first}", data={"answer": "neither", "instead": "tips_mail", "why": "x"}
    ).text
    assert case_on(second) not in ("", first)
    back = browser.get(f"/annotate?case={first}").text
    assert "your answer: Neither of the two" in back
    browser.post(f"/annotate/{first}", data={"answer": "cannot say", "instead": "tips_mail"})
    (case,) = [c for c in at.product.annotating.batch() if c.suggestion == first]
    assert (case.first["elena"].label, case.first["elena"].instead) == ("cannot say", "")


def test_finish_later_says_what_is_kept(at: Home) -> None:
    browser = client(at)
    browser.post(f"/annotate/{case_on(browser.get('/annotate').text)}", data={"answer": "neither"})
    assert f"1 of {len(at.product.annotating.batch())} answered, and kept" in browser.get("/annotate?later=1").text


def test_the_end_shows_counts_and_luck_and_never_a_bare_coefficient(at: Home) -> None:
    n = label_all(client(at, "paula"), "setup_call")
    assert "Nobody else has answered" in client(at, "paula").get("/annotate").text
    label_all(client(at), "setup_call")
    page = client(at).get("/annotate").text
    assert f"You and Paula Stein agree on {n} of {n}; luck alone would give about {round(n / 2)}." in page
    assert "are too few to say how good; 50 are needed" in page
    main = page.split("<details")[0]
    assert "alpha" not in main
    assert not re.search(r"\b0\.\d\d\b", main)


def test_what_differs_stands_side_by_side_and_can_be_settled(at: Home) -> None:
    label_all(client(at, "paula"), "setup_call")
    browser = client(at)
    label_all(browser, "tips_mail")
    page = browser.get("/annotate").text
    assert "Take that of Paula Stein" in page
    case = at.product.annotating.batch()[0]
    after = browser.post(f"/annotate/{case.suggestion}/settle", data={"answer": "setup_call"}).text
    assert "Agreed on “Set-up call”: that is what teaches." in after
    assert "agree on 0 of" in after


def test_each_case_has_an_address_of_its_own_and_the_way_back_shows_the_answer(at: Home) -> None:
    browser = client(at)
    first = browser.get("/annotate", follow_redirects=False)
    assert first.status_code == 303
    address = first.headers["location"]
    case = case_on(browser.get(address).text)
    assert address == f"/annotate?case={case}"
    after = browser.post(f"/annotate/{case}", data={"answer": "neither", "why": "no"}, follow_redirects=False)
    assert after.headers["location"].startswith("/annotate?case=")
    assert after.headers["location"].endswith("#case")
    assert case not in after.headers["location"]
    following = browser.get(after.headers["location"]).text
    assert f'<a href="{address}">Change it, or say why</a>' in following
    back = browser.get(address).text
    assert "your answer: Neither of the two" in back
    assert "Change it, or say why" not in back
    assert following.index("Kept for") > following.index('id="case"'), "the place the page goes to after an answer"
    for shown in (following, back):
        assert shown.index('data-key="4"') < shown.index('id="why"'), "answers first"
    assert '<details class="why"><summary>Say why' in following
    assert '<details class="why" open><summary>Say why' in back
    assert '<button name="answer" value="neither">Keep this with my answer</button>' in back


def test_settling_in_the_middle_of_a_list_leads_back_to_what_is_left_to_settle(at: Home) -> None:
    label_all(client(at, "paula"), "setup_call")
    browser = client(at)
    label_all(browser, "tips_mail")
    at.product.clock.advance(timedelta(days=60))  # type: ignore[attr-defined]
    at.product.decide()
    n = len(at.product.annotating.disagreements("elena"))
    page = browser.get("/annotate").text
    assert f"{n} differ from what somebody else said" in page
    assert 'href="/annotate?later=1#apart"' in page
    assert "Where you differ" not in page
    later = browser.get("/annotate?later=1").text
    assert f"Where you differ: {n} to settle" in later
    assert later.count(">Keep mine<") == n
    assert "Do you agree?" in later, "what one may see, also before the list is done"
    case = at.product.annotating.disagreements("elena")[0].suggestion
    sent = browser.post(f"/annotate/{case}/settle", data={"answer": "setup_call"}, follow_redirects=False)
    assert sent.headers["location"] == "/annotate?later=1&said=label#apart"
    after = browser.get("/annotate?later=1").text
    assert f"{n - 1} differ from what" in after
    assert f"Where you differ: {n - 1} to settle" in after
    assert after.count(">Keep mine<") == n - 1


def test_before_both_have_spoken_and_one_is_done_nobody_reads_the_others_words(at: Home) -> None:
    browser = client(at, "paula")
    first = case_on(browser.get("/annotate").text)
    browser.post(f"/annotate/{first}", data={"answer": "neither", "why": "SECRETWHY"})
    mine = client(at)
    for address in (f"/annotate?case={first}", "/annotate", "/annotate?later=1"):
        assert "SECRETWHY" not in mine.get(address).text
    label_all(mine, "setup_call")
    assert "SECRETWHY" in mine.get("/annotate").text


def test_what_cannot_be_answered_is_said_so(at: Home) -> None:
    browser = client(at)
    case = case_on(browser.get("/annotate").text)
    assert browser.post(f"/annotate/{case}", data={"answer": "dance"}).status_code == 422
    assert browser.post("/annotate/nobody", data={"answer": "neither"}).status_code == 404
    assert browser.post(f"/annotate/{case}/settle", data={"answer": "neither"}).status_code == 409
    assert client(at, "nia").get("/annotate").status_code == 403
    assert client(at, "elena").get("/annotate/all").status_code == 403


def test_all_labels_with_their_fate_and_as_a_table(at: Home) -> None:
    label_all(client(at, "paula"), "setup_call")
    n = label_all(client(at), "setup_call")
    at.product.create_release("r2", "Effects", {"policy": "effect"}, by="dev", why="try")
    at.product.learn()
    page = client(at, "dev").get("/annotate/all").text
    assert f"{n} cases were asked, {n} answered, {n} by two people, {n} agreed, {n} moved what is expected" in page
    assert f"Set-up call: Elena Rossi and Paula Stein agree on {n} of {n}" in page
    text = client(at, "dev").get("/annotate/all?as=csv").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2 * n
    assert {(r["label"], r["fate"], r["release"]) for r in rows} == {("setup_call", "lesson", "r2")}
    mine = client(at).get("/annotate").text
    assert f"{n} of your answers moved what" in mine
    assert "Changed is not improved" in mine
    assert "improved what" not in mine


def test_hostile_words_are_words(at: Home) -> None:
    hostile = "<script>alert(1)</script>"
    browser = client(at, "paula")
    while case := case_on(browser.get("/annotate").text):
        browser.post(f"/annotate/{case}", data={"answer": "setup_call", "why": hostile})
    mine = client(at)
    label_all(mine, "tips_mail")
    page = mine.get("/annotate").text
    assert hostile not in page
    assert "&lt;script&gt;" in page
