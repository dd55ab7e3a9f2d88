"""What treatment changed, arm by arm, and which way of treating does best as a constant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from payoff.audit.measures import Effect
from payoff.audit.parts import YES
from payoff.audit.report import Basis, Finding, Kind, Table
from payoff.audit.sections.worth.chance import Chance
from payoff.audit.sections.worth.means import Means, means, worth
from payoff.audit.sections.worth.treated import HAPPENED
from payoff.audit.view import FEW, View

ALONE = (0,)


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


def named(view: View) -> bool:
    """Whether the table holds two ways of treating by name, rather than treated and left alone."""
    return len(view.arms) == 2 and view.arms[1].casefold() not in YES


def as_evidence(e: Effect) -> dict[str, Any]:
    return {"effect": e.value, "low": e.low, "high": e.high, "treated": e.treated, "untreated": e.untreated}


@dataclass(frozen=True)
class Effects:
    """The arms side by side. `outcome` is whether it came, `worth` what it is worth (`None` without a value)."""

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
        """Rows (or as many as the weights leave) on the smaller side."""
        treated = max((self.outcome.size((a,)) for a in range(1, len(self.view.arms))), default=0.0)
        return int(min(self.outcome.size(ALONE), treated))

    @property
    def few(self) -> bool:
        return self.outcome.size(ALONE) < FEW or not self.treated

    def basis(self, n: int, interval: tuple[float, float] | None) -> Basis:
        """Welch or weighted, and how we know of chance."""
        chance = self.chance
        columns = ", ".join(f"“{column}”" for column in chance.columns)
        looked = " " + self.view.say("chance_looked", n=chance.checks, columns=columns) if columns else ""
        how = {"told": "effect_told", "tested": "effect_tested", "weighted": "effect_weighted"}
        return self.view.basis(how.get(chance.how, "welch"), n, interval, looked=looked)

    @property
    def sign(self) -> float:
        return -1.0 if self.view.bad else 1.0

    def overall(self) -> Effect:
        """Any treatment against none."""
        found = self.outcome.difference(self.treated, ALONE)
        assert found is not None
        return found

    def findings(self) -> list[Finding]:
        found = [self._overall(), *self._harmful_arms(), *self._money()]
        if len(self.treated) > 1:
            found += self._best(self.outcome, "outcome")
            if self.worth is not None:
                found += self._best(self.worth, "value")
        return found

    def _given(self) -> str:
        n, view = len(self.treated), self.view
        what = view.say("given_ways", n=n) if n > 1 else view.say("given_treatment")
        if named(view):
            what = view.say("given_arm", arm=view.arms[1], control=view.arms[0])
        return view.say(f"given_{self.chance.how}", what=what)

    def _overall(self) -> Finding:
        view, e = self.view, self.overall()
        low, high = sorted((self.sign * e.low, self.sign * e.high))
        kind: Kind = "good" if low > 0 else "stop" if high < 0 else "costs"
        key = "effect_some" if low > 0 else "effect_harm" if high < 0 else "effect_none"
        n = e.treated + e.untreated
        evidence = {**as_evidence(e), "arms": [view.arms[a] for a in self.treated], "control": view.arms[0]}
        basis = self.basis(n, (e.low, e.high))
        said: dict[str, Any] = {"given": self._given(), **words(view, e)}
        return view.finding("worth", key, kind, basis, touches=n / view.n, evidence=evidence, **said)

    def _harmful_arms(self) -> list[Finding]:
        """Single ways that do harm, where there are several; the level is divided by their number."""
        found = []
        for arm in self.treated if len(self.treated) > 1 else ():
            e = self.outcome.difference((arm,), ALONE, 0.05 / len(self.treated))
            if e is not None and max(self.sign * e.low, self.sign * e.high) < 0:
                n, name = e.treated + e.untreated, self.view.arms[arm]
                evidence = {**as_evidence(e), "arm": name}
                basis = self.basis(n, (e.low, e.high))
                said: dict[str, Any] = {"arm": name, **words(self.view, e)}
                found.append(
                    self.view.finding(
                        "worth", "arm_harm", "stop", basis, touches=n / self.view.n, evidence=evidence, **said
                    )
                )
        return found

    def net(self, arm: tuple[int, ...], alpha: float = 0.05) -> Effect | None:
        """What treating one row brings against leaving it alone, in money, net of its cost."""
        e = None if self.worth is None else self.worth.difference(arm, ALONE, alpha)
        if e is None:
            return None
        low, high = sorted((self.sign * e.low, self.sign * e.high))
        cost = self.view.cost
        return Effect(self.sign * e.value - cost, low - cost, high - cost, e.treated, e.untreated)

    def _money(self) -> list[Finding]:
        view, e = self.view, self.net(self.treated)
        if e is None:
            return []
        kind: Kind = "good" if e.low > 0 else "costs" if e.high < 0 else "know"
        n = e.treated + e.untreated
        net = view.say("net_of_cost" if view.has("cost") else "before_cost")
        shown = {k: money(view, v * 100) for k, v in (("value", e.value), ("low", e.low), ("high", e.high))}
        evidence = {"value": 100 * e.value, "low": 100 * e.low, "high": 100 * e.high}
        basis = self.basis(n, (100 * e.low, 100 * e.high))
        brings = None if kind == "know" else -e.value * view.n
        return [
            view.finding(
                "worth",
                "effect_money",
                kind,
                basis,
                touches=n / view.n,
                evidence=evidence,
                money=brings,
                net=net,
                **shown,
            )
        ]

    def _best(self, of: Means, measure: str) -> list[Finding]:
        """The best constant against the next, and against leaving everybody alone.

        Whether the best leads is asked one-sided against every other way (multiple comparisons with the best, Hsu
        1981), with Bonferroni's bound for Dunnett's constant.
        """
        view, ways = self.view, (0, *self.treated)
        cost = view.cost if measure == "value" else 0.0
        goes = {a: self.sign * of.mean((a,)) - (cost if a else 0.0) for a in ways}
        best, second = sorted(ways, key=lambda a: -goes[a])[:2]
        against = [self._ahead(of, best, other, cost, len(ways) - 1) for other in (second, 0) if other != best]
        if not against or any(e is None for e in against):
            return []
        ahead, over = against[0], against[-1]
        assert ahead is not None and over is not None
        key = "best_constant" if ahead.low > 0 else "best_constant_same"
        shown = self._shown(measure)
        rest = ""
        if second != 0 and best != 0:
            rest = view.say(
                "best_over",
                control=view.arms[0],
                over=shown(over.value),
                low=shown(over.low),
                high=shown(over.high),
            )
        n = sum(of.rows((a,)) for a in ways)
        evidence = {
            "measure": measure,
            "best": view.arms[best],
            "second": view.arms[second],
            "ahead": ahead.value,
            "ahead_low": ahead.low,
            "ahead_high": ahead.high,
            "over_control": over.value if best else 0.0,
            "over_low": over.low if best else 0.0,
            "over_high": over.high if best else 0.0,
            "means": {view.arms[a]: of.mean((a,)) for a in ways},
        }
        basis = view.basis("best_constant", n, (ahead.low, ahead.high), n_ways=len(ways))
        said: dict[str, Any] = {
            "arm": view.arms[best],
            "second": view.arms[second],
            "what": view.say(f"best_on_{measure}" if cost == 0 else "best_on_net"),
            "ahead": shown(ahead.value),
            "low": shown(ahead.low),
            "high": shown(ahead.high),
            "rest": rest,
        }
        return [view.finding("worth", key, "know", basis, touches=n / view.n, evidence=evidence, **said)]

    def _ahead(self, of: Means, ours: int, theirs: int, cost: float, tries: int) -> Effect | None:
        """How far one way is ahead of another, in what is welcome, net of cost."""
        e = of.difference((ours,), (theirs,), 2 * 0.05 / tries)
        if e is None:
            return None
        less = (cost if ours else 0.0) - (cost if theirs else 0.0)
        low, high = sorted((self.sign * e.low, self.sign * e.high))
        return Effect(self.sign * e.value - less, low - less, high - less, e.treated, e.untreated)

    def _shown(self, measure: str) -> Any:
        view = self.view
        return (lambda v: money(view, v, sign=True)) if measure == "value" else view.signed

    def table(self) -> Table:
        """Every arm: rows, outcome, difference against the one left alone; in money where amounts were given."""
        view = self.view
        rows: list[dict[str, Any]] = []
        cells = []
        for arm, name in enumerate(view.arms):
            row, line = self._line(arm, name)
            rows.append(row)
            cells.append(line)
        heads = ["arm", "n", "outcome", "difference"] + (["worth", "worth_difference"] if self.worth else [])
        columns = tuple(view.say(f"arms_column_{head}") for head in heads)
        n = sum(self.outcome.rows((a,)) for a in range(len(view.arms)))
        caused = self.chance.by_chance
        note = view.say("arms_note" if caused else "arms_note_no_cause", control=view.arms[0])
        title = view.say("arms_table" if caused else "arms_table_no_cause")
        return Table(title, columns, tuple(cells), tuple(rows), note, self.basis(n, None))

    def _line(self, arm: int, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
        view, of = self.view, self.outcome
        row: dict[str, Any] = {"arm": name, "n": of.rows((arm,)), "effective": of.size((arm,))}
        blank = ["", ""] if self.worth else []
        if of.size((arm,)) < FEW or (arm and of.size(ALONE) < FEW):
            return row, (name, view.number(row["n"]), "–", view.say("cannot_tell"), *blank)
        row["outcome"] = of.mean((arm,))
        e = of.difference((arm,), ALONE) if arm else None
        row |= as_evidence(e) if e else {}
        shown = (
            view.say("arms_alone")
            if e is None
            else _span(view.signed(e.value), view.signed(e.low), view.signed(e.high))
        )
        line = [name, view.number(row["n"]), view.number(row["outcome"] * 100, 1), shown]
        if self.worth is not None:
            row["worth"] = self.worth.mean((arm,))
            d = self.worth.difference((arm,), ALONE) if arm else None
            row |= {"worth_difference": d.value, "worth_low": d.low, "worth_high": d.high} if d else {}
            cents = (money(view, v, sign=True) for v in ((d.value, d.low, d.high) if d else ()))
            line += [money(view, row["worth"]), _span(*cents) if d else ""]
        return row, tuple(line)


def _span(value: str, low: str, high: str) -> str:
    return f"{value} ({low} to {high})"


__all__ = ["ALONE", "Effects", "money", "words"]
