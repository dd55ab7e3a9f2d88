"""Can you trust these data: doubles, gaps, constant or copied scores, columns that give the outcome away."""

from __future__ import annotations

import numpy as np

from payoff.audit.report import Finding, Kind, Section
from payoff.audit.view import View
from payoff.stats import ranking

FEW_OUTCOMES = 30
PERFECT = 0.985


class Trust:
    """Faults of the file itself; a file without any says so."""

    name = "trust"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        h, found = view.health, list[Finding]()

        def add(key: str, kind: Kind, weight: float, **values: object) -> None:
            found.append(Finding(key, kind, view.say(key, **values), weight, self.name, dict(values)))

        distinct = np.unique(view.score).size
        auc = ranking.auc(view.score, view.label) or 0.5
        if distinct == 1:
            add("trust_constant", "stop", 1.0)
        elif np.array_equal(view.score, view.label.astype(np.float64)):
            add("trust_equal", "stop", 1.0)
        elif auc >= PERFECT:
            add("trust_perfect", "stop", 0.9, n=view.of_100(auc))
        if distinct == 2:
            add("trust_two_scores", "know", 0.3)
        if h.leaks:
            columns = ", ".join(f"“{name}”" for name in h.leaks)
            add("trust_leak", "costs", 0.65, n=len(h.leaks), columns=columns)
        rarer = min(view.positives, view.n - view.positives)
        if rarer < FEW_OUTCOMES:
            add("trust_few", "stop", 0.7, n=rarer)
        if h.double_units:
            add(
                "trust_double_units", "costs" if h.double_units > 0.05 * h.rows else "know", 0.55, n=h.double_units
            )
        elif h.double_rows and view.roles.unit:
            add("trust_double_rows", "costs" if h.double_rows > 0.05 * h.rows else "know", 0.5, n=h.double_rows)
        for key, n in (("trust_unknown", h.unknown_outcomes), ("trust_missing", h.missing_scores)):
            if n:
                kind: Kind = "costs" if n > 0.05 * h.rows else "know"
                add(key, kind, 0.2 + n / h.rows, total=view.texts.number(h.rows), n=view.texts.number(n))
        if h.logits:
            add("trust_logits", "know", 0.4)
        if not found:
            add("trust_fine", "good", 0.1)
        return Section(self.name, view.say("trust_title"), tuple(found))
