"""Whether chance gave the treatment: as told, as tested, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from payoff.audit.sections.worth.alike import alike, kruskal, table
from payoff.audit.sections.worth.probabilities import fits
from payoff.audit.sections.worth.treated import HAPPENED, Check, bands, grid, rows_treated, weighted
from payoff.audit.table.coding import Coded
from payoff.audit.table.parts import LABEL
from payoff.audit.table.roles import likeness
from payoff.audit.view import View

LEVEL = 0.01
"""The level of all checks together, where nobody told us how treatment was given."""
LEVEL_TOLD = 0.001
"""The same where we were told that chance gave it: only a gross mismatch speaks against what was said."""
_NAMED = 3
How = Literal["told", "tested", "weighted", "untested", "differ", "lost", "no"]


@dataclass(frozen=True, slots=True)
class Chance:
    """How treatment was given.

    `told`: by chance, the caller said. `tested`: nobody said, and the arms do not differ in what was looked at.
    `weighted`: with logged probabilities, which fit the counts. `untested`: nobody said, and there is nothing to
    test it by. `differ`: nobody said, and the arms differ in columns that may be causes or results. `lost`: more
    outcomes are known in one arm than in another. `no`: a rule, or the arms differ; `why` says so in words.

    `checks` is how many were made, `columns` those that found nothing, `apart` those in which the arms differ, and
    `p` the smallest p-value among the checks that speak.
    """

    how: How
    why: str = ""
    checks: int = 0
    columns: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    p: float = 1.0

    @property
    def by_chance(self) -> bool:
        """Whether effects are reckoned at all."""
        return self.how in ("told", "tested", "weighted")

    @property
    def cause(self) -> bool:
        """Whether words of cause may stand: somebody said that chance gave it, or logged with what probability."""
        return self.how in ("told", "weighted")


def given_by_chance(view: View) -> Chance:
    """Look at scores, every group, every other column and the time, arm by arm. Passing does not prove chance.

    A column that nobody named may be a result of the treatment rather than what it was given by. Where we were
    told that chance chose, a difference there is only said; where nobody told us, nothing is called an effect.
    """
    if view.said.assigned == "rule":
        return Chance("no", view.say("not_random_rule"))
    told = view.said.assigned == "random"
    if weighted(view):
        return _verdict(view, fits(view), LEVEL_TOLD, told, "weighted")
    return _verdict(view, _differences(view), LEVEL_TOLD if told else LEVEL, told, "told" if told else "tested")


def _verdict(view: View, checks: Sequence[Check], level: float, told: bool, passed: How) -> Chance:
    n = len(checks)
    failed = sorted((c for c in checks if c.p < level / n), key=lambda c: (c.what == "feature", c.p))
    apart = tuple(c.column for c in failed)
    columns = tuple(c.column for c in checks if c.column and c not in failed)
    against = [c for c in failed if not (told and c.what == "feature")]
    if against and against[0].what == "feature":
        return Chance("differ", _apart(view, apart), n, columns, apart, against[0].p)
    if against:
        said = told and passed == "told"
        why = view.say("not_random_told", why=against[0].why) if said else against[0].why
        return Chance("no", why, n, columns, apart, against[0].p)
    if passed != "told" and not any(c.what != "time" for c in checks):
        return Chance("untested", "", n, columns)
    return Chance(passed, "", n, columns, apart, min((c.p for c in checks if c not in failed), default=1.0))


def _apart(view: View, columns: Sequence[str]) -> str:
    return view.say("not_random_feature", columns=listed(columns))


def listed(columns: Sequence[str]) -> str:
    """The first columns by name, for a sentence."""
    return ", ".join(f"“{column}”" for column in columns[:_NAMED]) + (" …" if len(columns) > _NAMED else "")


def _differences(view: View) -> list[Check]:
    """Everything the arms can be compared in. Columns that give the outcome away are results and left out, and so
    are unnamed ones called like an outcome (“conversion” beside “visit”)."""
    where = rows_treated(view)
    found = [*_score(view)]
    for column, group in view.groups.items():
        found += _coded(view, group, "group", view.say("not_random_group", column=column))
    if len(view.periods) > 1:
        p = alike(table(view, "period", len(view.periods) + 1, where))
        found += [] if p is None else [Check("time", view.roles["time"], p, view.say("not_random_time"))]
    for column, feature in view.features.items():
        if column not in view.health.leaks and not likeness(column, LABEL):
            found += _coded(view, feature, "feature", "")
    return found


def _score(view: View) -> list[Check]:
    if "score" not in view.rows:
        return []
    scored = rows_treated(view, scored=True)
    counts = grid(view, HAPPENED.sql, scored, *bands(view))[0]  # the effect is reckoned on the same
    p, rank = alike(counts, ordered=True), kruskal(counts.sum(2))[1]
    if p is None:
        return []
    higher = view.say("higher" if rank[1] < rank[0] else "lower")
    several = view.say("not_random_scores")
    why = several if len(view.arms) > 2 else view.say("not_random_score", higher_lower=higher)
    return [Check("score", view.roles["score"], p, why)]


def _coded(view: View, column: Coded, what: Literal["group", "feature"], why: str) -> list[Check]:
    p = alike(table(view, column.code, len(column.names) + 1, rows_treated(view)))
    return [] if p is None else [Check(what, column.column, p, why)]
