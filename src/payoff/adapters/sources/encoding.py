"""Bytes to text: the encoding found and reported, or the byte named that makes no sense."""

from __future__ import annotations

import codecs
import re

from payoff.errors import BadInput, Fault

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_FOREIGN = {
    b"PK\x03\x04": ("an Excel workbook or a ZIP archive", "Save the sheet as CSV, or unpack the archive."),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "Save the sheet as CSV."),
    b"\x1f\x8b": ("a gzip archive", "Unpack it first."),
    b"\x28\xb5\x2f\xfd": ("a zstd archive", "Unpack it first."),
    b"%PDF": ("a PDF", "Export the table as CSV."),
    b"SQLite format 3\0": ("a SQLite database", 'Give database = "the file" and sql = "select …".'),
}
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def decode(payload: bytes, where: str) -> tuple[str, list[str]]:
    """The text, without a byte order mark, and what was found out about its encoding.

    UTF-8 is the rule. UTF-16 and UTF-32 are known by their mark or their zeros, Windows-1252 and Latin-1 by
    bytes UTF-8 cannot hold; these are reported. Raises `BadInput` with the byte offset for a text that is none of
    them, for UTF-8 that is damaged, for NUL bytes, and for files of another kind.
    """
    for magic, (what, mend) in _FOREIGN.items():
        if payload.startswith(magic):
            raise BadInput(where, [Fault(where, f"it is {what}, not a table in text form", mend)])
    if payload[8:12] == b"DUCK":
        mend = 'Give database = "the file" and sql = "select …".'
        raise BadInput(where, [Fault(where, "it is a DuckDB database, not a table in text form", mend)])
    for mark, codec, name in _MARKS:
        if payload.startswith(mark):
            notes = [] if name == "UTF-8" else [f"{where}: read as {name}"]
            return _strict(payload, codec, name, where), notes
    if codec := _wide(payload):
        return _strict(payload, codec, "UTF-16", where), [f"{where}: read as UTF-16 (without a byte order mark)"]
    offset = payload.find(b"\0")
    if offset >= 0:
        line = payload.count(b"\n", 0, offset) + 1
        what = f"a NUL byte in line {line} (byte {offset})"
        raise BadInput(where, [Fault(where, what, "Export the file again; it is damaged or not a text.")])
    try:
        return payload.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if _MULTIBYTE.search(payload):
            raise _damaged(payload, error, "UTF-8", where) from None
    # No other byte above 127 is UTF-8, so the file was written in one of the one-byte encodings of the West.
    high = re.search(rb"[\x80-\x9f]", payload)
    name = "Windows-1252" if high else "Latin-1"
    text = _strict(payload, "cp1252" if high else "latin-1", name, where)
    return text, [f"{where}: it is not UTF-8; read as {name}. Look whether names with accents are right"]


def _wide(payload: bytes) -> str:
    """UTF-16 without a mark: in a Western text every other byte is zero."""
    head = payload[:4096]
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.7 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.1 else ""


def _strict(payload: bytes, codec: str, name: str, where: str) -> str:
    try:
        return payload.decode(codec)
    except UnicodeDecodeError as error:
        raise _damaged(payload, error, name, where) from None


def _damaged(payload: bytes, error: UnicodeDecodeError, name: str, where: str) -> BadInput:
    line = payload.count(b"\n", 0, error.start) + 1
    seen = payload[error.start : error.start + 1].hex()
    what = f"byte {error.start} (0x{seen}, line {line}) is not {name}"
    return BadInput(where, [Fault(where, what, "Save the file as UTF-8 and try again.")])
