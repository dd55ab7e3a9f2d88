"""A section from outside is offered the way the built-in ones are."""

from __future__ import annotations

import numpy as np
import pytest

import payoff
from payoff.audit.catalogue import BUILT_IN, SectionMaker
from payoff.audit.measures import gap, share
from payoff.audit.report import Finding, Section
from payoff.audit.view import View
from payoff.texts import Texts


class Oldest:
    """A foreign section that needs a decision."""

    name = "oldest"
    needs = ("decision",)

    def run(self, view: View) -> Section:
        return Section(self.name, "Oldest", (Finding("seen", "stop", f"{view.n} rows", 1.0, self.name),))


def frame(**more: object) -> dict[str, object]:
    rng = np.random.default_rng(1)
    score = rng.random(300)
    return {"score": score, "churned": rng.random(300) < score, **more}


def test_every_built_in_keeps_the_contract_and_has_its_texts() -> None:
    names = [maker.name for maker in BUILT_IN]
    assert names == ["accuracy", "worth", "harm", "trust", "monday"]
    for maker in BUILT_IN:
        assert isinstance(maker, SectionMaker)
        assert Texts().say(f"audit.{maker.name}_title")


def test_a_foreign_section_speaks_when_it_has_its_column_and_else_says_what_it_lacks() -> None:
    catalogue = (*BUILT_IN, Oldest())
    without = payoff.audit(frame(), catalogue=catalogue)
    assert "decision" in without.section("oldest").unanswered
    with_it = payoff.audit(frame(flagged=np.arange(300) % 2), catalogue=catalogue)
    assert "300 rows" in {f.text for f in with_it.findings}


def test_no_group_worse_off_is_said_too() -> None:
    role = np.random.default_rng(4).choice(["a", "b"], 300)
    report = payoff.audit(frame(role=role))
    assert [f.key for f in report.section("harm").findings] == ["harm_none"]


def test_newcombe_gap_gives_the_published_example() -> None:
    a, b = share(56, 70), share(48, 80)
    assert a is not None and b is not None
    d, low, high = gap(a, b)
    assert (d, low, high) == (pytest.approx(0.2), pytest.approx(0.0524, abs=5e-4), pytest.approx(0.3339, abs=5e-4))
    assert share(0, 0) is None
