"""Facts on a card, each with a field to correct it, and what somebody wrote there read back."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from payoff.brief.schema import Brief
from payoff.errors import BadInput, Fault
from payoff.features.words import fraction, sentence
from payoff.records.suggestions import Suggestion
from payoff.texts import Texts
from payoff.use_cases.naming import NAMES
from payoff.web.pages.desk.wording import fact_name, person_name, plain, sentences, since
from payoff.web.product import Product, QueueItem

MOST = 40
FACT = "fact."
"""How the field of a fact begins."""
FAR = 100
"""So many times the largest value anybody has is taken for a slip of the keys."""
SURE = "sure."
"""How the field begins that repeats what somebody was asked about, so that a second press keeps it."""
FEW, LOOKS = 12, 500
"""A fact in words with at most so many values has a list of them, looked for among so many customers."""
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class FactShown:
    """`value` is for reading, `given` stands in the field; `note` says who corrected it, `fault` what is wrong."""

    name: str
    name_words: str
    label: str
    value: str
    given: str
    kind: Literal["text", "number", "yes_no"]
    used: bool
    note: str
    fault: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A form of a card as it was sent, and what of it cannot be kept yet, by the fields' names: nothing typed is
    lost. `panel` is where it stood: know, not_now, wrong or else."""

    card: str
    given: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    panel: str = "know"


def facts_of(
    item: QueueItem, texts: Texts, brief: Brief, now: Any, trouble: Trouble | None
) -> tuple[FactShown, ...]:
    """All facts but protected ones and names, those the reasons rest on first."""
    hidden = _hidden(brief)
    used = _used(item.suggestion)
    names = [name for name in item.facts if name not in hidden]
    names.sort(key=lambda name: name not in used)  # stable: otherwise as the source has them
    mine = trouble if trouble and trouble.card == item.suggestion.id else None
    return tuple(_shown(name, item, texts, brief, now, name in used, mine) for name in names[:MOST])


def corrected(
    product: Product,
    suggestion: str,
    given: Mapping[str, str],
    *,
    some: bool = True,
    sure: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """What was really changed, in the type each fact has. Raises `BadInput`, a fault a field, for what cannot be,
    and once for what nobody else has: `sure` are the values somebody was asked about before.

    A fault's `where` is the fact's name. With `some`, nothing changed is a fault too.
    """
    queue, hidden = product.queue(), _hidden(product.brief)
    item = next((i for i in queue if i.suggestion.id == suggestion), None)
    texts = product.texts
    if item is None:
        raise BadInput("facts", [Fault("facts", texts.say("desk.fact_gone"), texts.say("desk.fact_gone_mend"))])
    changed: dict[str, object] = {}
    faults: list[Fault] = []
    for name, text in given.items():
        known = item.facts.get(name)
        if name not in item.facts or name in hidden or text.strip() == field_value(known, name):
            continue
        try:
            value = read(name, text.strip(), known, texts)
            others = [i.facts.get(name) for i in queue if i is not item]
            asked = (sure or {}).get(name, "").strip() == text.strip()
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                _within(name, value, [known, *others], texts)
                if not asked:
                    _usual(name, value, others, texts)
            elif isinstance(value, str) and value and not asked:
                _met(value, others, texts)
        except ValueError as wrong:
            faults.append(Fault(name, str(wrong), ""))
            continue
        if value != known:
            changed[name] = value
    if faults:
        raise BadInput("facts", faults)
    if some and not changed:
        raise BadInput("facts", [Fault("facts", texts.say("desk.fact_same"), texts.say("desk.fact_same_mend"))])
    return changed


def read(name: str, text: str, known: object, texts: Texts) -> object:
    """What a person wrote, in the type the fact has. Raises `ValueError` with a kind sentence."""
    if text == "":
        return None if isinstance(known, (bool, int, float)) or known is None else ""
    if isinstance(known, bool):
        if text.lower() not in _YES:
            raise ValueError(texts.say("desk.fact_yes_no", fact=_named(name, texts), given=text))
        return _YES[text.lower()]
    if not isinstance(known, (int, float)):
        return text
    part = fraction(name, known)
    digits = text.replace(",", "").replace(" ", "").replace("\u00a0", "")
    percent = digits.endswith("%")
    try:
        number = float(digits.removesuffix("%"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        example = field_value(known, name)
        raise ValueError(texts.say("desk.fact_number", fact=_named(name, texts), given=text, example=example))
    if part and not 0 <= number <= 100:
        raise ValueError(texts.say("desk.fact_part", fact=_named(name, texts), given=text))
    if part:
        return number / 100
    if percent:
        raise ValueError(
            texts.say("desk.fact_number", fact=_named(name, texts), given=text, example=field_value(known, name))
        )
    if isinstance(known, int) and not number.is_integer():
        raise ValueError(texts.say("desk.fact_whole", fact=_named(name, texts), given=text))
    return int(number) if isinstance(known, int) else number


def field_value(value: object, name: str) -> str:
    """A value as it stands in its field; a part of a whole in per cent."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fraction(name, value):
        return f"{float(str(value)) * 100:.6g}"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _within(name: str, value: float, seen: Iterable[object], texts: Texts) -> None:
    """Compared with everybody on the desk: nothing below zero where nobody is, nothing out of all proportion."""
    numbers = [float(v) for v in seen if isinstance(v, (int, float)) and not isinstance(v, bool)]
    if value < 0 and all(number >= 0 for number in numbers):
        raise ValueError(texts.say("desk.fact_negative", fact=_named(name, texts)))
    largest = max(map(abs, numbers), default=0.0)
    if largest and abs(value) > FAR * max(largest, 1.0):
        most = plain(name, max(numbers), texts)
        raise ValueError(texts.say("desk.fact_far", fact=_named(name, texts), most=most))


def _usual(name: str, value: float, others: Sequence[object], texts: Texts) -> None:
    """Asks once about more than anybody else has."""
    numbers = [float(v) for v in others if isinstance(v, (int, float)) and not isinstance(v, bool)]
    if numbers and value > max(numbers):
        most, given = plain(name, max(numbers), texts), plain(name, value, texts)
        raise ValueError(texts.say("desk.fact_most", most=most, given=given))


def _met(value: str, others: Sequence[object], texts: Texts) -> None:
    """Asks once about a word nobody else has, where there are few."""
    known = few(others)
    if not known or value in known:
        return
    like = difflib.get_close_matches(value, known, n=1)
    key = "desk.fact_like" if like else "desk.fact_unmet"
    raise ValueError(texts.say(key, given=value, like=like[0] if like else ""))


def few(values: Sequence[object]) -> tuple[str, ...]:
    """The values of a fact in words that has few of them, each on several customers; none for any other fact."""
    words = [value for value in values if isinstance(value, str) and value]
    found = sorted(set(words))
    return tuple(found) if len(found) <= FEW and len(words) >= 3 * len(found) else ()


def choices(items: Sequence[QueueItem], brief: Brief) -> dict[str, tuple[str, ...]]:
    """By fact, the values to choose from, where there are few."""
    looked, hidden = items[:LOOKS], _hidden(brief)
    names = dict.fromkeys(name for item in looked for name in item.facts if name not in hidden)
    found = {name: few([item.facts.get(name) for item in looked]) for name in names}
    return {name: values for name, values in found.items() if values}


def _hidden(brief: Brief) -> set[str]:
    """Facts that are no fields: protected ones, names, and the owner, who is handed over."""
    return {*brief.unit.protected, *brief.unit.ignore, *NAMES, brief.unit.owner}


def _named(name: str, texts: Texts) -> str:
    return sentence(fact_name(name, texts))


def _used(said: Suggestion) -> set[str]:
    return {reason.feature for reason in said.reasons if reason.feature}


def _shown(
    name: str, item: QueueItem, texts: Texts, brief: Brief, now: Any, used: bool, trouble: Trouble | None
) -> FactShown:
    value = item.facts[name]
    yes_no, number = isinstance(value, bool), isinstance(value, (int, float))
    named = fact_name(name, texts)
    label = texts.say("desk.fact_percent", fact=named) if fraction(name, value) else named
    mended = item.corrected.get(name)
    return FactShown(
        name=name,
        name_words=sentence(named),
        label=sentence(label),
        value=plain(name, value, texts),
        given=trouble.given.get(f"{FACT}{name}", field_value(value, name))
        if trouble
        else field_value(value, name),
        kind="yes_no" if yes_no else "number" if number else "text",
        used=used,
        note=texts.say(
            "desk.fact_corrected", name=person_name(brief, mended.by), when=since(texts, mended.at, now)
        )
        if mended
        else "",
        fault=trouble.faults.get(f"{FACT}{name}", "") if trouble else "",
    )


def faults_by_name(faults: Sequence[Fault]) -> dict[str, str]:
    """Sentences by the field they stand at."""
    return {fault.where: sentences(fault.what, fault.mend) for fault in faults}
