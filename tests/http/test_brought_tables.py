"""What browsers do to a table on its way, and what somebody could try with one."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests import small
from tests.channelled import PEOPLE, answers, wait

from payoff.http.app import create_app
from payoff.http.session import COOKIE
from payoff.use_cases import tables
from payoff.use_cases.product import Product

FILE = "/desk/answers"


@pytest.fixture
def product() -> Product:
    made = small.running(24, brief=small.BRIEF + PEOPLE)
    made.decide()
    return made


def client(product: Product, who: str = "ana") -> TestClient:
    made = TestClient(create_app(product), base_url="http://localhost", follow_redirects=False)
    made.cookies.set(COOKIE, who)
    return made


def ids(product: Product) -> list[str]:
    return [item.suggestion.id for item in product.queue("ana")]


def brought(client: TestClient, payload: bytes, name: str = "calls.csv") -> Any:
    return client.post(FILE, files={"file": (name, payload, "text/csv")})


def form(page: str) -> dict[str, str]:
    """What the browser sends with "keep": a line break after the tag is none, and all others are CRLF."""
    found = re.search(r'<textarea name="text" hidden>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return {"text": re.sub(r"\r\n|\r|\n", "\r\n", html.unescape(found[1])), "save": "1"}


def table(*rows: dict[str, str]) -> str:
    return tables.as_csv(rows)


def test_out_filled_looked_at_and_kept(product: Product) -> None:
    ana = client(product)
    rows = list(csv.DictReader(io.StringIO(ana.get("/desk.csv").content.decode("utf-8-sig"))))
    rows[0] |= {"answer": "Done", "comment": "went\nwell"}
    rows[1] |= {"answer": "wrong", "reason": "need"}
    rows[2] |= {"answer": "perhaps"}
    head = product.storage.log.head()
    looked = brought(ana, table(*rows).encode("utf-8-sig"))
    assert looked.status_code == 200 and product.storage.log.head() == head
    for words in ("2 new answers", "1 we did not understand", "Row 4", "“perhaps” is no answer we know"):
        assert words in looked.text
    assert looked.headers["cache-control"] == "private, no-cache", "the way back leads to the browser's own copy"
    sent = ana.post(FILE, data=form(looked.text))
    assert sent.status_code == 303, "a page that can be loaded again"
    kept = ana.get(sent.headers["location"])
    assert "2 answers kept" in kept.text and "<textarea" not in kept.text and 'href="/said"' in kept.text
    given = [(rows[0]["id"], "done"), (rows[1]["id"], "dismissed")]
    assert [(s, answers(product, s)) for s, _ in given] == [(s, [(what, "ana", "table")]) for s, what in given]


def test_kept_once_though_the_form_or_the_file_comes_twice(product: Product) -> None:
    ana, (a, b, *_) = client(product), ids(product)
    payload = table(
        {"id": a, "answer": "done", "comment": "went\nwell"}, {"id": b, "answer": "no answer"}
    ).encode()
    sent = form(brought(ana, payload).text)
    ana.post(FILE, data=sent)
    head = product.storage.log.head()
    wait(product, minutes=5)
    assert "nothing new in this table" in ana.post(FILE, data=sent).text
    again = brought(ana, payload).text
    assert "2 were answered like this already" in again and "<textarea" not in again
    assert product.storage.log.head() == head


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"", "it is empty"),
        (b"id,comment\n1,2\n", "no column"),
        (b"\x00\x01\x02" * 9, "NUL byte"),
        (b"id,answer\n" + b"x" * 1_100_000, "characters"),
    ],
)
def test_what_is_no_table_is_refused_with_what_mends_it(product: Product, payload: bytes, words: str) -> None:
    answer = brought(client(product), payload)
    assert answer.status_code == 422 and words in html.unescape(answer.text)
    assert '<input type="file"' in answer.text  # and it can be tried again at once


def test_no_file_is_said_in_words(product: Product) -> None:
    for sent in ({"data": {}}, {"data": {"save": "1"}}, {"files": {"file": ("", b"")}}):
        answer = client(product).post(FILE, **sent)  # type: ignore[arg-type]
        assert answer.status_code == 422 and "Traceback" not in answer.text


def test_words_of_a_file_stay_words(product: Product) -> None:
    (a, *_) = ids(product)
    bad = "</textarea><script>alert(1)</script>"
    page = brought(client(product), table({"id": a, "answer": bad}, {"id": bad, "answer": "done"}).encode()).text
    assert "<script>alert" not in page
    page = brought(client(product), table({"id": a, "answer": "done", "comment": bad}).encode()).text
    assert "<script>alert" not in page and page.count("</textarea>") == 1
    client(product).post(FILE, data=form(page))
    assert [i.text for i in product.said_by("ana")] == [bad]


def test_a_row_has_the_same_number_when_it_is_looked_at_and_when_it_is_kept(product: Product) -> None:
    a, b = ids(product)[:2]
    page = brought(client(product), f"\n\nid,answer\n{a},done\n{b},perhaps\n".encode()).text
    ana = client(product)
    kept = ana.get(ana.post(FILE, data=form(page)).headers["location"]).text
    assert "1 answer kept" in kept and "Row 5" in page and "Row 5 was not kept" in kept


def test_whoever_may_not_answer_may_not_by_table(product: Product) -> None:
    (a, *_) = ids(product)
    head = product.storage.log.head()
    for answer in (
        client(product, "rui").get("/desk.csv"),
        brought(client(product, "rui"), table({"id": a, "answer": "done"}).encode()),
        client(product, "rui").post(FILE, data={"text": table({"id": a, "answer": "done"}), "save": "1"}),
    ):
        assert answer.status_code == 403
    assert product.storage.log.head() == head


def test_another_site_cannot_bring_one(product: Product) -> None:
    (a, *_) = ids(product)
    sent = {"text": table({"id": a, "answer": "done"}), "save": "1"}
    answer = client(product).post(FILE, data=sent, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403 and answers(product) == []


def test_a_table_sent_as_text_is_looked_at_unless_it_says_keep(product: Product) -> None:
    (a, *_) = ids(product)
    sent = {"text": table({"id": a, "answer": "done"})}
    assert "1 new answer" in client(product).post(FILE, data=sent).text and answers(product) == []
    assert client(product).post(FILE, data={**sent, "save": "1"}).headers["location"].startswith(f"{FILE}?kept=1")
