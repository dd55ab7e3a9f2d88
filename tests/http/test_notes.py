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


def test_the_list_is_filtered_by_its_address(house: Home) -> None:
    client, research = ask(house), house.product.research
    research.record("interview", "they want fewer mails", by="rui", attended={"HR manager": 1}, title="On mails")
    for query, found, gone in (
        ("kind=interview", "On mails", "they looked for the button"),
        ("role=payroll+lead", "they looked for the button", "On mails"),
        ("theme=finding", "they looked for the button", "On mails"),
        ("text=FEWER", "On mails", "they looked for the button"),
    ):
        seen = client.get(f"/notes?{query}").text
        assert found in seen, query
        assert gone not in seen, query
    assert "No note fits these filters." in client.get("/notes?text=nothing+like+it").text


def test_a_quote_at_fault_comes_back_with_its_words_and_a_good_one_keeps_who_and_themes(house: Home) -> None:
    client, note = ask(house), house.places["note"]
    said = {"text": "it is right there", "code": "P1", "themes": "finding, menus", "stance": "for"}
    seen = client.post(f"/notes/sessions/{note}/quotes", data=said)
    assert seen.status_code == 422
    assert "it is for nothing" in seen.text
    assert "it is right there</textarea>" in seen.text
    client.post(f"/notes/sessions/{note}/quotes", data={**said, "bears": "release:r0"})
    form = client.get(f"/notes/sessions/{note}").text.split(f'action="/notes/sessions/{note}/quotes"')[1]
    assert 'value="finding, menus"' in form
    assert '<option value="P1" selected>' in form


def test_a_quote_is_filed_anew(house: Home) -> None:
    client, quote = ask(house), house.places["quote_id"]
    sent = {
        "text": "where is Undo?",
        "code": "P1",
        "themes": "undo",
        "bears": "action:setup_call",
        "stance": "against",
    }
    answer = client.post(f"/notes/quotes/{quote}", data=sent)
    assert answer.headers["location"].endswith(f"?said=noted#q-{quote}")
    (kept,) = house.product.research.quotes()
    assert (kept.text, kept.themes, kept.stance) == ("where is Undo?", ("undo",), "against")
    assert client.post(f"/notes/quotes/{quote}", data={**sent, "text": " "}).status_code == 422
    assert client.post("/notes/quotes/nobodys", data=sent).status_code == 404


def test_a_theme_is_renamed_and_untied_and_its_old_address_still_leads_there(house: Home) -> None:
    client = ask(house)
    client.post("/notes/themes/finding", data={"on": "release:r0"})
    answer = client.post("/notes/themes/finding/rename", data={"name": "Menus & search"})
    assert answer.headers["location"] == "/notes/themes/Menus%20%26%20search?said=noted"
    assert "Menus &amp; search: 1 quote" in client.get("/notes/themes/finding").text
    assert client.post("/notes/themes/finding/untie", data={"on": "release:r0"}).status_code == 303
    assert house.product.research.theme("finding").ties == ()
    assert client.post("/notes/themes/finding/rename", data={"name": " / "}).status_code == 422


def test_a_long_interview_is_changed_and_its_words_taken_back(house: Home) -> None:
    client, note = ask(house), house.places["note"]
    long = "word " * 5000
    fields = {"title": "Undo", "text": long, "themes": "undo", "role.payroll lead": "2"}
    assert client.post(f"/notes/sessions/{note}/change", data=fields).status_code == 303
    kept = house.product.research.session(note)
    assert (kept.title, len(kept.text), kept.themes, len(kept.people)) == ("Undo", len(long.strip()), ("undo",), 2)
    none = {**fields, "role.payroll lead": "0"}
    seen = client.post(f"/notes/sessions/{note}/change", data=none)
    assert seen.status_code == 422
    assert "P1 spoke as payroll lead" in seen.text
    taken = client.post(f"/notes/sessions/{note}/withdraw", data={"code": "P1", "text": long + "end"})
    assert taken.status_code == 303
    assert house.product.research.session(note).text.endswith("end")


def test_a_planned_session_shows_its_agenda_and_can_be_dropped(house: Home) -> None:
    client = ask(house)
    client.post(
        "/notes/plan",
        data={"about": "interview", "day": "2026-01-20", "text": "Why so late?", "role.HR manager": "2"},
    )
    plan = house.product.research.next().planned
    assert plan is not None
    seen = client.get(f"/notes/sessions/{plan.id}").text
    assert "Why so late?" in seen
    assert "Add the quote" not in seen
    printed = client.get(f"/notes/agenda?plan={plan.id}").text
    assert "Who comes: 2 HR manager." in printed
    assert "interview, Tue 20 Jan" in printed
    assert client.post(f"/notes/sessions/{plan.id}/drop").status_code == 303
    assert house.product.research.next().planned is None


def test_whoever_may_only_read_is_offered_no_form(house: Home) -> None:
    client, note = ask(house, "dev"), house.places["note"]
    for path in ("/notes", f"/notes/sessions/{note}", "/notes/themes/finding"):
        body = client.get(path).text.split("<main", 1)[1]
        assert 'method="post"' not in body, path
