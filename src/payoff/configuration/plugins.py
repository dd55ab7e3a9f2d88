"""Plugins by entry point. Built-ins come through the same door, declared in Payoff's own `pyproject.toml`.

A group's entry point names a mapping from names to plugins:

    [project.entry-points."payoff.policies"]
    mine = "my_package.payoff:POLICIES"
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from payoff.errors import Refused
from payoff.use_cases.workspace import Plugins

GROUPS = {
    "payoff.metrics": "kinds of metric: name → class with the metric contract",
    "payoff.policies": "policies a recipe can name: name → factory",
    "payoff.audit_sections": "sections of the audit: name → section",
}


def load(group: str) -> dict[str, Any]:
    """All plugins of a group by name. Two of the same name are refused: nobody could say which one ran."""
    found: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for point in sorted(entry_points(group=group), key=lambda p: (p.name != "built_in", p.name)):
        offered: Mapping[str, Any] = point.load()
        for name, plugin in offered.items():
            if name in found:
                raise Refused(
                    f"two plugins of {group} are called {name!r}: from {origin[name]} and {point.value}",
                    mend="Uninstall one of the packages.",
                )
            found[name], origin[name] = plugin, point.value
    return found


def plugins() -> Plugins:
    """Everything installed."""
    return Plugins(metrics=load("payoff.metrics"), policies=load("payoff.policies"))
