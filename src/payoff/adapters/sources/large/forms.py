"""The ways cells of a text file are written, as SQL: what the careful reader understands, at the speed of a query.

Each form is a pair over a text `x`: whether a cell is written so, and what it then means. A form is chosen only
where it gives exactly what the careful reader gives on a sample, so the two can never mean different things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from payoff.adapters.sources.numerals import CODES
from payoff.adapters.sources.values import NOTHING, PERHAPS_NOTHING

Kind = Literal["whole", "decimal", "truth", "moment", "text"]
_SPACES = r"\s\x{1c}-\x{1f}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_GROUPING = r" \x{a0}\x{202f}'’"
_SIGN = rf"^([+-]?)[{_SPACES}]*(?:[$€£¥₹]|(?:US|C|A)\$|(?:{CODES})\b)[{_SPACES}]*"
_SIGN_AFTER = rf"[{_SPACES}]*(?:[$€£¥₹]|\b(?:{CODES}))$"
_NOT_FINITE = r"(?i)[+-]?(inf|infinity|nan)"
_POINT = r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]*)?([eE][+-]?[0-9]+)?|[+-]?\.[0-9]+([eE][+-]?[0-9]+)?"
_COMMA = r"[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?"
_PLAIN_WHOLE = r"-?(0|[1-9][0-9]{0,14})"
_PLAIN_DECIMAL = r"-?(0|[1-9][0-9]{0,14})(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?"
_DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
_ZONE = "Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9]"
_PLAIN_ISO = rf"{_DATE_TIME}({_ZONE})?)?"
_ISO = rf"{_DATE_TIME}[{_SPACES}]?(UTC|{_ZONE})?)?"
_CLOCK = rf"(,?[ T]([0-9]{{1,2}}):([0-9]{{2}})(:([0-9]{{2}}))?[{_SPACES}]?([AaPp][Mm])?)?"
_PLAIN_CLOCK = r"([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"
_CLOCK_PARTS = ["'t'", "'h'", "'mi'", "'ts'", "'s'", "'half'"]
_DAY = r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})", r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})"
_SLASHED = r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})"


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def one_of(x: str, words: Sequence[str]) -> str:
    """SQL: the text is one of these. By a pattern: a list would become a join, which loses the order of rows."""
    return f"regexp_full_match({x}, {literal('|'.join(map(re.escape, words)))})"


def trimmed(x: str) -> str:
    """Without white space of any kind around it."""
    edges = f"'^[{_SPACES}]+|[{_SPACES}]+$'"
    return f"(case when regexp_matches({x}, {edges}) then regexp_replace({x}, {edges}, '', 'g') else {x} end)"


def is_blank(x: str) -> str:
    """Something stands there, and it is white space."""
    return f"({x} <> '' and regexp_full_match({x}, '[{_SPACES}]+'))"


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing. `reads` and `means` are SQL with a place `{x}`.

    Cells that read as nothing known (infinite numbers) mean null, else null says that a cell is not written so.
    `signs` says whether a lone dash stands for nothing, `sure` whether `means` is null for what is not written so.
    """

    name: str
    kind: Kind
    reads: str
    means: str
    signs: bool = True
    sure: bool = True

    @property
    def nothing(self) -> tuple[str, ...]:
        """Texts that stand for nothing in such a column."""
        return (*NOTHING, *PERHAPS_NOTHING) if self.signs else NOTHING

    def reads_as(self, x: str) -> str:
        return self.reads.replace("{x}", x)

    def means_in(self, x: str) -> str:
        return self.means.replace("{x}", x)

    def is_nothing(self, x: str) -> str:
        """SQL: the trimmed cell says nothing."""
        return f"({x} is null or {one_of(x, self.nothing)})"

    def is_plainly_nothing(self, x: str) -> str:
        """SQL: it says nothing, in a way nobody needs to be told of."""
        return f"({x} is null or {one_of(x, NOTHING)})"


def _full(pattern: str, x: str = "{x}") -> str:
    return f"regexp_full_match({x}, {literal(pattern)})"


def _unsigned() -> str:
    """A number without its currency and per cent; a loss in brackets gets its minus."""
    x = "(case when starts_with({x}, '(') and ends_with({x}, ')') then '-' || {x}[2:-2] else {x} end)"
    x = rf"regexp_replace({x}, {literal(_SIGN)}, '\1')"
    x = f"trim(regexp_replace({x}, {literal(_SIGN_AFTER)}, ''))"
    return f"regexp_replace({x}, '[{_SPACES}]*%$', '')"


_GROUP = rf"[{_GROUPING}]([0-9]{{3}}(?:\b|[a-zA-Z_]))"
_UNSIGNED = _unsigned()
_BARE = rf"regexp_replace({_UNSIGNED}, {literal(_GROUP)}, '\1', 'g')"
_STRAY = f"regexp_matches({_UNSIGNED}, {literal('(^|[^0-9])' + _GROUP)})"


def _dressed(name: str, kind: Kind, pattern: str, plain: str) -> Form:
    """Numbers as people write them, in one of the two ways of writing decimals."""
    number = plain.replace("{bare}", _BARE)
    cast = f"try_cast({number} as {'bigint' if kind == 'whole' else 'double'})"
    fits = f"(regexp_full_match({_BARE}, {literal(pattern)}) and not {_STRAY})"
    lost = _full(_NOT_FINITE, _BARE)
    finite = cast if kind == "whole" else f"(case when isfinite({cast}) then {cast} end)"
    readable = f"({fits} and {cast} is not null or {lost})"
    return Form(name, kind, readable, f"(case when {fits} then {finite} end)")


def _moment(year: str, month: str, day: str, pattern: str) -> str:
    """Days in parts, with a clock of any kind: slow, for the few that `_plain_moment` does not read."""
    names = f"['{'y' if pattern == _DAY[0] else 'a'}', 'b', '{'c' if pattern == _DAY[0] else 'y'}', "
    parts = f"regexp_extract({{x}}, {literal('^' + pattern + _CLOCK + '$')}, {names}{', '.join(_CLOCK_PARTS)}])"
    hour = (
        "(case when p.h = '' then '0' when p.half = '' then p.h else "
        "((p.h::int % 12) + (case when lower(p.half) = 'pm' then 12 else 0 end))::varchar end)"
    )
    clock = f"{hour} || ':' || coalesce(nullif(p.mi, ''), '0') || ':' || coalesce(nullif(p.s, ''), '0')"
    shown = f"{year} || '-' || {month} || '-' || {day} || ' ' || {clock}"
    made = f"(case when {hour}::int < 24 then try_cast({shown} as timestamptz) end)"
    found = f"list_extract(list_transform([{parts}], lambda p: {made}), 1)"
    return f"(case when {_full(pattern + _CLOCK)} then {found} end)"


def _plain_moment(form: str, pattern: str) -> str:
    """Days in parts, alone or with a clock of 24 hours."""
    x = "replace({x}, 'T', ' ')"
    day, minute, second = (f"try_strptime({x}, {literal(form + clock)})" for clock in ("", " %H:%M", " %H:%M:%S"))
    made = f"case when not contains({{x}}, ':') then {day} when {{x}} like '%:%:%' then {second} else {minute} end"
    return f"(case when {_full(pattern + _PLAIN_CLOCK)} then try_cast({made} as timestamptz) end)"


_TIGHT = rf"regexp_replace(replace({{x}}, 'UTC', 'Z'), '[{_SPACES}](Z|[+-])', '\1')"
_ISO_MOMENT = f"(case when {_full(_ISO)} then try_cast({_TIGHT} as timestamptz) end)"
_PARTED = (
    _plain_moment("%Y/%m/%d", _DAY[0]),
    _plain_moment("%d.%m.%Y", _DAY[1]),
    _moment("p.y", "p.b", "p.c", _DAY[0]),
    _moment("p.y", "p.b", "p.a", _DAY[1]),
)
_DAYS_FIRST = (_plain_moment("%d/%m/%Y", _SLASHED), *_PARTED, _moment("p.y", "p.b", "p.a", _SLASHED))
_MONTHS_FIRST = (_plain_moment("%m/%d/%Y", _SLASHED), *_PARTED, _moment("p.y", "p.a", "p.b", _SLASHED))


def _moments(name: str, *ways: str) -> Form:
    means = f"coalesce({', '.join(ways)})" if len(ways) > 1 else ways[0]
    return Form(name, "moment", f"({means} is not null)", means)


WHOLE = Form("whole", "whole", _full(_PLAIN_WHOLE), "cast({x} as bigint)", sure=False)
DECIMAL = Form(
    "decimal",
    "decimal",
    f"({_full(_PLAIN_DECIMAL)} and isfinite(try_cast({{x}} as double)))",
    "try_cast({x} as double)",
    sure=False,
)
TRUTH = Form(
    "truth", "truth", "(lower({x}) in ('true', 'false'))", "(lower({x}) = 'true')", signs=False, sure=False
)
TEXT = Form("text", "text", "true", "{x}", signs=False)
EMPTY = Form("empty", "text", "false", "{x}", signs=False)
_UNDECIDED = f"try_cast(regexp_extract({{x}}, {literal('^' + _SLASHED)}, %d) as integer) > 12"
UNDECIDED = Form(
    "undecided", "text", f"(not coalesce(({_UNDECIDED % 1}) or ({_UNDECIDED % 2}), false))", "{x}", signs=False
)
"""Texts such as 03/04/2026, of which none tells days from months; one that does makes the column moments."""

_POINTED = "replace({bare}, ',', '')"
_COMMAED = "replace(replace({bare}, '.', ''), ',', '.')"
FORMS: dict[Kind, Sequence[Form]] = {
    "whole": (
        WHOLE,
        _dressed("points, whole", "whole", r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)", _POINTED),
        _dressed("commas, whole", "whole", r"[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)", _COMMAED),
    ),
    "decimal": (
        DECIMAL,
        _dressed("points", "decimal", _POINT, _POINTED),
        _dressed("commas", "decimal", _COMMA, _COMMAED),
    ),
    "truth": (TRUTH,),
    "moment": (
        _moments("plain iso", f"(case when {_full(_PLAIN_ISO)} then try_cast({{x}} as timestamptz) end)"),
        _moments("iso", _ISO_MOMENT),
        _moments("days first", _ISO_MOMENT, *_DAYS_FIRST),
        _moments("months first", _ISO_MOMENT, *_MONTHS_FIRST),
    ),
    "text": (TEXT,),
}
"""The forms of each kind, in the order in which they are tried."""
