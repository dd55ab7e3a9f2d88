"""`docs/metrics.md`, written from the metrics themselves, so that it says what is really computed."""

from __future__ import annotations

import inspect
import sys

from payoff.metrics.catalogue import BUILT_IN, KIND_INFO

_HEAD = """# Metrics

<!-- Written by payoff.metrics.reference from the metrics; a test fails when it is out of date. -->

Every release has metrics of three levels side by side. A metric is declared in `payoff.toml` with a `kind` from
this list, a `purpose` (goal, leading goal, guardrail or watch) and, where it needs one, an `outcome`.

- **Unit**: every figure is by unit (the account, say), however many suggestions it got: repeats add nothing.
- **Known**: an outcome counts for units whose whole window has passed; the card says "41 of 120 known".
- **Absolute**: differences are in the metric's own measure, never in percent of the other arm.
- **Interval**: it holds though it is looked at every day. A dozen units read "cannot tell".
"""
_LEVELS = (("business", "Business"), ("user", "People who use it"), ("technical", "Technical"))


def reference() -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD]
    for level, title in _LEVELS:
        parts.append(f"## {title}\n")
        for kind, info in KIND_INFO.items():
            if info.level == level:
                parts.append(_section(kind))
    parts.append(
        "## A metric of your own\n\n"
        "A class with the methods of `payoff.metrics.base.Metric`, offered by name through the entry-point group\n"
        "`payoff.metrics`. It names the aggregates it needs and never sees a row. Built-in metrics come through\n"
        "the same door.\n"
    )
    return "\n".join(parts)


def _section(kind: str) -> str:
    info, metric = KIND_INFO[kind], BUILT_IN[kind]
    question = (inspect.getdoc(sys.modules[metric.__module__]) or "").splitlines()[0]
    better = "more is better" if info.direction == "up" else "less is better"
    if info.follows_outcome:
        better += " (the other way round for an outcome that is not good)"
    facts = [f"measure: {info.measure}", better]
    if info.needs_outcome:
        facts.append("needs an outcome")
    if info.needs_worth:
        facts.append("needs what one outcome is worth")
    if not info.per_arm:
        facts.append("one figure for all arms")
    return f"### `{kind}`\n\n*{question}*\n\n{inspect.getdoc(metric)}\n\n{' · '.join(facts)}\n"
