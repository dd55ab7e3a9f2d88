"""Can you trust these data: doubles, gaps, label delay, constant or copied scores, columns that give the outcome
away, and whether the split came out as planned."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from payoff.audit.report import Finding, Kind, Section
from payoff.audit.view import View
from payoff.stats import srm

FEW_OUTCOMES = 30
PERFECT = 0.985
_ALL_UNITS = 1_000_000
"""Rows up to which every unit is looked at for doubles; beyond it a sample of units."""
_UNEVEN, _SUSPICIOUS = 0.001, 0.01
"""Levels of the chi-square on the split: below the first the figures are void (Fabijan et al. 2019)."""
_EVEN = 0.1
"""Two arms whose shares differ by less than this are taken for meant to be even."""


class Trust:
    """Faults of the table itself; one without any says so, and what was looked at."""

    name = "trust"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        found: list[Finding] = []
        looked = ["missing"]
        if "score" in view.rows and "label" in view.rows:
            found += self._scores(view)
            looked += ["scores", "few"]
        if view.health.leaks:
            found.append(self._leaks(view))
        if view.features or view.groups:
            looked.append("leaks")
        if view.has("unit"):
            found += self._doubles(view) if view.rows.clustered else []
            looked.append("doubles")
        found += self._missing(view)
        if "lag_days" in view.rows:
            found += self._delay(view)
            looked.append("delay")
        if view.arms:
            found += self._split(view)
            looked.append("split")
        checks = ", ".join(view.say(f"trust_check_{name}") for name in looked)
        said = (view.say("trust_looked", n=len(looked), checks=checks),)
        grave = [f for f in found if f.kind in ("stop", "costs")]
        if not found:
            basis = view.basis("count", view.n)
            found.append(view.finding(self.name, "trust_fine", "good", basis, touches=0.0, n=len(looked)))
        answer = (
            view.say("trust_answer_faults", n=len(grave))
            if grave
            else view.say("trust_answer_fine", n=len(looked))
        )
        return Section(self.name, view.say("trust_title"), tuple(found), said=said, answer=answer)

    def _add(self, view: View, key: str, kind: Kind, touched: float, **values: Any) -> Finding:
        basis = view.basis("count", view.n)
        return view.finding(self.name, key, kind, basis, touches=touched / view.n, evidence=dict(values), **values)

    def _scores(self, view: View) -> list[Finding]:
        found: list[Finding] = []
        n, rows = view.known, view.rows
        low, high = rows.one("min(score)", "{known}"), rows.one("max(score)", "{known}")
        two = low < high and rows.one("count(*)", f"{{known}} and score > {low!r} and score < {high!r}") == 0
        auc = view.ranked.auc()
        assert auc is not None
        if low == high:
            found.append(self._add(view, "trust_constant", "stop", n))
        elif two and rows.one("max(abs(score - label))", "{known}") == 0:
            found.append(self._add(view, "trust_equal", "stop", n))
        elif auc.value >= PERFECT:
            basis = view.basis("auc", n)
            evidence = {"auc": auc.value}
            shown = view.of_100(auc.value)
            found.append(
                view.finding(
                    self.name, "trust_perfect", "stop", basis, touches=n / view.n, evidence=evidence, n=shown
                )
            )
        if two:
            found.append(self._add(view, "trust_two_scores", "know", 0))
        rarer = min(view.positives, view.negatives)
        if rarer < FEW_OUTCOMES:
            found.append(self._add(view, "trust_few", "stop", n, n=rarer))
        if view.health.logits:
            found.append(self._add(view, "trust_logits", "know", 0))
        return found

    def _leaks(self, view: View) -> Finding:
        leaks = dict(view.health.leaks)
        columns = ", ".join(f"“{name}”" for name in leaks)
        basis, evidence = view.basis("leak", view.known), {"columns": leaks}
        return view.finding(
            self.name,
            "trust_leak",
            "costs",
            basis,
            touches=view.known / view.n,
            evidence=evidence,
            n=len(leaks),
            columns=columns,
        )

    def _doubles(self, view: View) -> list[Finding]:
        part = max(1, view.n // _ALL_UNITS)
        here = f"unit is not null and unit % {part} = 0"
        rows = view.rows.one("count(*)", here)
        units = view.rows.one("count(distinct unit)", here)
        if rows == units:
            return []
        twice, again = round((rows - units) * part), view.health.double_rows
        ranks = view.say("trust_double_ranks") if "score" in view.rows and "label" in view.rows else ""
        found = [self._add(view, "trust_double_units", "know", twice, n=twice, ranks=ranks)]
        if again:
            found.append(
                self._add(view, "trust_double_rows", "costs" if again > 0.01 * view.n else "know", again, n=again)
            )
        return found

    def _missing(self, view: View) -> list[Finding]:
        found = []
        for key, n in (
            ("trust_unknown", view.health.unknown_outcomes),
            ("trust_missing", view.health.missing_scores),
        ):
            if n:
                kind: Kind = "costs" if n > 0.05 * view.n else "know"
                found.append(self._add(view, key, kind, n, total=view.number(view.n), n=view.number(n)))
        return found

    def _delay(self, view: View) -> list[Finding]:
        """How long the outcome takes to be known, and outcomes known before they were predicted."""
        where = "lag_days is not null"
        known = view.rows.one("count(*)", where)
        if not known:
            return []
        middle, late = view.rows.quantiles("lag_days", (0.5, 0.9), where=where)[()]
        early = int(view.rows.one("count(*)", "lag_days < 0"))
        basis = view.basis("count", int(known))
        found = [
            view.finding(
                self.name,
                "trust_delay",
                "know",
                basis,
                touches=0.0,
                evidence={"median_days": middle, "days_90": late},
                middle=view.number(middle, 1),
                late=view.number(late, 1),
            )
        ]
        if early:
            kind: Kind = "stop" if early > 0.05 * known else "costs"
            found.append(self._add(view, "trust_early", kind, early, n=early))
        return found

    def _split(self, view: View) -> list[Finding]:
        """The arms against the plan: as said, or even where chance was said to have chosen and no plan was given.

        Where nobody said anything, arms that are nearly even and not quite are only pointed at.
        """
        sums = view.rows.sums("1", "treated", where="treated < 250")
        arms = np.array([sums[k,].n if (k,) in sums else 0.0 for k in range(len(view.arms))])
        planned = [1.0] * arms.size
        if view.said.split is not None:
            planned = [float(view.said.split.get(arm, 0.0)) for arm in view.arms]
        elif view.said.assigned == "rule" or "propensity" in view.rows or np.ptp(arms / arms.sum()) >= _EVEN:
            return []
        if min(planned) <= 0 or not math.isfinite(sum(planned)):
            return []
        p = srm.once(arms, planned)
        if p >= _SUSPICIOUS:
            return []
        said = view.said.split is not None or view.said.assigned == "random"
        key, kind = ("trust_uneven", "stop") if p < _UNEVEN and said else ("trust_suspicious", "know")
        shown = ", ".join(f"“{arm}” {view.number(n)}" for arm, n in zip(view.arms, arms, strict=True))
        basis = view.basis("srm", int(arms.sum()))
        evidence = {"p": p, "counts": dict(zip(view.arms, arms.tolist(), strict=True))}
        words: dict[str, Any] = {"arms": shown, "p": f"{p:.2g}"}
        return [view.finding(self.name, key, kind, basis, touches=1.0, evidence=evidence, **words)]  # type: ignore[arg-type]
