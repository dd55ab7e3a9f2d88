"""What stands in the way of keeping a form: each thing under the label of the field it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from payoff.errors import Fault

Labels = Callable[[Fault], tuple[str, str]]
"""The label of the field a fault is about and that field's id on the page; both "" where it has none there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: what is wrong and what mends it. `label` and `place` are those of its field."""

    text: str
    label: str = ""
    place: str = ""

    def __str__(self) -> str:
        return f"{self.label}: {self.text}" if self.label else self.text


def problems(faults: Iterable[Fault], labels: Labels) -> tuple[Problem, ...]:
    """A fault without a field of its own keeps the words for where it is."""
    found = []
    for fault in faults:
        label, place = labels(fault)
        text = f"{fault.what}. {fault.mend}"
        found.append(Problem(text, label, place) if label else Problem(str(fault)))
    return tuple(found)


def beside(found: Iterable[Problem]) -> Mapping[str, str]:
    """By the id of a field, what is wrong in it."""
    told: dict[str, str] = {}
    for one in found:
        if one.place:
            told[one.place] = f"{told[one.place]} {one.text}" if one.place in told else one.text
    return told
