"""Groups that treatment hurts (“sleeping dogs”), where treatment was given by chance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from payoff.aggregates import Sums
from payoff.audit.gaps import LARGE_GAP, NOT_STATED, at_most, called, code_key
from payoff.audit.measures import Effect
from payoff.audit.report import Finding, Kind
from payoff.audit.sections.harm.sides import Plain, Sides, Weighed
from payoff.audit.sections.worth.means import pair
from payoff.audit.sections.worth.treated import HAPPENED, grid, rows_treated, weighted
from payoff.audit.view import View

_NAMED = 3
_THIRDS = ("low", "middle", "high")
_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Cell:
    """One group (of a column, of a third of the score, or of both) with its treated and untreated rows."""

    column: str
    name: str
    third: str
    sides: Sides

    @property
    def rows(self) -> int:
        return self.sides.rows

    @property
    def whom(self) -> tuple[str, str]:
        """The group, whatever the score; a third of everybody is a group of its own."""
        return (self.column, self.name) if self.column else ("", self.third)

    def effect(self, alpha: float = _EVERY) -> Effect:
        return self.sides.effect(alpha)


def by_chance(view: View) -> bool:
    """Whether treatment was logged, and the question of worth, asked before, knows that chance gave it."""
    effects = ("effect_some", "effect_none", "effect_harm")
    found = [f for section in view.so_far for f in section.findings if f.key in effects]
    return any(f.evidence.get("told", True) for f in found) and bool(view.arms) and "label" in view.rows


def thirds(view: View) -> str:
    """SQL for the third of the score a row lies in; "" without a score, or one too coarse to part."""
    if "score" not in view.rows:
        return ""
    low, high = (view.ranked.highest(math.ceil(view.known * k / 3)).cut for k in (2, 1))
    if low == high:
        return ""
    return f"(case when score < {low!r} then 0 when score < {high!r} then 1 else 2 end)"


def cells(view: View) -> Iterator[Cell]:
    """Thirds of the score, every group, and every group within a third, treated beside left alone.

    On the rows the effect on all is reckoned on, weighed as there where probabilities were logged.
    """
    third = thirds(view)
    rows = rows_treated(view, scored=bool(third))
    if weighted(view):
        yield from _weighed(view, third, rows)
        return
    treated = "(treated > 0)::int"
    if third:
        yield from _paired(view.rows.sums("label", third, treated, where=rows), "", None, at=0)
    for column, coded in view.groups.items():
        if not third or view.rows.clustered:  # a unit may be in several thirds: their sums do not add up
            yield from _paired(view.rows.sums("label", coded.code, treated, where=rows), column, coded.names)
        if third:
            found = view.rows.sums("label", coded.code, third, treated, where=rows)
            if not view.rows.clustered:
                yield from _paired(_over_thirds(found), column, coded.names)
            yield from _paired(found, column, coded.names, at=1)


def _weighed(view: View, third: str, rows: str) -> Iterator[Cell]:
    if third:
        for k, sides in enumerate(_banded(view, rows, third, len(_THIRDS))):
            yield Cell("", "", _THIRDS[k], sides)
    for column, coded in view.groups.items():
        here, size = f"{rows} and {coded.code} < {len(coded.names)}", len(coded.names)
        for name, sides in zip(coded.names, _banded(view, here, coded.code, size), strict=True):
            yield Cell(column, name, "", sides)
        if third:
            both = f"{coded.code}::int * {len(_THIRDS)} + {third}"
            for k, sides in enumerate(_banded(view, here, both, size * len(_THIRDS))):
                yield Cell(column, coded.names[k // len(_THIRDS)], _THIRDS[k % len(_THIRDS)], sides)


def _banded(view: View, rows: str, band: str, size: int) -> Iterator[Weighed]:
    found = grid(view, HAPPENED.sql, rows, band, size)
    treated = tuple(range(1, found.shape[2]))
    return (Weighed(pair(found[:, [k]], treated, (0,))) for k in range(size))


def _over_thirds(found: dict[tuple[int, ...], Sums]) -> dict[tuple[int, ...], Sums]:
    out: dict[tuple[int, ...], Sums] = {}
    for (group, _, arm), sums in found.items():
        out[group, arm] = out.get((group, arm), Sums()) + sums
    return out


def _paired(
    found: dict[tuple[int, ...], Sums], column: str, names: tuple[str, ...] | None, at: int | None = None
) -> Iterator[Cell]:
    for key in sorted({key[:-1] for key in found}):
        ours, theirs = (found.get((*key, arm), Sums()) for arm in (1, 0))
        place = NOT_STATED if names is None else code_key(key[:1])[0]
        if names is None or place != NOT_STATED:
            name = "" if names is None else names[place]
            yield Cell(column, name, "" if at is None else _THIRDS[key[at]], Plain(ours, theirs))


def finding(view: View) -> Finding | None:
    """Whom treatment hurts for sure, or that no group looked at is; `None` where treatment was not by chance."""
    if not by_chance(view):
        return None
    found = [cell for cell in cells(view) if cell.sides.told]
    if not found:
        return None
    alpha = _EVERY / len(found)
    sign = 1 if view.bad else -1
    worst = [(cell, _harm(cell.effect(alpha), sign)) for cell in found]
    hurt = [cell for cell, (least, _) in worst if least > 0]
    if not hurt:
        return _none(view, found, max([0.0, *(most for _, (_, most) in worst)]))
    protected = [cell for cell in hurt if cell.column in view.roles.protected]
    return _found(view, protected or hurt, hurt, len(found), sign, grave=bool(protected))


def _harm(effect: Effect, sign: int) -> tuple[float, float]:
    """The least and the most harm the interval allows."""
    return (effect.low, effect.high) if sign > 0 else (-effect.high, -effect.low)


def _found(view: View, chosen: list[Cell], hurt: list[Cell], looked: int, sign: int, *, grave: bool) -> Finding:
    chosen = sorted(chosen, key=lambda c: -_harm(c.effect(_EVERY / looked), sign)[0])
    first = chosen[0]
    effect = first.effect()
    kind: Kind = "stop" if grave else "costs"
    others = _others(view, first, hurt)
    return view.finding(
        "harm",
        "dogs_found",
        kind,
        view.basis("cells", first.rows, (effect.low, effect.high), n_cells=view.number(looked)),
        touches=first.rows / view.n,
        evidence={
            "by": first.column,
            "cell": first.name,
            "third": first.third,
            "effect": effect.value,
            "low": effect.low,
            "high": effect.high,
            "looked_at": looked,
            "cells": [_as_dict(cell) for cell in hurt],
        },
        who=who(view, first),
        value=view.number(abs(effect.value) * 100, 1),
        direction=view.say("more" if effect.value > 0 else "fewer"),
        low=view.signed(effect.low),
        high=view.signed(effect.high),
        others=view.say("dogs_others", others="; ".join(others)) if others else "",
    )


def _others(view: View, first: Cell, hurt: list[Cell]) -> list[str]:
    """The other groups for a sentence, each once: as a whole, else with all of its thirds."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in sorted(hurt, key=lambda c: -c.rows):
        groups.setdefault(cell.whom, []).append(cell)
    mine = [cell for cell in groups.pop(first.whom) if first.third and cell is not first]
    if mine:  # the first is a third of a group of which more is hurt
        groups = {first.whom: mine, **groups}
    return [_together(view, alike) for alike in groups.values()][:_NAMED]


def _together(view: View, alike: list[Cell]) -> str:
    whole = next((cell for cell in alike if not cell.third or not cell.column), None)
    if whole or len(alike) == 1:
        return who(view, whole or alike[0])
    thirds_ = [view.say(f"dogs_third_{third}") for third in _THIRDS if any(c.third == third for c in alike)]
    score = view.say("dogs_thirds", first=", ".join(thirds_[:-1]), last=thirds_[-1])
    column, name = alike[0].column, alike[0].name
    return view.say("dogs_who_both", group=called(column, name), column=column, score=score)


def _none(view: View, found: list[Cell], most: float) -> Finding:
    """Nobody is hurt for sure; where large harm cannot be ruled out that is no good news."""
    basis = view.basis("cells", max(cell.rows for cell in found), n_cells=view.number(len(found)))
    evidence = {"looked_at": len(found), "most": most}
    shown = at_most(view, most)
    kind: Kind = "good" if most <= LARGE_GAP else "know"
    words: dict[str, Any] = {"n": len(found), "most": shown}
    made = view.finding("harm", "dogs_none", kind, basis, touches=0.2, evidence=evidence, **words)
    return made if kind == "good" else replace(made, text=view.say("dogs_none_open", **words))


def _as_dict(cell: Cell) -> dict[str, Any]:
    effect = cell.effect()
    return {
        "by": cell.column,
        "cell": cell.name,
        "third": cell.third,
        "effect": effect.value,
        "low": effect.low,
        "high": effect.high,
        "treated": effect.treated,
        "untreated": effect.untreated,
    }


def who(view: View, cell: Cell) -> str:
    """The cell for a sentence: “Urban” (“zip_code”) with a low score."""
    score = view.say(f"dogs_third_{cell.third}") if cell.third else ""
    if not cell.column:
        return view.say("dogs_who_third", score=score)
    key = "dogs_who_both" if cell.third else "dogs_who_group"
    return view.say(key, group=called(cell.column, cell.name), column=cell.column, score=score)
