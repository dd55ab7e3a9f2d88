"""Whether the actions of the playbook can be chosen, and can be said."""

from __future__ import annotations

from collections.abc import Collection
from string import Formatter

from payoff.brief.faults import Finder
from payoff.brief.lines import Path
from payoff.brief.schema import Brief, Condition, Playbook
from payoff.records.suggestions import NOTHING
from payoff.texts import Texts

_ALWAYS = ("role", "industry", "contact", "owner", "unit")
"""Names every sentence may use, whatever the facts are called."""


def check_playbook(
    brief: Brief, playbook: Playbook, finder: Finder, texts: Texts, facts: Collection[str] | None
) -> list[str]:
    """Adds faults of the actions; returns remarks. A condition on a fact nobody sent is a remark, not a fault."""
    notes = []
    missing: set[str] = set()
    finder.twice(("actions",), [action.id for action in playbook.actions], "id")
    for i, action in enumerate(playbook.actions):
        place: Path = ("actions", i)
        if action.id == NOTHING:
            finder.add(
                (*place, "id"),
                f"{NOTHING!r} is always an action and is not listed",
                "Give it another id, or drop it.",
            )
        _check_sentence(action.say, (*place, "say"), finder, facts)
        for j, condition in enumerate(action.when):
            _check_condition(brief, condition, (*place, "when", j), finder)
            if facts is not None and condition.fact not in facts:
                missing.add(condition.fact)
    if not playbook.actions:
        notes.append(texts.say("brief.note_no_actions"))
    if any(action.roles for action in playbook.actions) and not brief.unit.role:
        notes.append(texts.say("brief.note_roles"))
    if any(action.industries for action in playbook.actions) and not brief.unit.industry:
        notes.append(texts.say("brief.note_industries"))
    if missing:
        notes.append(texts.say("brief.note_unknown_facts", facts=", ".join(sorted(missing))))
    return notes


def _check_sentence(say: str, place: Path, finder: Finder, facts: Collection[str] | None) -> None:
    """A sentence may name facts in braces and nothing more: no attributes, no indices, no formats."""
    if not say.strip():
        finder.add(place, "it says nothing", "Write the sentence people read, verb first.")
    try:
        parts = list(Formatter().parse(say))
    except ValueError as error:
        finder.add(place, f"the braces do not close ({error})", "Write {role}; write {{ for a brace itself.")
        return
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            finder.add(
                place, f"{{{name}}} is more than the name of a fact", "Name a fact alone, such as {contact}."
            )
        elif facts is not None and name not in facts and name not in _ALWAYS:
            finder.unknown(place, "fact", name, [*facts, *_ALWAYS])


def _check_condition(brief: Brief, condition: Condition, place: Path, finder: Finder) -> None:
    low, high = condition.at_least, condition.at_most
    if low is None and high is None and condition.among is None and condition.not_among is None:
        finder.add(place, f"nothing is asked of {condition.fact!r}", "Add at_least, at_most, among or not_among.")
    if low is not None and high is not None and low > high:
        finder.add(place, f"{condition.fact!r} cannot be over {low:g} and under {high:g}", "Swap the two.")
    if condition.among == []:
        finder.add((*place, "among"), f"{condition.fact!r} may be nothing at all", "List the values, or drop it.")
    if condition.fact in brief.unit.protected:
        finder.add(
            (*place, "fact"), f"{condition.fact!r} is protected; nothing is decided on it", "Take another fact."
        )
    elif condition.fact in brief.unit.ignore:
        finder.add(
            (*place, "fact"),
            f"{condition.fact!r} is ignored (a leak or an identifier), and this action is chosen by it",
            "Take another fact, or take it out of unit.ignore.",
        )
