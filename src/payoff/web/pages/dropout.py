"""Where people drop out, in words and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from payoff.texts import Texts
from payoff.use_cases.dropout import Steps
from payoff.web.product import Product

FEW = 20
"""Of fewer suggestions no share is said: one of five is no fifth."""


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step: how many came so far, of 100 that were made (`share`, with its bar's `width`), and how many were
    lost on the way to it ("" where none)."""

    name: str
    count: str
    share: str
    width: int
    lost: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """One role or release. `few` says that it is too small for shares."""

    name: str
    steps: tuple[StepShown, ...]
    few: str


@dataclass(frozen=True, slots=True)
class DropoutPage:
    """`lead` names the step at which most are lost; `groups` come in pairs of heading and rows."""

    lead: str
    team: tuple[StepShown, ...]
    groups: tuple[tuple[str, tuple[GroupShown, ...]], ...]
    customers: tuple[StepShown, ...]
    customers_none: str


def dropout(product: Product) -> DropoutPage:
    """What the team does with what is suggested, by role and release, and what customers do with their own."""
    texts, found = product.texts, product.boards.dropout()
    titles = {r.id: r.title for r in product.releases()}
    groups = (
        (texts.say("dropout.by_role"), _groups(texts, found.roles, {})),
        (texts.say("dropout.by_release"), _groups(texts, found.releases, titles)),
        (texts.say("dropout.by_customer_role"), _groups(texts, found.customer_roles, {}, "customer")),
    )
    return DropoutPage(
        lead=_lead(texts, found.team),
        team=_steps(texts, found.team),
        groups=tuple((heading, rows) for heading, rows in groups if rows),
        customers=_steps(texts, found.customers, "customer"),
        customers_none="" if found.customers.seen else texts.say("dropout.customers_none"),
    )


def _counts(steps: Steps) -> tuple[int, ...]:
    return steps.made, steps.seen, steps.answered, steps.done


def _steps(texts: Texts, steps: Steps, whose: str = "team") -> tuple[StepShown, ...]:
    counts = _counts(steps)
    names = ("made", "seen", "answered", "done") if whose == "team" else ("seen", "answered", "done")
    counts = counts if whose == "team" else counts[1:]
    if not counts[0]:
        return ()
    return tuple(
        StepShown(
            texts.say(f"dropout.{whose}_{name}"),
            texts.number(n),
            texts.share(n / counts[0]),
            round(100 * n / counts[0]),
            texts.say("dropout.lost", n=before - n) if before > n else "",
        )
        for name, n, before in zip(names, counts, (counts[0], *counts), strict=False)
    )


def _groups(
    texts: Texts, found: Sequence[Steps], titles: dict[str, str], whose: str = "team"
) -> tuple[GroupShown, ...]:
    shown = []
    for one in found:
        name = titles.get(one.name, one.name) or texts.say("dropout.nobody")
        few = texts.say("dropout.few", n=one.made) if one.made < FEW else ""
        shown.append(GroupShown(name, () if few else _steps(texts, one, whose), few))
    return tuple(shown)


def _lead(texts: Texts, team: Steps) -> str:
    """Where most are lost, with the share of those who came so far."""
    counts = _counts(team)
    if team.made < FEW:
        return texts.say("dropout.lead_few")
    ways = list(zip(("seen", "answered", "done"), counts, counts[1:], strict=False))
    name, before, after = max(ways, key=lambda way: way[1] - way[2])
    if before == after:
        return texts.say("dropout.lead_none")
    return texts.say(f"dropout.lead_{name}", n=before - after, of=texts.number(before))
