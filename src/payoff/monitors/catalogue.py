"""All monitors, found by themselves: every module in `monitors.kinds` is one.

A monitor is a module with `watch(look)`, which yields its findings, and `SOURCE`, the paper or rule its method
comes from. Its sentences stand in the texts as `monitors.<name>_…`.

Of equally bad findings comes first what matters most: data that broke (0), harm to people (10), promises that are
not kept (20), drift (30), variety (40), contact fatigue (50), what people say (60), anything else (90).
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterable
from typing import Protocol

from payoff.monitors import kinds
from payoff.monitors.look import Look
from payoff.records.findings import Finding


class Monitor(Protocol):
    """One thing that is watched."""

    SOURCE: str

    def watch(self, look: Look) -> Iterable[Finding]:
        """What it says now; at least one finding, however empty the log."""
        ...


@functools.cache
def monitors() -> dict[str, Monitor]:
    """Every monitor by its name."""
    names = sorted(info.name for info in pkgutil.iter_modules(kinds.__path__))
    return {name: importlib.import_module(f"{kinds.__name__}.{name}") for name in names}


def watched(look: Look) -> tuple[Finding, ...]:
    """What all monitors say, worst first."""
    found = [finding for monitor in monitors().values() for finding in monitor.watch(look)]
    return tuple(sorted(found, key=lambda finding: finding.rank))
