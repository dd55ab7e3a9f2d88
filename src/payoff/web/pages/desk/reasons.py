"""Why this step, and what stands out about them: two things a card never mixes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from payoff.brief.schema import Brief
from payoff.records.suggestions import Reason, Suggestion
from payoff.texts import Texts
from payoff.web.pages.desk.wording import fact_name, person_name, plain
from payoff.web.product import QueueItem

DECIDES, FEW = 0.9, 10
"""A share of one step among so many of a role from which on the role alone decides, as the health page has it."""
Shares = Mapping[tuple[str, str], tuple[int, int]]
"""By role and step: how many on the desk are suggested it, of how many of that role."""


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """A sentence, in words what backs it, and why it may not hold any more ("" where nobody corrected it)."""

    text: str
    backed_by: str
    gone: str = ""


def of_them(said: Suggestion, reason: Reason) -> bool:
    """Whether it speaks of the customer; everything else speaks of the step."""
    return reason.kind == "association" and reason.feature != said.action


def first_reason(item: QueueItem) -> Reason | None:
    """The one line: why this step, as somebody or the playbook says it; else what stands out about them."""
    reasons = item.suggestion.reasons
    told = [r for kind in ("correction", "rule") for r in reasons if r.kind == kind]
    return next(iter([*told, *_usable(item), *reasons]), None)


def about(item: QueueItem) -> Reason | None:
    """What stands out about them, where that is not the first line already."""
    first = first_reason(item)
    return next((reason for reason in _usable(item) if reason is not first), None)


def reason_key(item: QueueItem) -> str:
    """What stands out about them: a fact's name, or behind a colon the kind of the first reason."""
    for reason in _usable(item):
        return reason.feature
    kinds = [reason.kind for reason in item.suggestion.reasons]
    return f":{kinds[0]}" if kinds else ""


def reason_label(key: str, texts: Texts) -> str:
    """The same in words."""
    return texts.say(f"desk.by_{key[1:]}") if key.startswith(":") else fact_name(key, texts)


def gone(item: QueueItem, reason: Reason | None, texts: Texts, brief: Brief, me: str) -> str:
    """Why a reason may not hold any more: somebody corrected the fact it rests on."""
    mended = item.corrected.get(reason.feature) if reason is not None and reason.feature else None
    if reason is None or mended is None:
        return ""
    value = plain(reason.feature, mended.value, texts)
    key = "desk.reason_gone_mine" if mended.by == me else "desk.reason_gone"
    return texts.say(key, name=person_name(brief, mended.by), value=value)


def shown(item: QueueItem, texts: Texts, brief: Brief, me: str, *, them: bool) -> tuple[ReasonShown, ...]:
    """The reasons of one of the two, each with what backs it."""
    return tuple(
        ReasonShown(r.text, texts.say(f"desk.kind_{r.kind}"), gone(item, r, texts, brief, me))
        for r in item.suggestion.reasons
        if of_them(item.suggestion, r) == them
    )


def shares(items: Iterable[QueueItem]) -> Shares:
    """How often each role is suggested each step; what chance chose, to learn, is left out."""
    chosen = [(i.suggestion.role, i.suggestion.action) for i in items if not i.suggestion.explored]
    roles = Counter(role for role, _ in chosen)
    return {(role, action): (n, roles[role]) for (role, action), n in Counter(chosen).items() if role}


def chosen_for_role(said: Suggestion, found: Shares, texts: Texts) -> tuple[str, str]:
    """That the role alone decided the step, in a few words and with its figures; "" where it did not."""
    n, of = found.get((said.role, said.action), (0, 0))
    if said.explored or of < FEW or n < DECIDES * of:
        return "", ""
    values = {"role": said.role, "n": texts.number(n), "of": texts.number(of)}
    return texts.say("desk.chosen_role", **values), texts.say("desk.chosen_role_means", **values)


def _usable(item: QueueItem) -> list[Reason]:
    """What goes with a higher risk and is somebody's to act on: not what they are (industry, plan)."""
    said, facts = item.suggestion, item.facts
    risen = [r for r in said.reasons if of_them(said, r) and r.weight > 0]
    return [r for r in risen if not isinstance(facts.get(r.feature), str)]
