"""Assignment is a law, not an example: properties over many units, and golden values over versions."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from payoff.records.releases import Move, Release
from payoff.releases.assignment import BUCKETS, bucket, buckets, split

UNITS = [f"acct-{i}" for i in range(20_000)]
AT = datetime(2026, 1, 5, tzinfo=UTC)


def trial(share: float, id: str = "r1") -> Release:
    move = Move("ramp", share, AT, "pm", "")
    return Release(id, id, "ramp", share, {"policy": "rules"}, (move,))


def placed(share: float, id: str = "r1", holdout: float = 0.1, **more):
    return split(UNITS, product="p", holdout=holdout, trial=trial(share, id), **more)


def test_buckets_never_change_between_versions():
    assert [bucket("p/holdout/1", u) for u in ("acct-0", "acct-1", "7590-VHVEG", "Ünïté")] == GOLDEN


GOLDEN = [9603, 9136, 6894, 4523]


def test_buckets_are_uniform():
    counts = np.bincount(buckets("salt", UNITS) // 500, minlength=20)
    assert stats.chisquare(counts).pvalue > 0.001


def test_holdout_admission_and_arm_are_independent():
    a = buckets("p/holdout/1", UNITS) < BUCKETS // 2
    b = buckets("p/r1/admission", UNITS) < BUCKETS // 2
    c = buckets("p/r1/arm", UNITS) < BUCKETS // 2
    for one, other in ((a, b), (a, c), (b, c)):
        table = np.histogram2d(one, other, bins=2)[0]
        assert stats.chi2_contingency(table, correction=False).pvalue > 0.001


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_growing_share_keeps_everybody_who_was_in_and_their_arm(one: float, other: float):
    less, more = placed(min(one, other)), placed(max(one, other))
    assert not (less.admitted & ~more.admitted).any()
    assert (less.challenger == (more.challenger & less.admitted)).all()


def test_the_split_inside_the_admitted_is_half_at_every_share():
    for share in (0.05, 0.25, 1.0):
        p = placed(share)
        n, k = int(p.admitted.sum()), int(p.challenger.sum())
        assert stats.binomtest(k, n, 0.5).pvalue > 0.001


def test_the_holdout_is_the_same_for_every_release_and_outside_every_trial():
    one, other = placed(1.0, "r1"), placed(1.0, "r2")
    assert (one.holdout == other.holdout).all()
    assert not (one.holdout & one.admitted).any()
    assert abs(one.holdout.mean() - 0.1) < 0.01


def test_named_and_excluded_units_are_never_held_out_nor_in_a_trial():
    some = set(UNITS[:500])
    p = placed(1.0, named=set(UNITS[:250]), excluded=set(UNITS[250:500]))
    chosen = np.array([u in some for u in UNITS])
    assert not (p.holdout & chosen).any()
    assert not (p.admitted & chosen).any()
    assert p.named.sum() == 250
