"""What treatment changed: the way that does best against those left alone, ways that do harm, and the money."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

from payoff.audit.measures import Effect
from payoff.audit.report import Basis, Finding, Kind
from payoff.audit.sections.worth.chance import Chance, listed
from payoff.audit.sections.worth.means import Means, means, worth
from payoff.audit.sections.worth.treated import HAPPENED
from payoff.audit.table.parts import YES
from payoff.audit.view import FEW, View

ALONE = (0,)
_SOFTER: dict[Kind, Kind] = {"good": "know", "stop": "costs"}


def money(view: View, amount: float, *, sign: bool = False) -> str:
    """An amount for a sentence: cents where it is small."""
    shown = view.number(abs(amount), 2 if abs(amount) < 100 else 0)
    nil = all(c in "0.," for c in shown)
    return shown if nil else f"{'−' if amount < 0 else '+' if sign else ''}{shown}"


def words(view: View, e: Effect) -> dict[str, Any]:
    """An effect for a sentence: how many of 100, fewer or more, and its range with signs."""
    return {
        "value": view.number(abs(e.value) * 100, 1),
        "direction": view.say("fewer" if e.value < 0 else "more"),
        "low": view.signed(e.low),
        "high": view.signed(e.high),
    }


def as_evidence(e: Effect) -> dict[str, Any]:
    return {"effect": e.value, "low": e.low, "high": e.high, "treated": e.treated, "untreated": e.untreated}


def supposed(view: View, chance: Chance, finding: Finding) -> Finding:
    """A finding that speaks of cause, as it may stand: with `told` in its evidence, and where nobody said that
    chance gave the treatment, on that supposition, neither good nor a reason to stop, and without money."""
    told = {**finding.evidence, "told": chance.cause}
    if chance.cause:
        return replace(finding, evidence=told)
    text, kind = view.say("if_chance", text=finding.text), _SOFTER.get(finding.kind, finding.kind)
    return replace(finding, text=text, kind=kind, evidence=told, money=None)


@dataclass(frozen=True)
class Effects:
    """The arms side by side. `outcome` is whether it came, `worth` what it is worth (`None` without a value).

    With several ways of treating nothing is said of all of them together: how often each was given would decide
    what such a figure means. The way that does best is set against those left alone, its level divided by the
    number of ways; every way stands in the table.
    """

    view: View
    chance: Chance
    outcome: Means
    worth: Means | None

    @classmethod
    def of(cls, view: View, chance: Chance) -> Effects:
        valued = worth(view)
        return cls(view, chance, means(view, HAPPENED), means(view, valued) if valued else None)

    @property
    def treated(self) -> tuple[int, ...]:
        """The arms that were not left alone and are large enough to speak of."""
        return tuple(a for a in range(1, len(self.view.arms)) if self.outcome.size((a,)) >= FEW)

    @property
    def smaller(self) -> int:
        """Rows (or units, or as many as the weights leave) on the smaller side."""
        treated = max((self.outcome.size((a,)) for a in range(1, len(self.view.arms))), default=0.0)
        return int(min(self.outcome.size(ALONE), treated))

    @property
    def few(self) -> bool:
        return self.outcome.size(ALONE) < FEW or not self.treated

    @property
    def named(self) -> bool:
        """Whether the best way goes by its name, rather than as the treatment."""
        return len(self.view.arms) > 2 or self.view.arms[1].casefold() not in YES

    @property
    def sign(self) -> float:
        return -1.0 if self.view.bad else 1.0

    def welcome(self, e: Effect) -> tuple[float, float]:
        """The range of an effect, turned so that above 0 is welcome."""
        low, high = sorted((self.sign * e.low, self.sign * e.high))
        return low, high

    def against(self, arm: int, alpha: float = 0.05) -> Effect:
        """One way against those left alone, at a level that all ways share."""
        found = self.outcome.difference((arm,), ALONE, alpha / len(self.treated))
        assert found is not None
        return found

    @functools.cached_property
    def best(self) -> int:
        """The way with the largest welcome effect among those that surely have one; else among all."""
        found = {arm: self.against(arm) for arm in self.treated}
        return max(found, key=lambda a: (self.welcome(found[a])[0] > 0, self.sign * found[a].value))

    @functools.cached_property
    def costs(self) -> dict[int, float]:
        """What acting on one row costs, by arm: the mean of its own rows where cost is a column; 0 for alone."""
        costs = dict.fromkeys(self.treated, self.view.cost)
        if "cost" in self.view.roles:
            found = self.view.rows.counts("treated", where="cost is not null and treated < 250", sums=("cost",))
            spent = dict(zip(found["treated"].tolist(), (found["sum0"] / found["n"]).tolist(), strict=True))
            costs = {arm: spent.get(arm, cost) for arm, cost in costs.items()}
        return {**costs, 0: 0.0}

    def basis(self, n: int, interval: tuple[float, float] | None, ways: int = 1) -> Basis:
        """Welch or weighted, how we know of chance, and for how many ways the range allows."""
        chance, say = self.chance, self.view.say
        said = []
        if chance.columns:
            said.append(say("chance_looked", n=len(chance.columns), columns=listed(chance.columns)))
        if chance.apart:
            said.append(say("chance_apart", columns=listed(chance.apart)))
        if ways > 1:
            said.append(say("chance_ways", n=ways))
        how = {"told": "effect_told", "tested": "effect_tested", "weighted": "effect_weighted"}
        looked = "".join(f" {sentence}" for sentence in said)
        return self.view.basis(how.get(chance.how, "welch"), n, interval, looked=looked)

    def findings(self) -> list[Finding]:
        """The main one first."""
        return [self._main(), *self._harmful(), *self._money()]

    def who(self, arm: int) -> dict[str, str]:
        """The two sides for a sentence that only compares."""
        say, arms = self.view.say, self.view.arms
        if not self.named:
            return {"who": say("who_treated"), "others": say("who_alone")}
        return {"who": say("who_arm", arm=arms[arm]), "others": say("who_arm", arm=arms[0])}

    def compared(self, key: str, arm: int, e: Effect) -> str:
        """A difference without a word of cause, and what speaks for chance."""
        said: dict[str, Any] = {**self.who(arm), **words(self.view, e)}
        return self.view.say(key, n=self.chance.checks, **said)

    def _given(self) -> str:
        view, n = self.view, len(self.treated)
        what = view.say("given_treatment")
        if self.named:
            what = view.say("given_arm", arm=view.arms[self.best], control=view.arms[0])
        if n > 1:
            what = view.say("given_best", n=n, what=what)
        return view.say(f"given_{self.chance.how}", what=what)

    def _main(self) -> Finding:
        """The best way (or the only one) against those left alone."""
        view, best, ways = self.view, self.best, len(self.treated)
        e, told = self.against(best), self.chance.cause
        low, high = self.welcome(e)
        kind: Kind = "good" if low > 0 else "stop" if high < 0 else "costs"
        key = "effect_some" if low > 0 else "effect_harm" if high < 0 else "effect_none"
        n = e.treated + e.untreated
        evidence = {**as_evidence(e), "arms": [view.arms[best]], "control": view.arms[0], "ways": ways}
        evidence |= {"most": self._most(), "told": told, "checks": self.chance.checks}
        said: dict[str, Any] = {"given": self._given() if told else "", **words(view, e)}
        basis = self.basis(n, (e.low, e.high), ways)
        found = view.finding("worth", key, kind, basis, touches=n / view.n, evidence=evidence, **said)
        if told:
            return found
        text = self.compared("seen_none" if key == "effect_none" else "seen", best, e)
        return replace(found, text=text, kind=_SOFTER.get(kind, kind))

    def _most(self) -> float:
        """The largest effect of any way, either way, that is not ruled out."""
        return max(max(abs(e.low), abs(e.high)) for e in map(self.against, self.treated))

    def _harmful(self) -> list[Finding]:
        """Single ways that do harm, where there are several: for sure at the level the ways share, shown with the
        range they have in the table."""
        view, found = self.view, []
        for arm in self.treated if len(self.treated) > 1 else ():
            sure = self.against(arm)
            if self.welcome(sure)[1] >= 0:
                continue
            e = self.outcome.difference((arm,), ALONE)
            assert e is not None
            n, told = e.treated + e.untreated, self.chance.cause
            evidence = {**as_evidence(e), "arm": view.arms[arm], "sure_low": sure.low, "sure_high": sure.high}
            said: dict[str, Any] = {"arm": view.arms[arm], **words(view, e)}
            kind: Kind = "stop" if told else "costs"
            basis = self.basis(n, (e.low, e.high))
            made = view.finding(
                "worth", "arm_harm", kind, basis, touches=n / view.n, evidence={**evidence, "told": told}, **said
            )
            found.append(made if told else replace(made, text=self.compared("seen", arm, e)))
        return found

    def net(self, arm: int, alpha: float = 0.05) -> Effect | None:
        """What treating one row brings against leaving it alone, in money, net of its cost."""
        e = None if self.worth is None else self.worth.difference((arm,), ALONE, alpha)
        if e is None:
            return None
        low, high = self.welcome(e)
        cost = self.costs[arm]
        return Effect(self.sign * e.value - cost, low - cost, high - cost, e.treated, e.untreated)

    def _money(self) -> list[Finding]:
        """Of the way the main finding speaks of."""
        view, ways = self.view, len(self.treated)
        e = self.net(self.best, 0.05 / ways)
        if e is None:
            return []
        kind: Kind = "good" if e.low > 0 else "costs" if e.high < 0 else "know"
        n = e.treated + e.untreated
        shown = {k: money(view, v * 100) for k, v in (("value", e.value), ("low", e.low), ("high", e.high))}
        evidence = {"value": 100 * e.value, "low": 100 * e.low, "high": 100 * e.high}
        evidence |= {"cost": 100 * self.costs[self.best]}
        basis = self.basis(n, (100 * e.low, 100 * e.high), ways)
        brings = None if kind == "know" else -e.value * view.n
        said: dict[str, Any] = {"net": self._net(), "arm": "", **shown}
        if self.named:
            said["arm"] = view.say("target_arm", arm=view.arms[self.best])
        found = view.finding(
            "worth", "effect_money", kind, basis, touches=n / view.n, evidence=evidence, money=brings, **said
        )
        return [supposed(view, self.chance, found)]

    def _net(self) -> str:
        view = self.view
        if not view.has("cost"):
            return view.say("before_cost")
        if "cost" not in view.roles:
            return view.say("net_of_cost")
        return view.say("net_of_cost_treated", cost=money(view, self.costs[self.best] * 100))


__all__ = ["ALONE", "Effects", "money", "supposed", "words"]
