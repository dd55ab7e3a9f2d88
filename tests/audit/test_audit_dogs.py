"""Whom treatment hurts: a planted group is named, an accident among many groups is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import payoff
from payoff.audit.report import Finding, Section, Table
from payoff.audit.sections.harm.section import Harm
from payoff.audit.sections.worth.section import Worth
from payoff.audit.sections.worth.treated import HAPPENED, grid, rows_treated
from payoff.audit.view import View


def harm(frame: Any, *before: Any, **said: Any) -> Section:
    """The section after those before it; no column is guessed that a test does not name."""
    parts = {"score": "", "protected": [], "segments": [], "decision": ""}
    return payoff.audit(frame, **{**parts, **said}, catalogue=(*before, Harm())).section("harm")


def keys(section: Section) -> dict[str, Finding]:
    return {f.key: f for f in section.findings}


def dogs(n: int, hurt: float) -> dict[str, Any]:
    """Treatment keeps people, but for the north with a low score, of whom it drives out a share `hurt`."""
    rng = np.random.default_rng(11)
    score, region = rng.random(n), rng.choice(["north", "south"], n)
    treated = rng.integers(0, 2, n)
    change = np.where((region == "north") & (score < 1 / 3), hurt, -0.05)
    left = rng.random(n) < 0.3 + treated * change
    return {"p": score, "left": left, "called": treated, "region": region}


TREATED = {"assigned": "random", "score": "p", "label": "left", "treated": "called"}


def test_a_planted_group_that_treatment_hurts_is_named() -> None:
    frame = dogs(20_000, 0.25)
    found = keys(harm(frame, Worth(), **TREATED, segments=["region"]))["dogs_found"]
    assert (found.kind, found.evidence["cell"], found.evidence["third"]) == ("costs", "north", "low")
    assert found.evidence["low"] < 0.25 < found.evidence["high"]
    grave = keys(harm(frame, Worth(), **TREATED, protected=["region"]))["dogs_found"]
    assert grave.kind == "stop"


def test_where_nobody_is_hurt_that_is_said_with_what_cannot_be_ruled_out() -> None:
    found = keys(harm(dogs(20_000, -0.05), Worth(), **TREATED, segments=["region"]))["dogs_none"]
    assert 0 <= found.evidence["most"] < 0.10
    assert found.evidence["looked_at"] == 3 + 2 + 6


def test_among_many_groups_one_hurt_by_accident_is_not_called_hurt() -> None:
    frame = dogs(12_000, -0.05)
    rng = np.random.default_rng(23)
    frame["left"] = rng.random(12_000) < 0.3  # treatment changes nothing at all
    several = {f"g{i}": rng.choice(list("abcdefgh"), 12_000) for i in range(5)}
    section = harm(frame | several, Worth(), **TREATED, segments=list(several))
    assert keys(section)["dogs_none"].evidence["looked_at"] == 3 + 5 * (8 + 24)


def test_nothing_is_said_of_hurt_where_treatment_was_not_by_chance() -> None:
    frame = dogs(20_000, 0.25)
    frame["called"] = (frame["p"] + np.random.default_rng(3).random(20_000) > 1).astype(
        int
    )  # the higher, the likelier
    for before in ((), (Worth(),)):
        found = keys(harm(frame, *before, **TREATED, segments=["region"]))
        assert not {key for key in found if key.startswith("dogs")}


def test_treatment_that_high_scores_were_likelier_to_get_is_weighed_by_its_logged_probability() -> None:
    """No effect at all; unweighed, the treated within a third end in the outcome more often by their scores."""
    found = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=20_000)
        likely = 1 / (1 + np.exp(-1.5 * x))
        treated = rng.random(20_000) < likely
        frame = {
            "p": 1 / (1 + np.exp(-x)),
            "left": rng.random(20_000) < 1 / (1 + np.exp(1 - 1.2 * x)),
            "called": treated.astype(int),
            "logged": np.where(treated, likely, 1 - likely),
            "region": rng.choice(["north", "south"], 20_000),
        }
        section = harm(frame, Worth(), **TREATED, propensity="logged", segments=["region"])
        assert {"dogs_none", "dogs_found"} & set(keys(section))
        found += "dogs_found" in keys(section)
    assert found == 0


def test_a_weighed_effect_is_the_difference_of_weighed_means_with_the_harm_planted() -> None:
    frame = dogs(20_000, 0.25)
    rng = np.random.default_rng(4)
    likely = np.where(frame["p"] > 0.2, 0.7, 0.3)
    treated = rng.random(20_000) < likely
    change = np.where((frame["region"] == "north") & (frame["p"] < 1 / 3), 0.25, -0.05)
    frame["called"], frame["left"] = treated.astype(int), rng.random(20_000) < 0.3 + treated * change
    frame["logged"] = np.where(treated, likely, 1 - likely)
    found = keys(harm(frame, Worth(), **TREATED, propensity="logged", segments=["region"]))["dogs_found"]
    assert (found.evidence["cell"], found.evidence["third"]) == ("north", "low")
    cut = np.sort(frame["p"])[20_000 - int(np.ceil(20_000 * 2 / 3))]
    here = (frame["region"] == "north") & (frame["p"] < cut)
    means = [
        np.average(frame["left"][here & arm], weights=1 / frame["logged"][here & arm])
        for arm in (treated, ~treated)
    ]
    assert found.evidence["effect"] == pytest.approx(means[0] - means[1], abs=1e-9)


class Buckets:
    """A section that says how the rows of an effect lie in buckets of units."""

    name = "harm"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        rows = grid(view, HAPPENED.sql, rows_treated(view))[0].sum((0, 1))
        return Section("harm", "", tables=(Table("", (), (), figures={"rows": rows}),))


def test_rows_without_a_unit_do_not_count_as_one_unit() -> None:
    frame = dogs(6_000, 0.25) | {"account_id": [f"a{k % 400}" if k % 5 == 0 else None for k in range(6_000)]}
    said = {**TREATED, "unit": "account_id", "segments": [], "protected": [], "decision": ""}
    rows = payoff.audit(pa.table(frame), **said, catalogue=(Buckets(),)).section("harm").tables[0].figures["rows"]
    assert rows.sum() == 6_000
    assert rows.max() < 300


def test_a_group_of_which_two_thirds_are_hurt_is_told_with_both() -> None:
    rng = np.random.default_rng(14)
    n = 30_000
    score, region, treated = rng.random(n), rng.choice(["north", "west"], n), rng.integers(0, 2, n)
    change = np.where(score < 1 / 3, 0.35, np.where(score < 2 / 3, -0.49, 0.2))
    left = rng.random(n) < 0.5 + treated * np.where(region == "west", change, -0.45)
    frame = {"p": score, "left": left, "called": treated, "region": region}
    text = keys(harm(frame, Worth(), **TREATED, segments=["region"]))["dogs_found"].text
    assert "in “west” (“region”) with a score in the lowest third, about" in text
    assert "So it is for those in “west” (“region”) with a score in the highest third." in text


def test_where_large_harm_cannot_be_ruled_out_that_is_no_good_news() -> None:
    section = harm(dogs(900, -0.05), Worth(), **TREATED, segments=["region"])
    found = keys(section)["dogs_none"]
    assert found.evidence["most"] > 0.10
    assert found.kind == "know"
    assert "cannot be told" in found.text


def test_a_group_hurt_in_several_thirds_is_named_once() -> None:
    rng = np.random.default_rng(12)
    n = 40_000
    score, region, treated = rng.random(n), rng.choice(["north", "south", "west"], n), rng.integers(0, 2, n)
    hurt = (region == "west") * np.where(score < 1 / 3, 0.2, np.where(score < 2 / 3, -0.45, 0.3)) + (
        region == "north"
    ) * 0.4
    left = rng.random(n) < 0.5 + treated * (hurt - 0.1 * (region == "south"))
    frame = {"p": score, "left": left, "called": treated, "region": region}
    section = harm(frame, Worth(), **TREATED, segments=["region"])
    found = keys(section)["dogs_found"]
    west = [c["third"] for c in found.evidence["cells"] if c["cell"] == "west"]
    assert sorted(west) == ["high", "low"]
    assert found.text.count("“west”") == 1
    assert "a score in the lowest third or a score in the highest third" in found.text
    assert "with with" not in found.text


@pytest.mark.data
def test_mailing_hillstrom_hurts_no_group_for_sure(data: Path) -> None:
    table = pq.read_table(data / "hillstrom" / "hillstrom.parquet")
    found = keys(
        harm(
            table,
            Worth(),
            label="visit",
            treated="segment",
            segments=["channel", "zip_code", "newbie"],
            bad=False,
            assigned="random",
        )
    )
    assert found["dogs_none"].evidence["looked_at"] == 8
    assert found["dogs_none"].evidence["most"] < 0.01


def test_where_nobody_vouched_for_chance_nobody_is_said_to_be_hurt() -> None:
    rng = np.random.default_rng(2)
    n = 20_000
    region, treated = rng.choice(["north", "south"], n), rng.random(n) < 0.5
    left = rng.random(n) < 0.2 + 0.3 * treated * (region == "north")
    frame = {"p": rng.random(n), "left": left, "called": treated, "region": region}
    named = {k: v for k, v in TREATED.items() if k != "assigned"}
    assert not {"dogs_found", "dogs_none"} & set(keys(harm(frame, Worth(), **named, segments=["region"])))
    assert "dogs_found" in keys(harm(frame, Worth(), **TREATED, segments=["region"]))
