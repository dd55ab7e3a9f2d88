"""A file too large to hold gives the same table as a small one read with care, or a refusal that says why."""

from __future__ import annotations

import json
import os
import random
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from payoff.adapters.sources import Reach, streamed
from payoff.adapters.sources.large.forms import FORMS, Form
from payoff.adapters.sources.moments import read_moments
from payoff.adapters.sources.numerals import read_numbers
from payoff.configuration.starting import read_table
from payoff.errors import BadInput

N = 60
NEAR = Reach(head=300, piece=200, pieces=2)
"""So little is looked at that most of a small file lies beyond."""
REACHES = pytest.mark.parametrize("reach", [Reach(), NEAR], ids=["all seen", "little seen"])
Rows = Callable[[int], str]


def lines(head: str, row: Rows) -> str:
    return head + "\n" + "".join(f"{row(i)}\n" for i in range(N))


def objects(row: Callable[[int], object]) -> str:
    return "".join(json.dumps(row(i)) + "\n" for i in range(N))


def kept(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path, reach: Reach = NEAR) -> tuple[pa.Table, tuple[str, ...]]:
    with streamed(path, reach) as made:
        table = pq.read_table(made.path)
        assert table.num_rows == made.rows
        return table, made.notes


def refused(path: Path, reach: Reach = NEAR) -> str:
    with pytest.raises(BadInput) as caught, streamed(path, reach):
        pass
    assert all(fault.mend for fault in caught.value.faults)
    return str(caught.value)


SAME: dict[str, str | bytes] = {
    "plain": lines("id,s,l,day", lambda i: f"c{i},{i / 100},{i % 2},2026-01-{i % 28 + 1:02d}"),
    "whole numbers, then decimals": lines("id,s", lambda i: f"{i},{i if i < 50 else i + 0.5}"),
    "an id with leading zeros, seen late": lines("id,s", lambda i: f"{i if i < 55 else f'00{i}'},{i}"),
    "numbers too long to count with": lines("id,s", lambda i: f"{10**18 + i},{i}"),
    "decimal commas": lines("id;s", lambda i: f"{i};{i},5"),
    "thousands": lines("id,s", lambda i: f'{i},"{i + 1},{100 + i}"'),
    "currency": lines("id,s", lambda i: f"{i},${i}.50"),
    "currency, seen late": lines("id,s", lambda i: f"{i},{i}.5" if i < 55 else f"{i},$ {i}.50"),
    "per cent": lines("id,s", lambda i: f"{i},{i}%"),
    "losses in brackets": lines("id,s", lambda i: f"{i},({i}.25)" if i % 7 else f"{i},{i}"),
    "dashes for nothing": lines("id,s", lambda i: f"{i},{i if i % 9 else '-'}"),
    "blanks for nothing": lines("id,s", lambda i: f"{i},{i if i % 9 else '   '}"),
    "numbers and many texts": lines("id,s", lambda i: f"{i},{i if i % 4 else 'x'}"),
    "texts and a few numbers": lines("id,s", lambda i: f"{i},{i if i % 4 == 0 else 'x'}"),
    "truths": lines("id,s", lambda i: f"{i},{i % 2 == 0}"),
    "truths, then a doubt": lines("id,s", lambda i: f"{i},{i % 2 == 0 if i < 57 else 'maybe'}"),
    "empty, then numbers": lines("id,s", lambda i: f"{i},{'' if i < 57 else i}"),
    "empty": lines("id,s", lambda i: f"{i},"),
    "days or months, told late": lines(
        "id,s", lambda i: f"{i},{i % 12 + 1:02d}/{i % 12 + 1:02d}/2026" if i < 58 else f"{i},25/01/2026"
    ),
    "days or months, never told": lines("id,s", lambda i: f"{i},{i % 12 + 1:02d}/{i % 12 + 1:02d}/2026"),
    "days and months in both orders": lines("id,s", lambda i: f"{i},{'25/01' if i < 58 else '01/25'}/2026"),
    "days with points": lines("id,s", lambda i: f"{i},{i % 28 + 1}.{i % 12 + 1}.2026 09:30"),
    "months first, afternoons": lines("id,s", lambda i: f"{i},{i % 12 + 1}/{i % 28 + 1}/2026 9:05 PM"),
    "a zone": lines("id,s", lambda i: f"{i},2026-01-{i % 28 + 1:02d}T10:00:00+02:00"),
    "a zone in some": lines("id,s", lambda i: f"{i},2026-01-{i % 28 + 1:02d}T10:00{'Z' if i > 55 else ''}"),
    "infinity": lines("id,s", lambda i: f"{i},{i / 7 if i != 57 else 'inf'}"),
    "more than a float holds": lines("id,s", lambda i: f"{i},{i / 7 if i != 57 else '1e999'}"),
    "NA in a column of texts": lines("id,s", lambda i: f"{i},{'a' if i % 2 else 'NA'}"),
    "null in spaces": lines("id,s", lambda i: f"{i},{'a' if i % 2 else ' null '}"),
    "white space around": lines("id,s", lambda i: f" {i} , a b "),
    "a hard space": lines("id,s", lambda i: f"{i},\u00a0{i}"),
    "line ends in quotes": lines("id,s,t", lambda i: f'{i},"a\nb ""x"", {i}",{i}'),
    "empty lines": lines("id,s", lambda i: f"{i},{i}" if i % 9 else ""),
    "lines of white space": lines("id,s", lambda i: f"{i},{i}" if i % 9 else "   "),
    "rows of nothing": lines("id,s", lambda i: f"{i},{i}" if i % 9 else " , "),
    "one column": lines("s", str),
    "Windows line ends": lines("id,s", lambda i: f"{i},{i}").replace("\n", "\r\n"),
    "old line ends": lines("id,s", lambda i: f"{i},{i}").replace("\n", "\r"),
    "a byte order mark": "\ufeff" + lines("id,s", lambda i: f"{i},{i}"),
    "Latin-1": lines("id,s", lambda i: f"{i},Müller{i}").encode("latin-1"),
    "tabs": lines("id\ts", lambda i: f"{i}\t{i / 3}"),
    "hostile names": lines("\"'; drop x; --\",\"{known} %s\",\"a\"\"b\\\"", lambda i: f"{i},{i / 7},'; drop"),
    "JSON": objects(lambda i: {"id": f"c{i}", "s": i / 7, "l": i % 2 == 0, "n": i}),
    "JSON with a key seen late": objects(lambda i: {"id": f"c{i}", "s": i / 7, **({"z": 5} if i > 55 else {})}),
    "JSON of several types": objects(lambda i: {"id": f"c{i}", "s": i if i % 2 else str(i)}),
    "JSON with nulls and odd keys": objects(lambda i: {"s": None if i % 3 else i, "a.b": 1, 'q"x': 2, "$~/": "d"}),
    "a JSON list": json.dumps([{"id": f"c{i}", "s": i / 7} for i in range(N)]),
}  # fmt: skip


@REACHES
@pytest.mark.parametrize("content", SAME.values(), ids=SAME.keys())
def test_it_gives_the_careful_readers_table_and_notes(tmp_path: Path, content: str | bytes, reach: Reach) -> None:
    path = (
        kept(tmp_path, content, "a.json" if content[:1] in "{[" else "a.csv")
        if isinstance(content, str)
        else kept(tmp_path, content)
    )
    careful = read_table(path)
    table, notes = read(path, reach)
    assert table.select(careful.table.column_names).to_pydict() == careful.table.to_pydict()
    assert {f.name: f.type for f in table.schema} == {f.name: f.type for f in careful.table.schema}
    assert notes == careful.notes


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "a few texts among numbers": (
        lines("id,s", lambda i: f"{i},{i if i not in (7, 50) else f'x{i}'}"),
        "column 's': 58 of 60 values are numbers, and these are not: 'x50', 'x7'",
    ),
    "one text, seen late": (lines("id,s", lambda i: f"{i},{i if i != 58 else 'oops'}"), "'oops'"),
    "a day that is none": (
        lines("id,s", lambda i: f"{i},2026-02-{i % 28 + 1:02d}" if i != 57 else f"{i},2026-02-31"),
        "59 of 60 values are moments, and these are not: '2026-02-31'",
    ),
    "a long row": (
        lines("id,s", lambda i: f"{i},{i}" + (",9" if i == 57 else "")),
        "line 59: the row has 3 values, and the header 2 ('57,57,9')",
    ),
    "a short row below rows of two lines": (
        lines("id,s", lambda i: f'{i},"a\n{i}"' if i != 57 else "5"),
        "line 116: the row has 1 values, and the header 2 ('5')",
    ),
    "a quote that never closes": (lines("id,s", lambda i: f"{i},{i}" if i != 57 else '5,"7'), "line 59: a quote"),
    "text after a quote": (lines("id,s", lambda i: f"{i},{i}" if i != 57 else '5,"7"x'), "line 59: a quote"),
    "two kinds of line end": (
        lines("id,s", lambda i: f"{i},{i}" + ("\r" if i < 50 else "")),
        "its lines end in two ways",
    ),
    "damaged UTF-8, seen late": (lines("id,s", lambda i: f"{i},ü").encode() + b"5,\xff\n", "line 62: it holds"),
    "Latin-1, seen late": (
        lines("id,s", lambda i: f"{i},Mu" if i < 57 else f"{i},ü").encode("latin-1"),
        "iconv -f WINDOWS-1252 -t UTF-8",
    ),
    "Windows-1252": (lines("id,s", lambda i: f"{i},{i} €").encode("cp1252"), "iconv -f Windows-1252"),
    "UTF-16": (lines("id,s", lambda i: f"{i},ü").encode("utf-16"), "iconv -f UTF-16"),
    "gzip": (b"\x1f\x8b" + bytes(5000), "a gzip archive"),
    "Excel": (b"PK\x03\x04" + bytes(5000), "an Excel workbook"),
    "PDF": (b"%PDF-1.7" + b"x" * 5000, "a PDF"),
    "SQLite": (b"SQLite format 3\0" + bytes(5000), "a SQLite database"),
    "a header alone": ("id,s\n", "not one row below it"),
    "two columns of one name": (lines("id,id", lambda i: f"{i},{i}"), "2 columns are called 'id'"),
    "names that differ in capitals": (lines("id,Id", lambda i: f"{i},{i}"), "'Id' differs from 'id'"),
    "JSON that breaks off": (objects(lambda i: {"id": f"c{i}"}).replace('"c57"', '"c57'), "line 58: it is no"),
    "JSON that is no object": (objects(lambda i: {"id": i} if i != 57 else [1, 2]), "1 of its values are no"),
    "a JSON list that breaks off": (json.dumps([{"id": i} for i in range(200)])[:-5], "it is no valid JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_with_the_place_and_the_mend(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    assert said in refused(kept(tmp_path, content))


@pytest.mark.parametrize("reach", [Reach(), NEAR])
def test_more_than_a_tenth_of_odd_cells_make_a_column_of_texts_and_fewer_a_fault(
    tmp_path: Path, reach: Reach
) -> None:
    table, notes = read(kept(tmp_path, lines("id,s", lambda i: f"{i},{'x' if i % 9 == 0 else i}")), reach)
    assert table.schema.field("s").type == pa.string()
    assert "a.csv: s: holds numbers and texts; kept as text" in notes
    assert "'x' and 4 more" in refused(
        kept(tmp_path, lines("id,s", lambda i: f"{i},{'x' if i % 12 == 9 else i}")), reach
    )


def test_a_name_that_is_a_pattern_or_ends_like_an_archive_is_a_plain_file(tmp_path: Path) -> None:
    kept(tmp_path, lines("id,s", lambda i: f"{i},99"), "b1.csv.gz")
    table, _ = read(kept(tmp_path, lines("id,s", lambda i: f"{i},{i}"), "b[1]*?.csv.gz"))
    assert table["s"].to_pylist() == list(range(N))


def test_rows_keep_their_order(tmp_path: Path) -> None:
    content = "id,s\n" + "".join(f"{i},{i / 7}\n" for i in range(400_000))
    table, _ = read(kept(tmp_path, content))
    assert table["id"].to_pylist() == list(range(400_000))


def test_nothing_temporary_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / "files"
    folder.mkdir()
    read(kept(folder, lines("id,s", lambda i: f"{i},{i}")))
    refused(kept(folder, lines("id,s", lambda i: f"{i},{i if i != 58 else 'oops'}")))
    with pytest.raises(KeyboardInterrupt), streamed(kept(folder, lines("id", str))):
        raise KeyboardInterrupt
    assert [p.name for p in tmp_path.iterdir()] == ["files"]


def test_a_disk_that_is_too_small_is_said_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    said = refused(kept(tmp_path, lines("id,s", lambda i: f"{i},{i}")))
    assert "GB are free" in said
    assert "TMPDIR" in said


def differing(form: Form, texts: list[str], meanings: dict[str, object]) -> list[str]:
    """Texts that the form and the careful reader understand differently."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.register("given", pa.table({"x": texts}))
    sql = f"select case when {form.reads_as('x')} then [{form.means_in('x')}] end as v from given"
    told = connection.sql(sql).to_arrow_table()["v"].to_pylist()
    wanted = [[meanings[text]] if text in meanings else None for text in texts]
    return [text for text, want, got in zip(texts, wanted, told, strict=True) if want != got]


@pytest.mark.parametrize("place", [1, 2])
def test_numbers_of_any_writing_mean_what_the_careful_reader_takes_them_for(place: int) -> None:
    chance = random.Random(place)
    signs = "0123456789,. '%$()-+eE€x\u00a0"
    texts = ["$ 1,234.50", "(5)", "1'234'567", "12 34", "- 234", "'234", "USD7", "1_000", "0x1", "1e400", "-inf"]
    texts += ["".join(chance.choices(signs, k=chance.randint(1, 8))).strip() for _ in range(20_000)]
    texts = [text for text in dict.fromkeys(texts) if text]
    more = [
        f"{i}.5e1" if place == 1 else f"{i},5" for i in range(len(texts) + 1)
    ]  # they decide the way of writing
    meanings, _ = read_numbers([*texts, *more])
    assert sum(text in meanings for text in texts) > 500
    assert differing(FORMS["decimal"][place], texts, dict(meanings)) == []


@pytest.mark.parametrize(("place", "telling"), [(2, "13/01/2026"), (3, "01/13/2026")])
def test_moments_of_any_writing_mean_what_the_careful_reader_takes_them_for(place: int, telling: str) -> None:
    chance, texts = random.Random(place), []
    for _ in range(20_000):
        year, month, day = chance.choice(["2026", "1999", "2024"]), chance.randint(0, 13), chance.randint(0, 32)
        first, second = (day, month) if place == 2 else (month, day)
        dates = f"{year}-{month:02d}-{day:02d}", f"{year}/{month}/{day:02d}", f"{day}.{month}.{year}"
        if (first if place == 3 else second) <= 12:
            dates = (*dates, f"{first}/{second:02d}/{year}")
        hour, minute = chance.randint(0, 25), chance.randint(0, 61)
        clock = chance.choice(
            ["", f" {hour:02d}:{minute:02d}", f"T{hour:02d}:{minute:02d}:05", f" {hour}:{minute:02d} PM"]
        )
        texts.append(chance.choice(dates) + clock + chance.choice(["", "", "Z", " UTC", "+01:30", "-0500"]))
    texts = list(dict.fromkeys(texts))
    meanings, _ = read_moments([*texts, telling])
    assert sum(text in meanings for text in texts) > 1000
    assert differing(FORMS["moment"][place], texts, dict(meanings)) == []


@pytest.mark.skipif(os.environ.get("PAYOFF_HARD") != "1", reason="makes a file of 2 GB; set PAYOFF_HARD=1")
def test_two_gigabytes_fit_into_one_of_memory(tmp_path: Path) -> None:
    path, n = tmp_path / "large.csv", 20_000_000
    duckdb.sql(
        f"""copy (select 'c-' || lpad(i::varchar, 9, '0') as customer_id, round((hash(i) % 1000000) / 1e6, 6) as p,
        (hash(i) % 1000000 / 1e6 * 0.3 + (hash(i + 9) % 1000) / 2000.0 > 0.5)::int as churned,
        ['f', 'm'][1 + (hash(i + 3) % 2)::int] as sex, ['small', 'large', 'huge'][1 + i % 3] as plan,
        strftime(timestamp '2026-01-01' + interval (i % 20000000) second, '%Y-%m-%dT%H:%M:%S') as predicted_at,
        round((hash(i + 5) % 100000) / 100.0, 2) as spend, (hash(i + 8) % 80) + 18 as age,
        'a note, "quoted" ' || (i % 977) as remark from range({n}) t(i)) to '{path}' (header)"""
    )
    with streamed(path) as made:
        assert made.rows == n
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_000_000  # kilobytes
