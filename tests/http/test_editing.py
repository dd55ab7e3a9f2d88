"""Playbook and brief in the browser: looked at before they are kept, with a history, and no edit is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from tests.http.house import Home, home

from payoff.http.app import create_app
from payoff.http.pages.documents import mark_of
from payoff.http.session import COOKIE


@pytest.fixture
def house() -> Home:
    return home()


def ask(house: Home, who: str = "elena") -> TestClient:
    client = TestClient(
        create_app(house.product, mode="demo"), base_url="http://localhost", follow_redirects=False
    )
    client.cookies.set(COOKIE, who)
    return client


def fields(**more: Any) -> dict[str, str]:
    given = {"name": "Set-up call", "say": "Call {contact}", "why": "", "roles": "", "industries": "", "when": ""}
    return {**given, "cost": "10", "minutes": "0", "rank": "1", "expects": "15", "unsure": "5", **more}


def sure(client: TestClient, address: str, data: dict[str, str]) -> Response:
    """Look at what it changes, and say yes to exactly that."""
    seen = client.post(address, data=data)
    mark = re.search(r'name="confirmed" value="(\w+)"', seen.text)
    return client.post(address, data={**data, "confirmed": mark[1]}) if mark else seen


def action(house: Home):
    return next(a for a in house.product.playbook.actions if a.id == "setup_call")


def test_what_an_edit_changes_is_said_before_it_is_kept(house: Home) -> None:
    client = ask(house)
    seen = client.post("/playbook/actions/setup_call", data=fields(roles="HR manager", base="2"))
    assert seen.status_code == 200
    assert "is fit for 6 customers today; before, for 12" in seen.text
    assert action(house).roles == []
    kept = sure(client, "/playbook/actions/setup_call", fields(roles="HR manager", base="2"))
    assert kept.status_code == 303
    assert action(house).roles == ["HR manager"]
    assert house.product.documents.history("playbook.toml")[0].by == "elena"


def test_what_an_edit_does_to_a_running_trial_is_said_and_what_it_would_spoil_is_refused(house: Home) -> None:
    house.product.move("r1", "ramp", share=1.0, by="paula", why="try")
    seen = ask(house).post("/playbook/actions/setup_call", data=fields(roles="HR manager", base="2"))
    assert "r1 is on trial. Both sides" in seen.text
    assert action(house).roles == []
    moved = ask(house, "paula").post("/brief/aims", data={"margin.1": "20", "base": "2"})
    assert moved.status_code == 422
    assert "r1 is on trial, judged by what was agreed" in moved.text
    assert 'value="20"' in moved.text, "what was typed stays"


def test_two_edits_of_one_action_are_shown_side_by_side(house: Home) -> None:
    house.product.documents.change_action("setup_call", {"why": "quicker"}, by="paula", base=2)
    seen = ask(house).post("/playbook/actions/setup_call", data=fields(base="2", why="warmer", confirmed="1"))
    assert seen.status_code == 409
    assert "There now: quicker" in seen.text
    assert "Yours: warmer" in seen.text
    base = seen.text.split('name="base" value="')[1].split('"')[0]
    again = ask(house).post("/playbook/actions/setup_call", data=fields(base=base, why="warmer", confirmed="1"))
    assert again.status_code == 303
    assert action(house).why == "warmer"


def test_words_alone_need_no_second_look(house: Home) -> None:
    said = fields(say="Ring {contact}", base="2", expects="15", unsure="5", name="Set-up call")
    assert ask(house).post("/playbook/actions/setup_call", data=said).status_code == 303
    assert action(house).say == "Ring {contact}"


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(house: Home) -> None:
    wrong = fields(say=" ", cost="dear", rank="first", when="seats are many", why="kept words", base="2")
    seen = ask(house).post("/playbook/actions/setup_call", data=wrong)
    assert seen.status_code == 422
    for words in ("it is empty", "&#39;dear&#39; is no number", "is no whole number", "is no condition"):
        assert words in seen.text
    assert "kept words" in seen.text
    assert "dear" in seen.text


def test_an_edit_of_the_same_action_made_meanwhile_is_a_conflict_another_part_is_none(house: Home) -> None:
    client = ask(house)
    house.product.documents.change_action("setup_call", {"why": "quicker"}, by="paula", base=2)
    seen = client.post("/playbook/actions/setup_call", data=fields(base="2", why="mine", confirmed="1"))
    assert seen.status_code == 409
    assert action(house).why == "quicker"
    assert "somebody saved another version meanwhile" in seen.text
    house.product.documents.change_action("tips_mail", {"why": "cheap"}, by="paula", base=3)
    assert sure(client, "/playbook/actions/setup_call", fields(base="3")).status_code == 303


def test_a_change_is_taken_back_and_what_came_later_stays(house: Home) -> None:
    documents, client = house.product.documents, ask(house)
    documents.change_action("setup_call", {"minutes": 30.0}, by="elena", base=2)
    documents.change_action("tips_mail", {"name": "Three tips"}, by="paula", base=3)
    shown = client.get("/playbook/history?version=3")
    assert "minutes = 30" in shown.text
    asked = client.post("/playbook/history/3", data={"how": "undo", "base": "4"})
    assert "takes 0 minutes; before, 30" in asked.text
    assert action(house).minutes == 30, "shown before it is done"
    sure = {"base": "4", "confirmed": "1"}
    assert client.post("/playbook/history/3", data={"how": "undo", **sure}).status_code == 303
    assert action(house).minutes == 0
    assert next(a for a in house.product.playbook.actions if a.id == "tips_mail").name == "Three tips"
    back = {"how": "back", "base": "5"}
    assert 'class="removed"' in client.post("/playbook/history/2", data=back).text
    assert client.post("/playbook/history/2", data={**back, "confirmed": "1"}).status_code == 303
    assert next(a for a in house.product.playbook.actions if a.id == "tips_mail").name == "Tips by mail"


def test_a_new_action_and_a_retired_one(house: Home) -> None:
    client = ask(house)
    made = fields(id="visit", name="Visit", say="Visit {contact}", base="2")
    assert sure(client, "/playbook/new", made).status_code == 303
    assert "visit" in [a.id for a in house.product.playbook.actions]
    asked = client.post("/playbook/actions/visit/retire", data={})
    assert "Visit is not suggested to anybody any more." in asked.text, (
        "the first press asks, and says what it does"
    )
    assert "Yes, retire it" in asked.text
    assert 'action="/playbook/actions/visit"' not in asked.text, "nothing else can be pressed for it"
    assert "visit" in [a.id for a in house.product.playbook.actions]
    gone = client.post("/playbook/actions/visit/retire", data={"confirmed": "1"})
    assert "said=retired" in gone.headers["location"]
    assert "visit" not in [a.id for a in house.product.playbook.actions]
    page = client.get("/playbook").text
    assert "Retired (1)" in page
    assert "“Visit {contact}”" in page


def test_a_file_that_cannot_be_read_is_given_back_with_its_faults(house: Home) -> None:
    seen = ask(house).post("/playbook/file", data={"text": "schema = 1\n[[actions]\nnonsense", "base": "2"})
    assert seen.status_code == 422
    assert "nonsense" in seen.text
    assert action(house)


def test_only_an_admin_changes_who_may_do_what(house: Home) -> None:
    text = house.product.documents.document("payoff.toml").text
    more = text.replace('permissions = ["frontline"]', 'permissions = ["frontline", "admin"]', 1)
    assert more != text
    data = {"text": more, "base": "2"}
    refused = ask(house, "paula").post("/brief/file", data=data)
    assert refused.status_code == 422
    assert "only an admin changes this part" in refused.text
    assert sure(ask(house, "ada"), "/brief/file", data).status_code == 303


def test_an_answer_and_an_aim(house: Home) -> None:
    client = ask(house, "paula")
    assert client.post("/brief/answers", data={"success": "they come back", "base": "2"}).status_code == 303
    assert house.product.brief.questions.success == "they come back"
    seen = client.post("/brief/aims", data={"target.0": "60", "base": "3"})
    assert "is 60 of 100; before, 50 of 100" in seen.text
    assert house.product.brief.metrics[0].target == 0.5
    assert sure(client, "/brief/aims", {"target.0": "60", "base": "3"}).status_code == 303
    assert house.product.brief.metrics[0].target == pytest.approx(0.6)
    assert client.post("/brief/aims", data={"target.0": "many", "base": "4"}).status_code == 422


def test_what_the_page_says_of_an_action(house: Home) -> None:
    seen = ask(house, "nia").get("/playbook").text
    assert "You expect +15 points, give or take 5." in seen
    assert "not tried enough" in seen
    assert "Fit for 12 of 12 customers today." in seen
    assert 'href="/playbook/new"' not in seen  # somebody who may not edit is not offered to


def test_what_is_kept_is_what_was_looked_at(house: Home) -> None:
    client = ask(house)
    seen = client.post("/playbook/actions/setup_call", data=fields(roles="HR manager", base="2"))
    mark = re.search(r'name="confirmed" value="(\w+)"', seen.text)
    assert mark
    other = fields(roles="HR manager", cost="99", base="2", confirmed=mark[1])
    again = client.post("/playbook/actions/setup_call", data=other)
    assert again.status_code == 200
    assert "You have changed something since you looked" in again.text
    assert "costs €99; before, €10" in again.text
    assert action(house).cost == 10
    text = house.product.documents.document("playbook.toml").text
    shown = client.post("/playbook/file", data={"text": text.replace("cost = 10", "cost = 11"), "base": "2"})
    mark = re.search(r'name="confirmed" value="(\w+)"', shown.text)
    assert mark
    dearer = {"text": text.replace("cost = 10", "cost = 12"), "base": "2", "confirmed": mark[1]}
    assert "You have changed something" in client.post("/playbook/file", data=dearer).text
    assert action(house).cost == 10


def test_a_name_no_customer_has_is_refused_beside_its_field_with_the_nearest(house: Home) -> None:
    client = ask(house)
    wrong = fields(when="seets at least 5", roles="HR manger", base="2")
    seen = client.post("/playbook/actions/setup_call", data=wrong)
    assert seen.status_code == 422
    assert "no customer has a fact called “seets”, so it would fit nobody. Did you mean seats?" in seen.text
    assert "no contact is “HR manger”. Did you mean HR manager?" in seen.text
    assert 'id="w-when"' in seen.text
    assert 'aria-describedby="w-roles h-roles"' in seen.text
    assert "playbook.toml" not in seen.text
    text = house.product.documents.document("playbook.toml").text
    by_hand = text.replace("cost = 10.0", 'cost = 10.0\nwhen = [{ fact = "seets", at_least = 5 }]')
    asked = client.post("/playbook/file", data={"text": by_hand, "base": "2"})
    assert "Did you mean seats?" in asked.text, "as a file it is said, and can be meant"
    assert sure(client, "/playbook/file", {"text": by_hand, "base": "2"}).status_code == 303
    kept = fields(when="seets at least 5", why="as it was", base="3")
    assert sure(client, "/playbook/actions/setup_call", kept).status_code == 303, (
        "what stood there is not in the way"
    )


def test_a_figure_that_cannot_be_is_told_in_the_unit_of_its_field(house: Home) -> None:
    client = ask(house, "paula")
    seen = client.post("/brief/aims", data={"target.0": "160", "margin.1": "-1", "explore": "", "base": "2"})
    assert seen.status_code == 422
    assert "160 is more than 100. Give a number from 0 to 100." in seen.text
    assert "-1 is less than 0. Give a number from 0 to 99." in seen.text
    assert 'href="#explore"' in seen.text
    assert "payoff.toml" not in seen.text.split('role="alert"')[1].split("</div>")[0]
    assert 'value="160"' in seen.text


def test_how_much_is_tried_is_set_in_the_brief_and_said_before(house: Home) -> None:
    client = ask(house, "paula")
    assert 'id="explore"' in client.get("/brief").text
    seen = client.post("/brief/aims", data={"explore": "3", "base": "2"})
    assert "is tried in at least 3 of 100 decisions; before, 0.5." in seen.text
    assert sure(client, "/brief/aims", {"explore": "3", "base": "2"}).status_code == 303
    assert house.product.brief.policy.explore == pytest.approx(0.03)


def test_an_emptied_file_is_looked_at_like_any_other_and_the_same_text_keeps_nothing(house: Home) -> None:
    client, kept = ask(house), house.product.documents
    base = str(kept.document("playbook.toml").number)
    emptied = client.post("/playbook/file", data={"text": "", "base": base})
    assert "Field required" not in emptied.text
    assert "did not work" not in emptied.text
    same = client.post("/playbook/file", data={"text": kept.on_file("playbook.toml"), "base": base})
    assert same.status_code == 303
    assert "said=same" in same.headers["location"]
    assert str(kept.document("playbook.toml").number) == base


def test_nothing_changed_is_nothing_saved(house: Home) -> None:
    client, kept = ask(house, "paula"), house.product.documents
    known = action(house)
    same = client.post("/playbook/actions/setup_call", data=fields(say=known.say, why=known.why, base="2"))
    assert "said=same" in same.headers["location"], "minutes of 0 are not written where none stood"
    users = house.product.brief.questions.users
    assert "said=same" in client.post("/brief/answers", data={"users": users, "base": "2"}).headers["location"]
    back = client.post("/playbook/history/2", data={"how": "back", "base": "2"})
    assert "said=same" in back.headers["location"]
    assert kept.document("playbook.toml").number == kept.document("payoff.toml").number == 2


def test_an_answer_that_is_emptied_is_shown_before_it_is_saved(house: Home) -> None:
    client, emptied = ask(house, "paula"), {"success": " ", "base": "2"}
    seen = client.post("/brief/answers", data=emptied)
    assert "“What is success to them?” becomes open" in seen.text
    assert house.product.brief.questions.success != "?"
    assert sure(client, "/brief/answers", emptied).status_code == 303
    assert house.product.brief.questions.success == "?"


def test_a_file_is_refused_what_the_form_refuses_and_an_empty_playbook(house: Home) -> None:
    client, text = ask(house), house.product.documents.document("playbook.toml").text
    typo = text.replace("cost = 10.0", 'cost = 10.0\nroles = ["hr manager"]')
    refused = client.post("/playbook/file", data={"text": typo, "base": "2"})
    assert refused.status_code == 422
    assert "Did you mean HR manager?" in refused.text
    empty = client.post("/playbook/file", data={"text": "schema = 1", "base": "2"})
    assert empty.status_code == 422
    assert "no action is left" in empty.text
    seen = client.post("/playbook/file", data={"text": text.replace("cost = 10", "cost = 11"), "base": "2"}).text
    assert seen.index("Yes, save it") < seen.index("<textarea"), "the word is given where the change is read"
    assert seen.count("Yes, save it") == 1


def test_a_form_is_told_everything_at_once_in_its_own_words(house: Home) -> None:
    client = ask(house)
    wrong = fields(id="Set up", name="x" * 81, cost="dear", roles="HR manger", say="Ring {contakt}", base="2")
    seen = client.post("/playbook/new", data=wrong).text
    for words in ("it cannot be a short name", "it has 81 characters", "is no number", "Did you mean HR manager?"):
        assert words in seen
    assert "there is no fact called &#39;contakt&#39;" in seen, "what one fault would hide is told beside it"
    taken = client.post("/playbook/new", data=fields(id="setup_call", name="set-up CALL", base="2")).text
    assert "this short name is taken by “Set-up call”" in taken
    assert "another action has this name" in taken
    assert "playbook.toml" not in taken
    assert len(house.product.playbook.actions) == 2


def test_a_new_action_is_shown_whole_before_it_is_saved(house: Home) -> None:
    client, made = ask(house), fields(id="visit", name="Visit", minutes="30", when="seats at least 1", base="2")
    house.product.clock.set(datetime(2026, 1, 7, 9, tzinfo=UTC))  # type: ignore[attr-defined]
    seen = client.post("/playbook/new", data=made).text
    assert "Visit is new, for seats at least 1; it is fit for 12 customers today." in seen
    assert "You expect +15 points of it, give or take 5." in seen
    assert "One costs €10 and takes 30 minutes." in seen
    assert "in the weekly turn, Mon 12 Jan." in seen
    assert "“seats at least 1” leaves nobody out. seats runs from 5 to 11 today." in seen
    unsaid = client.post("/playbook/new", data={**made, "expects": "", "when": "seats at least 99"}).text
    assert "it counts as no help, give or take 5 points" in unsaid
    assert "“seats at least 99” fits no customer. seats runs from 5 to 11 today." in unsaid


def test_what_customers_read_is_written_in_the_form(house: Home) -> None:
    client = ask(house)
    brief = house.product.documents.document("payoff.toml").text + '\n[widget]\nlanguages = ["en", "de"]\n'
    house.product.documents.save("payoff.toml", brief, by="ada", base=2, confirmed=True, admin=True)
    assert 'name="tell.de.title"' in client.get("/playbook/actions/setup_call").text
    told = {"tell.en.title": "Let us set it up", "tell.en.button": "Yes, please", "tell.en.why": "It is quick."}
    wrong = client.post(
        "/playbook/actions/setup_call", data=fields(base="2", **{"tell.de.why": "Es geht schnell."})
    )
    assert "there is no title to it" in wrong.text
    assert 'id="w-tell.de.title"' in wrong.text
    data = fields(base="2", why=action(house).why, **told)
    assert client.post("/playbook/actions/setup_call", data=data).status_code == 303
    kept = action(house)
    assert (kept.tell["en"].title, kept.tell["en"].button) == ("Let us set it up", "Yes, please")
    assert kept.tell_why == {"en": "It is quick."}
    gone = fields(base="3", why=kept.why, **dict.fromkeys(told, ""))
    assert client.post("/playbook/actions/setup_call", data=gone).status_code == 303
    assert action(house).tell == {}


def test_a_tolerable_loss_is_asked_for_and_listed_in_the_units_of_its_field(house: Home) -> None:
    client = ask(house, "paula")
    emptied = client.post("/brief/aims", data={"margin.1": "", "base": "2"})
    assert emptied.status_code == 422
    assert "Give a tolerable loss, for example 4" in emptied.text
    seen = client.post("/brief/aims", data={"margin.0": "3", "base": "2"}).text
    assert "may be worse by 3 of 100; before, by none." in seen, "that of a goal, too"


def test_the_page_says_what_each_wish_became_in_sentences_and_leads_to_where_it_stands(house: Home) -> None:
    page = ask(house, "paula").get("/brief").text
    assert "<dd>rolls a release back when worse" in page
    assert '<code class="small">outcome_rate(left, 60 d)</code>' in page
    assert "shown on: Releases" not in page


def test_somebody_who_may_only_read_the_file_is_told_who_may_change_it(house: Home) -> None:
    page = ask(house, "dev").get("/brief/file").text
    assert "You may read this; Paula Stein, Ada Lind may change it." in page
    assert "You may read this" not in ask(house, "paula").get("/brief/file").text


def test_a_line_break_is_a_change_and_a_change_of_what_decides_is_looked_at(house: Home) -> None:
    client, kept = ask(house, "ada"), house.product.documents
    text, base = kept.on_file("payoff.toml"), str(kept.document("payoff.toml").number)
    looser = text.replace("[release]", "[release]\nalpha = 0.15", 1)
    assert looser != text
    shown = client.post("/brief/file", data={"text": looser, "base": base})
    assert shown.status_code == 200, "a bound of the gate moves: nobody has seen yet what becomes of the verdict"
    assert mark_of("# note holdout = 1") != mark_of("# note\nholdout = 1")
    assert mark_of("a\r\nb\r\n") == mark_of("a\nb")
