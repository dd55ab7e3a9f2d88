"""Is it worth anything: what acting on the score finds, what treatment changed, or what would show it."""

from __future__ import annotations

import math
from typing import Any

from payoff.audit.report import Finding, Section
from payoff.audit.sections.worth.capacity import capacity, totals
from payoff.audit.sections.worth.chance import Chance, given_by_chance
from payoff.audit.sections.worth.effects import Effects, named, words
from payoff.audit.sections.worth.piece import Piece
from payoff.audit.sections.worth.settle import experiment
from payoff.audit.sections.worth.targeting import Targeting
from payoff.audit.sections.worth.thresholds import thresholds
from payoff.audit.view import View

_FOLLOWS = 0.3
"""The decision follows the score where it is taken so much oftener among the highest."""


class Worth:
    """Value by capacity and threshold; with a treatment given by chance its effect and whom it helps; else the
    experiment that would settle it."""

    name = "worth"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        piece, answer = self._outcomes(view) if "label" in view.rows else (Piece(), "")
        if "score" in view.rows and "decision" in view.rows:
            decision = _decision(view)
            piece += Piece(findings=(decision,) if decision else ())
        nothing = "" if piece.findings or piece.said else view.say("worth_unanswered")
        said = piece.said if "label" in view.rows or nothing else (view.say("worth_unanswered"), *piece.said)
        return Section(
            self.name,
            view.say("worth_title"),
            piece.findings,
            piece.tables,
            piece.charts,
            said,
            (),
            nothing,
            answer,
        )

    def _outcomes(self, view: View) -> tuple[Piece, str]:
        scored = "score" in view.rows
        piece = capacity(view) if scored else Piece()
        if scored and view.probability:
            piece += thresholds(view)
        if view.arms:
            more, answer = _treatment(view)
            piece, measured = piece + more, answer not in ("never", "few", "not_chance", "untested")
        else:
            answer, measured = "never", False
            piece += Piece() if scored else Piece(said=(view.say("worth_never"),))
        if scored and not measured:
            piece += Piece((experiment(view),))
        return piece, view.say(f"worth_answer_{answer}", least=_least(view, piece))


def _least(view: View, piece: Piece) -> str:
    """The largest effect the interval still allows, for an answer that nothing was found."""
    bounds = [abs(f.evidence[end]) for f in piece.findings if f.key == "effect_none" for end in ("low", "high")]
    return view.number(max(bounds, default=0.0) * 100, 1)


def _treatment(view: View) -> tuple[Piece, str]:
    """What the treated arms say, and the answer in a word."""
    chance = given_by_chance(view)
    effects = Effects.of(view, chance)
    if effects.few:
        n = effects.smaller
        basis = view.basis("count", n)
        few = view.finding("worth", "treated_few", "know", basis, touches=n / view.n, evidence={"n": n}, n=n)
        return Piece((few,), (effects.table(),)), "few"
    if not chance.by_chance:
        return Piece((_no_cause(view, chance, effects),), (effects.table(),)), (
            "untested" if chance.how == "untested" else "not_chance"
        )
    found = effects.findings()
    piece = Piece(tuple(found), (effects.table(),))
    if "score" in view.rows:
        piece += Targeting(view, effects).piece()
    answers = {"effect_some": "helps", "effect_harm": "harm", "effect_none": "none"}
    return piece, answers[found[0].key]


def _no_cause(view: View, chance: Chance, effects: Effects) -> Finding:
    """A difference of which nobody knows whether treatment made it."""
    e = effects.overall()
    n = e.treated + e.untreated
    evidence = {"why": chance.why, "p": chance.p, "checks": chance.checks, "difference": e.value}
    evidence |= {"low": e.low, "high": e.high, "treated": e.treated, "untreated": e.untreated}
    key = "difference_only" if chance.how == "untested" else "not_random"
    how = "welch" if chance.how == "untested" or not chance.checks else "chance"
    basis = view.basis(how, n, (e.low, e.high) if how == "welch" else None, checks=chance.checks)
    who = view.say("difference_treated")
    if named(view):
        who = view.say("difference_named", arm=view.arms[1], control=view.arms[0])
    said: dict[str, Any] = {"why": chance.why, "who": who, **words(view, e)}
    return view.finding("worth", key, "costs", basis, touches=n / view.n, evidence=evidence, **said)


def _decision(view: View) -> Finding | None:
    """Whether those with the highest score are the ones acted on; `None` where everybody or nobody is."""
    where = "score is not null and decision < 2"
    n, acted = view.rows.one("count(*)", where), view.rows.one("sum(decision)", where)
    if not 0 < acted < n:
        return None
    k = min(max(1, round(acted)), int(n) - 1)
    ranked = "label" in view.rows and view.known == n  # the same rows, and they are sorted already
    cut = view.ranked.highest(k).cut if ranked else view.rows.quantiles("score", (1 - k / n,), where=where)[()][0]
    (rows, inside), (others, outside) = totals(view, k, cut, ("decision",), where)
    if rows < 1 or others < 1:
        return None
    top, rest = inside / rows, outside / others
    follows = top - rest >= _FOLLOWS
    return view.finding(
        "worth",
        "decision_follows" if follows else "decision_ignores",
        "know" if follows else "costs",
        view.basis("count", int(n)),
        touches=n / view.n,
        evidence={"top": top, "rest": rest, "rows": math.floor(rows)},
        k=view.number(rows),
        top=view.of_100(top),
        rest=view.of_100(rest),
    )
