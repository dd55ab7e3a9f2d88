"""The policies there are, and how a release's recipe becomes one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from payoff.brief.schema import Brief, Playbook
from payoff.errors import Unknown
from payoff.policy.base import Policy
from payoff.policy.clicks import Clicks
from payoff.policy.constant import Constant
from payoff.policy.effect import Effect
from payoff.policy.nothing import Nothing
from payoff.policy.risk import Risk
from payoff.policy.rules import Rules
from payoff.policy.setting import Setting

Make = Callable[[Setting], Policy]
BUILT_IN: Mapping[str, Make] = {
    "nothing": Nothing,
    "constant": Constant,
    "rules": Rules,
    "risk": Risk,
    "clicks": Clicks,
    "effect": Effect,
}
"""Name in a recipe → how it is made. A policy from outside is one more entry, given as `known`."""


def policy(
    recipe: Mapping[str, Any], brief: Brief, playbook: Playbook, known: Mapping[str, Make] = BUILT_IN
) -> Policy:
    """The policy a recipe names. Raises `Unknown` with the names there are."""
    name = str(recipe.get("policy", ""))
    if name not in known:
        raise Unknown.among("policy", name, known)
    return known[name](Setting(brief, playbook, recipe))
