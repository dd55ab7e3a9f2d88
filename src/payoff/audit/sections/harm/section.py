"""Who is worse off: who is picked out, wrongly picked out and missed, by group; and whom treatment hurts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from payoff.audit.gaps import FOUR_FIFTHS, LARGE_GAP, SMALL_GAP, Gap, at_most, called, rows_needed
from payoff.audit.report import Finding, Kind, Section
from payoff.audit.sections.harm import dogs
from payoff.audit.sections.harm.comparison import Comparison, compared, parity_of
from payoff.audit.sections.harm.tables import chart, table
from payoff.audit.view import View

_NAMED = 3
"""How many groups a sentence sets beside the worst-off one; the table has them all."""


_MANY = 4
"""From one comparison in so many on that stays open, the answer says so."""


class Harm:
    """Who is picked, wrongly picked and missed, by segment and protected group; whom treatment hurts."""

    name = "harm"
    needs: tuple[str, ...] = ("groups",)

    def run(self, view: View) -> Section:
        found = compared(view)
        findings = self._findings(found)
        hurt = dogs.finding(view)
        findings = sorted([*findings, *([hurt] if hurt else [])], key=lambda f: f.rank)
        first = next(
            (s for f in findings for s in found.splits if s.column == f.evidence.get("column")), found.splits[0]
        )
        shown = chart(found, first)
        said = [self._one_sided(found)] if found.one_sided else []
        if not found.judged:
            picks = "score" in view.rows or "decision" in view.rows
            said.append(view.say("harm_said_all_or_none" if picks else "harm_said_unjudged"))
        return Section(
            self.name,
            view.say("harm_title"),
            tuple(findings),
            tuple(table(found, split) for split in found.splits),
            (shown,) if shown else (),
            tuple(said),
            answer=self._answer(found, findings),
        )

    @staticmethod
    def _one_sided(found: Comparison) -> str:
        """Why mistakes are not compared."""
        view, uneven = found.view, found.lopsided
        if uneven is None:
            return view.say("harm_said_one_sided")
        who = view.say("harm_said_among", group=called(uneven.column, uneven.group), column=uneven.column)
        return view.say(
            "harm_said_lopsided",
            who=who if uneven.column else "",
            picked=view.of_100(uneven.picked.value),
            left=view.of_100(uneven.left.value),
        )

    @staticmethod
    def _answer(found: Comparison, findings: Sequence[Finding]) -> str:
        view, keys = found.view, {f.key: f for f in findings}
        harmed = len(found.harmed())
        if harmed:
            return view.say("harm_answer_groups", n=harmed)
        if "dogs_found" in keys:
            hurt = keys["dogs_found"].evidence["cells"]
            return view.say("harm_answer_dogs", n=len({(c["by"], c["cell"] or c["third"]) for c in hurt}))
        if not found.judged:
            spared = keys.get("dogs_none")
            if spared is None:
                return view.say("harm_answer_not_checked")
            return view.say("harm_answer_dogs_none" if spared.kind == "good" else "harm_answer_cannot_tell")
        if "harm_none" in keys:
            e = keys["harm_none"].evidence
            key = "harm_answer_none_open" if (e["asked"] - e["told"]) * _MANY >= e["asked"] else "harm_answer_none"
            n, asked = view.number(e["asked"] - e["told"]), view.number(e["asked"])
            return view.say(key, most=at_most(view, e["most"]), n=n, asked=asked)
        return view.say("harm_answer_cannot_tell")

    def _findings(self, found: Comparison) -> list[Finding]:
        if not found.judged:
            return []
        worst: list[Gap] = []
        for split in found.splits:
            # An error gap is a harm in itself; a selection gap alone may mirror how often the outcome comes.
            of_rate = [large for rate in found.judged if (large := found.large(split, rate))]
            of_rate = of_rate or [large for large in [found.large(split, "selected")] if large]
            best = [max(large, key=lambda g: (abs(g.value), g.group.name)) for large in of_rate]
            worst += [gap for gap in self._once(found, best) if not self._repeats(found, gap, worst)]
        made = [self._gap(found, gap) for gap in worst]
        return [*made, *self._rest(found, harmed=bool(found.harmed()))]

    @staticmethod
    def _once(found: Comparison, best: Sequence[Gap]) -> list[Gap]:
        """Without the smaller of two gaps that say the same: of groups picked out more, or less, readily."""
        twice = [g for g in best if g.group.name in found.shifted(g.split)]
        first = max(twice, key=lambda g: abs(g.value), default=None)
        return [g for g in best if g not in twice or g is first]

    @staticmethod
    def _repeats(found: Comparison, gap: Gap, before: Sequence[Gap]) -> bool:
        """Whether a gap of crossed groups only says again what one of the two columns has said."""
        if len(gap.split.columns) == 1:
            return False
        told = [g for g in before if g.split.column in gap.split.columns]
        said = [h for g in told for h in found.shifted(g.split).get(g.group.name, (g,))]
        same = [g for g in said if g.rate == gap.rate]
        return any(abs(gap.value) < abs(g.value) + SMALL_GAP for g in same)

    def _rest(self, found: Comparison, *, harmed: bool) -> list[Finding]:
        """What is said of the groups for which nothing was found: either way it is not silence."""
        view = found.view
        judged = [g for g in found.gaps if g.rate in found.judged]
        level = [g for g in judged if found.verdict(g) == "level"]
        asked = sum(len(s.groups) - 1 for s in found.splits) * len(found.judged)
        told = len(level) + sum(found.verdict(g) in ("worse", "better") for g in judged)
        parity = {split.column: parity_of(found, split) for split in found.splits}
        evidence: dict[str, Any] = {
            "columns": [s.column for s in found.splits],
            "asked": asked,
            "told": told,
            "parity": parity,
        }
        basis = view.basis("gaps", self._rows(found), comparisons=view.number(found.comparisons))
        if told * 2 >= asked:
            if harmed or not level:
                return []
            most = max(g.most for g in level)
            return [
                view.finding(
                    self.name,
                    "harm_none",
                    "good",
                    basis,
                    touches=0.3,
                    evidence={**evidence, "most": most},
                    rest=view.say("harm_none_rest", n=asked - told) if asked > told else "",
                    n=len(level),
                    most=at_most(view, most),
                )
            ]
        needed = rows_needed(found.splits, found.judged, found.comparisons)
        return [
            view.finding(
                self.name,
                "harm_cannot_tell",
                "know",
                basis,
                touches=0.6,
                evidence={**evidence, "rows_needed": needed},
                n=asked - told,
                asked=view.number(asked),
                rows=view.number(needed),
            )
        ]

    @staticmethod
    def _rows(found: Comparison) -> int:
        cells = [g.cells[r].w for g in found.splits[0].groups for r in found.judged if r in g.cells]
        return int(sum(cells))

    def _gap(self, found: Comparison, gap: Gap) -> Finding:
        """The worst-off group first, then the larger ones of the others, so that nobody picks the comparison."""
        view, split = found.view, gap.split
        beside = found.of(split, gap.rate)
        rates = split.told(gap.rate)
        first = found.worst_off(gap)
        worst = next(g for g in split.groups if g.name == first)
        other = split.reference.name if first == gap.group.name else gap.group.name
        others = [other, *(n for n in rates if n not in (first, other))][:_NAMED]
        finding = view.finding(
            self.name,
            f"harm_{gap.rate}",
            self._kind(found, gap),
            view.basis(
                "newcombe_units" if view.rows.clustered else "newcombe", self._behind(gap), (gap.low, gap.high)
            ),
            touches=worst.n / view.n,
            evidence={
                "column": split.column,
                "columns": list(split.columns),
                "rate": gap.rate,
                "worst_off": first,
                "reference": split.reference.name,
                "rates": rates,
                "gaps": {g.group.name: _as_dict(found, g) for g in beside},
                "evenness": gap.evenness,
                "comparisons": found.comparisons,
                **parity_of(found, split),
            },
            group=f"“{called(split.column, first)}”",
            value=view.of_100(rates[first]),
            others=", ".join(f"“{called(split.column, name)}” {view.of_100(rates[name])}" for name in others),
            column=split.column,
        )
        return replace(finding, text=self._worded(found, gap, finding.text))

    @staticmethod
    def _worded(found: Comparison, gap: Gap, text: str) -> str:
        """A gap in who is picked says more: whether it may mirror the outcome, or how it stands to four fifths."""
        view = found.view
        if gap.group.name in found.shifted(gap.split):
            return _shift(found, gap)
        if gap.rate != "selected":
            return text
        if found.errors:
            return f"{text} {view.say('harm_selected_mirrors')}"
        if gap.evenness < FOUR_FIFTHS:
            return f"{text} {view.say('harm_four_fifths', ratio=view.of_100(gap.evenness))}"
        return text

    @staticmethod
    def _behind(gap: Gap) -> int:
        return int(gap.group.cells[gap.rate].w + gap.split.reference.cells[gap.rate].w)

    @staticmethod
    def _kind(found: Comparison, gap: Gap) -> Kind:
        if not gap.split.protected:
            return "know"
        if gap.rate == "selected":
            return "stop" if not found.errors and gap.evenness < FOUR_FIFTHS else "costs"
        both = found.shifted(gap.split).get(gap.group.name, (gap,))
        return "stop" if max(abs(g.value) for g in both) >= LARGE_GAP else "costs"


def _shift(found: Comparison, gap: Gap) -> str:
    """Both kinds of mistake between two groups, in one sentence; those wrongly picked more often first."""
    view, split = found.view, gap.split
    wrong, missed = found.shifted(split)[gap.group.name]
    pair = (gap.group, split.reference) if wrong.value > 0 else (split.reference, gap.group)
    first, second = (f"“{called(split.column, g.name)}”" for g in pair)
    rates = {rate: split.told(rate) for rate in (wrong.rate, missed.rate)}
    words = {
        f"{rate}_{place}": view.of_100(rates[rate][g.name])
        for rate in rates
        for place, g in zip(("first", "second"), pair, strict=True)
    }
    return view.say("harm_shift", first=first, second=second, column=split.column, **words)


def _as_dict(found: Comparison, gap: Gap) -> dict[str, Any]:
    """A gap for machines: its 95% interval, the widened one, and what was made of it."""
    return {
        "value": gap.value,
        "low": gap.low,
        "high": gap.high,
        "widened_low": gap.widest[0],
        "widened_high": gap.widest[1],
        "ratio": gap.ratio,
        "verdict": found.verdict(gap),
    }
