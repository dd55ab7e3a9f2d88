"""Notes in the browser: plan, record, mark words, tie a theme, find them again."""

from __future__ import annotations

import csv
import io

import pytest
from fastapi.testclient import TestClient
from tests.http.house import Home, home

from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.use_cases.listening import Wanted


@pytest.fixture
def house() -> Home:
    return home()


def ask(house: Home, who: str = "rui") -> TestClient:
    client = TestClient(
        create_app(house.product, mode="demo"), base_url="http://localhost", follow_redirects=False
    )
    client.cookies.set(COOKIE, who)
    return client


def test_a_planned_session_is_recorded_with_what_became_of_its_questions(house: Home) -> None:
    client, research = ask(house), house.product.research
    plan = {"about": "focus group", "day": "2026-01-20", "role.HR manager": "4", "text": "What annoyed you most?"}
    assert client.post("/notes/plan", data=plan).status_code == 303
    planned = research.next().planned
    assert planned is not None
    form = client.get(f"/notes/new?plan={planned.id}").text
    assert "What annoyed you most?" in form
    house.product.clock.set(planned.held)
    done = {
        "plan": planned.id,
        "about": "focus group",
        "day": "2026-01-20",
        "text": "they want fewer mails",
        "role.HR manager": "3",
        "answer.own.What annoyed you most?": "answered",
        "ask.own.What annoyed you most?": "What annoyed you most?",
    }
    assert client.post("/notes/new", data=done).status_code == 303
    kept = research.session(planned.id)
    assert (kept.planned, kept.attended) == (False, {"HR manager": 3})
    assert [a.state for a in kept.answers] == ["answered"]
    assert "HR manager" not in [h.role for h in research.coverage() if h.last is None]


def test_a_quote_against_a_release_is_found_by_its_address(house: Home) -> None:
    client, note = ask(house), house.places["note"]
    said = {"text": "=cmd() the order makes no sense", "code": "P1", "bears": "release:r0", "stance": "against"}
    assert (
        client.post(f"/notes/sessions/{note}/quotes", data={**said, "themes": "order, trust"}).status_code == 303
    )
    found = client.get("/notes/quotes?on=release:r0&stance=against").text
    assert "the order makes no sense" in found
    assert "where is it?" not in found
    table = client.get("/notes/quotes.csv?stance=against").text.removeprefix("\ufeff")
    cells = list(csv.reader(io.StringIO(table)))[1]
    assert cells[0].startswith("'=cmd()")
    assert house.product.research.about("release:r0").against == 1


def test_a_theme_is_tied_and_what_cannot_be_is_refused(house: Home) -> None:
    client = ask(house)
    assert (
        client.post("/notes/themes/finding", data={"on": "release:r0", "why": "it began there"}).status_code == 303
    )
    assert "it began there" in client.get("/notes/themes/finding").text
    assert client.post("/notes/themes/finding", data={"on": "release:r99"}).status_code == 404
    assert client.get("/notes/themes/nothing").status_code == 404


def test_a_prototype_test_counts_people_and_no_percentages(house: Home) -> None:
    client, note = ask(house), house.places["note"]
    assert (
        client.post(f"/notes/sessions/{note}/tasks", data={"task": "find Undo", "did.P1": "help"}).status_code
        == 303
    )
    seen = client.get(f"/notes/sessions/{note}").text
    assert "0 of 1 did it, 1 with help" in seen
    assert "%" not in seen.split("<main", 1)[1]


def test_words_taken_back_are_gone_and_still_count(house: Home) -> None:
    client, note = ask(house), house.places["note"]
    sent = client.post(f"/notes/sessions/{note}/withdraw", data={"code": "P1", "text": "one person took it back"})
    assert sent.status_code == 303
    assert "where is it?" not in client.get("/notes/quotes").text
    assert len(house.product.research.quotes(Wanted(note=note))) == 1


def test_all_faults_come_back_with_everything_that_was_written(house: Home) -> None:
    wrong = {"about": "interview", "day": "2027-01-01", "text": "", "title": "Keep this title", "themes": "one"}
    seen = ask(house).post("/notes/new", data=wrong)
    assert seen.status_code == 422
    assert "it is still to come" in seen.text
    assert "it is empty" in seen.text
    assert "Keep this title" in seen.text
    bad = ask(house).post("/notes/new", data={**wrong, "day": "soon", "role.HR manager": "many"})
    assert bad.status_code == 422
