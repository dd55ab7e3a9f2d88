"""Is it a bubble: how few take how much, who is shown the same again, and no word of what showing did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import payoff
from payoff.audit.report import Finding, Section
from payoff.audit.sections.bubble.section import Bubble
from payoff.stats import concentration

Frame = dict[str, Any]


def frame(n: int = 4_000, items: int = 50, seed: int = 1, **more: Any) -> Frame:
    """Every item as likely as any other, a unit once."""
    rng = np.random.default_rng(seed)
    score = rng.random(n)
    return {
        "score": score,
        "clicked": (rng.random(n) < 0.3 * score).astype(int),
        "item": np.array([f"film {k}" for k in rng.integers(0, items, n)]),
        **more,
    }


def bubble(f: Any, **named: Any) -> Section:
    return payoff.audit(f, catalogue=(Bubble(),), **{"action": "item", **named}).section("bubble")


def of(section: Section) -> dict[str, Finding]:
    return {f.key: f for f in section.findings}


def skewed(n: int, items: int, seed: int = 2) -> np.ndarray:
    return np.array([f"film {k}" for k in (items * np.random.default_rng(seed).random(n) ** 6).astype(int)])


def test_without_an_action_it_says_what_it_lacks() -> None:
    f = frame()
    del f["item"]
    section = payoff.audit(f, catalogue=(Bubble(),)).section("bubble")
    assert section.unanswered and not section.findings


def test_many_shown_evenly_are_no_bubble() -> None:
    section = bubble(frame())
    assert set(of(section)) == {"bubble_wide", "bubble_outcome_same"}
    assert section.answer == "no"
    assert section.charts and len(section.tables[0].rows) == 10


def test_a_few_that_take_most_are_named_with_gini_and_its_range() -> None:
    f = frame(item=skewed(4_000, 50))
    found = of(bubble(f))["bubble_narrow"]
    _, counts = np.unique(f["item"], return_counts=True)
    assert found.evidence["gini"] == pytest.approx(concentration.gini(counts), abs=1e-9)
    assert found.evidence["top_tenth"] == pytest.approx(np.sort(counts)[-5:].sum() / 4_000, abs=1e-12)
    assert found.evidence["effective_number"] == pytest.approx(1 / ((counts / 4_000) ** 2).sum(), abs=1e-9)
    low, high = found.evidence["gini_interval"]
    assert low < found.evidence["gini"] < high < low + 0.1
    assert str(found.evidence["items"]) in found.text


def test_with_few_items_the_most_shown_one_is_told_instead_of_a_tenth() -> None:
    f = frame(item=np.random.default_rng(3).choice(["a", "b", "c"], 4_000, p=[0.9, 0.05, 0.05]))
    section = bubble(f)
    assert "tenth" not in " ".join(x.text for x in section.findings)
    assert "bubble_narrow" in of(section)
    assert section.tables[0].rows[0]["item"] == "a"


def test_one_thing_for_everybody_is_said_so() -> None:
    section = bubble(
        frame(item=np.array(["the one", "the one"] * 2_000), seg=np.arange(4_000) % 2), decision="seg"
    )
    assert "the one" in section.findings[0].text
    assert section.answer == "yes, the same few"


def test_fewer_than_thirty_showings_read_cannot_tell() -> None:
    f = frame(200)
    f["item"] = [None if k >= 12 else f"film {k}" for k in range(200)]
    section = bubble(pa.table(f))
    assert [x.key for x in section.findings] == ["bubble_few"]
    assert section.answer == "cannot tell"


def test_the_range_knows_of_units_that_repeat_themselves() -> None:
    """Every unit's showing forty times over says no more than once."""
    once = frame(500, item=skewed(500, 50), account_id=np.arange(500))
    often = {k: np.repeat(v, 40) for k, v in once.items()}
    widths = []
    for f in (once, often):
        low, high = of(bubble(f, unit="account_id"))["bubble_narrow"].evidence["gini_interval"]
        widths.append(high - low)
    assert widths[1] == pytest.approx(widths[0], rel=1e-6)


def moments(n: int) -> np.ndarray:
    return np.datetime64("2026-01-01") + (np.arange(n) / n * 180 * 86_400).astype("timedelta64[s]")


def test_it_says_when_it_gets_narrower_and_when_it_does_not() -> None:
    n = 6_000
    f = frame(n, item=np.where(np.arange(n) < n / 2, frame(n)["item"], skewed(n, 50)), at=moments(n))
    found = of(bubble(f, time="at"))["bubble_narrowing"]
    assert found.evidence["after"] < 0.5 * found.evidence["before"]
    assert found.evidence["high"] < 1
    section = bubble(frame(n, at=moments(n)), time="at")
    assert not {"bubble_narrowing", "bubble_widening"} & set(of(section))
    assert [row["half"] for row in section.tables[1].rows] == ["before", "after"]
    assert section.tables[1].rows[0]["coverage"] == 1.0


def test_fewer_showings_in_a_half_are_not_taken_for_narrower() -> None:
    """Of 400 items, 3,000 showings in the earlier half and 300 in the later one, all as likely."""
    at = np.concatenate([moments(6_000)[:3_000], moments(6_000)[3_000::10]])
    f = frame(3_300, items=400, at=at)
    section = bubble(f, time="at")
    assert section.tables[1].rows[1]["items"] < 300
    assert "bubble_narrowing" not in of(section)


def test_the_same_again_is_counted_beside_what_chance_would_deal() -> None:
    rng = np.random.default_rng(4)
    account = np.repeat(np.arange(400), 10)
    loved = rng.integers(0, 50, 400)[account]
    item = np.where(rng.random(4_000) < 0.5, loved, rng.integers(0, 50, 4_000))
    f = frame(account_id=account, item=np.array([f"film {k}" for k in item]))
    found = of(bubble(f, unit="account_id"))["bubble_repeats"]
    repeats = sum(10 - np.unique(item[account == a]).size for a in range(400))
    assert found.evidence["repeated"] == pytest.approx(repeats / 4_000, abs=1e-12)
    assert found.evidence["different_each"] == pytest.approx(10 - repeats / 400)
    _, counts = np.unique(item, return_counts=True)
    p = counts / 4_000
    assert found.evidence["by_chance"] == pytest.approx(1 - (1 - (1 - p) ** 10).sum() / 10, abs=1e-9)
    assert found.evidence["by_chance"] < 0.15 < found.evidence["repeated"]
    assert found.basis is not None and found.basis.interval is not None
    low, high = found.basis.interval
    by_unit = [1 - np.unique(item[account == a]).size / 10 for a in range(400)]
    assert (low + high) / 2 == pytest.approx(repeats / 4_000, abs=0.005)
    assert high - low == pytest.approx(2 * 1.96 * np.std(by_unit, ddof=1) / 20, rel=0.03)


def test_nobody_is_shown_the_same_twice_where_units_come_once() -> None:
    assert not {"bubble_repeats", "bubble_fresh"} & set(
        of(bubble(frame(account_id=np.arange(4_000)), unit="account_id"))
    )


def test_a_group_that_gets_one_thing_only_is_named() -> None:
    f = frame(sex=np.random.default_rng(5).choice(["f", "m"], 4_000, p=[0.2, 0.8]))
    f["item"] = np.where(f["sex"] == "f", "film 7", f["item"])
    section = bubble(f, protected=["sex"])
    found = of(section)["bubble_group_only"]
    assert found.kind == "costs"
    assert "film 7" in found.text and "100 of 100 times" not in found.text.split("everybody")[1]
    row = section.tables[1].rows[0]
    assert (row["group"], row["effective_number"], row["top_one"]) == ("f", 1.0, 1.0)


def test_a_group_shown_something_else_is_told_from_one_that_is_only_small() -> None:
    rng = np.random.default_rng(6)
    f = frame(role=rng.choice(["boss", "clerk", "guest", "ghost"], 4_000, p=[0.4, 0.58, 0.015, 0.005]))
    assert not {"bubble_groups", "bubble_group_only"} & set(of(bubble(f, segments=["role"])))
    boss = f["role"] == "boss"
    f["item"] = np.where(
        boss & (rng.random(4_000) < 0.6), np.array([f"film {k}" for k in rng.integers(0, 5, 4_000)]), f["item"]
    )
    section = bubble(f, segments=["role"])
    found = of(section)["bubble_groups"]
    assert "boss" in found.text
    items, all_counts = np.unique(f["item"], return_counts=True)
    ours = np.array([np.sum(f["item"][boss] == i) for i in items])
    apart = np.abs(ours / ours.sum() - all_counts / 4_000).sum() / 2
    assert found.evidence["groups"]["role=boss"] == pytest.approx(apart, abs=1e-9)
    ghost = next(c for c in section.tables[1].cells if c[1] == "ghost")
    assert "cannot tell" in ghost


def test_what_came_of_popular_items_is_a_difference_and_not_an_effect() -> None:
    f = frame(item=skewed(4_000, 50))
    _, at, counts = np.unique(f["item"], return_inverse=True, return_counts=True)
    top = np.isin(at, np.argsort(-counts, kind="stable")[:5])
    f["clicked"] = (np.random.default_rng(7).random(4_000) < np.where(top, 0.3, 0.1)).astype(int)
    found = of(bubble(f))["bubble_outcome"]
    assert found.evidence["popular"] == pytest.approx(f["clicked"][top].mean(), abs=1e-12)
    assert found.evidence["others"] == pytest.approx(f["clicked"][~top].mean(), abs=1e-12)
    assert "not what showing did" in found.text
    from statsmodels.stats.proportion import confint_proportions_2indep

    hits = [(f["clicked"][part].sum(), part.sum()) for part in (top, ~top)]
    low, high = confint_proportions_2indep(*hits[0], *hits[1], method="newcomb", compare="diff")
    assert found.basis is not None and found.basis.interval == (
        pytest.approx(low, abs=1e-9),
        pytest.approx(high, abs=1e-9),
    )


def test_rows_without_a_unit_are_each_one_of_their_own() -> None:
    """Half of the showings have no unit: they lie in many buckets, not in one, and nobody is shown them again."""
    f = frame(item=skewed(4_000, 50), at=moments(4_000))
    f["account_id"] = [f"a{k % 500}" if k % 2 else None for k in range(4_000)]
    f["at"] = [None if k % 11 == 0 else t for k, t in enumerate(f["at"].tolist())]
    section = bubble(pa.table(f), unit="account_id", time="at", segments=[])
    found = of(section)
    assert found["bubble_repeats"].evidence["units"] == 250
    low, high = found["bubble_narrow"].evidence["gini_interval"]
    assert high - low < 0.1


def test_names_of_items_are_kept_as_they_stand() -> None:
    f = frame(item=np.random.default_rng(8).choice(["<b>", "'; drop", "ä|b"], 4_000))
    assert {row["item"] for row in bubble(f).tables[0].rows} == {"<b>", "'; drop", "ä|b"}


@pytest.mark.data
def test_a_tenth_of_the_films_takes_well_over_half_of_the_ratings(data: Path) -> None:
    ratings = pq.read_table(data / "movielens_small" / "ratings.parquet").to_pandas()
    ratings["liked"] = (ratings["rating"] >= 4).astype(int)
    section = bubble(ratings, action="movieId", unit="userId", time="timestamp", label="liked", score="rating")
    counts = np.sort(ratings["movieId"].value_counts().to_numpy()).astype(float)
    gini = 1 - 2 * ((counts.cumsum() / counts.sum()).sum() - 0.5) / counts.size  # the area under Lorenz's curve
    found = of(section)["bubble_narrow"]
    assert found.evidence["gini"] == pytest.approx(gini, abs=1e-9)
    assert found.evidence["top_tenth"] > 0.55
    assert found.evidence["items"] == 9_724
    assert of(section)["bubble_fresh"].evidence["repeated"] == 0  # a film is rated once
    assert of(section)["bubble_outcome"].evidence["difference"] > 0.1
    assert section.tables[0].rows[0] == {
        "item": "356", "rows": 329, "share": 329 / 100_836, "known": 329, "outcome": pytest.approx(249 / 329),
    }  # fmt: skip


@pytest.mark.data
def test_a_learning_policy_is_narrower_than_one_at_random(data: Path) -> None:
    found = {}
    for name in ("bts_all", "random_all"):
        table = pq.read_table(data / "open_bandit" / f"{name}.parquet").select(
            ["timestamp", "item_id", "click", "propensity_score"]
        )
        section = bubble(table, action="item_id", label="click", score="propensity_score", time="timestamp")
        found[name] = section.findings[0]
        assert ("bubble_widening" in of(section)) == (name == "bts_all")  # as if 19 were shown, later 23
    assert (found["bts_all"].key, found["random_all"].key) == ("bubble_narrow", "bubble_wide")
    learned, chance = (found[name].evidence["gini_interval"] for name in ("bts_all", "random_all"))
    assert learned[0] > chance[1] + 0.4
