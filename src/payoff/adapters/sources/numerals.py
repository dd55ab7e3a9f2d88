"""Numbers as people write them: decimal points and commas, thousands, currency signs, per cent."""

from __future__ import annotations

import re
from collections.abc import Sequence

_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?!\d))")
CODES = "USD|EUR|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|AUD|CAD|NZD|INR|BRL|MXN|ZAR|SGD|HKD|CNY"
_SIGN = re.compile(rf"^([+-]?)\s*(?:[$€£¥₹]|(?:US|C|A)\$|(?:{CODES})\b)\s*|\s*(?:[$€£¥₹]|\b(?:{CODES}))$")
_NOT_FINITE = re.compile(r"[+-]?(?:inf|infinity|nan)", re.I)


def read_numbers(values: Sequence[str]) -> tuple[dict[str, int | float | None], list[str]]:
    """What each text means as a number (those that are none are left out), and what was assumed.

    One way of writing is chosen for all: decimal commas where more of the texts read that way. Whole numbers stay
    whole only when all are. Infinity and NaN mean nothing known (`None`).
    """
    bare: dict[str, str] = {}
    signs, percents, lost = 0, 0, 0
    for value in values:
        text = value
        if text.startswith("(") and text.endswith(")"):
            text = "-" + text[1:-1]  # how bookkeepers write a loss
        stripped = _SIGN.sub(r"\1", text).strip()
        signs += stripped != text
        if stripped.endswith("%"):
            stripped, percents = stripped[:-1].rstrip(), percents + 1
        bare[value] = _GROUPED.sub("", stripped)
    points = sum(1 for text in bare.values() if _POINT.fullmatch(text))
    commas = sum(1 for text in bare.values() if _COMMA.fullmatch(text))
    comma = commas > points
    form = _COMMA if comma else _POINT
    meanings: dict[str, int | float | None] = {}
    grouped = 0
    for value, text in bare.items():
        if form.fullmatch(text):
            plain = text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")
            grouped += not comma and "," in text
            meanings[value] = _number(plain)
        elif _NOT_FINITE.fullmatch(text):
            meanings[value], lost = None, lost + 1
    if len(meanings) == lost:
        return {}, []
    if any(isinstance(meaning, float) for meaning in meanings.values()):
        meanings = {value: None if m is None else float(m) for value, m in meanings.items()}
    remarks = ["decimal commas, read as such"] if comma else []
    if grouped:
        shown = next(value for value, text in bare.items() if "," in text)
        remarks.append(f"commas read as thousands ({shown} is {meanings[shown]:g})")
    if signs:
        remarks.append("currency signs dropped")
    if percents:
        remarks.append("per cent signs dropped (12% is 12)")
    if lost:
        remarks.append("infinities read as missing")
    return meanings, remarks


def _number(plain: str) -> int | float | None:
    if plain.lstrip("+-").isdecimal():
        return int(plain)
    number = float(plain)
    return number if abs(number) != float("inf") else None
