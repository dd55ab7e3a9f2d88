"""What a release changes, in words: what it knows, how it chooses, and which feedback taught it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from payoff.errors import PayoffError
from payoff.records.releases import Release
from payoff.releases.lifecycle import base
from payoff.texts import Texts
from payoff.use_cases.changes import Taught
from payoff.web.product import Product, Refresh

POLICIES = frozenset(("nothing", "constant", "rules", "risk", "clicks", "effect"))


@dataclass(frozen=True, slots=True)
class RefreshShown:
    """One refresh; `changed` is what the one before had not said yet, `same` counts the rest in words.

    `feedback` counts the items it took in, which stand at `href` ("" for none).
    """

    when: str
    rows: str
    changed: tuple[str, ...]
    same: str
    feedback: str
    href: str


@dataclass(frozen=True, slots=True)
class ChangesShown:
    """Against the release before it. `data` and `choice` are empty for a release without one."""

    title: str
    data: tuple[str, ...]
    choice: tuple[str, ...]


def changed(product: Product, release: Release, known: Mapping[str, Release]) -> ChangesShown:
    """What is new in a release, in the data and in how it chooses."""
    texts = product.texts
    before = base(release, tuple(known.values()))
    if before is None:
        return ChangesShown(texts.say("releases.changed_first"), (), ())
    title = texts.say("releases.changed", title=before.title)
    return ChangesShown(title, _data(product, release, before), tuple(_choice(product, release, before)))


def _data(product: Product, release: Release, before: Release) -> tuple[str, ...]:
    texts = product.texts
    try:
        found = product.boards.changes(release.id)
    except PayoffError:
        found = None  # what it learned cannot be read: the refreshes below still say how much
    if found is None:
        return (texts.say("releases.changed_unlearned"),)
    lines = [
        texts.say(
            "releases.changed_together" if found.together else "releases.changed_apart",
            rows=texts.number(found.rows),
            before=texts.number(found.before),
            day=texts.day(found.before_at),
            title=before.title,
        )
    ]
    for key, names in (("gained", found.gained), ("lost", found.lost)):
        if names:
            facts = ", ".join(name.replace("_", " ") for name in names)
            lines.append(texts.say(f"releases.changed_{key}", facts=facts, title=before.title))
    return tuple(lines)


def _choice(product: Product, release: Release, before: Release) -> Iterable[str]:
    """What differs between the two recipes, a line each; one line where nothing does."""
    texts, ours, theirs = product.texts, _recipe(release), _recipe(before)
    lines = 0
    for name in dict.fromkeys(["policy", "goal", *ours, *theirs]):
        now, then = ours.get(name), theirs.get(name)
        if now == then:
            continue
        lines += 1
        if name == "policy":
            yield texts.say("releases.changed_policy", now=_short(texts, now), then=_short(texts, then))
        else:
            yield texts.say(
                "releases.changed_setting" if then is not None and now is not None else _one_sided(now),
                name=name.replace("_", " "),
                now=_value(product, name, now),
                then=_value(product, name, then),
            )
    if not lines:
        yield texts.say("releases.changed_nothing")


def _one_sided(now: object) -> str:
    return "releases.changed_setting_new" if now is not None else "releases.changed_setting_gone"


def _recipe(release: Release) -> dict[str, Any]:
    """Flat: parameters stand beside the rest."""
    recipe = dict(release.recipe)
    params = recipe.pop("params", None)
    return {**recipe, **(params if isinstance(params, Mapping) else {})}


def _short(texts: Texts, policy: object) -> str:
    name = str(policy or "")
    key = f"releases.short_{name}" if name in POLICIES else "releases.short_other"
    return texts.say(key, policy=name)


def _value(product: Product, name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "goal":
        return goal_words(product, str(value))
    if name == "action":
        return action_words(product, str(value))
    if isinstance(value, float):
        return product.texts.number(value, digits=2)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def action_words(product: Product, action: str) -> str:
    """An action by the name people use; "nothing" has words of its own."""
    if action == "nothing":
        return product.texts.say("releases.left_alone")
    named = next((a.name for a in product.playbook.actions if a.id == action), "")
    return named or action.replace("_", " ")


def goal_words(product: Product, goal: str) -> str:
    """An outcome as the brief explains it."""
    outcome = product.brief.outcomes.get(goal)
    return outcome.meaning if outcome and outcome.meaning != "?" else goal.replace("_", " ")


def refreshed(
    texts: Texts, found: Sequence[Refresh], taught: Mapping[datetime, Taught]
) -> tuple[RefreshShown, ...]:
    """Newest first; lines that stood in the refresh before are counted, not repeated."""
    shown = []
    for i, refresh in enumerate(found):
        before = set(found[i + 1].changed) if i + 1 < len(found) else set()
        fresh = tuple(str(line) for line in refresh.changed if line not in before)
        same = len(refresh.changed) - len(fresh)
        said = taught.get(refresh.at)
        shown.append(
            RefreshShown(
                when=texts.day(refresh.at),
                rows=texts.say("releases.refresh_rows", n=refresh.rows, rows=texts.number(refresh.rows)),
                changed=fresh,
                same=texts.say("releases.refresh_same", n=same) if same else "",
                feedback=texts.say("releases.refresh_feedback", n=said.n) if said else "",
                href=f"/inbox?learned={quote(said.key, safe='')}" if said else "",
            )
        )
    return tuple(shown)
