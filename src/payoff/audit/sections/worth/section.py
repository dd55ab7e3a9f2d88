"""Is it worth anything: what acting on the score finds, what treatment changed, or what would show it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from payoff.audit.report import Finding, Section
from payoff.audit.sections.worth import arms
from payoff.audit.sections.worth.best import constants
from payoff.audit.sections.worth.capacity import capacity, totals
from payoff.audit.sections.worth.chance import Chance, given_by_chance
from payoff.audit.sections.worth.effects import Effects, words
from payoff.audit.sections.worth.lost import lost
from payoff.audit.sections.worth.piece import Piece
from payoff.audit.sections.worth.probabilities import left_out
from payoff.audit.sections.worth.settle import experiment
from payoff.audit.sections.worth.targeting import Targeting
from payoff.audit.sections.worth.thresholds import thresholds
from payoff.audit.sections.worth.treated import weighted
from payoff.audit.view import View

_UNTOLD = ("never", "few", "lost", "not_chance", "differ", "untested")
"""Answers after which the experiment is still to be made."""
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
            piece, measured = piece + more, answer not in _UNTOLD
        else:
            answer, measured = "never", False
            piece += Piece() if scored else Piece(said=(view.say("worth_never"),))
        if scored and not measured:
            piece += Piece((experiment(view),))
        return piece, view.say(f"worth_answer_{answer}", least=_least(view, piece))


def _least(view: View, piece: Piece) -> str:
    """The largest effect the interval still allows, for an answer that nothing was found."""
    most = max((f.evidence["most"] for f in piece.findings if f.key == "effect_none"), default=0.0)
    return view.number(most * 100, 1)


def _treatment(view: View) -> tuple[Piece, str]:
    """What the treated arms say, and the answer in a word."""
    chance, missing = given_by_chance(view), lost(view)
    if missing is not None and chance.by_chance:
        chance = replace(chance, how="lost")
    effects = Effects.of(view, chance)
    said = Piece(tables=(arms.table(effects),), said=left_out(view))
    if effects.few:
        return Piece((_few(view, effects.smaller),)) + said, "few"
    if missing is not None:
        said = Piece((missing,)) + said
    if chance.how == "lost":
        return said, "lost"
    if not chance.by_chance:
        how = {"untested": "untested", "differ": "differ"}.get(chance.how, "not_chance")
        return Piece((_no_cause(view, chance, effects),)) + said, how
    found = effects.findings()
    piece = Piece((*found, *constants(effects))) + said
    if "score" in view.rows:
        piece += Targeting(view, effects).piece()
    answers = {"effect_some": "helps", "effect_harm": "harm", "effect_none": "none"}
    return piece, answers[found[0].key] + ("" if chance.cause else "_tested")


def _few(view: View, n: int) -> Finding:
    """Units are counted where they come several times (but under weights, which leave so many even rows)."""
    found = view.finding(
        "worth", "treated_few", "know", view.basis("count", n), touches=n / view.n, evidence={"n": n}, n=n
    )
    if view.rows.clustered and not weighted(view):
        return replace(found, text=view.say("treated_few_units", n=n, unit=view.roles["unit"]))
    return found


def _no_cause(view: View, chance: Chance, effects: Effects) -> Finding:
    """A difference of which nobody knows whether treatment made it."""
    e = effects.against(effects.best)
    n = e.treated + e.untreated
    evidence = {"why": chance.why, "p": chance.p, "checks": chance.checks, "difference": e.value}
    evidence |= {"low": e.low, "high": e.high, "treated": e.treated, "untreated": e.untreated}
    evidence |= {"arm": view.arms[effects.best], "columns": list(chance.apart), "how": chance.how}
    key = "difference_only" if chance.how == "untested" else "not_random"
    how = "welch" if chance.how == "untested" or not chance.checks else "chance"
    basis = view.basis(how, n, (e.low, e.high) if how == "welch" else None, checks=chance.checks)
    who = view.say("difference_treated")
    if effects.named:
        who = view.say("difference_named", arm=view.arms[effects.best], control=view.arms[0])
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
