"""The page of rows that words changed: filters, pages, and a table no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from tests.http.house import Home, home

from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.people.person import people_of
from payoff.web.pages.inbox import Filters as InboxFilters
from payoff.web.pages.inbox import inbox, opened_group
from payoff.web.pages.learned import PAGE, Filters, learned
from payoff.web.tables import table


@pytest.fixture(scope="module")
def at() -> Home:
    made = home()
    product = made.product
    told = [s for s in product.decide() if s.arm != "holdout" and s.action != "nothing"]
    made.places["calm"] = product.feedback(told[0].id, by="nia", correction={"risk": "seasonal pause"})
    made.places["thumb"] = product.feedback(told[1].id, by="tom", thumb=-1)
    made.places["unit"] = told[0].unit
    product.learn()
    made.places["artefact"] = product.releases()[0].artefact
    return made


def client(at: Home, who: str = "dev") -> TestClient:
    made = TestClient(create_app(at.product, mode="demo"), base_url="http://localhost")
    made.cookies.set(COOKIE, who)
    return made


def page(at: Home, **filters):
    who = people_of(at.product.brief.people)["dev"]
    return learned(at.product, who, at.places["artefact"], Filters(**filters))


def test_it_says_when_and_by_whom_it_was_learned_and_who_uses_it(at: Home) -> None:
    shown = page(at)
    assert "by r0" in shown.about
    assert shown.serving == "In use now by r0, r1."
    assert shown.headline == "2 training rows say something else because of what people said"
    assert shown.note.startswith("There are too few labels")


def test_each_row_leads_to_what_was_said_and_the_item_leads_back(at: Home) -> None:
    (row,) = page(at, feedback=at.places["calm"]).rows
    assert (row.before, row.after) == ("not known yet", "not at risk")
    assert [s.href for s in row.sources] == [f"/inbox/{at.places['calm']}"]
    item = client(at).get(row.sources[0].href).text
    assert f"/learned/{at.places['artefact']}?feedback={at.places['calm']}" in item
    back = client(at).get(f"/learned/{at.places['artefact']}?feedback={at.places['calm']}")
    assert at.places["unit"] in back.text


def test_filters_by_item_and_by_unit(at: Home) -> None:
    assert len(page(at, unit=at.places["unit"]).rows) == 1
    assert page(at, unit="nobody").rows == ()
    assert page(at, feedback="nobody").empty.startswith("This item changed no row")


def test_pages_are_linked_and_keep_the_filter(at: Home) -> None:
    shown = page(at, start=PAGE, unit=at.places["unit"])
    assert shown.earlier == f"/learned/{at.places['artefact']}?unit={at.places['unit']}"
    assert shown.later == ""


def test_the_table_holds_the_same_rows_and_figures(at: Home) -> None:
    answer = client(at).get(f"/learned/{at.places['artefact']}?as=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {r["feedback"] for r in rows} == {at.places["calm"], at.places["thumb"]}
    assert [(r["before"], r["after"]) for r in rows if r["what"] == "risk"] == [("", "0.0")]


def test_no_cell_is_a_formula() -> None:
    made = table(("a",), [["=1+1"], ["+1"], ["-1"], ["@x"], ["\tx"], ["plain"], [-1.5], [None], ['=cmd|"x"']])
    cells = [row[0] if row else "" for row in csv.reader(io.StringIO(made))][1:]
    assert cells == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "plain", "-1.5", "", '\'=cmd|"x"']


def test_a_researcher_and_the_frontline_may_not_open_it_and_nobody_opens_what_never_was(at: Home) -> None:
    assert client(at, "nia").get(f"/learned/{at.places['artefact']}").status_code == 403
    assert client(at, "rui").get(f"/learned/{at.places['artefact']}").status_code == 403
    assert client(at).get("/learned/0").status_code == 404


def test_the_inbox_of_one_refresh_leads_to_its_rows(at: Home) -> None:
    assert f"/learned/{at.places['artefact']}" in client(at).get(f"/inbox?learned={at.places['artefact']}").text
    assert "/learned/" not in client(at, "nia").get(f"/inbox?learned={at.places['artefact']}").text


def test_a_shift_says_who_makes_it_up_and_on_which_side_this_one_stands() -> None:
    product = home().product
    told = [s for s in product.decide() if s.arm != "holdout" and s.action == "setup_call"]
    role = told[0].role
    same = [s for s in told if s.role == role]
    for who, place, thumb in (("nia", 0, 1), ("tom", 0, -1), ("rui", 0, -1)):
        product.feedback(same[place].id, by=who, thumb=thumb)
    product.learn()
    made = learned(product, people_of(product.brief.people)["dev"], product.releases()[0].artefact, Filters())
    row = next(r for r in made.rows if len(r.sources) == 3)
    assert sorted(s.label.rpartition(": ")[2] for s in row.sources) == ["against it", "against it", "for it"]
    assert row.note == (
        "It comes of everybody's word on it: 1 person for it (Nia Okafor), 2 against it (Rui Costa, Tom Berg)."
    )


def test_what_is_new_what_all_rests_on_and_what_is_counted_twice_are_said(at: Home) -> None:
    shown = page(at)
    assert shown.news.startswith(
        "3 things people said came in with this refresh. Behind its rows stand 2 things said since"
    )
    assert "say two things" not in shown.kinds
    assert shown.calmed == ""
    product = home().product
    told = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    product.feedback(told.id, by="nia", thumb=-1, correction={"risk": "seasonal pause"})
    product.learn()
    both = learned(product, people_of(product.brief.people)["dev"], product.releases()[0].artefact, Filters())
    assert both.headline.startswith("1 training row")
    assert both.kinds.endswith("1 row says two things, and is counted under both")


def test_a_corrected_fact_says_since_when_it_stands() -> None:
    product = home().product
    told = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    product.feedback(told.id, by="nia", correction={"seats": 99})
    product.learn()
    for _ in range(2):
        product.clock.advance(timedelta(days=15))
        product.decide()
        product.clock.advance(timedelta(days=1))
        product.learn()
    who = people_of(product.brief.people)["dev"]
    made = learned(product, who, product.releases()[0].artefact, Filters(unit=told.unit))
    assert {r.note.partition(".")[2].strip() for r in made.rows} == {
        "It still stands: the source has said nothing new since."
    }
    product.facts([{"unit": told.unit, "seats": 40}], source="crm")
    product.clock.advance(timedelta(days=15))
    product.decide()
    product.learn()
    made = learned(product, who, product.releases()[0].artefact, Filters(unit=told.unit))
    assert all("when the source said something new" in r.note for r in made.rows)


def test_groups_of_one_refresh_count_what_it_took_in() -> None:
    product = home().product
    told = [s for s in product.decide() if s.arm != "holdout" and s.action == "setup_call"]
    same = [s for s in told if s.role == told[0].role]
    product.feedback(same[0].id, by="nia", thumb=-1)
    product.learn()
    product.clock.advance(timedelta(days=1))
    product.feedback(same[0].id, by="tom", thumb=-1)
    product.learn()
    newest = next(item for item in product.inbox() if item.by == "tom" and item.thumb).learned
    assert newest != next(item for item in product.inbox() if item.by == "nia" and item.thumb).learned
    who = people_of(product.brief.people)["paula"]
    (mine,) = inbox(product, who, InboxFilters(learned=newest)).groups
    (everything,) = [g for g in inbox(product, who, InboxFilters()).groups if g.id == mine.id]
    assert "said 2 times" in everything.about
    assert "said once" in mine.about
    opened = opened_group(product, who, mine.id, newest)
    assert [line.by.split(",")[0] for line in opened.items] == ["Tom Berg"]
    assert opened.whole == "Everything ever said alike (2)"
    assert opened.form is None
    assert opened_group(product, who, mine.id).whole == ""
