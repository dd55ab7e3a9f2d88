"""What a suggestion is worth to us, in words: money with its range, never a bare figure. Shared by every place."""

from __future__ import annotations

import functools

from payoff.brief.goals import goal_of
from payoff.brief.schema import OPEN, Brief
from payoff.features.words import readable
from payoff.records.money import Money
from payoff.records.suggestions import Suggestion
from payoff.texts import Texts


def worth_words(said: Suggestion, texts: Texts) -> str:
    """Worth about $120 to us ($64 to $170); the range says how sure that is."""
    if said.value is None:
        return texts.say("desk.worth_unknown")
    if said.value.minor <= 0:
        return texts.say("desk.worth_not")
    value = _written(texts, said.value)
    if said.low is None or said.high is None:
        return texts.say("desk.worth_point", value=value)
    low, high = _written(texts, said.low), _written(texts, said.high)
    key = "desk.worth_sure" if said.low.minor > 0 else "desk.worth_unsure"
    return texts.say(key, value=value, low=low, high=high)


def worth_means(said: Suggestion, brief: Brief, texts: Texts, cost: float | None = None) -> tuple[str, ...]:
    """What such a figure is: what the brief says the goal is worth, times what the step adds, less its `cost`.
    Nothing where nothing is worth anything, or nobody said what."""
    goal = goal_of(brief)
    outcome = brief.outcomes.get(goal)
    if outcome is None or outcome.worth is None or said.value is None or said.value.minor <= 0:
        return ()
    worth, currency = abs(outcome.worth), brief.product.currency
    named = readable(goal)
    found = [texts.say("desk.worth_means", goal=named, worth=_whole(texts, Money.of(worth, currency)))]
    if cost is not None and worth and outcome.measure == "yes_no":
        more = 100 * (said.value.amount + cost) / worth
        sum_of = {"more": texts.number(more), "goal": named, "worth": _whole(texts, Money.of(worth, currency))}
        found.append(
            texts.say(
                "desk.worth_sum" if outcome.good else "desk.worth_sum_fewer",
                value=_written(texts, said.value),
                cost=_whole(texts, Money.of(cost, currency)),
                **sum_of,
            )
        )
    found.append(texts.say("desk.worth_estimate"))
    if outcome.meaning != OPEN:
        found.append(texts.say("desk.worth_goal", goal=named, meaning=outcome.meaning))
    return tuple(found)


def _written(texts: Texts, money: Money) -> str:
    return _whole(texts, _about(money))


@functools.lru_cache(maxsize=4096)
def _whole(texts: Texts, money: Money) -> str:
    """Rounded figures come again and again, and writing one the language's way takes its time."""
    return texts.money(money)


def _about(money: Money) -> Money:
    """Two figures are enough for an estimate: 123.87 reads 120, 60.94 reads 61."""
    if abs(money.amount) < 10:
        return money
    step = 10.0 ** (len(str(int(abs(money.amount)))) - 2)
    return Money.of(round(money.amount / step) * step, money.currency)
