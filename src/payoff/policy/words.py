"""Words of cause, and figures in words."""

from __future__ import annotations

import re

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


def effect_in_words(texts: Texts, effect: float, measure: str, *, sign: bool = True) -> str:
    """+6 points for a yes/no goal; the plain number otherwise."""
    if measure == "yes_no":
        return texts.points(effect, digits=0 if abs(effect) >= 0.095 else 1, sign=sign)
    return figure(texts, effect, sign=sign)


def figure(texts: Texts, value: float, *, sign: bool = False) -> str:
    """As many digits as a person wants: whole when large or whole, two leading ones when small."""
    size = abs(value)
    digits = 0 if size >= 100 or value == round(value) else 1 if size >= 10 else 2 if size >= 0.1 else 4
    said = texts.number(value, digits=digits)
    if digits and "." in said:
        said = said.rstrip("0").rstrip(".")
    return f"+{said}" if sign and value > 0 else said
