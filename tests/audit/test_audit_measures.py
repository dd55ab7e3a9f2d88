"""Shares and gaps are those of statsmodels, and units that repeat make nothing surer."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from payoff.aggregates import Sums
from payoff.audit.measures import gap, share, share_of


def test_a_share_and_a_gap_are_those_of_statsmodels() -> None:
    for hits, n in ((0, 40), (3, 31), (56, 70), (70, 70)):
        found = share(hits, n)
        assert found is not None
        assert (found.low, found.high) == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=1e-9)
    a, b = share(56, 70), share(48, 80)
    assert a is not None and b is not None
    assert gap(a, b)[1:] == pytest.approx(confint_proportions_2indep(56, 70, 48, 80, method="newcomb"), abs=1e-9)
    assert share(0, 0) is None


def test_repeated_units_widen_the_interval_and_single_ones_do_not() -> None:
    y = np.repeat([1.0, 0.0], [30, 70])
    once, thrice = share_of(Sums.of(y)), share_of(Sums.of(3 * y, np.full(100, 3.0)))
    assert once == share(30, 100)
    assert thrice is not None and once is not None and (thrice.hits, thrice.n) == (90, 300)
    assert thrice.high - thrice.low == pytest.approx(once.high - once.low, rel=0.01)
    alike = share_of(Sums.of(np.zeros(40), np.full(40, 5.0)))
    assert alike is not None and alike.high == pytest.approx(share(0, 40).high)  # type: ignore[union-attr]
