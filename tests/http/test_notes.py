"""Notes in the browser: plan, record, mark words, tie a theme, find them again."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from tests.http.house import Home, home

from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.people.person import Person
from payoff.use_cases.listening import Wanted
from payoff.web.pages.notes_words import readable


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


def test_a_task_says_who_did_not_try_it_and_that_it_was_written_again(house: Home) -> None:
    client, research = ask(house), house.product.research
    note = research.record("prototype test", "They looked.", by="rui", attended={"founder": 3})
    sent = {"task": "find Undo", "did.P1": "did", "did.P2": "no", "did.P3": ""}
    address = f"/notes/sessions/{note}/tasks"
    assert "said=noted" in client.post(address, data=sent).headers["location"]
    seen = client.get(f"/notes/sessions/{note}").text
    assert "1 of 2 did it, 0 with help; not tried by P3" in seen
    assert "P3: did not try it" in seen
    again = client.post(address, data={**sent, "task": "Find  undo", "did.P3": "did"})
    seen = client.get(again.headers["location"].partition("#")[0]).text
    assert "in place of what was kept of this task before" in seen
    assert "2 of 3 did it, 0 with help <" in seen
    assert client.post(address, data={"task": "another"}).status_code == 422


def test_words_that_still_stand_are_marked_and_nothing_is_lost(house: Home) -> None:
    client, note = ask(house), house.places["note"]
    house.product.research.change(note, by="rui", text="They looked. Where  IS it? Then they went.")
    address = f"/notes/sessions/{note}/withdraw"
    seen = client.post(address, data={"code": "P1", "text": "So: where is it? And then?"})
    assert seen.status_code == 422
    assert "“where is it?” still stands in it" in seen.text
    assert "So: <mark>where is it</mark>? And then?" in seen.text
    assert ">So: where is it? And then?</textarea>" in seen.text
    assert '<option value="P1" selected>' in seen.text.split(address)[1]
    assert client.post(address, data={"code": "", "text": "x"}).status_code == 422
    assert house.product.research.session(note).text.startswith("They looked. Where")
    done = client.post(address, data={"code": "P1", "text": "They looked, and went."})
    assert "1 quote of P1 has lost its words." in client.get(done.headers["location"]).text
    found = "".join(
        client.get(path).text
        for path in (
            "/notes?text=where+is", f"/notes/sessions/{note}", "/notes/quotes", "/notes/quotes.csv",
            "/notes/themes/finding", "/notes/agenda",
        )
    )  # fmt: skip
    assert "here is it" not in found
    assert "Where  IS" not in found
    assert "0 quotes, and 1 withdrawn" in client.get("/notes/quotes").text
    assert len(client.get("/notes/quotes.csv").text.splitlines()) == 1


def test_a_quote_asks_who_said_it_and_is_taken_out_by_its_author(house: Home) -> None:
    client, note, quote = ask(house), house.places["note"], house.places["quote_id"]
    address = f"/notes/sessions/{note}/quotes"
    seen = client.post(address, data={"text": "it is slow", "code": ""})
    assert seen.status_code == 422
    assert "nobody is chosen" in seen.text
    assert "it is slow</textarea>" in seen.text
    assert client.post(address, data={"text": "it is slow", "code": "own"}).status_code == 303
    assert "observed by Rui" in client.get(f"/notes/sessions/{note}").text
    answer = client.post(f"/notes/quotes/{quote}/remove")
    assert "said=quote_removed" in answer.headers["location"]
    seen = client.get(f"/notes/sessions/{note}").text
    assert "1 quote was taken out" in seen
    assert "<s>“where is it?”</s>" in seen
    for path in ("/notes/quotes", "/notes/quotes.csv", "/notes?text=where+is"):
        assert "where is it?" not in client.get(path).text, path
    assert client.post(f"/notes/quotes/{quote}/remove").status_code == 409


def test_what_a_theme_bears_on_stands_there_by_its_quotes_and_is_counted_apart(house: Home) -> None:
    client, research, note = ask(house), house.product.research, house.places["note"]
    for on, stance, words in (
        ("release:r0", "for", "a"), ("release:r0", "against", "b"), ("brief:questions.problem", "against", "c"),
    ):  # fmt: skip
        research.mark(note, words, by="rui", who="P1", themes=["order"], bears=[on], stance=stance)
    seen = client.get("/notes/themes/order").text
    ties = seen.split('id="ties"')[1].split("</section>")[0]
    assert "1 for, 1 against" in ties
    assert "0 for, 1 against" in ties
    assert ties.count("by its quotes") == 2
    assert "/untie" not in ties
    assert "1 for, 2 against" not in seen
    assert "P1, payroll lead · <a href" in seen
    assert "prototype test of 5 Jan 2026" in seen
    assert '<option value="">choose …</option>' in seen
    refused = client.post("/notes/themes/order", data={"on": "", "why": "because it is"})
    assert refused.status_code == 422
    assert "nothing is chosen" in refused.text
    assert 'value="because it is"' in refused.text


def test_a_tied_theme_stands_beside_what_it_is_tied_to(house: Home) -> None:
    client, research = ask(house), house.product.research
    research.tie("finding", "release:r0", by="rui")
    research.tie("finding", "brief:questions.problem", by="rui")
    research.mark(house.places["note"], "hm", by="rui", who="P1", bears=["brief:questions.users"], stance="for")
    link = '<a href="/notes/themes/finding">finding</a>'
    assert client.get("/releases").text.count(link) == 1
    brief = client.get("/brief").text
    assert brief.count(link) == 1
    assert "1 quote bears on it: 1 for, 0 against" in brief


def test_a_plan_invites_somebody_and_says_how_many(house: Home) -> None:
    client, research = ask(house), house.product.research
    empty = {"about": "focus group", "day": "2026-01-20", "text": "Why?"}
    seen = client.post("/notes/plan", data=empty)
    assert seen.status_code == 422
    assert "nobody is invited" in seen.text
    assert ">Why?</textarea>" in seen.text
    seen = client.post("/notes/plan", data={**empty, "role.HR manager": "-2"})
    assert "Write how many to invite" in seen.text
    assert research.next().planned is None
    assert client.post("/notes/plan", data={**empty, "open": "1"}).status_code == 303
    plan = research.next().planned
    assert plan is not None
    seen = client.get(f"/notes/sessions/{plan.id}").text
    assert "<h1>focus group of 20 Jan 2026</h1>" in seen
    assert "open to all" in seen
    printed = client.get(f"/notes/agenda?plan={plan.id}").text
    assert "Everybody may come." in printed
    assert "Your own question." not in printed


def test_a_due_group_says_since_when_and_how_often(house: Home) -> None:
    client, research, clock = ask(house), house.product.research, house.product.clock
    research.record("focus group", "They said.", by="rui", attended={"founder": 2})
    clock.advance(timedelta(days=20))
    seen = client.get("/notes").text
    assert "A focus group has been due since Mon 19 Jan" in seen
    assert "The brief asks for one every 2 weeks; the last was on 5 Jan 2026." in seen


def test_what_a_note_is_filed_under_stands_there_and_is_offered_for_its_quotes(house: Home) -> None:
    client = ask(house)
    form = {"about": "interview", "day": "2026-01-05", "text": "they like it", "role.founder": "1"}
    sent = client.post("/notes/new", data={**form, "themes": "order, trust", "release": "r0"})
    seen = client.get(sent.headers["location"]).text
    head = seen.split("<h1>")[1].split("</div>")[0]
    assert '<a href="/notes/themes/trust">trust</a>' in head
    assert "r0 · " in head
    quote = seen.split('/quotes">')[1].split("</form>")[0]
    assert 'value="order, trust"' in quote
    assert '<option value="release:r0" selected>' in quote


def test_on_a_phone_every_figure_of_who_was_heard_keeps_its_head(house: Home) -> None:
    table = ask(house).get("/notes").text.split('<table class="cards"')[1].split("</table>")[0]
    assert table.count("<td ") == table.count('data-head="') > 0
    assert 'data-head="Customers"' in table


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


def test_a_cancelled_session_is_asked_about_and_said_to_be_cancelled(house: Home) -> None:
    client, research = ask(house), house.product.research
    client.post("/notes/plan", data={"about": "interview", "day": "2026-01-20", "open": "1"})
    planned = research.next().planned
    assert planned is not None
    page = client.get(f"/notes/sessions/{planned.id}").text
    assert "It leaves the list, with its questions." in page and "Cancel the session" in page
    gone = client.post(f"/notes/sessions/{planned.id}/drop")
    assert gone.headers["location"] == "/notes?said=cancelled"
    assert "Cancelled: the session has left the list." in client.get(gone.headers["location"]).text


def test_the_widget_is_looked_at_from_the_notes(house: Home) -> None:
    client = ask(house)
    assert 'href="/widget/try"' in client.get("/notes").text
    assert client.get("/widget/try").status_code == 200


def test_what_words_bear_on_is_grouped(house: Home) -> None:
    page = ask(house).get(f"/notes/sessions/{house.places['note']}").text
    assert '<optgroup label="Questions of the brief">' in page and '<optgroup label="Figures">' in page


def test_the_agenda_leads_only_where_the_reader_may_go() -> None:
    rui, elena = (Person("x", "X", frozenset({may})) for may in ("researcher", "expert"))
    assert not readable(rui, "/annotate") and readable(elena, "/annotate")
    assert all(readable(rui, href) for href in ("/brief", "/playbook#a-call", "/inbox/f1", "/board?release=r1"))
    assert not readable(rui, "")


def test_colleagues_come_to_a_test_and_are_no_customers_never_heard(house: Home) -> None:
    client, research = ask(house), house.product.research
    form = client.get("/notes/new").text
    customers, colleagues = form.split('id="r-in"><strong>Colleagues')
    assert 'name="role.customer success"' in colleagues and 'name="role.payroll lead"' in customers
    sent = {"about": "prototype test", "day": "2026-01-05", "text": "They looked.", "role.customer success": "2"}
    at = client.post("/notes/new", data=sent).headers["location"].partition("?")[0]
    heard = client.get("/notes").text.split('id="heard"')[1].split("</table>")[0]
    assert "customer success" in heard and "data scientist" not in heard
    client.post(f"{at}/quotes", data={"text": "quick", "code": "P1"})
    later = {"text": "They looked.", "role.payroll lead": "1", "role.customer success": "2"}
    assert client.post(f"{at}/change", data=later).status_code == 303
    assert next(p.role for p in research.session(at.rpartition("/")[2]).people) == "customer success"
    assert '<option value="customer success">' in client.get("/notes/quotes").text


def confirmed(page: str, action: str) -> str:
    form = page.split(f'action="{action}"')[1]
    return form.split('name="confirmed" value="')[1].partition('"')[0]


def test_an_address_or_a_number_is_asked_about_once_before_it_is_kept(house: Home) -> None:
    client, research = ask(house), house.product.research
    sent = {"about": "interview", "day": "2026-01-05", "text": "Ask jo@x.org.", "role.founder": "1"}
    seen = client.post("/notes/new", data=sent)
    assert seen.status_code == 422
    assert "What was said: it holds an e-mail address, jo@x.org. Leave it out, or press “Keep” once" in seen.text
    assert ">Ask jo@x.org.</textarea>" in seen.text
    sent["confirmed"] = confirmed(seen.text, "/notes/new")
    other = client.post("/notes/new", data={**sent, "text": "Ask jo@x.org or al@x.org."})
    assert other.status_code == 422, "what was not asked about is"
    at = client.post("/notes/new", data=sent).headers["location"].partition("?")[0]
    note = at.rpartition("/")[2]
    assert research.session(note).text == "Ask jo@x.org."
    anew = {"title": "Jo", "text": "Ask jo@x.org.", "role.founder": "1"}
    assert client.post(f"{at}/change", data=anew).status_code == 303, "it stood there before"
    anew |= {"text": "Call 030 1234567.", "themes": "calls", "base": research.version(note)}
    seen = client.post(f"{at}/change", data=anew)
    assert "What was said: it holds a phone number, 030 1234567" in seen.text
    form = seen.text.split(f'action="{at}/change"')[1]
    assert ">Call 030 1234567.</textarea>" in form and 'value="calls"' in form
    assert research.session(note).text == "Ask jo@x.org."
    anew["confirmed"] = confirmed(seen.text, f"{at}/change")
    assert client.post(f"{at}/change", data=anew).status_code == 303


def test_a_quote_with_a_number_is_asked_about_where_it_was_typed(house: Home) -> None:
    client, note, quote = ask(house), house.places["note"], house.places["quote_id"]
    for address, button in (
        (f"/notes/sessions/{note}/quotes", "Add the quote"),
        (f"/notes/quotes/{quote}", "Keep"),
    ):
        said = {"text": "call +49 30 1234567", "code": "P1", "themes": "calls"}
        seen = client.post(address, data=said)
        assert seen.status_code == 422
        form = seen.text.split(f'action="{address}"')[1].split("</form>")[0]
        assert f"it holds a phone number, +49 30 1234567. Leave it out, or press “{button}”" in form
        assert "call +49 30 1234567</textarea>" in form and 'value="calls"' in form
        mark = confirmed(seen.text, address)
        assert client.post(address, data={**said, "confirmed": mark}).status_code == 303
    assert {q.text for q in house.product.research.quotes()} == {"call +49 30 1234567"}


def test_a_change_that_cannot_be_kept_stands_in_its_form(house: Home) -> None:
    client, note = ask(house), house.places["note"]
    seen = client.post(f"/notes/sessions/{note}/change", data={"title": "A new title", "text": " "})
    assert seen.status_code == 422
    form = seen.text.split(f'action="/notes/sessions/{note}/change"')[1].split("</form>")[0]
    assert 'value="A new title"' in form and 'role="alert"' in form


def test_two_themes_become_one_only_after_a_yes(house: Home) -> None:
    client, research = ask(house), house.product.research
    for words in ("a", "b"):
        research.mark(house.places["note"], words, by="rui", who="P1", themes=["menus"])
    address = "/notes/themes/finding/rename"
    asked = client.post(address, data={"name": "Menus"})
    assert "This joins 1 quote of “finding” to the 2 quotes of “menus”. Go on?" in asked.text
    assert [t.name for t in research.themes()] == ["menus", "finding"]
    form = asked.text.split(f'action="{address}"')[1].split("</form>")[0]
    assert 'name="name" value="menus"' in form and 'name="join" value="menus"' in form
    assert client.post(address, data={"name": "menus", "join": "menus"}).status_code == 303
    assert [(t.name, len(t.quotes)) for t in research.themes()] == [("menus", 3)]
    assert client.post("/notes/themes/menus/rename", data={"name": "Menus"}).status_code == 303, "itself"


def test_all_faults_of_a_form_are_told_in_one_round_by_the_names_of_its_fields(house: Home) -> None:
    client = ask(house)
    sent = {"about": "interview", "day": "soon", "title": "jo@x.org", "text": " ", "role.founder": "-3"}
    seen = client.post("/notes/new", data=sent).text
    for fault in (
        "Day: “soon” is no day. Choose it", "What was said: it is empty", "Title: it holds an e-mail address",
        "founder: “-3” is no number of people. Write how many came: for example 4.",
    ):  # fmt: skip
        assert fault in seen
    seen = client.post("/notes/plan", data={"about": "interview", "day": "", "role.founder": "four"}).text
    assert "Day: it is empty" in seen
    assert "founder: “four” is no number of people. Write how many to invite: for example 4." in seen
    assert "nobody is invited" not in seen and "it is over" not in seen
    seen = client.post("/notes/plan", data={"about": "interview", "day": ""}).text
    assert "Day: it is empty" in seen and "nobody is invited" in seen
    change = f"/notes/sessions/{house.places['note']}/change"
    seen = client.post(change, data={"text": "", "role.founder": "x"}).text
    assert "founder: “x” is no number" in seen and "What was said: it is empty" in seen
    assert "it has no name" not in seen


def test_who_was_never_heard_is_said_in_a_line(house: Home) -> None:
    client, research = ask(house), house.product.research
    never = [h.role for h in research.coverage() if h.last is None]
    assert never
    assert f"Nobody from: {', '.join(never)}." in client.get("/notes").text
    research.record("focus group", "All spoke.", by="rui", attended=dict.fromkeys(never, 1))
    seen = client.get("/notes").text
    assert "Every role was heard." in seen and "Nobody from" not in seen
