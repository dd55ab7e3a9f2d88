"""Words of cause, and figures in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from payoff.features.words import readable
from payoff.texts import Texts

_CAUSAL = re.compile(
    r"\b(because|caus(?:e|es|ed|ing|al)|due to|thanks to|leads? to|led to|leading to|results? in|resulted in|"
    r"driv(?:es|en|ing)|drove|mak(?:es|ing)|made|reduc(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|rais(?:es|ed|ing)|"
    r"lower(?:s|ed|ing)|improv(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|boost(?:s|ed|ing)?|effect of|impact(?:s|ed)?|"
    r"helps?|helped|keeps?|saves?|saved|so that|therefore|hence|will (?:stay|leave|renew|churn|buy))\b",
    re.IGNORECASE,
)


_VERBS = frozenset(("left", "quit", "went", "fell"))
"""Names of outcomes that read as something people did, besides those in -ed."""


def causal_words(text: str) -> list[str]:
    """The words in a text that claim a cause; a reason without a randomised measurement may hold none."""
    return [match.group(0).lower() for match in _CAUSAL.finditer(text)]


@dataclass(frozen=True, slots=True)
class Goal:
    """How to speak of effects on a goal: its name in words, and what its amount is (`Outcome.measure`)."""

    name: str = ""
    measure: str = "yes_no"

    def effect(self, texts: Texts, value: float, width: float = 0.0) -> str:
        """+6 points on first value; the plain number for a goal that is no yes/no."""
        if self.measure == "yes_no":
            said = texts.points(value, digits=_digits(value, width))
        else:
            said = figure(texts, value, sign=True)
        return texts.say("reasons.on_goal", effect=said, goal=self.name) if self.name else said

    def bounds(self, texts: Texts, low: float, high: float) -> tuple[str, str]:
        """The interval without its unit: 2 and 10."""
        if self.measure == "yes_no":
            digits = _digits((low + high) / 2, high - low)
            return texts.number(100 * low, digits=digits), texts.number(100 * high, digits=digits)
        return figure(texts, low), figure(texts, high)


def _digits(value: float, width: float) -> int:
    """Tenths of a point only where they say something."""
    whole = abs(value * 100 - round(value * 100)) < 1e-9
    return 0 if whole or abs(value) >= 0.095 or width >= 0.02 else 1


def much(value: float, usual: float, texts: Texts) -> str:
    """About three times what is usual; more or less than is usual where no such figure can be given."""
    times = value / usual if usual > 0 and value >= 0 else 1.0
    if times >= 1.75:
        whole = round(times)
        return texts.say(f"reasons.much_{whole}" if whole <= 5 else "reasons.much_times", n=whole)
    parts = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4}
    near = next((name for name, part in parts.items() if abs(times - part) <= 0.12 * part), "")
    return texts.say(f"reasons.much_{near or ('more' if value >= usual else 'less')}")


def like_that(texts: Texts, risk: str, weight: float) -> str:
    """What went with such a fact so far: others like that left more often. An association, in the past tense."""
    word = readable(risk)
    if " " not in word and (word.endswith("ed") or word in _VERBS):
        return texts.say("reasons.like_more" if weight > 0 else "reasons.like_less", risk=word)
    return texts.say("reasons.like_higher" if weight > 0 else "reasons.like_lower")


def figure(texts: Texts, value: float, *, sign: bool = False) -> str:
    """As many digits as a person wants: whole when large or whole, two leading ones when small."""
    size = abs(value)
    digits = 0 if size >= 100 or value == round(value) else 1 if size >= 10 else 2 if size >= 0.1 else 4
    said = texts.number(value, digits=digits)
    if digits and "." in said:
        said = said.rstrip("0").rstrip(".")
    return f"+{said}" if sign and value > 0 else said
