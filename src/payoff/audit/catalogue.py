"""The sections of an audit. A foreign one is offered the same way: an object with `name`, `needs` and `run`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from payoff.audit.report import Section
from payoff.audit.sections.accuracy.section import Accuracy
from payoff.audit.sections.acts.section import Acts
from payoff.audit.sections.bubble.section import Bubble
from payoff.audit.sections.drift.section import Drift
from payoff.audit.sections.harm.section import Harm
from payoff.audit.sections.monday import Monday
from payoff.audit.sections.trust import Trust
from payoff.audit.sections.who import Who
from payoff.audit.sections.worth.section import Worth
from payoff.audit.view import View


@runtime_checkable
class SectionMaker(Protocol):
    """One question an audit answers.

    `needs` names the parts (any of `payoff.audit.table.parts.NAMES`, `segments`, `protected`, or `groups` for
    either) without which it is left out, which the report then says.
    """

    name: str
    needs: tuple[str, ...]

    def run(self, view: View) -> Section:
        """Look and answer. `view.so_far` holds the sections before this one."""
        ...


BUILT_IN: tuple[SectionMaker, ...] = (
    Who(),
    Accuracy(),
    Worth(),
    Acts(),
    Harm(),
    Drift(),
    Bubble(),
    Trust(),
    Monday(),
)
"""The built-in sections in their order; Monday comes last, for it speaks of the others."""
SECTIONS: dict[str, SectionMaker] = {maker.name: maker for maker in BUILT_IN}
"""The same by name, as the entry-point group `payoff.audit_sections` offers them."""


def ordered(found: Mapping[str, SectionMaker]) -> tuple[SectionMaker, ...]:
    """Sections as they are run: ours, foreign ones by name, Monday."""
    foreign = [found[name] for name in sorted(set(found) - set(SECTIONS))]
    mine = [maker for maker in BUILT_IN if maker.name in found]
    return (*mine[:-1], *foreign, *mine[-1:])
