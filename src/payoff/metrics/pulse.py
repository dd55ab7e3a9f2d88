"""Do the people who work with it believe in it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from payoff.brief.declarations import MetricDeclaration
from payoff.metrics.base import Context, Found, Need
from payoff.metrics.base import Pulse as Answers
from payoff.records.judgement import Estimate

EVERYBODY = "everybody"


class Pulse:
    """Mean of the weekly answers from 1 to 5, by person; one figure for all arms.

    `n` people answered of `total` who were asked. Nobody is drawn by lot to be asked, so it is watched, not
    compared.
    """

    kind: ClassVar[str] = "pulse"
    against_holdout: ClassVar[bool] = False

    def __init__(self, declared: MetricDeclaration) -> None:
        self.declared = declared

    def need(self) -> Need:
        return Answers()

    def arms(self, found: Found, context: Context) -> dict[str, Estimate]:
        return {EVERYBODY: context.stats.mean(found.pulse)} if found.pulse.total else {}

    def difference(
        self, found: Found, ours: str, theirs: str, critical: float | None, context: Context
    ) -> Estimate | None:
        return None

    def reading(
        self, found: Found, arms: Mapping[str, Estimate], difference: Estimate | None, context: Context
    ) -> str:
        if EVERYBODY not in arms:
            return ""
        answers = arms[EVERYBODY]
        return context.texts.say("metrics.pulse", answered=answers.known, n=answers.total)
