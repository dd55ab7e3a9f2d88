"""Means, ratios and their differences from sufficient statistics, on the absolute scale.

Every figure is a ratio of sums y/w with the unit as the cluster (Deng, Knoblich & Lu 2018); a plain mean is the
case w = 1 and comes out exactly, with the n − 1 variance. The absolute scale is tested because the relative one
raises false alarms of harm on skewed money; the lift is for display only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from scipy import stats

from payoff.aggregates import Sums
from payoff.records.judgement import Estimate

FEW = 5
"""Below so many events (or non-events) in an arm a share's variance takes the +1/+1 form."""


@dataclass(frozen=True, slots=True)
class Moments:
    """A ratio of sums with the variance of its estimate; `n` units stand behind it."""

    value: float
    variance: float
    n: float


def moments(sums: Sums) -> Moments | None:
    """The ratio y/w of one cell; `None` with fewer than two units or nothing to divide by."""
    n = sums.n
    if n < 2 or sums.w <= 0:
        return None
    ratio = sums.y / sums.w
    mean_w = sums.w / n
    s_yy = (sums.yy - sums.y**2 / n) / (n - 1)
    s_ww = (sums.ww - sums.w**2 / n) / (n - 1)
    s_yw = (sums.yw - sums.y * sums.w / n) / (n - 1)
    spread = max(0.0, s_yy - 2 * ratio * s_yw + ratio**2 * s_ww) / mean_w**2
    return Moments(ratio, spread / n, n)


def mean(sums: Sums, alpha: float = 0.05, *, share: bool = False) -> Estimate:
    """One arm's mean (or ratio of sums) with a t interval at n − 1 degrees of freedom.

    `share` keeps the interval inside 0 … 1 (Wilson's, on the effective number of units, which is the
    number of units itself where each brings one opportunity). Without two units the value is `None`.
    """
    counts = {"n": int(sums.n), "known": int(sums.n), "total": int(max(sums.total, sums.n))}
    found = moments(sums)
    if found is None:
        return Estimate(None, method="too few units", **counts)
    se = math.sqrt(found.variance)
    if share:
        p = min(1.0, max(0.0, found.value))
        effective = p * (1 - p) / found.variance if found.variance > 0 else sums.w
        low, high = wilson(p, max(1.0, effective), alpha)
        return Estimate(found.value, se, low, high, method="Wilson", **counts)
    half = float(stats.t.isf(alpha / 2, found.n - 1)) * se
    return Estimate(found.value, se, found.value - half, found.value + half, method="t", **counts)


def wilson(p: float, n: float, alpha: float = 0.05) -> tuple[float, float]:
    """Wilson's interval of a share (1927)."""
    z = float(stats.norm.isf(alpha / 2))
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(
    ours: Sums, theirs: Sums, alpha: float = 0.05, *, critical: float | None = None, share: bool = False
) -> Estimate:
    """ours − theirs with its standard error and interval.

    Without `critical` the interval is Welch's, for a single look. With it (the z bound of a sequential
    design) the bound is carried to t at the smaller arm's units − 1 degrees of freedom, which holds the error
    where z alone does not (a few dozen units). `share` falls back on the +1/+1 variance (Agresti & Caffo 2000)
    where an arm has hardly any events, or none: there the plain variance would be nil and the answer certain.
    """
    return stratified([(ours, theirs)], alpha, critical=critical, share=share)


def stratified(
    pairs: Iterable[tuple[Sums, Sums]],
    alpha: float = 0.05,
    *,
    critical: float | None = None,
    share: bool = False,
) -> Estimate:
    """The difference within each stage, combined with weights n_a·n_b/(n_a + n_b).

    Pooling over a ramp while the base rate drifts finds effects that are not there; within a stage both arms
    met the same days. Stages in which an arm has fewer than two known units say nothing and are left out.
    """
    every = list(pairs)
    total = int(sum(max(a.total, a.n) + max(b.total, b.n) for a, b in every))
    d = variance = weights = n_a = n_b = welch = 0.0
    few = False
    for a, b in every:
        ours, theirs = moments(a), moments(b)
        if ours is None or theirs is None:
            continue
        v_a, v_b = ours.variance, theirs.variance
        if share and _few(a, b):
            few = True
            v_a, v_b = max(v_a, _plus_one(a)), max(v_b, _plus_one(b))
        weight = ours.n * theirs.n / (ours.n + theirs.n)
        d += weight * (ours.value - theirs.value)
        variance += weight**2 * (v_a + v_b)
        welch += weight**4 * (v_a**2 / (ours.n - 1) + v_b**2 / (theirs.n - 1))
        weights += weight
        n_a, n_b = n_a + ours.n, n_b + theirs.n
    n = int(n_a + n_b)
    if weights == 0:
        return Estimate(None, n=n, known=n, total=total, method="too few units")
    value, se = d / weights, math.sqrt(variance) / weights
    if critical is None:
        df = variance**2 / welch if welch > 0 else max(1.0, n - 2)
        half, method = float(stats.t.isf(alpha / 2, df)) * se, "Welch t"
    else:
        half, method = to_t(critical, min(n_a, n_b) - 1) * se, "sequential, t-mapped"
    if few:
        method += ", +1/+1"
    return Estimate(value, se, value - half, value + half, n=n, known=n, total=total, method=method)


def _few(*arms: Sums) -> bool:
    return any(min(s.y, s.w - s.y) < FEW for s in arms)


def _plus_one(sums: Sums) -> float:
    p = (max(0.0, min(sums.y, sums.w)) + 1) / (sums.w + 2)
    return p * (1 - p) / (sums.w + 2)


def to_t(critical: float, df: float) -> float:
    """The t value with the same tail as a z bound; infinite when the bound cannot be reached."""
    if not math.isfinite(critical):
        return math.inf
    return float(stats.t.isf(stats.norm.sf(critical), max(1.0, df)))


def to_z(t: float, df: float) -> float:
    """The z with the same tail as a t value at `df` degrees of freedom (the t-map), to set against z bounds."""
    return math.copysign(float(stats.norm.isf(stats.t.sf(abs(t), max(1.0, df)))), t)


def relative(ours: Sums, theirs: Sums, alpha: float = 0.05) -> Estimate:
    """The lift ours/theirs − 1 by the delta method; a translation for display, never what is tested."""
    a, b = moments(ours), moments(theirs)
    n = int(ours.n + theirs.n)
    if a is None or b is None or b.value == 0:
        return Estimate(None, n=n, known=n, method="too few units")
    v_a, v_b = a.variance / b.value**2, b.variance * a.value**2 / b.value**4
    value, se = a.value / b.value - 1, math.sqrt(v_a + v_b)
    plain = (a.variance**2 / (a.n - 1) + b.variance**2 / (b.n - 1)) or 1.0
    df = (a.variance + b.variance) ** 2 / plain or 1.0
    half = float(stats.t.isf(alpha / 2, df)) * se
    return Estimate(value, se, value - half, value + half, n=n, known=n, method="delta")
