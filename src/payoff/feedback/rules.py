"""How feedback teaches: written rules, so that everybody can say beforehand what a click will do.

- A **corrected fact** becomes the fact from the next learning on, until its own source says something new.
- A **corrected risk** says why there is none ("seasonal pause"): until the outcome is known, that decision counts
  as *not at risk*. What was measured stays measured, and an author's newest `CALM_MOST` such words count.
- A **corrected action** ("this one would have been right") and a **thumb** shift what is expected of an action
  for a role: three people of one mind move it by the uncertainty the experts themselves gave it, and nobody can
  move it further. Each author counts once per action and role, so a thousand clicks of one person weigh as much
  as one. Measured outcomes overrule the shift in time.
- A **problem** cannot be learned; it is handed to the people who run the product, and its author is told so.
- What was **declined**, by these rules or by a person, teaches nothing.
- An **idea** or a bare **comment** is kept as a note for the experts who own the playbook.

A dismissed suggestion is not feedback on the action and never a negative label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from payoff.feedback.items import FeedbackItem

VOICES = 3
"""People of one mind that move an expectation as far as it may be moved."""
CALM_MOST = 25
"""Decisions one author can call "not at risk": the newest so many count."""
AT_RISK = frozenset({"high", "certain", "sure", "yes", "true", "at risk"})
"""Words that say the opposite: a person cannot make somebody leave by saying so."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one item. `key` and `values` make the reply in the author's language."""

    item: FeedbackItem
    state: Literal["used", "declined"]
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What learning takes from feedback.

    `facts`: (unit, feedback id, changed facts). `not_at_risk`: suggestions whose risk label an expert set to 0.
    `shifts`: (action, role) → −1 (not fit) to 1, in
    standard deviations of what the playbook expects. `fates`: one for every item that had none.
    """

    facts: tuple[tuple[str, str, Mapping[str, Any]], ...]
    not_at_risk: frozenset[str]
    shifts: Mapping[tuple[str, str], float]
    fates: tuple[Fate, ...]


def learn(items: Iterable[FeedbackItem], *, facts: Collection[str], actions: Mapping[str, str]) -> Lessons:
    """Apply the rules to all feedback; fates are given only to items that have none yet.

    `facts` are the names a correction may mend, `actions` the playbook's ids with their names.
    """
    mended: list[tuple[str, str, Mapping[str, Any]]] = []
    calm: dict[str, list[str]] = {}
    votes: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    fates: list[Fate] = []
    for item in sorted(items, key=lambda i: i.seq):
        if item.state == "declined":  # by the rules or by a person: it teaches nothing
            continue
        fresh = item.state not in ("used", "declined")
        fate = _correction(item, facts, actions, mended if fresh else [], calm, votes) if item.correction else None
        if item.thumb and item.action in actions:
            votes[item.action, item.role][item.by] = 1 if item.thumb > 0 else -1
        if fresh:
            fates.append(fate or _plain(item, actions))
    shifts = {
        place: max(-1.0, min(1.0, sum(by.values()) / VOICES)) for place, by in votes.items() if sum(by.values())
    }
    quiet = frozenset(suggestion for mine in calm.values() for suggestion in mine[-CALM_MOST:])
    return Lessons(tuple(mended), quiet, shifts, tuple(fates))


def _correction(
    item: FeedbackItem,
    facts: Collection[str],
    actions: Mapping[str, str],
    mended: list[tuple[str, str, Mapping[str, Any]]],
    calm: dict[str, list[str]],
    votes: dict[tuple[str, str], dict[str, int]],
) -> Fate:
    known = {name: value for name, value in item.correction.items() if name in facts}
    if known and item.unit:
        mended.append((item.unit, item.id, known))
        return Fate(item, "used", "feedback.used_fact", {"facts": listed(known), "unit": item.unit})
    why = item.correction.get("risk")
    if why and item.suggestion:
        if isinstance(why, (bool, int, float)) or str(why).strip().lower() in AT_RISK:
            return Fate(item, "declined", "feedback.declined_risk", {"unit": item.unit})
        mine = calm.setdefault(item.by, [])
        mine.append(item.suggestion)
        return Fate(item, "used", "feedback.used_risk", {"unit": item.unit, "why": why})
    better = str(item.correction.get("action", ""))
    if better in actions:
        votes[better, item.role][item.by] = 1
        return Fate(item, "used", "feedback.used_action", {"action": actions[better], "role": item.role})
    return Fate(
        item,
        "declined",
        "feedback.declined_unknown",
        {"facts": ", ".join(map(str, item.correction)), "known": ", ".join(sorted(facts)[:6])},
    )


def _plain(item: FeedbackItem, actions: Mapping[str, str]) -> Fate:
    if item.problem:
        return Fate(item, "declined", "feedback.declined_problem", note="problem")
    if item.idea:
        return Fate(item, "used", "feedback.used_idea", note="idea")
    if item.thumb and item.action in actions:
        key = "feedback.used_thumb_up" if item.thumb > 0 else "feedback.used_thumb_down"
        return Fate(item, "used", key, {"action": actions[item.action], "role": item.role})
    if item.thumb:
        return Fate(item, "declined", "feedback.declined_thumb")
    return Fate(item, "used", "feedback.used_comment", note="comment")


def listed(facts: Mapping[str, Any]) -> str:
    """Facts in words: seats = 12, plan = large."""
    return ", ".join(f"{name.replace('_', ' ')} = {value}" for name, value in facts.items())
