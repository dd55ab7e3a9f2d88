"""Every sentence a person reads on screen, one catalogue (a folder of TOML files) per language.

A key is `file.name`, as in `desk.empty`. A text is a format string; one that counts is a table with the CLDR
plural forms (`one`, `other`, …) and takes `n`. Numbers, money and days are written the way the language
does, by Babel.
"""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from payoff.errors import Unknown
from payoff.records.money import Money

Text = str | Mapping[str, str]
FALLBACK = "en"
WHOLE = "page"
"""A language with this room is one the whole interface speaks; others have single rooms, such as a customer's."""


@functools.cache
def catalogue(language: str) -> Mapping[str, Text]:
    """All texts of one language, flat. Raises `Unknown` for a language without a catalogue."""
    folder = resources.files(__package__) / language
    if not folder.is_dir():
        raise Unknown.among("language", language, languages())
    texts: dict[str, Text] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            room = file.name.removesuffix(".toml")
            for name, text in tomllib.loads(file.read_text("utf-8")).items():
                texts[f"{room}.{name}"] = text
    return texts


@functools.cache
def languages(room: str = WHOLE) -> tuple[str, ...]:
    """The languages that speak a room; without one, those that speak the whole interface."""
    entries = resources.files(__package__).iterdir()
    return tuple(sorted(e.name for e in entries if e.is_dir() and (e / f"{room}.toml").is_file()))


class Texts:
    """Sentences, numbers, money and days in one language and zone.

    `room`: the only one that will be asked for, where a language has texts for that room alone.
    """

    def __init__(self, language: str = FALLBACK, zone: str = "UTC", *, room: str = WHOLE) -> None:
        self.language, self.zone = language, zone
        self._texts = catalogue(language if language in languages(room) else FALLBACK)
        try:
            self._locale = Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            self._locale = Locale.parse(FALLBACK)

    def knows(self, key: str) -> bool:
        """Whether there is a sentence for a key."""
        return key in self._texts or key in catalogue(FALLBACK)

    def say(self, key: str, **values: object) -> str:
        """The sentence for a key, filled in. A missing key is a programming error and raises `KeyError`."""
        text = self._texts.get(key)
        if text is None:
            text = catalogue(FALLBACK)[key]
        if isinstance(text, str):
            return text.format(**values)
        form = self._locale.plural_form(abs(float(str(values["n"]))))
        if isinstance(values["n"], int):
            values["n"] = self.number(values["n"])
        return text.get(form, text["other"]).format(**values)

    def money(self, amount: Money, *, sign: bool = False) -> str:
        """Whole units where the amount is large, cents where it is small."""
        digits = "¤#,##0" if abs(amount.amount) >= 100 or amount.amount == round(amount.amount) else None
        shown = format_currency(
            amount.amount, amount.currency, digits, locale=self._locale, currency_digits=digits is None
        )
        return f"+{shown}" if sign and amount.minor > 0 else shown

    def share(self, value: float, *, digits: int = 0) -> str:
        """0.123 → 12%."""
        return format_percent(value, "#,##0" + ("." + "0" * digits if digits else "") + "%", locale=self._locale)

    def points(self, value: float, *, digits: int = 1, sign: bool = True) -> str:
        """A difference of two shares: 0.061 → +6.1 points."""
        number = self.number(value * 100, digits=digits)
        return self.say("common.points", value=f"+{number}" if sign and value > 0 else number)

    def number(self, value: float, *, digits: int = 0) -> str:
        """A number the language's way; past what anybody reads digit by digit, by its size (1e+30)."""
        if not math.isfinite(value) or abs(value) >= 1e15:
            return f"{value:.3g}"
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(round(value, digits) + 0.0, pattern, locale=self._locale)

    def day(self, value: date | datetime) -> str:
        """24 Nov 2026, in the product's zone."""
        if isinstance(value, datetime):
            value = value.astimezone(ZoneInfo(self.zone)).date()
        return format_date(value, "d MMM y", locale=self._locale)

    def long_day(self, value: datetime) -> str:
        """November 24, 2026; 24. November 2026: as the language writes a day inside a sentence."""
        return format_date(value.astimezone(ZoneInfo(self.zone)).date(), "long", locale=self._locale)

    def near_day(self, value: date | datetime) -> str:
        """Thu 3 Dec, in the product's zone: for days within reach."""
        if isinstance(value, datetime):
            value = value.astimezone(ZoneInfo(self.zone)).date()
        return format_date(value, "EEE d MMM", locale=self._locale)

    def weekday(self, value: date) -> str:
        """Thu."""
        return format_date(value, "EEE", locale=self._locale)

    def long_weekday(self, value: date) -> str:
        """Thursday."""
        return format_date(value, "EEEE", locale=self._locale)

    def clock(self, value: datetime) -> str:
        """09:14, in the product's zone."""
        return format_datetime(value, "HH:mm", tzinfo=ZoneInfo(self.zone), locale=self._locale)

    def moment(self, value: datetime) -> str:
        """24 Nov 2026, 09:30, in the product's zone."""
        return format_datetime(value, "d MMM y, HH:mm", tzinfo=ZoneInfo(self.zone), locale=self._locale)
