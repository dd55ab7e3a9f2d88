"""From a scorecard to a verdict."""

from __future__ import annotations

from dataclasses import replace

from payoff.brief.declarations import Declarations
from payoff.gates.rules import RULES, Case
from payoff.records.judgement import Verdict, Word
from payoff.scorecard.card import Scorecard
from payoff.texts import Texts

_BEST: tuple[Word, ...] = ("promote", "safe, no gain shown", "hold", "cannot judge", "roll back")


def judge(card: Scorecard, declarations: Declarations) -> Verdict:
    """What the gate says of a card. A "no" is a verdict like any other; nothing is raised.

    cannot judge: the comparison is void, empty, or lacks the data of a judged metric. roll back: a goal or a
    guardrail is worse. promote: a goal is better and every guardrail is shown to be no worse than its margin.
    safe, no gain shown: the guardrails hold, no goal is shown better. hold: not enough evidence yet. A card with
    several actions gets the verdict of its best one, found at an error shared by all of them.
    """
    if card.ours or not card.challengers:
        return _one(card, declarations)
    verdicts = judge_each(card, declarations)
    arm = min(verdicts, key=lambda a: _BEST.index(verdicts[a].word))
    texts = Texts(declarations.language, declarations.zone)
    best = verdicts[arm]
    return replace(best, because=texts.say("gate.several", arm=arm, because=best.because))


def judge_each(card: Scorecard, declarations: Declarations) -> dict[str, Verdict]:
    """One verdict an arm; with several arms the error is shared by all of them (Bonferroni)."""
    arms = card.challengers
    plan = replace(declarations.plan, alpha=declarations.plan.alpha / max(1, len(arms)))
    shared = replace(declarations, plan=plan)
    return {arm: _one(card.pair(arm), shared) for arm in arms}


def _one(card: Scorecard, declarations: Declarations) -> Verdict:
    case = Case(card, declarations, Texts(declarations.language, declarations.zone))
    return next(verdict for rule in RULES if (verdict := rule(case)) is not None)
