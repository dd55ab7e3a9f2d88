"""The desk as a table, and the filled table as answers."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import small
from tests.channelled import PEOPLE, answers, wait

from payoff.errors import BadInput
from payoff.use_cases import tables
from payoff.use_cases.filled import Filled, kept, understood
from payoff.use_cases.product import Product
from payoff.use_cases.tables import COLUMNS, TOLD, WRITTEN, plain, rows_of, safe

TODAY = small.START.date()  # a Monday
TUESDAY = TODAY + timedelta(days=1)


@pytest.fixture
def product() -> Product:
    made = small.running(32, brief=small.BRIEF + PEOPLE)
    made.decide()
    return made


def ids(product: Product, owner: str = "ana") -> list[str]:
    return [item.suggestion.id for item in product.queue(owner)]


def table(*rows: dict[str, str], sign: str = ",") -> str:
    return tables.as_csv(rows, sign)


def read(product: Product, *rows: dict[str, str], by: str = "ana") -> Filled:
    return understood(product.workspace, rows_of(table(*rows)), by)


def keep(product: Product, *rows: dict[str, str], by: str = "ana") -> Filled:
    return kept(product.workspace, rows_of(table(*rows)), by)


# Out


def test_a_person_downloads_their_own_in_the_order_of_the_desk(product: Product) -> None:
    text = tables.written(product.workspace, "ana")
    assert text.startswith("\ufeff" + ",".join(WRITTEN) + "\r\n")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row["id"] for row in rows} == set(ids(product))
    assert all(row["customer"] and row["action"] and not row["answer"] for row in rows)
    everybody = rows_of(tables.written(product.workspace))
    assert {row.get("id") for row in everybody} == {item.suggestion.id for item in product.queue()}


def test_a_row_says_what_people_need_who_do_not_open_the_desk(product: Product) -> None:
    item = product.queue("ana")[0]
    rows = list(csv.DictReader(io.StringIO(tables.written(product.workspace, "ana").removeprefix("\ufeff"))))
    row = next(row for row in rows if row["id"] == item.suggestion.id)
    assert (
        row["action"] == item.suggestion.say and row["owner"] == "Ana Silva" and row["since"] == TODAY.isoformat()
    )
    assert "to" in row["worth"] and row["why"] and date.fromisoformat(row["due"]) <= item.due.date()
    read = rows_of(tables.written(product.workspace, "ana"))
    assert not set(read[0].cells) & set(TOLD) and set(read[0].cells) == set(COLUMNS)


def test_a_table_of_the_old_form_and_one_with_more_columns_are_read(product: Product) -> None:
    (id, *_) = ids(product)
    old = understood(product.workspace, rows_of(f"{','.join(COLUMNS)}\n{id},x,y,done,,,,,\n"), "ana")
    more = understood(product.workspace, rows_of(f"mine,id,why,owner,answer\n1,{id},because,ben,done\n"), "ana")
    assert [line.group for line in (*old.lines, *more.lines)] == ["new", "new"]


def test_only_what_was_asked_for_is_written_in_its_order_set_aside_or_not(product: Product) -> None:
    a, b, *_ = ids(product)
    product.answer(b, "not_now", "ana", until=TUESDAY)
    text = tables.written(product.workspace, "ana", [b, a, "nobody"])
    assert [row.get("id") for row in rows_of(text)] == [b, a]


def test_what_is_set_aside_or_done_is_not_downloaded(product: Product) -> None:
    a, b, *rest = ids(product)
    product.answer(a, "done", "ana")
    product.answer(b, "not_now", "ana", until=TUESDAY)
    assert [row.get("id") for row in rows_of(tables.written(product.workspace, "ana"))] and set(rest) == {
        row.get("id") for row in rows_of(tables.written(product.workspace, "ana"))
    }


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1", "＝1"])
def test_no_cell_is_a_formula_and_each_reads_back(text: str) -> None:
    assert safe(text).startswith("'") and safe(text) != text
    assert plain(safe(text)) == text


@given(st.text())
def test_every_text_reads_back_and_none_begins_like_a_formula(text: str) -> None:
    assert plain(safe(text)) == text
    assert safe(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_a_hostile_name_goes_out_as_text(product: Product) -> None:
    unit = product.queue("ana")[0].unit
    product.facts([{"unit": unit, "name": '=HYPERLINK("http://evil.example","x")', "owner": "ana"}])
    product.workspace.clock.set(product.clock.now() + timedelta(minutes=1))
    text = tables.written(product.workspace, "ana")
    (cell,) = [row["customer"] for row in csv.DictReader(io.StringIO(text[1:])) if "HYPERLINK" in row["customer"]]
    assert cell.startswith("'=")


# In


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_separators_case_order_and_a_mark_make_no_difference(product: Product, sign: str) -> None:
    (id, *_) = ids(product)
    text = sign.join(("\ufeffAnswer", "Comment", "ID", "mood")) + f"\r\nDONE{sign}{sign} {id} {sign}good\r\n\r\n"
    (line,) = understood(product.workspace, rows_of(text), "ana").lines
    assert (line.group, line.suggestion, line.words) == ("new", id, "Done")


def test_every_answer_of_the_desk_can_be_given(product: Product) -> None:
    a, b, c, d, e, f, g, h, i, j = ids(product)[:10]
    wait(product, days=1)
    filled = keep(
        product,
        {"id": a, "answer": "yes"},
        {"id": b, "answer": "done", "done_on": "2026-01-05"},
        {"id": c, "answer": "earlier", "done_on": "2026-01-02"},
        {"id": d, "answer": "Not now", "until": "2026-01-08", "reason": "on holiday"},
        {"id": e, "answer": "no answer"},
        {"id": f, "answer": "wrong", "reason": "wrong time", "comment": "after the audit"},
        {"id": g, "answer": "wrong", "instead": "tips by mail"},
        {"id": h, "answer": "wrong", "reason": "action", "instead": "visit them"},
        {"id": i, "answer": "wrong", "reason": "owner", "instead": "ben osei"},
        {"id": j, "comment": "they moved"},
    )
    assert [line.group for line in filled.lines] == ["new"] * 10
    said = {s: [(what, via) for what, _, via in answers(product, s)] for s in (a, b, c, d, e, f, g, h, i, j)}
    assert said[a] == said[b] == [("done", "table")]
    assert said[c] == said[f] == said[g] == said[h] == [("dismissed", "table")]
    assert said[d] == said[e] == [("snoozed", "table")]
    assert said[i] == said[j] == []
    rows = {
        r["suggestion"]: r for r in product.workspace.tables.arrow("response").to_pylist() if r["what"] != "shown"
    }
    assert rows[b]["at"].date() == TODAY and rows[c]["why"].startswith("already")
    assert rows[d]["why"] == "on holiday" and {r["actor"] for r in rows.values()} == {"ana"}
    spoken = {i.suggestion: i for i in product.said_by("ana")}
    assert spoken[f].text == "after the audit" and spoken[j].text == "they moved"
    assert spoken[g].correction == {"action": "tips_mail"} and spoken[h].text == "visit them"
    assert spoken[i].correction == {"owner": "ben"}


def test_twice_is_harmless(product: Product) -> None:
    a, b, c, d, e, f, g = ids(product)[:7]
    rows = (
        {"id": a, "answer": "done", "comment": "went well"},
        {"id": b, "answer": "earlier", "done_on": "2026-01-02"},
        {"id": c, "answer": "not now", "until": "2026-01-08"},
        {"id": d, "answer": "wrong", "instead": "visit them"},
        {"id": e, "answer": "wrong", "reason": "owner", "instead": "ben"},
        {"id": f, "comment": "they moved"},
        {"id": g, "answer": "no answer"},
    )
    keep(product, *rows)
    head = product.storage.log.head()
    wait(product, hours=1)
    again = keep(product, *rows)
    assert [line.group for line in again.lines] == ["already"] * 7
    assert product.storage.log.head() == head


def test_a_comment_added_later_is_kept_and_the_answer_is_not_given_twice(product: Product) -> None:
    (a, *_) = ids(product)
    keep(product, {"id": a, "answer": "done"})
    wait(product, hours=1)
    keep(product, {"id": a, "answer": "done", "comment": "went well"})
    assert [i.text for i in product.said_by("ana")] == ["went well"]
    assert answers(product, a) == [("done", "ana", "table")]


def test_what_waits_is_written_without_a_question_for_every_row(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    about = product.storage.log.about
    monkeypatch.setattr(product.storage.log, "about", lambda s: asked.append(s) or about(s))
    assert len(tables.written(product.workspace, "ana").splitlines()) > 10
    assert asked == []


def test_what_is_put_off_once_more_is_put_off(product: Product) -> None:
    (a, b, *_) = ids(product)
    for day in ("2026-01-07", "2026-01-15"):
        assert keep(product, {"id": a, "answer": "not now", "until": day}).lines[0].group == "new"
    assert next(i.snoozed_until for i in product.queue() if i.suggestion.id == a).date() == date(2026, 1, 15)
    for _ in range(2):
        assert keep(product, {"id": b, "answer": "no answer"}).lines[0].group == "new"
        assert keep(product, {"id": b, "answer": "no answer"}).lines[0].group == "already"
        wait(product, days=1)
    assert [what for what, _, _ in answers(product, b)] == ["snoozed", "snoozed"]


def test_a_comment_beside_undo_is_kept_and_the_undo_happens_once(product: Product) -> None:
    (a, *_) = ids(product)
    keep(product, {"id": a, "answer": "not now"})
    keep(product, {"id": a, "answer": "done"})
    for words, group in (("", "new"), ("", "already"), ("my slip", "new"), ("my slip", "already")):
        assert keep(product, {"id": a, "answer": "undo", "comment": words}).lines[0].group == group
    assert [what for what, _, _ in answers(product, a)] == ["snoozed", "done", "undone"]
    assert [i.text for i in product.said_by("ana")] == ["my slip"]


def test_a_day_that_cannot_be_kept_is_told_before(product: Product) -> None:
    (a, *_) = ids(product)
    wait(product, days=2)
    keep(product, {"id": a, "answer": "not now"})
    wait(product, days=2)
    row = {"id": a, "answer": "done", "done_on": "2026-01-06"}
    assert "counted on Wed 7 Jan" in read(product, row).lines[0].note
    assert "counted on Wed 7 Jan" in keep(product, row).lines[0].words


def test_looking_at_a_table_keeps_nothing(product: Product) -> None:
    head = product.storage.log.head()
    read(product, *({"id": id, "answer": "done"} for id in ids(product)))
    assert product.storage.log.head() == head


def test_what_cannot_be_understood_says_its_row_and_what_mends_it(product: Product) -> None:
    a, b, c, d, e, f = ids(product)[:6]
    filled = read(
        product,
        {"id": a, "answer": "perhaps"},
        {"id": "nobody", "answer": "done"},
        {"id": b, "answer": "wrong"},
        {"id": c, "answer": "wrong", "reason": "too loud"},
        {"id": d, "answer": "not now", "until": "2026-01-01"},
        {"id": e, "answer": "done", "done_on": "next week"},
        {"id": a, "answer": "done"},
        {"id": f, "until": "2026-01-08"},
        {"id": f, "answer": ""},
        {"id": "", "answer": "done"},
    )
    assert [line.row for line in filled.of("odd")] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert all(line.fault and line.mend for line in filled.of("odd"))
    assert "row 2 has this id" in filled.lines[6].fault
    assert keep(product, {"id": "nobody", "answer": "done"}, {"id": b, "answer": "done"}).lines[1].group == "new"


def test_blank_rows_are_no_answers(product: Product) -> None:
    filled = read(product, *({"id": id} for id in ids(product)))
    assert {line.group for line in filled.lines} == {"blank"}


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-01-08", date(2026, 1, 8)),
        ("8.1.2026", date(2026, 1, 8)),
        ("1/8/2026", date(2026, 1, 8)),  # 1 August is months after it has ended
        ("2026-01-08T00:00:00", date(2026, 1, 8)),
    ],
)
def test_days_as_people_and_spreadsheets_write_them(product: Product, written: str, day: date) -> None:
    (a, *_) = ids(product)
    (line,) = read(product, {"id": a, "answer": "not now", "until": written}).lines
    assert line.given["until"] == day


@pytest.mark.parametrize("until", ["", "2026-01-08", "2026-01-10", "2026-02-02", "2026-12-24"])
def test_the_day_that_is_shown_before_is_the_one_that_is_kept(product: Product, until: str) -> None:
    (a, *_) = ids(product)
    row = {"id": a, "answer": "not now", "until": until, "reason": "on holiday", "comment": "They are away."}
    (line,) = read(product, row).lines
    assert line.said == "They are away. · on holiday" and answers(product) == []
    (done,) = keep(product, row).lines
    shown = product.answers_by("ana")[0]
    assert shown.until is not None
    assert line.words == f"Not now, until {product.texts.near_day(shown.until)}"
    assert (line.note or done.words) == done.words, "what is special about the day is said before, too"
    (again,) = read(product, row).lines
    assert again.group == "already"


def test_a_day_that_may_be_two_is_asked_for_once_more(product: Product) -> None:
    (a, *_) = ids(product)
    (line,) = read(product, {"id": a, "answer": "not now", "until": "2/1/2026"}).lines
    assert (line.group, line.words) == (
        "new",
        "Not now, until Mon 2 Feb",
    )  # 2 January is over; nobody works on a Sunday
    (line,) = read(product, {"id": a, "answer": "not now", "until": "10/2/2026"}).lines
    assert line.given["until"] == date(2026, 2, 10)  # 2 October is too far away to be meant
    (line,) = read(product, {"id": a, "answer": "not now", "until": "11/12/2026"}).lines
    assert line.group == "odd" and "two different days" in line.fault


def test_a_day_that_fits_one_way_only_is_read_that_way(product: Product) -> None:
    a, b = ids(product)[:2]
    wait(product, days=1)
    filled = read(
        product,
        {"id": a, "answer": "done", "done_on": "1/5/2026"},
        {"id": b, "answer": "done", "done_on": "05/01/2026"},
    )
    assert [line.given["at"] for line in filled.lines] == [TODAY, TODAY]


def test_somebody_elses_answer_is_told_before_it_is_overruled(product: Product) -> None:
    (a, *_) = ids(product)
    product.answer(a, "wrong", "ben", reason="need")
    (line,) = read(product, {"id": a, "answer": "done"}).lines
    assert line.group == "new" and "Ben Osei said no" in line.note


def test_a_table_that_is_none_is_refused_whole() -> None:
    for text, word in (
        ("", "empty"),
        ("a,b\n1,2\n", "no column 'id'"),
        ("id,id,answer\n1,2,3\n", "two columns"),
        ('id,answer\n"1,done\n', "quote"),
        (",,,\n,,,\n", "it is empty"),
        ("id,answer,comment\n1,done," + "x" * 200_000, "more than 131,072 characters"),
        ("id,answer\n" + "1,done\n" * 5001, "5,001 rows"),
        ("id,answer\n" + "x" * 1_000_001, "characters"),
    ):
        with pytest.raises(BadInput) as caught:
            rows_of(text)
        assert word in str(caught.value)


def test_a_row_with_too_many_cells_is_odd_and_a_short_one_is_not(product: Product) -> None:
    a, b = ids(product)[:2]
    filled = understood(
        product.workspace, rows_of(f"id,answer,comment\n{a},done,well, not really\n{b},done\n"), "ana"
    )
    assert [line.group for line in filled.lines] == ["odd", "new"]


def test_the_table_goes_out_and_comes_back(product: Product) -> None:
    rows = rows_of(tables.written(product.workspace, "ana"))
    back = table(*({**row.cells, "answer": "done"} for row in rows), sign=";")
    filled = kept(product.workspace, rows_of(back), "ana")
    assert len(filled.of("new")) == len(rows) == len(answers(product))
    assert product.queue("ana") == []
