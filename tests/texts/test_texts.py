"""The catalogue: every language has every key, sentences fill in, numbers are written the language's way."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest

from payoff.records.money import Money
from payoff.texts import FALLBACK, Texts, catalogue, languages

SOURCE = Path(__file__).parents[2] / "src" / "payoff"


def test_every_language_has_the_same_keys():
    keys = set(catalogue(FALLBACK))
    for language in languages():
        assert set(catalogue(language)) == keys


def test_every_sentence_is_a_sound_format_string():
    for key, text in catalogue(FALLBACK).items():
        for form in [text] if isinstance(text, str) else text.values():
            if isinstance(form, str):
                list(string.Formatter().parse(form)), key


def test_every_key_the_code_says_exists():
    said = set()
    for path in (*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")):
        said |= set(re.findall(r"""\bsay\(\s*["']([a-z_]+\.[a-z0-9_]+)["']""", path.read_text("utf-8")))
    assert said
    built = {key for key in said if key.endswith("_")}  # the beginning of a key whose end is a state
    for start in built:
        assert any(key.startswith(start) for key in catalogue(FALLBACK)), start
    assert sorted(said - built - set(catalogue(FALLBACK))) == []


def test_numbers_and_money_are_written_the_languages_way():
    assert Texts("en").money(Money(123456, "USD"), sign=True) == "+$1,235"
    assert Texts("en").money(Money(1250, "EUR")) == "€12.50"
    assert Texts("de").number(1234.5, digits=1) == "1.234,5"
    assert Texts("en").points(0.061) == "+6.1 points"


def test_a_counted_number_is_written_the_languages_way_too():
    assert Texts().say("board.units", n=1481) == "1,481 units"
    assert Texts().say("board.units", n=1) == "1 unit"


def test_a_day_is_the_teams_day():
    late = datetime(2026, 1, 4, 23, 30, tzinfo=UTC)
    assert Texts("en", "Asia/Tokyo").day(late) == "5 Jan 2026"


def test_a_language_without_a_catalogue_reads_english_and_counts_its_own_way():
    assert Texts("fr").say("common.simulated") == "simulated"


def test_a_missing_key_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        Texts("en").say("desk.no_such_sentence")
