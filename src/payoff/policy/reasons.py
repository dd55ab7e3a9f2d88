"""Why this unit and why this action, in sentences a person can check.

Three kinds, in this order: what goes with the unit's risk (association), why the playbook has the action
(rule), and what was measured of the action (effect; only where chance decided who got it). The first kind can
be tested: set the fact to its usual value, and the risk moves the way the sentence says, by its weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payoff.brief.goals import risk_of
from payoff.brief.schema import Condition, Playbook, PlaybookAction
from payoff.features.batch import Batch
from payoff.features.columns import number_of, text_of
from payoff.features.words import fraction, readable, sentence
from payoff.models.contract import RiskScorer
from payoff.models.effect import EffectModel
from payoff.models.evidence import Evidence
from payoff.models.risk import RiskModel
from payoff.policy.base import Policy, Proposal
from payoff.policy.choose import Choice
from payoff.policy.setting import playbook_action
from payoff.policy.words import Goal, figure, like_that, much
from payoff.records.suggestions import NOTHING, Reason
from payoff.texts import Texts

MOST = 2
"""Risk reasons shown; a third adds reading and no trust."""
LEAST = 0.15
"""Log-odds below which a fact is no reason: odds a seventh higher or lower."""


def reasons(
    batch: Batch,
    rows: Sequence[int] | NDArray[np.intp],
    choice: Choice,
    proposal: Proposal,
    risk_model: RiskScorer | None,
    policy: Policy,
    learned: Mapping[str, Any] | None,
    playbook: Playbook,
    texts: Texts,
) -> list[tuple[Reason, ...]]:
    """Reasons for the chosen action at some rows of the batch, one tuple a row.

    Only for rows that are shown: sentences cost more than scores. A unit left alone gets its risk reasons and
    no others.
    """
    at = np.asarray(rows, dtype=np.intp)
    part = batch.take(at)
    setting = getattr(policy, "setting", None)
    risks = _risk_reasons(part, risk_model, texts, risk_of(setting.brief) if setting is not None else "")
    model, goal = effect_model(learned), _goal(policy)
    out = []
    for i, row in enumerate(at.tolist()):
        action = playbook_action(playbook, proposal.actions[int(choice.action[row])])
        found: list[Reason] = list(risks[i])
        if action is not None:
            found.append(_rule(action, part, i, texts))
            shown = model.evidence(str(part.role[i]), str(part.industry[i]), action.id) if model else None
            if shown is not None:
                found.append(_effect(action, shown, goal, texts))
        out.append(tuple(found))
    return out


def evidence(
    batch: Batch,
    rows: Sequence[int] | NDArray[np.intp],
    choice: Choice,
    proposal: Proposal,
    policy: Policy,
    learned: Mapping[str, Any] | None,
    playbook: Playbook,
    texts: Texts,
) -> list[str]:
    """What the figure on each suggestion rests on, in a sentence or two; one text a row."""
    model, goal, setting = effect_model(learned), _goal(policy), getattr(policy, "setting", None)
    out = []
    for row in np.asarray(rows, dtype=np.intp).tolist():
        name = proposal.actions[int(choice.action[row])]
        action = playbook_action(playbook, name)
        if action is None:
            out.append(texts.say("policy.left_alone") if name == NOTHING else texts.say("policy.no_effect_known"))
            continue
        found = model.evidence(str(batch.role[row]), str(batch.industry[row]), name) if model else None
        said = [_grounds(action, found, goal, texts, 1.0 if setting is None else setting.sign)]
        if setting is not None and setting.worth is None:
            said.append(texts.say("policy.no_worth", goal=readable(setting.goal) or texts.say("policy.goal")))
        if bool(choice.explored[row]):
            said.append(texts.say("policy.exploring"))
        out.append(" ".join(said))
    return out


def effect_model(learned: Mapping[str, Any] | None) -> EffectModel | None:
    """The effect model inside what a policy learned, if there is one."""
    return EffectModel.from_json(learned["effect"]) if learned and learned.get("effect") else None


def _goal(policy: Policy) -> Goal:
    """How to speak of the goal; a policy from outside that does not say has a yes/no goal without a name."""
    setting = getattr(policy, "setting", None)
    outcome = getattr(setting, "outcome", None)
    return Goal() if outcome is None else Goal(readable(setting.goal), outcome.measure)  # type: ignore[union-attr]


def _grounds(action: PlaybookAction, found: Evidence | None, goal: Goal, texts: Texts, sign: float) -> str:
    if found is not None and found.randomised:
        low, high = goal.bounds(texts, found.low, found.high)
        n = texts.number(found.n)
        effect = goal.effect(texts, found.mean, found.high - found.low)
        key = "policy.measured_cannot_tell" if found.low <= 0 <= found.high else "policy.measured"
        return texts.say(key, n=n, effect=effect, low=low, high=high)
    if found is not None:
        return texts.say("policy.observed", n=texts.number(found.n))
    if action.expects is None:
        return texts.say("policy.no_effect_known")
    return texts.say("policy.no_effect_expected", effect=goal.effect(texts, sign * action.expects))


def _risk_reasons(batch: Batch, model: RiskScorer | None, texts: Texts, risk: str) -> list[list[Reason]]:
    if model is None or not model.facts:
        return [[] for _ in range(len(batch))]
    weights = model.contributions(batch.facts)
    # What only a neighbour's shadow makes a reason (collinear facts) would read as nonsense: left out.
    told = model.agreeing(batch.facts) if isinstance(model, RiskModel) else np.ones(weights.shape, dtype=bool)
    usual = model.usual() if isinstance(model, RiskModel) else {}
    shown = np.where(told & (np.abs(weights) >= LEAST), weights, 0.0)
    out: list[list[Reason]] = []
    for i in range(len(batch)):
        # First what goes with a higher risk; only a unit without any hears what goes with a lower one.
        row = shown[i]
        order = np.argsort(-row) if (row > 0).any() else np.argsort(row)
        picked = [int(j) for j in order[:MOST] if row[j] != 0 and (row[j] > 0) == (row[order[0]] > 0)]
        out.append([_association(batch, i, model.facts[j], float(row[j]), usual, texts, risk) for j in picked])
    return out


def _association(
    batch: Batch, i: int, fact: str, weight: float, usual: Mapping[str, Any], texts: Texts, risk: str
) -> Reason:
    value, often = _value(batch.facts, i, fact, texts), _said(usual.get(fact), texts, fact)
    way = "higher" if weight > 0 else "lower"
    named = sentence(readable(fact))
    if not value:
        text = texts.say(f"reasons.unknown_{way}", fact=named, usual=often)
    elif not often:
        text = texts.say(f"reasons.known_{way}", fact=named, value=value)
    elif told := _in_words(batch.facts, i, fact, usual[fact], value, often, texts):
        text = f"{told} {like_that(texts, risk, weight)}"
    else:
        text = texts.say(f"reasons.number_{way}", fact=named, value=value, usual=often)
    return Reason(text, fact, weight, "association")


def _in_words(facts: pa.Table, i: int, fact: str, usual: object, value: str, often: str, texts: Texts) -> str:
    """What is unusual about a fact that has words of its own; "" for others."""
    name = readable(fact).replace(" ", "_").lower()
    if isinstance(usual, str):
        key = f"reasons.are_{name}"
        return texts.say(key, value=value, usual=often) if texts.knows(key) else ""
    number, key = float(number_of(facts.slice(i, 1), fact)[0]), f"reasons.say_{name}"
    if isinstance(usual, bool) or number != number or not texts.knows(key):  # noqa: PLR0124 - NaN is no number
        return ""
    return texts.say(key, value=value, usual=often, much=much(number, float(str(usual)), texts), n=number)


def _value(facts: pa.Table, i: int, fact: str, texts: Texts) -> str:
    one = facts.slice(i, 1)
    number = float(number_of(one, fact)[0])
    boolean = fact in one.column_names and pa.types.is_boolean(one.schema.field(fact).type)
    if number == number and not boolean:  # noqa: PLR0124 - NaN is the one value unlike itself
        return texts.share(number) if fraction(fact, number) else figure(texts, number)
    text = str(text_of(one, fact)[0])
    return texts.say(f"reasons.{text}") if boolean and text else text


def _said(value: object, texts: Texts, fact: str = "") -> str:
    if value is None:
        return ""
    if fraction(fact, value):
        return texts.share(float(str(value)))
    if isinstance(value, bool):
        return texts.say("reasons.yes" if value else "reasons.no")
    return figure(texts, float(value)) if isinstance(value, (int, float)) else str(value)


def _rule(action: PlaybookAction, batch: Batch, i: int, texts: Texts) -> Reason:
    fact = action.when[0].fact if action.when else ""
    weight = action.expects or 0.0
    if action.why:
        return Reason(texts.say("reasons.rule_why", why=action.why), fact, weight, "rule")
    if action.when:
        said = texts.say("reasons.and").join(_condition(condition, texts) for condition in action.when)
        return Reason(texts.say("reasons.rule_condition", conditions=said), fact, weight, "rule")
    whom = [str(v) for v, ok in ((batch.role[i], action.roles), (batch.industry[i], action.industries)) if ok]
    if whom:
        text = texts.say("reasons.rule_fit", whom=texts.say("reasons.and").join(whom))
        return Reason(text, fact, weight, "rule")
    return Reason(texts.say("reasons.rule_any"), fact, weight, "rule")


def _condition(condition: Condition, texts: Texts) -> str:
    fact, parts = readable(condition.fact), []
    for key in ("at_least", "at_most"):
        bound = getattr(condition, key)
        if bound is not None:
            parts.append(texts.say(f"reasons.{key}", fact=fact, value=figure(texts, bound)))
    for key in ("among", "not_among"):
        values = getattr(condition, key)
        if values is not None:
            said = texts.say("reasons.or").join(_said(value, texts) for value in values)
            parts.append(texts.say(f"reasons.{key}", fact=fact, value=said))
    return texts.say("reasons.and").join(parts)


def _effect(action: PlaybookAction, found: Evidence, goal: Goal, texts: Texts) -> Reason:
    effect, n = goal.effect(texts, found.mean, found.high - found.low), texts.number(found.n)
    if not found.randomised:
        text = texts.say(f"reasons.went_with_{found.group}", n=n, effect=effect)
        return Reason(text, action.id, found.mean, "association")
    low, high = goal.bounds(texts, found.low, found.high)
    text = texts.say(f"reasons.measured_{found.group}", n=n, effect=effect, low=low, high=high)
    return Reason(text, action.id, found.mean, "effect")
