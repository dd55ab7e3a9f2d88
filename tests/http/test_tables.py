"""The desk as a table in the browser: downloaded, filled in, looked at, kept."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests import small
from tests.channelled import PEOPLE, answers, monday

from payoff.adapters.notify.memory import MemoryChannel
from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.use_cases.product import Product

HOST = "http://localhost"


def browser(product: Product, who: str = "ana") -> TestClient:
    made = TestClient(create_app(product), base_url=HOST)
    made.cookies.set(COOKIE, who)
    return made


@pytest.fixture
def product() -> Product:
    made = small.running(24, brief=small.BRIEF + PEOPLE)
    made.decide()
    return made


def filled(client: TestClient, **cells: str) -> str:
    """The downloaded table with every row filled in alike."""
    rows = list(csv.DictReader(io.StringIO(client.get("/desk.csv").text.removeprefix("\ufeff"))))
    made = io.StringIO()
    table = csv.DictWriter(made, rows[0])
    table.writeheader()
    table.writerows({**row, **cells} for row in rows)
    return made.getvalue()


def look(client: TestClient, table: str | bytes, name: str = "calls.csv") -> Any:
    payload = table.encode() if isinstance(table, str) else table
    return client.post("/desk/answers", files={"file": (name, payload, "text/csv")}, headers={"origin": HOST})


def keep(client: TestClient, page: str) -> Any:
    (text,) = re.findall(r'<textarea name="text" hidden>\n(.*?)</textarea>', page, re.S)
    sent = {"text": html.unescape(text), "save": "1"}
    return client.post("/desk/answers", data=sent, headers={"origin": HOST})


def test_it_is_shown_before_it_is_kept_and_kept_once(product: Product) -> None:
    client = browser(product)
    table = filled(client, answer="done", comment='Käthe\'s line;\nsecond, with "quotes"')
    head = product.storage.log.head()
    page = look(client, table)
    n = len(product.queue("ana"))
    assert f"{n} new answers" in page.text and "These will be answers of Ana Silva." in page.text
    assert product.storage.log.head() == head
    done = keep(client, page.text)
    assert f"{n} answers kept" in done.text
    assert {(what, by, via) for what, by, via in answers(product)} == {("done", "ana", "table")}
    assert {i.text for i in product.said_by("ana")} == {'Käthe\'s line;\nsecond, with "quotes"'}
    again = look(client, table)
    assert f"{n} were answered like this already" in again.text and 'name="save"' not in again.text
    assert len(answers(product)) == n


def test_the_download_is_a_file_nobody_keeps(product: Product) -> None:
    answer = browser(product).get("/desk.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="small-2026-01-05.csv"'
    assert answer.headers["cache-control"] == "no-store"


def listed(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_desk_offers_what_it_shows_and_the_table_holds_that(product: Product) -> None:
    client = browser(product)
    for query in ("", "?owner=ben", "?owner=me", f"?role={product.queue('ana')[0].facts['role']}"):
        page = client.get(f"/desk{query}{'&' if query else '?'}limit=500").text
        (address,) = re.findall(r'href="(/desk\.csv[^"]*)"', page)
        rows = listed(client.get(html.unescape(address)).text)
        assert [row["id"] for row in rows] == re.findall(r'<article class="card" id="s-([^"]+)"', page), query
    mine = {item.suggestion.id for item in product.queue("ana")}
    assert {row["id"] for row in listed(client.get("/desk.csv").text)} == mine


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_spreadsheets_encodings_are_read(product: Product, coding: str) -> None:
    client = browser(product)
    id = product.queue("ana")[0].suggestion.id
    look_ = look(client, f"id;answer;comment\r\n{id};Done;Käthe Müller\r\n".encode(coding))
    keep(client, look_.text)
    assert [i.text for i in product.said_by("ana")] == ["Käthe Müller"]


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b"PK\x03\x04 a workbook", "Excel workbook"),
        (b"", "empty"),
        (b"a,b\n1,2\n", "no column"),
        (b"\xff\x00", ""),
    ],
)
def test_what_is_no_table_is_told_with_what_mends_it(product: Product, payload: bytes, word: str) -> None:
    answer = look(browser(product), payload)
    assert answer.status_code == 422
    assert "This file cannot be read" in answer.text and word in answer.text


def test_rows_that_were_not_understood_stand_beside_those_that_were(product: Product) -> None:
    a, b = [item.suggestion.id for item in product.queue("ana")[:2]]
    page = look(browser(product), f"id,answer\n{a},done\n{b},perhaps\nnobody,done\n").text
    assert "1 new answer" in page and "2 we did not understand" in page
    assert "Row 3" in page and "perhaps" in page and "no suggestion has this id" in page


def test_names_in_a_table_are_text(product: Product) -> None:
    page = look(browser(product), 'id,customer,answer\n<img src=x>,"<script>1</script>",<b>done</b>\n').text
    assert "<script>1" not in page and "<img src=x" not in page and "<b>done" not in page
    assert "&lt;script&gt;" in page


def test_who_may_not_answer_brings_none(product: Product) -> None:
    client = browser(product, "rui")
    assert client.get("/desk/answers").status_code == 403
    assert look(client, "id,answer\n1,done\n").status_code == 403


def test_what_is_answered_in_a_table_is_closed_elsewhere() -> None:
    channel = MemoryChannel("hubspot", lasting=True)
    product = monday(channel, brief="[channels.hubspot]\n")
    product.send(person="ana")
    (ref, entry) = next(iter(channel.stands.items()))
    client = browser(product)
    keep(client, look(client, f"id,answer\n{entry.suggestion},done\n").text)
    assert channel.found[ref].state == "done"


# The calendar

CALENDAR = """
[channels.calendar]
"""


@pytest.fixture
def dated() -> Product:
    from payoff.adapters.notify.calendar import CalendarFile
    from payoff.ports import Channels

    made = monday(brief=CALENDAR)
    made.workspace.channels = Channels(calendar=CalendarFile())
    return made


def path(product: Product, who: str = "ana") -> str:
    return product.calendars.address(who).removeprefix("https://payoff.small.example")


def entries(product: Product, text: str) -> dict[str, Any]:
    from icalendar import Calendar

    return {str(event["uid"]): event for event in Calendar.from_ical(text).walk("VEVENT")}


def test_a_calendar_lists_what_is_due_for_its_person_without_a_sign_in(dated: Product) -> None:
    client = TestClient(create_app(dated, origins=("https://payoff.small.example",)), base_url=HOST)
    answer = client.get(path(dated))
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    found = entries(dated, answer.text)
    mine = {f"{item.suggestion.id}@small.payoff": item for item in dated.queue("ana")}
    assert set(found) == set(mine)
    uid, item = next(iter(mine.items()))
    event = found[uid]
    assert item.suggestion.say in str(event["summary"])
    assert event.decoded("dtstart") <= item.due.date()
    assert str(event["url"]) == f"https://payoff.small.example/desk#s-{item.suggestion.id}"


def test_ids_stay_and_what_is_done_goes_and_what_is_put_off_moves(dated: Product) -> None:
    from datetime import date

    client = TestClient(create_app(dated), base_url=HOST)
    before = entries(dated, client.get(path(dated)).text)
    a, b, *_ = [item.suggestion.id for item in dated.queue("ana")]
    dated.answer(a, "done", "ana")
    dated.answer(b, "not_now", "ana", until=date(2026, 1, 8))
    after = entries(dated, client.get(path(dated)).text)
    assert set(before) - set(after) == {f"{a}@small.payoff"}
    assert after[f"{b}@small.payoff"].decoded("dtstart") == date(2026, 1, 8)


def test_an_address_ends_with_the_account_the_person_and_the_setting(dated: Product) -> None:
    client = TestClient(create_app(dated), base_url=HOST)
    address = path(dated)
    for broken in (address[:-6] + ".ics", address.replace("/calendar/", "/calendar/x"), "/calendar/x.ics"):
        answer = client.get(broken)
        assert answer.status_code == 404 and "BEGIN" not in answer.text
    brief = dated.brief
    left = {id: p for id, p in brief.people.items() if id != "ana"}
    dated.workspace.brief = brief.model_copy(update={"people": left})
    assert client.get(address).status_code == 404
    dated.workspace.brief = brief
    assert client.get(address).status_code == 200
    dated.storage.accounts.invite("ana", at=dated.clock.now())
    assert client.get(address).status_code == 404
    assert client.get(path(dated)).status_code == 200


def test_an_address_opens_nothing_else(dated: Product) -> None:
    client = TestClient(create_app(dated), base_url=HOST)
    token = path(dated).removeprefix("/calendar/").removesuffix(".ics")
    assert client.get(f"/answer/{token}").status_code == 410
    assert client.get(f"/welcome/{token}").status_code == 409
    own = dated.calendars.address("rui")
    assert own == ""  # not served


def test_hostile_words_stay_inside_their_field(dated: Product) -> None:
    unit = dated.queue("ana")[0].unit
    dated.facts([{"unit": unit, "name": 'Eve\r\nEND:VEVENT\r\nBEGIN:VALARM;x="1', "owner": "ana"}])
    client = TestClient(create_app(dated), base_url=HOST)
    text = client.get(path(dated)).text
    assert text.count("BEGIN:VEVENT") == len(dated.queue("ana"))
    assert "\r\nBEGIN:VALARM" not in text


def test_the_table_page_shows_ones_own_address(dated: Product) -> None:
    page = browser(dated).get("/desk/answers").text
    assert f'value="{dated.calendars.address("ana")}"' in page
    assert "/calendar/" not in browser(monday()).get("/desk/answers").text
