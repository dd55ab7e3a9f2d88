"""A section from outside is offered the way the built-in ones are, and looks at the same rows."""

from __future__ import annotations

from importlib.metadata import entry_points

import numpy as np

import payoff
from payoff.audit.catalogue import BUILT_IN, SECTIONS, SectionMaker, ordered
from payoff.audit.report import Section
from payoff.audit.view import View
from payoff.texts import Texts


class Quiet:
    """A foreign section that needs a decision: how many are decided on without a score."""

    name = "quiet"
    needs = ("decision",)

    def run(self, view: View) -> Section:
        counted = view.rows.counts("{picked}", where="score is null")
        n = int(counted["n"].sum())
        basis = view.basis("count", view.n)
        finding = view.finding(
            self.name, "trust_missing", "stop", basis, touches=n / view.n, n=n, total=view.number(view.n)
        )
        return Section(self.name, "Decided in the dark", (finding,), answer=f"{n} rows")


def frame(**more: object) -> dict[str, object]:
    rng = np.random.default_rng(1)
    score = rng.random(300)
    return {"score": score, "churned": rng.random(300) < score, **more}


def test_every_built_in_keeps_the_contract_and_has_its_texts() -> None:
    names = [maker.name for maker in BUILT_IN]
    assert names == ["who", "accuracy", "worth", "acts", "harm", "drift", "bubble", "trust", "monday"]
    for maker in BUILT_IN:
        assert isinstance(maker, SectionMaker)
        assert Texts().say(f"audit.{maker.name}_title")
        if maker.needs:
            assert Texts().say(f"audit.{maker.name}_unanswered", outcome="x")


def test_the_built_in_sections_come_through_the_same_door_as_foreign_ones() -> None:
    points = [p for p in entry_points(group="payoff.audit_sections") if p.name == "built_in"]
    assert points and points[0].load() == SECTIONS


def test_a_foreign_section_stands_before_monday() -> None:
    names = [maker.name for maker in ordered({**SECTIONS, "quiet": Quiet()})]
    assert names[-2:] == ["quiet", "monday"]


def test_a_foreign_section_speaks_when_it_has_its_column_and_else_says_what_it_lacks() -> None:
    catalogue = (*BUILT_IN, Quiet())
    assert "decision" in payoff.audit(frame(), catalogue=catalogue).section("quiet").unanswered
    score = np.random.default_rng(1).random(300)
    score[:50] = np.nan
    report = payoff.audit(frame(flagged=np.arange(300) % 2) | {"score": score}, catalogue=catalogue)
    assert report.section("quiet").answer == "50 rows"
    assert report.findings[0].kind == "stop"
    assert report.stops


class Broken:
    """A foreign section that fails."""

    name = "broken"
    needs = ()

    def run(self, view: View) -> Section:
        raise KeyError("region")


def test_a_foreign_section_that_fails_costs_the_others_nothing() -> None:
    report = payoff.audit(frame(), catalogue=(*BUILT_IN, Broken()))
    assert "KeyError" in report.section("broken").unanswered
    assert report.section("accuracy").findings


def test_every_claim_says_how_it_was_come_by() -> None:
    rng = np.random.default_rng(2)
    more = {
        "called": rng.random(300) < 0.5,
        "flagged": rng.random(300) < 0.3,
        "role": rng.choice(["a", "b"], 300),
        "sex": rng.choice(["f", "m"], 300),
        "account_id": np.arange(300),
        "shown": rng.random(300) < 0.7,
        "item": rng.choice(["x", "y", "z"], 300),
        "predicted_at": np.datetime64("2026-01-01") + np.arange(300).astype("timedelta64[D]"),
    }
    report = payoff.audit(frame(**more), value=100, cost=5)
    assert len(report.all_findings) > 12
    for finding in report.all_findings:
        assert finding.basis is not None, finding.key
        assert finding.basis.method and finding.basis.n >= 0, finding.key
        assert 0 <= finding.touches <= 1, finding.key


def test_findings_are_ranked_by_kind_and_then_by_how_many_rows_they_touch() -> None:
    report = payoff.audit(frame(sex=np.arange(300) % 2))
    ranks = [f.rank for f in report.findings]
    assert ranks == sorted(ranks)
