"""The sections of an audit. A foreign one is offered the same way: an object with `name`, `needs` and `run`."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from payoff.audit.accuracy import Accuracy
from payoff.audit.harm import Harm
from payoff.audit.monday import Monday
from payoff.audit.report import Section
from payoff.audit.trust import Trust
from payoff.audit.view import View
from payoff.audit.worth import Worth


@runtime_checkable
class SectionMaker(Protocol):
    """One question an audit answers.

    `needs` names the parts (`treated`, `decision`, `value`, `cost`, `unit`, `segments`, `protected`, `groups`)
    without which it is left out, which the report then says.
    """

    name: str
    needs: tuple[str, ...]

    def run(self, view: View) -> Section:
        """Look and answer. `view.so_far` holds the sections before this one."""
        ...


BUILT_IN: tuple[SectionMaker, ...] = (Accuracy(), Worth(), Harm(), Trust(), Monday())
