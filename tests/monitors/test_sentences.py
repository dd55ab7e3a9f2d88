"""The monitors and their sentences belong together: none is missing, none is said by nobody."""

from __future__ import annotations

import re
from pathlib import Path

from payoff.texts import catalogue

ROOM = Path(__file__).parents[2] / "src" / "payoff"
KEYS = {key.removeprefix("monitors.") for key in catalogue("en") if key.startswith("monitors.")}


def said() -> set[str]:
    """Every key the room says, with `.+` where a part is filled in."""
    found: set[str] = set()
    for path in (ROOM / "monitors").rglob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'\bsay\(\s*f?"([^"]+)"', text))
        found |= set(re.findall(r'\bkey = f?"([^"]+)"', text))
        found |= set(re.findall(r'_line\(look, f?"([^"]+)"', text))
        for pair in re.findall(r'say\(\s*"([^"]+)" if [^"]+ else "([^"]+)"', text):
            found |= set(pair)
        for pair in re.findall(r'key = "([^"]+)" if [^"\n]+ else "([^"]+)"', text):
            found |= set(pair)
    found |= set(re.findall(r'"monitors\.([^"]+)"', (ROOM / "use_cases" / "health.py").read_text("utf-8")))
    found |= set(re.findall(r'"monitors\.([^"]+)"', (ROOM / "web" / "pages" / "health.py").read_text("utf-8")))
    words = {key for key in found if "_" in key or key in KEYS}  # the rest are parts of keys
    return {re.sub(r"\{.*?\}", ".+", key) for key in words if key != "{key}"}


def test_every_sentence_that_is_said_is_in_the_catalogue() -> None:
    missing = [key for key in said() if not any(re.fullmatch(key, known) for known in KEYS)]
    assert missing in ([], [".+_came"])


def test_no_sentence_is_left_that_nobody_says() -> None:
    keys = said() | {"calibration_came"}
    assert sorted(known for known in KEYS if not any(re.fullmatch(key, known) for key in keys)) == []


def test_of_protected_groups_no_sentence_advises_to_give_anybody_less() -> None:
    advice = " ".join(
        str(text) for key, text in catalogue("en").items() if key.startswith("monitors.fairness_todo")
    )
    assert not re.search(r"\b(lower|reduce|fewer|cut|less often)\b", advice)
