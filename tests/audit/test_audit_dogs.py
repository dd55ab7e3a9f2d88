"""Whom treatment hurts: a planted group is named, an accident among many groups is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import payoff
from payoff.audit.report import Finding, Section
from payoff.audit.sections.harm.section import Harm
from payoff.audit.sections.worth.section import Worth


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


TREATED = {"score": "p", "label": "left", "treated": "called"}


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
        )
    )
    assert found["dogs_none"].evidence["looked_at"] == 8
    assert found["dogs_none"].evidence["most"] < 0.01
