"""Where a key stands in a TOML text, so that a fault can name its line; and one value changed, comments kept.

The standard parser keeps no positions. This scanner follows just enough of the grammar (tables, arrays of
tables, dotted and quoted keys, strings, values over several lines) to know the line each key begins on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.S)


@dataclass(frozen=True, slots=True)
class _Spot:
    line: int
    start: int
    end: int


@dataclass(slots=True)
class Lines:
    """The line of every key of one TOML text. `where` is how the file is called in messages."""

    text: str
    where: str = "payoff.toml"
    _spots: dict[Path, _Spot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._spots = dict(_scan(self.text))

    def line(self, path: Sequence[str | int]) -> int | None:
        """The line of a key, else of its nearest parent that stands in the file; `None` when none does."""
        known = tuple(path)
        while known:
            if known in self._spots:
                return self._spots[known].line
            known = known[:-1]
        return None

    def at(self, path: Sequence[str | int]) -> str:
        """`payoff.toml line 12 (metrics.2.margin)`, or the file and the key alone when it is not written."""
        shown = dotted(path)
        line = self.line(path)
        place = self.where if line is None else f"{self.where} line {line}"
        return f"{place} ({shown})" if shown else place

    def replaced(self, path: Sequence[str | int], literal: str) -> str:
        """The text with the value of one written key exchanged for a TOML literal; all else stays as it was.

        Raises `KeyError` for a key that is not written in the text.
        """
        spot = self._spots[tuple(path)]
        return self.text[: spot.start] + literal + self.text[spot.end :]


def dotted(path: Sequence[str | int]) -> str:
    """`("metrics", 1, "margin")` → `metrics.2.margin`: entries are counted from 1, as people do."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def literal(value: object) -> str:
    """A value as TOML text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key(k)} = {literal(v)}" for k, v in value.items()) + " }" if value else "{}"
    # JSON's escapes are TOML's, but for DEL and for surrogates, which a text from a file cannot hold.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def key(name: str) -> str:
    """A key as TOML text, quoted where it must be."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else literal(name)


def _scan(text: str) -> list[tuple[Path, _Spot]]:
    spots: list[tuple[Path, _Spot]] = []
    counts: dict[Path, int] = {}
    table: Path = ()
    position = 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        stripped = text[position:end].strip()
        if stripped and not stripped.startswith("#"):
            line = text.count("\n", 0, position) + 1
            if stripped.startswith("["):
                table = _header(stripped, counts)
                spots.append((table, _Spot(line, position, end)))
                if table and isinstance(table[-1], int) and table[-1] == 0:
                    spots.append((table[:-1], _Spot(line, position, end)))
            else:
                path, start = _keys(text, position)
                if path:
                    start += len(text[start:end]) - len(text[start:end].lstrip())
                    value_end = _value_end(text, start)
                    spots.append(((*table, *path), _Spot(line, start, value_end)))
                    spots += _inner(text, (*table, *path), start, value_end)
                    end = text.find("\n", value_end)
                    end = len(text) if end < 0 else end
        position = end + 1
    return spots


def _header(stripped: str, counts: dict[Path, int]) -> Path:
    """The path of `[a.b]` or `[[a.b]]`; a table inside an array of tables belongs to its newest entry."""
    array = stripped.startswith("[[")
    names, _ = _keys(stripped.lstrip("["), 0, stop="]")
    path: Path = ()
    for i, name in enumerate(names):
        path = (*path, name)
        if array and i == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _keys(text: str, position: int, stop: str = "=") -> tuple[Path, int]:
    """The dotted key that begins here and the position after `stop`; an empty path if there is no key."""
    path: Path = ()
    while match := _KEY.match(text, position):
        path = (*path, next(group for group in match.groups() if group is not None))
        position = match.end()
        if text[position : position + 1] == ".":
            position += 1
        elif text[position : position + 1] == stop:
            return path, position + 1
        else:
            break
    return (), position


def _value_end(text: str, position: int) -> int:
    """Where the value that begins here ends; brackets may carry it over lines, comments are skipped."""
    depth = 0
    end = position
    while position < len(text):
        sign = text[position]
        if string := _STRING.match(text, position):
            position = end = string.end()
            continue
        if sign == "#":
            if depth == 0:
                return end
            newline = text.find("\n", position)
            position = len(text) if newline < 0 else newline
            continue
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            if depth == 0:
                return end
            depth -= 1
        elif sign in "\n," and depth == 0:
            return end
        position += 1
        if not sign.isspace():
            end = position
    return end


def _inner(text: str, path: Path, start: int, end: int) -> list[tuple[Path, _Spot]]:
    """Keys and entries inside an inline table or an array, each with its own line."""
    spots: list[tuple[Path, _Spot]] = []
    opening = text[start : start + 1]
    if opening not in ("{", "["):
        return spots
    position, index = start + 1, 0
    while position < end - 1:
        if text[position].isspace() or text[position] == ",":
            position += 1
            continue
        if text[position] == "#":
            newline = text.find("\n", position)
            position = end if newline < 0 else newline
            continue
        begin, name = position, (index,) if opening == "[" else ()
        if opening == "{":
            name, position = _keys(text, position)  # type: ignore[assignment]
            if not name:
                return spots
            while text[position : position + 1].isspace():
                position += 1
        value_end = max(_value_end(text, position), position + 1)
        spots.append(((*path, *name), _Spot(text.count("\n", 0, begin) + 1, position, value_end)))
        spots += _inner(text, (*path, *name), position, value_end)
        position, index = value_end, index + 1
    return spots
