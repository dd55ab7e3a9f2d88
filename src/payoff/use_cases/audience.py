"""Whether there is anybody an action is meant for: names of facts, roles, industries and values nobody has.

A condition on a name that is not there fits nobody, without a word; so it is told, with the nearest there is. So
is one that leaves everybody out, or nobody.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from payoff.brief.conditions import written
from payoff.brief.schema import Condition, Playbook, PlaybookAction
from payoff.errors import Fault
from payoff.features.batch import Batch
from payoff.features.columns import number_of, text_array
from payoff.policy.fitness import fit, holds, word_of
from payoff.texts import Texts

_VALUES = 60
"""A fact with more different values than this (a name, an id) has no list of them to be right by."""
_SHOWN = 40


def unmet(batch: Batch, texts: Texts, old: Playbook, new: Playbook) -> list[Fault]:
    """What is new in an action and no customer has. Nothing while no customer is known: any name may be meant."""
    before = {action.id: action for action in old.actions}
    found: list[Fault] = []
    if not len(batch):
        return found
    for place, action in enumerate(new.actions):
        was = before.get(action.id)
        for field, what, mend in _of(batch, texts, action, was):
            name = action.name or action.id
            where = texts.say("playbook.unmet_where", action=name, field=texts.say(f"playbook.f_{field}"))
            found.append(Fault(where, what, mend, ("actions", place, field)))
    return found


Found = tuple[str, str, str]
"""The field, what is wrong in it, what mends it."""


def _of(batch: Batch, texts: Texts, action: PlaybookAction, was: PlaybookAction | None) -> Iterator[Found]:
    for field, column in (("roles", batch.role), ("industries", batch.industry)):
        known = sorted({str(value) for value in column if value})
        for name in getattr(action, field):
            if name not in known and (was is None or name not in getattr(was, field)):
                yield field, texts.say(f"playbook.unmet_{field}", name=name), nearest(texts, name, known)
    asked = [] if was is None else list(was.when)
    for condition in action.when:
        if condition not in asked:
            yield from _asked(batch, texts, condition, asked)


def _asked(batch: Batch, texts: Texts, condition: Condition, before: Sequence[Condition]) -> Iterator[Found]:
    say, fact = texts.say, condition.fact
    known = batch.facts.column_names
    if fact not in known:
        if not any(old.fact == fact for old in before):
            yield "when", say("playbook.unmet_fact", name=fact), nearest(texts, fact, known)
        return
    in_words = bool(np.isnan(number_of(batch.facts, fact)).all())
    if in_words and (condition.at_least is not None or condition.at_most is not None):
        yield "when", say("playbook.unmet_number", fact=fact), say("playbook.unmet_words", fact=fact)
    listed = {word_of(value) for old in before if old.fact == fact for value in _listed(old)}
    values = _values(batch.facts, fact) if in_words else []
    for value in map(word_of, _listed(condition)):
        if values and value not in values and value not in listed:
            yield "when", say("playbook.unmet_value", fact=fact, value=value), nearest(texts, value, values)


def doubts(batch: Batch, texts: Texts, old: Playbook, new: Playbook) -> list[str]:
    """Conditions that are new and leave everybody out, or nobody, each with what the fact is today."""
    before = {action.id: action for action in old.actions}
    found: list[str] = []
    if not len(batch):
        return found
    fits = fit(batch, new).sum(axis=0).tolist()[1:]
    for action, n in zip(new.actions, fits, strict=True):
        was, name = before.get(action.id), action.name or action.id
        if was is not None and (was.roles, was.industries, was.when) == (
            action.roles,
            action.industries,
            action.when,
        ):
            continue
        fresh = [condition for condition in action.when if was is None or condition not in was.when]
        alone = [doubt for condition in fresh if (doubt := _doubt(batch, texts, name, condition))]
        found += alone
        if not n and not alone and all(condition.fact in batch.facts.column_names for condition in action.when):
            found.append(texts.say("playbook.doubt_together", action=name))
    return found


def _doubt(batch: Batch, texts: Texts, action: str, condition: Condition) -> str:
    if condition.fact not in batch.facts.column_names:
        return ""  # that nobody has it is told already
    kept = int(holds(batch, condition).sum())
    if 0 < kept < len(batch):
        return ""
    key = "doubt_everybody" if kept else "doubt_nobody"
    shown = "; ".join(written([condition]))
    ranges = _range(batch, texts, condition.fact)
    return texts.say(f"playbook.{key}", action=action, condition=shown, range=ranges).strip()


def _range(batch: Batch, texts: Texts, fact: str) -> str:
    numbers = number_of(batch.facts, fact)
    if np.isnan(numbers).all():
        values = _values(batch.facts, fact)
        return texts.say("playbook.doubt_values", fact=fact, values=", ".join(values)) if values else ""
    low, high = (float(end) for end in (np.nanmin(numbers), np.nanmax(numbers)))
    shown = [texts.number(end, digits=0 if end == round(end) else 2) for end in (low, high)]
    return texts.say("playbook.doubt_range", fact=fact, low=shown[0], high=shown[1])


def examples(batch: Batch, names: Sequence[str]) -> list[str]:
    """Conditions as they can be written of these customers: on a number that differs, and on a word."""
    numbers, worded = list[str](), dict[str, list[str]]()
    for fact in names:
        found = number_of(batch.facts, fact)
        found = found[~np.isnan(found)]
        if found.size and found.min() < found.max():
            numbers.append(f"{fact} at least {float(np.round(np.median(found), 2)):g}")
        elif not found.size and 1 < len(values := _values(batch.facts, fact)) <= _SHOWN:
            worded[fact] = values
    plainest = min(worded, key=lambda fact: len(worded[fact]), default="")
    return [*numbers[:1], *([f"{plainest} is {', '.join(worded[plainest][:2])}"] if plainest else [])]


def _listed(condition: Condition) -> list[object]:
    return [*(condition.among or ()), *(condition.not_among or ())]


def _values(facts: pa.Table, fact: str) -> list[str]:
    """The different values of a fact as texts; [] where they are too many to be a list."""
    found = [str(v) for v in text_array(facts.column(fact)).dictionary_encode().dictionary.to_pylist() if v]
    return sorted(found) if len(found) <= _VALUES else []


def nearest(texts: Texts, name: str, known: Iterable[str]) -> str:
    """The name that was probably meant, and those there are."""
    names = sorted(set(known))
    lower = {one.lower().replace("_", " "): one for one in names}
    near = difflib.get_close_matches(name.lower().replace("_", " "), list(lower), n=1, cutoff=0.6)
    listed = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else ".")
    if near:
        return texts.say("playbook.unmet_near", near=lower[near[0]], known=listed)
    return texts.say("playbook.unmet_far", known=listed if names else texts.say("playbook.unmet_none"))
