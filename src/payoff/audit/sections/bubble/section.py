"""Is it a bubble: how few things are shown how often, to whom again and again, and whether it gets narrower."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from payoff.audit.report import Finding, Kind, Section
from payoff.audit.sections.bubble.again import Again, again
from payoff.audit.sections.bubble.showings import (
    TENTH,
    Apart,
    Ratio,
    Showings,
    names,
    narrowed,
    outcomes_apart,
    showings,
)
from payoff.audit.sections.bubble.shown_to import Group, groups
from payoff.audit.sections.bubble.tables import by_group, by_half, most_shown, share_curve
from payoff.audit.view import FEW, View
from payoff.stats import concentration

_NARROW, _WIDE = 0.5, 0.3
"""A most shown tenth that takes so much for sure is narrow; one that takes less than the other, wide."""
_NARROW_FEW, _WIDE_FEW = 0.5, 0.8
"""The same with few items, by effective number over number of items, the other way round."""
_MOVED = 0.1
_ONLY, _NOT_ONLY = 0.9, 0.5
_FRESH = 0.01


@dataclass(frozen=True, slots=True)
class Spread:
    """How even the showings are, each with its interval: over all items ever shown."""

    items: int
    top: float
    gini: float
    one: float
    effective: float
    entropy: float
    for_half: int
    top_interval: tuple[float, float] | None
    gini_interval: tuple[float, float] | None

    def evidence(self) -> dict[str, Any]:
        return {
            "items": self.items,
            "top_tenth": self.top,
            "top_tenth_interval": self.top_interval,
            "top_one": self.one,
            "gini": self.gini,
            "gini_interval": self.gini_interval,
            "effective_number": self.effective,
            "effective_number_entropy": self.entropy,
            "items_for_half": self.for_half,
        }

    @property
    def verdict(self) -> str:
        if self.items < TENTH:
            even = self.effective / self.items
            return "narrow" if even < _NARROW_FEW else "wide" if even >= _WIDE_FEW else "between"
        low, high = self.top_interval or (self.top, self.top)
        return "narrow" if low >= _NARROW else "wide" if high < _WIDE else "between"


class Bubble:
    """Concentration, repetition, who is shown what, and what came of it, as differences and never as effects."""

    name = "bubble"
    needs: tuple[str, ...] = ("action",)

    def run(self, view: View) -> Section:
        title, shown = view.say("bubble_title"), showings(view)
        if shown.rows < FEW:
            basis = view.basis("count", shown.rows)
            few = view.finding(self.name, "bubble_few", "know", basis, touches=0.0, n=shown.rows)
            return Section(self.name, title, (few,), answer=view.say("cannot_tell"))
        if shown.items.size == 1:
            return Section(self.name, title, (self._same(view, shown),), answer=view.say("bubble_answer_narrow"))
        spread, ratio = spread_of(shown), narrowed(shown)
        told, found = groups(view, shown), [self._spread(view, shown, spread)]
        found += self._narrowing(view, shown, ratio)
        found += self._repeats(view, again(view, shown) if "unit" in view.rows else None)
        found += self._groups(view, shown, told)
        apart = outcomes_apart(view, shown) if "label" in view.rows else None
        found += self._outcome(view, shown, apart) if apart else []
        return Section(
            self.name,
            title,
            tuple(found),
            (most_shown(view, shown), *by_half(view, shown), *by_group(view, shown, told)),
            (share_curve(view, shown),),
            answer=_answer(view, {f.key for f in found}),
        )

    def _same(self, view: View, shown: Showings) -> Finding:
        basis, item, part = view.basis("count", shown.rows), names(view, shown.items)[0], shown.rows / view.n
        evidence = {"items": 1}
        return view.finding(self.name, "bubble_same", "know", basis, touches=part, evidence=evidence, item=item)

    def _spread(self, view: View, shown: Showings, spread: Spread) -> Finding:
        one, top = view.of_100(spread.one), view.of_100(spread.top)
        taken = view.say("bubble_takes_one" if shown.few else "bubble_takes_tenth", one=one, top=top)
        verdict = spread.verdict
        kind: Kind = "good" if verdict == "wide" else "know"
        return view.finding(
            self.name,
            f"bubble_{verdict}",
            kind,
            view.basis("concentration", shown.rows, spread.top_interval),
            touches=shown.rows / view.n * (spread.one if shown.few else spread.top),
            evidence=spread.evidence(),
            items=view.number(spread.items),
            takes=taken,
            effective=view.number(spread.effective, 0 if spread.effective >= 10 else 1),
        )

    def _narrowing(self, view: View, shown: Showings, ratio: Ratio | None) -> list[Finding]:
        if ratio is None or abs(ratio.after / ratio.before - 1) < _MOVED or ratio.low <= 1 <= ratio.high:
            return []
        key = "bubble_narrowing" if ratio.after < ratio.before else "bubble_widening"
        digits = 0 if min(ratio.before, ratio.after) >= 10 else 1
        return [
            view.finding(
                self.name,
                key,
                "know",
                view.basis("narrowing", shown.rows, (ratio.low, ratio.high)),
                touches=shown.in_half(1).sum() / view.n * min(1.0, abs(1 - ratio.after / ratio.before)),
                evidence={"before": ratio.before, "after": ratio.after, "low": ratio.low, "high": ratio.high},
                before=view.number(ratio.before, digits),
                after=view.number(ratio.after, digits),
            )
        ]

    def _repeats(self, view: View, found: Again | None) -> list[Finding]:
        if found is None:
            return []
        fresh = found.share < _FRESH
        return [
            view.finding(
                self.name,
                "bubble_fresh" if fresh else "bubble_repeats",
                "good" if fresh else "know",
                view.basis("repeats", found.rows, (found.low, found.high), units=view.number(found.units)),
                touches=found.share,
                evidence={
                    "repeated": found.share,
                    "by_chance": found.chance,
                    "units": found.units,
                    "different_each": found.different,
                    "rows_each": found.each,
                },
                unit=view.roles["unit"],
                repeated=view.of_100(found.share),
                chance=view.of_100(found.chance),
                different=view.number(found.different, 1),
                rows=view.number(found.each, 1),
            )
        ]

    def _groups(self, view: View, shown: Showings, told: list[Group]) -> list[Finding]:
        far = [g for g in told if g.far]
        only = [g for g in far if g.most >= _ONLY and shown.counts[g.first] / shown.rows < _NOT_ONLY]
        if only:
            return [self._only(view, shown, max(only, key=lambda g: g.rows), len(only))]
        if not far:
            return []
        worst = max(far, key=lambda g: g.beyond)
        return [
            view.finding(
                self.name,
                "bubble_groups",
                "know",
                view.basis("apart", worst.rows),
                touches=worst.rows / view.n * worst.apart,
                evidence={"groups": {f"{g.column}={g.name}": g.apart for g in far}, "by_chance": worst.chance},
                group=worst.name,
                column=worst.column,
                n=view.of_100(worst.apart),
                chance=view.of_100(worst.chance),
            )
        ]

    def _only(self, view: View, shown: Showings, group: Group, n: int) -> Finding:
        every = shown.counts[group.first] / shown.rows
        protected = group.column in view.roles.protected
        return view.finding(
            self.name,
            "bubble_group_only",
            "costs" if protected else "know",
            view.basis("apart", group.rows),
            touches=group.rows / view.n,
            evidence={
                "group": group.name,
                "column": group.column,
                "share": group.most,
                "everybody": every,
                "groups": n,
            },
            group=group.name,
            column=group.column,
            item=names(view, shown.items[[group.first]])[0],
            most=view.of_100(group.most),
            every=view.of_100(every),
        )

    def _outcome(self, view: View, shown: Showings, apart: Apart) -> list[Finding]:
        how = "bubble_outcome" if view.rows.clustered else "newcombe"
        sure = apart.low > 0 or apart.high < 0
        return [
            view.finding(
                self.name,
                "bubble_outcome" if sure else "bubble_outcome_same",
                "know",
                view.basis(how, apart.popular.n + apart.others.n, (apart.low, apart.high)),
                touches=apart.popular.n / view.n * abs(apart.difference),
                evidence={
                    "popular": apart.popular.value,
                    "others": apart.others.value,
                    "difference": apart.difference,
                    "low": apart.low,
                    "high": apart.high,
                },
                which=view.say("bubble_top_one" if shown.few else "bubble_top_tenth"),
                popular=view.of_100(apart.popular.value),
                others=view.of_100(apart.others.value),
                value=view.signed(apart.difference),
                low=view.signed(apart.low),
                high=view.signed(apart.high),
            )
        ]


def spread_of(shown: Showings) -> Spread:
    """The figures over all items ever shown, with intervals that know of units that come several times."""
    counts = shown.counts
    taken = counts[shown.order].cumsum()
    return Spread(
        items=counts.size,
        top=concentration.top_share(counts),
        gini=concentration.gini(counts),
        one=float(counts.max() / shown.rows),
        effective=concentration.effective_number(counts),
        entropy=concentration.entropy_number(counts),
        for_half=int((taken < shown.rows / 2).sum()) + 1,
        top_interval=shown.interval(concentration.top_share),
        gini_interval=shown.interval(concentration.gini),
    )


def _answer(view: View, found: set[str]) -> str:
    for word in ("narrow", "narrowing", "between"):
        if f"bubble_{word}" in found:
            return view.say(f"bubble_answer_{word}")
    return view.say("bubble_answer_wide")
