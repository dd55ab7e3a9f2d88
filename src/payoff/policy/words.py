"""Words of cause, and figures in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from payoff.texts import Texts

_CAUSAL = re.compile(
    r"\b(because|caus(?:e|es|ed|ing|al)|due to|thanks to|leads? to|led to|leading to|results? in|resulted in|"
    r"driv(?:es|en|ing)|drove|mak(?:es|ing)|made|reduc(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|rais(?:es|ed|ing)|"
    r"lower(?:s|ed|ing)|improv(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|boost(?:s|ed|ing)?|effect of|impact(?:s|ed)?|"
    r"helps?|helped|keeps?|saves?|saved|so that|therefore|hence|will (?:stay|leave|renew|churn|buy))\b",
    re.IGNORECASE,
)


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


def figure(texts: Texts, value: float, *, sign: bool = False) -> str:
    """As many digits as a person wants: whole when large or whole, two leading ones when small."""
    size = abs(value)
    digits = 0 if size >= 100 or value == round(value) else 1 if size >= 10 else 2 if size >= 0.1 else 4
    said = texts.number(value, digits=digits)
    if digits and "." in said:
        said = said.rstrip("0").rstrip(".")
    return f"+{said}" if sign and value > 0 else said
