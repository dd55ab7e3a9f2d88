"""Every bad file gets a clear refusal or a coercion that is said; never half an import."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from payoff.adapters.sources import open_source
from payoff.brief.schema import SourceEntry
from payoff.errors import BadInput


@pytest.fixture
def read(tmp_path):
    def read(content, name="a.csv", zone="UTC", **entry):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        source = SourceEntry.model_validate({"as": "units", "file": name, **entry})
        return open_source(source, tmp_path, zone=zone).read()

    return read


def refused(read, content, **more):
    with pytest.raises(BadInput) as caught:
        read(content, **more)
    assert all(fault.mend for fault in caught.value.faults)
    return str(caught.value)


def test_a_plain_file_is_read_without_a_remark(read):
    reading = read('id,n,x,ok,day\n1,2,2.5,true,2026-01-02T00:00Z\n2,,"3",false,\n')
    assert reading.notes == ()
    assert reading.table.to_pydict() == {
        "id": [1, 2],
        "n": [2, None],
        "x": [2.5, 3.0],
        "ok": [True, False],
        "day": [datetime(2026, 1, 2, tzinfo=UTC), None],
    }
    assert reading.as_of.tzinfo is not None


def test_a_missing_column_names_those_that_are_near(read):
    message = refused(read, "acount,Churn\na,1\n", unit="account", outcomes={"churned": "churn=1"})
    assert "no column 'account'. There is: acount" in message
    assert "no column 'churn'. There is: Churn" in message


def test_mistakes_in_a_column_of_numbers_are_named_by_row_and_value(read):
    rows = [f"a{i},{i}" for i in range(40)]
    rows[4], rows[30] = "a4,twelve", "a30,x"
    message = refused(read, "id,n\n" + "\n".join(rows))
    assert "a.csv, column 'n': 38 of 40 values are numbers" in message
    assert "row 6: 'twelve', row 32: 'x'" in message


def test_such_a_column_is_read_when_it_is_listed_as_text_or_ignored(read):
    text = "id,n\n" + "\n".join(f"a{i},{i if i else 'x'}" for i in range(40))
    assert read(text, text=["n"]).table["n"][0].as_py() == "x"
    assert read(text, ignore=["n"]).table.column_names == ["id"]


def test_a_column_half_numbers_half_texts_is_text_and_said(read):
    reading = read("id,n\na,1\nb,x\nc,2\nd,y\ne,3\n")
    assert reading.table["n"].to_pylist() == ["1", "x", "2", "y", "3"]
    assert reading.notes == ("a.csv: n: holds numbers and texts; kept as text",)


def test_a_column_without_a_single_value_is_said(read):
    assert read("id,n\na,\nb,\n").notes == ("a.csv: n: empty in every row",)


@pytest.mark.parametrize("content", ["", "\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(read, content):
    assert "the file is empty" in refused(read, content)


def test_a_header_without_rows_is_refused(read):
    assert "not one row below it" in refused(read, "id,n\n")


def test_columns_without_a_name_or_with_the_same_one_are_refused_together(read):
    message = refused(read, "id,,n,n\n1,2,3,4\n")
    assert "column 2 has no name" in message
    assert "2 columns are called 'n'" in message


def test_latin_1_and_windows_1252_are_read_and_said(read):
    reading = read("id,name\n1,Müller\n".encode("latin-1"))
    assert reading.table["name"].to_pylist() == ["Müller"]
    assert "Latin-1" in reading.notes[0]
    reading = read("id,name\n1,5 € Müller\n".encode("cp1252"))
    assert reading.table["name"].to_pylist() == ["5 € Müller"]
    assert "Windows-1252" in reading.notes[0]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_and_said(read, codec):
    reading = read("id,name\n1,Müller\n2,Meyer\n".encode(codec))
    assert reading.table["name"].to_pylist() == ["Müller", "Meyer"]
    assert "UTF-16" in reading.notes[0]


def test_a_byte_order_mark_is_no_part_of_the_first_name(read):
    reading = read(b"\xef\xbb\xbfid,n\n1,2\n")
    assert (reading.table.column_names, reading.notes) == (["id", "n"], ())


def test_damaged_utf_8_is_refused_with_the_byte(read):
    assert "byte 14 (0xff, line 3) is not UTF-8" in refused(read, "id,n\n1,é\n2,ab".encode()[:15] + b"\xff\n")


def test_bytes_of_no_encoding_are_refused_with_the_offset(read):
    assert "byte 7 (0x81, line 2)" in refused(read, b"id,n\n1,\x81\x80\n")


def test_nul_bytes_are_refused_with_their_line(read):
    assert "a NUL byte in line 2 (byte 7)" in refused(read, b"id,n\n1,\0\n")


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"PK\x03\x04rest of it", "Excel"),
        (b"\x1f\x8brest of it", "gzip"),
        (b"SQLite format 3\0", "SQLite"),
        (b"12345678DUCK", "DuckDB"),
    ],
)
def test_files_of_another_kind_are_told_what_they_are(read, head, what):
    assert what in refused(read, head)


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_delimiters_are_found_and_said(read, sign, name):
    reading = read("id,n,name\n1,2,a\n2,3,b\n".replace(",", sign))
    assert reading.table.column_names == ["id", "n", "name"]
    assert name in reading.notes[0]


def test_commas_inside_quotes_do_not_mislead(read):
    assert read('id;say\n1;"a, b, c"\n2;"d, e, f"\n').table["say"].to_pylist() == ["a, b, c", "d, e, f"]


def test_decimal_commas_are_read_and_said(read):
    reading = read("id;x\n1;1.234,5\n2;7,25\n")
    assert reading.table["x"].to_pylist() == [1234.5, 7.25]
    assert "a.csv: x: decimal commas, read as such" in reading.notes


def test_thousands_currencies_and_per_cent_are_read_and_said(read):
    reading = read('id,x,y,z\n1,"$1,234.50",12%,EUR 3\n2,$7.25,3%,(4)\n')
    assert reading.table.select(["x", "y", "z"]).to_pydict() == {"x": [1234.5, 7.25], "y": [12, 3], "z": [3, -4]}
    said = " ".join(reading.notes)
    assert "thousands" in said
    assert "currency signs dropped" in said
    assert "12% is 12" in said


def test_a_quote_that_never_closes_is_refused_at_the_row_where_it_opens(read):
    assert "a.csv line 3: a quote opens in this row and never closes" in refused(read, 'id,n\n1,2\n2,"3\n4,5\n')


def test_something_after_a_closing_quote_is_refused(read):
    assert "a.csv line 3" in refused(read, 'id,n\n1,2\n2,"3"x\n')


def test_ragged_rows_are_refused_by_line_the_first_few_and_a_count(read):
    message = refused(read, "id,n\n1,2\n3\n4,5,6\n" + "7\n" * 5)
    assert "a.csv line 3: the row has 1 values, and the header 2" in message
    assert "a.csv line 4: the row has 3 values" in message
    assert "2 more rows" in message


def test_blank_lines_are_no_rows(read):
    assert read("\nid,n\n1,2\n\n ,\n3,4\n\n").table.num_rows == 2


def test_moments_in_four_ways_of_writing_are_read(read):
    reading = read(
        "iso,german,american,english\n"
        "2026-03-04 10:00:00+02:00,04.03.2026 10:00,3/14/2026 1:30 PM,14/03/2026\n"
        "2026-03-05,05.03.2026,3/4/2026,4/3/2026\n",
        zone="Europe/Berlin",
    )
    table = reading.table
    assert table["iso"][0].as_py() == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert table["german"][0].as_py() == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert table["american"][0].as_py() == datetime(2026, 3, 14, 12, 30, tzinfo=UTC)
    assert table["english"][1].as_py() == datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert "a.csv: american: read as month/day/year" in reading.notes
    assert "a.csv: german: moments without a zone, read as Europe/Berlin" in reading.notes


def test_days_that_could_be_months_are_not_guessed(read):
    assert pa.types.is_string(read("id,day\n1,3/4/2026\n2,5/6/2026\n").table["day"].type)


def test_blanks_among_numbers_are_missing_and_counted(read):
    reading = read("id,x\n1,2.5\n2, \n3,NA\n4,3\n")
    assert reading.table["x"].to_pylist() == [2.5, None, None, 3.0]
    assert reading.notes == (
        "a.csv: x: 1 blank among numbers, read as missing",
        "a.csv: x: 1 times 'NA' among numbers, read as missing",
    )


def test_na_in_a_column_of_texts_may_be_namibia(read):
    assert read("id,land\n1,NA\n2,DE\n").table["land"].to_pylist() == ["NA", "DE"]


def test_long_numbers_and_leading_zeros_stay_text_and_are_said(read):
    reading = read("id,zip\n12345678901234567890,01067\n2,80331\n")
    assert reading.table.to_pydict() == {"id": ["12345678901234567890", "2"], "zip": ["01067", "80331"]}
    assert len(reading.notes) == 2


def test_the_units_id_is_text_whatever_it_looks_like(read):
    assert read("id,n\n007,1\n8,2\n", unit="id").table["id"].to_pylist() == ["007", "8"]


def test_nan_and_infinities_are_missing_and_said(read):
    reading = read("id,x\n1,NaN\n2,inf\n3,2\n")
    assert reading.table["x"].to_pylist() == [None, None, 2.0]
    assert any("infinities" in note for note in reading.notes)


def parquet(table):
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


def test_a_parquet_called_csv_is_read_as_what_it_is(read):
    reading = read(parquet(pa.table({"id": ["a"], "x": [float("nan")]})))
    assert reading.table.to_pydict() == {"id": ["a"], "x": [None]}
    assert reading.notes == (
        "a.csv: it is called .csv and is Parquet; read as what it is",
        "a.csv: x: 1 NaN or infinite, read as missing",
    )


def test_a_csv_called_parquet_is_read_as_what_it_is(read):
    assert "delimited text" in read("id,n\n1,2\n", name="a.parquet").notes[0]


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_truncated_parquet_is_refused(read, share):
    whole = parquet(pa.table({"id": list(range(1000))}))
    assert "cut off" in refused(read, whole[: int(len(whole) * share)])


def test_a_damaged_parquet_is_refused(read):
    whole = parquet(pa.table({"id": list(range(1000))}))
    assert "damaged" in refused(read, whole[:40] + b"\0" * 40 + whole[-4:])


def test_types_of_parquet_become_the_few_we_use(read):
    table = pa.table(
        {
            "d": pa.array(["a", "b"]).dictionary_encode(),
            "m": pa.array([datetime(2026, 1, 1), None], pa.timestamp("ns")),
            "c": pa.array(["1.5", "2.5"]).cast(pa.decimal128(5, 2)),
            "s": pa.array([{"a": 1}, None]),
            "f": pa.array([1.5, 2.5], pa.float32()),
        }
    )
    reading = read(parquet(table), name="a.parquet")
    assert [str(kind) for kind in reading.table.schema.types] == [
        "string",
        "timestamp[us, tz=UTC]",
        "double",
        "string",
        "double",
    ]
    assert json.loads(reading.table["s"][0].as_py()) == {"a": 1}
    assert len(reading.notes) == 2


def test_raw_bytes_are_refused_until_they_are_ignored(read):
    content = parquet(pa.table({"id": ["a"], "raw": [b"\xff"]}))
    assert "raw bytes" in refused(read, content)
    assert read(content, ignore=["raw"]).table.column_names == ["id"]


def test_json_lines_are_read_and_a_missing_key_is_missing(read):
    reading = read('{"id": "a", "n": 1}\n\n{"id": "b", "x": {"y": 2}}\n', name="a.jsonl")
    assert reading.table.to_pydict() == {"id": ["a", "b"], "n": [1, None], "x": [None, '{"y": 2}']}
    assert reading.notes == ("a.jsonl: x: nested values, kept as JSON text",)


def test_a_json_list_is_read_too_and_ids_beyond_a_float_stay_whole(read):
    reading = read('[{"id": 12345678901234567890}, {"id": 2}]', name="a.json")
    assert reading.table["id"].to_pylist() == ["12345678901234567890", "2"]


def test_broken_json_lines_are_named_by_line(read):
    message = refused(read, '{"id": 1}\n{"id": \n[1]\n', name="a.jsonl")
    assert "a.jsonl line 2" in message
    assert "a.jsonl line 3: [1] is no object" in message


def test_columns_are_renamed_and_two_of_one_name_are_refused(read):
    assert read("Kunde,n\na,1\n", unit="id", columns={"id": "Kunde"}).table.column_names == ["id", "n"]
    assert "already a column" in refused(read, "Kunde,id\na,1\n", columns={"id": "Kunde"})


def test_a_folder_a_missing_file_and_a_pattern_without_files_are_refused(tmp_path):
    (tmp_path / "accounts.csv").write_text("id\n1\n")
    for file, what in (
        (".", "it is a folder"),
        ("acounts.csv", "There is: accounts.csv"),
        ("x*.csv", "no file fits"),
    ):
        with pytest.raises(BadInput, match=what):
            open_source(SourceEntry.model_validate({"as": "units", "file": file}), tmp_path).read()


def test_of_snapshots_the_last_is_read_and_of_outcomes_all(tmp_path):
    (tmp_path / "a-1.csv").write_text("id,n\n1,2\n")
    (tmp_path / "a-2.csv").write_text("n,id\n3,2\n")

    def rows(kind):
        entry = SourceEntry.model_validate({"as": kind, "file": "a-*.csv", "unit": "id"})
        return open_source(entry, tmp_path).read()

    assert rows("units").table["id"].to_pylist() == ["2"]
    assert rows("outcomes").table["id"].to_pylist() == ["1", "2"]
    assert "2 files" in rows("outcomes").notes[0]
    (tmp_path / "a-3.csv").write_text("id,m\n3,2\n")
    with pytest.raises(BadInput, match="its columns differ"):
        rows("outcomes")


def test_a_source_that_names_neither_file_nor_query_is_refused(tmp_path):
    with pytest.raises(BadInput, match="neither a file nor a query"):
        open_source(SourceEntry.model_validate({"as": "units"}), tmp_path)
