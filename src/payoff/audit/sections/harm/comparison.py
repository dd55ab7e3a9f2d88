"""Every column's groups compared, and which rates say who is worse off."""

from __future__ import annotations

from dataclasses import dataclass

from payoff.aggregates import Sums
from payoff.audit.gaps import SMALL_GAP, Gap, Split, crossable, gaps_of, parted
from payoff.audit.sections.harm.known import Lopsided, among
from payoff.audit.view import View

_SLIGHT = 0.01
"""In a table of decisions alone a gap for sure counts from one point on; among millions less is no news."""
_ERRORS = ("fpr", "fnr")


@dataclass(frozen=True)
class Comparison:
    """Every split with its gaps.

    `judged` are the rates that say who is worse off: both kinds of mistake where the outcome is known for picked
    and unpicked alike (`errors`), else who is picked. `lopsided` is where it is not, if anywhere.
    """

    view: View
    splits: tuple[Split, ...]
    gaps: tuple[Gap, ...]
    judged: tuple[str, ...]
    comparisons: int
    lopsided: Lopsided | None = None

    @property
    def errors(self) -> bool:
        return self.judged == _ERRORS

    @property
    def one_sided(self) -> bool:
        """Whether outcomes are known more often (or only) for the picked or for others: mistakes have no
        measure."""
        return not self.errors and "label" in self.view.rows and bool(self.judged)

    def of(self, split: Split, rate: str) -> list[Gap]:
        return [g for g in self.gaps if g.split is split and g.rate == rate]

    def least(self, split: Split, rate: str) -> float:
        return _SLIGHT if rate == "selected" and not self.errors and split.protected else SMALL_GAP

    def verdict(self, gap: Gap) -> str:
        return gap.verdict(self.least(gap.split, gap.rate))

    def large(self, split: Split, rate: str) -> list[Gap]:
        return [g for g in self.of(split, rate) if self.verdict(g) in ("worse", "better")]

    @property
    def low_is_bad(self) -> frozenset[str]:
        """Rates of which the lowest is the worst for people.

        Where picking is good, those wrongly picked are favoured; where it is bad, those missed. Unsaid, every
        mistake is bad, and so is not being picked by a decision.
        """
        good = self.view.said.picked_good
        if good is None:
            return frozenset() if self.errors else frozenset({"selected"})
        return frozenset({"selected", "fpr"} if good else {"fnr"})

    def worst_off(self, gap: Gap) -> str:
        higher, lower = gap.group.name, gap.split.reference.name
        if gap.value < 0:
            higher, lower = lower, higher
        return lower if gap.rate in self.low_is_bad else higher

    def shifted(self, split: Split) -> dict[str, tuple[Gap, Gap]]:
        """Groups picked out more (or less) readily than the first one, with the gap of each kind of mistake.

        They are wrongly picked for sure more often and missed for sure less often, or the other way round. That is
        one difference seen twice, and who is worse off by it hangs on whether being picked is good; empty where
        that was said.
        """
        if self.view.said.picked_good is not None or not self.errors:
            return {}
        wrong, missed = ({g.group.name: g for g in self.large(split, rate)} for rate in _ERRORS)
        both = {name: (gap, missed[name]) for name, gap in wrong.items() if name in missed}
        return {name: pair for name, pair in both.items() if pair[0].value * pair[1].value < 0}

    def counted(self, gap: Gap) -> str:
        """Whom a gap counts for: the worst off, or the group that is picked more or less readily."""
        return gap.group.name if gap.group.name in self.shifted(gap.split) else self.worst_off(gap)

    def harmed(self) -> set[tuple[str, str]]:
        """Column and name of every group for sure worse off, by the rates that are judged.

        Protected groups go before segments, groups of one column before crossed ones: nobody counts twice.
        """
        large = [g for s in self.splits for r in self.judged for g in self.large(s, r)]
        for wanted in ((1, True), (2, True), (1, False)):
            here = [g for g in large if (len(g.split.columns), g.split.protected) == wanted]
            if here:
                return {(g.split.column, self.counted(g)) for g in here}
        return set()


def compared(view: View) -> Comparison:
    """Every protected column and segment, and the first two protected columns crossed."""
    splits = [parted(view, column) for column in view.groups]
    pair = crossable(view)
    if pair and len((crossed := parted(view, *pair)).groups) > 1:
        splits.append(crossed)
    chosen = _total(splits[0], "selected")
    some = 0 < chosen.y < chosen.w
    uneven = among(splits) if some and "label" in view.rows else None
    errors = some and uneven is None and not _one_sided(splits[0])
    rates = (*_ERRORS, "selected") if errors else ("selected",) if some else ()
    comparisons = sum(split.comparable(rates) for split in splits)
    gaps = [gap for split in splits for gap in gaps_of(split, rates, comparisons)]
    return Comparison(view, tuple(splits), tuple(gaps), _ERRORS if errors else rates, comparisons, uneven)


def _total(split: Split, rate: str) -> Sums:
    return sum((g.cells[rate] for g in split.groups if rate in g.cells), Sums())


def _one_sided(split: Split) -> bool:
    """Whether all whose outcome is known were picked, or none; also where no outcome is known at all."""
    wrong, missed = (_total(split, rate) for rate in _ERRORS)
    all_picked, none_picked = wrong.y == wrong.w and missed.y == 0, wrong.y == 0 and missed.y == missed.w
    return all_picked or none_picked


def parity_of(found: Comparison, split: Split) -> dict[str, float | None]:
    """Fairlearn's figures of a column over the groups that can be told; `None` with fewer than two of them."""
    selected, *errors = (list(split.told(rate).values()) for rate in ("selected", *_ERRORS))
    spread = [max(values) - min(values) for values in errors if len(values) > 1]
    some = len(selected) > 1
    return {
        "demographic_parity_difference": max(selected) - min(selected) if some else None,
        "demographic_parity_ratio": min(selected) / max(selected) if some and max(selected) > 0 else None,
        "equalized_odds_difference": max(spread) if found.errors and len(spread) == len(_ERRORS) else None,
    }
