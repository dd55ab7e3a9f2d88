"""How feedback teaches: written rules, so that everybody can say beforehand what a click will do.

- A **corrected fact** becomes the fact from the next learning on, until its own source says something new.
- A **corrected risk** says why there is none ("seasonal pause"): until the outcome is known, that decision counts
  as *not at risk*. What was measured stays measured, and an author's newest `CALM_MOST` such words count.
- A **corrected action** ("this one would have been right") and a **thumb** shift what is expected of an action
  for a role: three people of one mind move it by the uncertainty the experts themselves gave it, and nobody can
  move it further. Each author counts once per action and role, so a thousand clicks of one person weigh as much
  as one. Measured outcomes overrule the shift in time.
- **No longer a customer** stops every suggestion about them at once; no rule decides on it, a person does.
- A **problem** cannot be learned; it is handed to the people who run the product, and its author is told so.
- What was **declined**, by these rules or by a person, teaches nothing.
- A **label** two experts gave a hard case alike is a corrected action of both of them ("neither of the two": it
  speaks against both); over all cases somebody still has one voice per action and role.
- An **idea** or a bare **comment** is kept as a note for the experts who own the playbook.

A dismissed suggestion is not feedback on the action and never a negative label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from payoff.feedback.items import FeedbackItem
from payoff.log.corrections import GONE

VOICES = 3
"""People of one mind that move an expectation as far as it may be moved."""
CALM_MOST = 25
"""Decisions one author can call "not at risk": the newest so many count."""
AT_RISK = frozenset({"high", "certain", "sure", "yes", "true", "at risk"})
"""Words that say the opposite: a person cannot make somebody leave by saying so."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one item. `key` and `values` make the reply in the author's language, `also` one more
    sentence of the same values, where the item said two things."""

    item: FeedbackItem
    state: Literal["used", "declined"]
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What `by` said of a hard case, where somebody else said the same. `says` is 1 for the action that fits and
    −1 for one that does not; `id` is the annotation, `seq` its place in the log."""

    id: str
    seq: int
    by: str
    suggestion: str
    action: str
    role: str
    says: int


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's word for (1) or against (−1) an action for a role, with where it was given: (id of what was
    said, suggestion it was said about). `label`: it comes from labelled cases."""

    says: int
    places: tuple[tuple[str, str], ...]
    label: bool = False


@dataclass(frozen=True, slots=True)
class Lessons:
    """What learning takes from feedback.

    `facts`: (unit, feedback id, changed facts). `not_at_risk`: suggestions whose risk label an expert set to 0.
    `shifts`: (action, role) → −1 (not fit) to 1, in
    standard deviations of what the playbook expects. `fates`: one for every item that had none.
    `calm`: who says so, as suggestion → feedback ids. `voices`: whose words make up each shift, by author.
    """

    facts: tuple[tuple[str, str, Mapping[str, Any]], ...]
    not_at_risk: frozenset[str]
    shifts: Mapping[tuple[str, str], float]
    fates: tuple[Fate, ...]
    calm: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    voices: Mapping[tuple[str, str], Mapping[str, Voice]] = field(default_factory=dict)


def learn(
    items: Iterable[FeedbackItem],
    *,
    facts: Collection[str],
    actions: Mapping[str, str],
    labels: Iterable[Label] = (),
    mended_before: Collection[str] = (),
) -> Lessons:
    """Apply the rules to all feedback; fates are given only to items that have none yet.

    `facts` are the names a correction may mend, `actions` the playbook's ids with their names, `labels` what
    experts agree on, `mended_before` the feedback whose facts are facts already: a person who answers before the
    weekly turn does not keep the fact from being taken in.
    """
    mended: list[tuple[str, str, Mapping[str, Any]]] = []
    calm: dict[str, list[tuple[str, str]]] = {}
    votes: dict[tuple[str, str], dict[str, Voice]] = defaultdict(dict)
    fates: list[Fate] = []
    labelled = _labelled([label for label in labels if label.action in actions])
    for item in sorted(items, key=lambda i: i.seq):
        if item.state == "declined":  # by the rules or by a person: it teaches nothing
            continue
        while labelled and labelled[0][0] < item.seq:
            _vote(votes, *labelled.pop(0)[1:])
        fresh = item.state not in ("used", "declined")
        if GONE in item.correction:
            continue  # a manager confirms it or does not
        into = [] if item.id in mended_before else mended
        fate = _correction(item, facts, actions, into, calm, votes) if item.correction else None
        if item.thumb and item.action in actions:
            votes[item.action, item.role][item.by] = _voice(item, 1 if item.thumb > 0 else -1)
            if fate and fate.state == "used":
                also = "feedback.also_thumb_up" if item.thumb > 0 else "feedback.also_thumb_down"
                rated = {"rated": actions[item.action], "role": item.role}
                fate = replace(fate, also=also, values={**fate.values, **rated})
        if fresh:
            fates.append(fate or _plain(item, actions))
    for _, place, by, voice in labelled:
        _vote(votes, place, by, voice)
    sums = {place: sum(voice.says for voice in by.values()) for place, by in votes.items()}
    shifts = {place: max(-1.0, min(1.0, n / VOICES)) for place, n in sums.items() if n}
    quiet: dict[str, tuple[str, ...]] = {}
    for mine in calm.values():
        for suggestion, feedback in mine[-CALM_MOST:]:
            quiet[suggestion] = (*quiet.get(suggestion, ()), feedback)
    return Lessons(tuple(mended), frozenset(quiet), shifts, tuple(fates), quiet, {p: votes[p] for p in shifts})


Place = tuple[str, str]
"""An action and a role."""


def _voice(item: FeedbackItem, says: int) -> Voice:
    return Voice(says, ((item.id, item.suggestion),))


def _labelled(labels: Iterable[Label]) -> list[tuple[int, Place, str, Voice]]:
    """One voice an author and place, at the newest of their labels: the side most of their cases take."""
    found: dict[tuple[Place, str], list[Label]] = defaultdict(list)
    for label in sorted(labels, key=lambda one: one.seq):
        found[(label.action, label.role), label.by].append(label)
    made = []
    for (place, by), mine in found.items():
        says = sum(label.says for label in mine)
        side = (says > 0) - (says < 0)
        where = tuple((label.id, label.suggestion) for label in mine if label.says == side)
        made.append((mine[-1].seq, place, by, Voice(side, where, label=True)))
    return sorted(made, key=lambda one: (one[0], one[1], one[2]))


def _vote(votes: dict[Place, dict[str, Voice]], place: Place, by: str, voice: Voice) -> None:
    """The newest word counts; one that takes no side says nothing, and leaves an older word alone."""
    if voice.says:
        votes[place][by] = voice


def _correction(
    item: FeedbackItem,
    facts: Collection[str],
    actions: Mapping[str, str],
    mended: list[tuple[str, str, Mapping[str, Any]]],
    calm: dict[str, list[tuple[str, str]]],
    votes: dict[tuple[str, str], dict[str, Voice]],
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
        mine.append((item.suggestion, item.id))
        return Fate(item, "used", "feedback.used_risk", {"unit": item.unit, "why": why})
    better = str(item.correction.get("action", ""))
    if better in actions:
        votes[better, item.role][item.by] = _voice(item, 1)
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
    named = ((name.replace("_", " "), "-" if value == "" else value) for name, value in facts.items())
    return ", ".join(f"{name} = {value}" for name, value in named)
