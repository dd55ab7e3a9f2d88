"""Is it accurate, and against what: the model beside the best constant and the best rule with one column."""

from __future__ import annotations

from typing import Any

import numpy as np

from payoff.audit import charts, measures
from payoff.audit.measures import Flags, Floats
from payoff.audit.report import Chart, Finding, Kind, Section, Table
from payoff.audit.view import FEW, View
from payoff.stats import ranking

_FOLDS = 5
TOP = 0.10


def one_column_rule(label: Flags, group: np.ndarray) -> Floats:
    """The share of positives in each row's group, learned from the other four fifths of the rows.

    The fifths are every fifth row, so the same file gives the same figure.
    """
    levels, at = np.unique(group.astype(str), return_inverse=True)
    fold = np.arange(label.size) % _FOLDS
    cell = at * _FOLDS + fold
    n = np.bincount(cell, minlength=levels.size * _FOLDS).reshape(-1, _FOLDS)
    hits = np.bincount(cell, weights=label, minlength=levels.size * _FOLDS).reshape(-1, _FOLDS)
    others_n = n.sum(1, keepdims=True) - n
    others_hits = hits.sum(1, keepdims=True) - hits
    base = (hits.sum() - hits.sum(0)) / np.maximum(n.sum() - n.sum(0), 1)
    rate = np.where(others_n > 0, others_hits / np.maximum(others_n, 1), base)
    return np.asarray(rate[at, fold], dtype=np.float64)


def best_rule(view: View) -> tuple[str, Floats] | None:
    """The column whose group shares rank best, with its out-of-fold score; `None` without columns to try."""
    found: tuple[float, str, Floats] | None = None
    for column, group in view.groups.items():
        rule = one_column_rule(view.label, group)
        value = ranking.auc(rule, view.label)
        if value is not None and (found is None or value > found[0]):
            found = (value, column, rule)
    return None if found is None else (found[1], found[2])


class Accuracy:
    """AUC, accuracy, precision at 10%, calibration error, each beside what needs no model."""

    name = "accuracy"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        auc = ranking.auc(view.score, view.label)
        assert auc is not None
        half = 1.96 * ranking.auc_se(auc, view.positives, view.n - view.positives)
        low, high = max(0.0, auc - half), min(1.0, auc + half)
        k, hits = measures.hits_at(view.score, view.label, TOP)
        rule = best_rule(view)
        findings = [self._ranks(view, auc, low, high)]
        constant = max(view.base, 1 - view.base)
        right = float(((view.score >= 0.5) == view.label).mean()) if view.probability else None
        if right is not None:
            findings.append(self._right(view, right, constant))
            findings.append(self._size(view))
        if rule:
            findings.append(self._rule(view, auc, *rule))
        model = {"what": "model", "accuracy": right, "auc": auc, "precision_at_10": hits / k}
        said = () if view.probability else (view.say("not_probability"),)
        return Section(
            self.name,
            view.say("accuracy_title"),
            tuple(findings),
            (self._table(view, model, rule),),
            tuple(self._charts(view, hits / k, rule)),
            said,
        )

    def _finding(self, key: str, kind: Kind, text: str, weight: float, **evidence: object) -> Finding:
        return Finding(key, kind, text, weight, self.name, evidence)

    def _ranks(self, view: View, auc: float, low: float, high: float) -> Finding:
        kind: Kind
        if high < 0.5:
            key, kind, shown = "ranks_backwards", "stop", 1 - auc
        elif low <= 0.5 or auc < 0.55:
            key, kind, shown = "ranks_badly", "stop", auc
        else:
            key, kind, shown = "ranks_well", "good" if auc >= 0.7 else "know", auc
        text = view.say(key, n=view.of_100(shown))
        return self._finding(key, kind, text, abs(auc - 0.5), auc=auc, low=low, high=high, n=view.n)

    def _right(self, view: View, right: float, constant: float) -> Finding:
        always = view.say("yes_outcome" if view.base > 0.5 else "no_outcome").replace("“", "").replace("”", "")
        better = right > constant + 0.01
        return self._finding(
            "accuracy_better" if better else "accuracy_no_better",
            "good" if better else "costs",
            view.say(
                "accuracy_better" if better else "accuracy_no_better",
                right=view.of_100(right),
                baseline=view.of_100(constant),
                constant=always,
            ),
            0.1 if better else 0.5,
            accuracy=right,
            constant=constant,
            base_rate=view.base,
        )

    def _size(self, view: View) -> Finding:
        error = measures.calibration_error(view.label, view.score)
        bins = [b for b in measures.calibration_bins(view.label, view.score) if b[0] >= max(FEW, 0.02 * view.n)]
        worst = max(bins, key=lambda b: abs(b[1] - b[2]), default=None)
        if worst is None or error < 0.05:
            key, kind = ("size_right", "good") if error < 0.05 else ("size_off", "know")
            text = view.say(key, error=view.of_100(error))
        else:
            _, said, seen = worst
            key, kind = ("size_wrong_over" if said > seen else "size_wrong_under"), "costs"
            text = view.say(key, said=view.of_100(said), seen=view.of_100(seen))
        return self._finding(key, kind, text, error, calibration_error=error)  # type: ignore[arg-type]

    def _rule(self, view: View, auc: float, column: str, rule: Floats) -> Finding:
        value = ranking.auc(rule, view.label) or 0.5
        as_good = value >= auc - 0.02
        key = "rule_as_good" if as_good else "rule_worse"
        text = view.say(key, column=column, rule=view.of_100(value), model=view.of_100(auc))
        return self._finding(
            key, "costs" if as_good else "good", text, 0.6 if as_good else auc - value, column=column, auc=value
        )

    def _table(
        self,
        view: View,
        model: dict[str, Any],
        rule: tuple[str, Floats] | None,
    ) -> Table:
        constant = max(view.base, 1 - view.base)
        rows = [model]
        always = view.say("yes_outcome" if view.base > 0.5 else "no_outcome").replace("“", "").replace("”", "")
        names = [view.say("accuracy_model"), view.say("accuracy_constant", constant=always)]
        rows.append({"what": "constant", "accuracy": constant, "auc": 0.5, "precision_at_10": view.base})
        if rule:
            column, score = rule
            k, hits = measures.hits_at(score, view.label, TOP)
            names.append(view.say("accuracy_rule", column=column))
            rows.append(
                {
                    "what": f"rule:{column}",
                    "accuracy": float(((score >= 0.5) == view.label).mean()),
                    "auc": ranking.auc(score, view.label),
                    "precision_at_10": hits / k,
                }
            )
        figures = ("accuracy", "auc", "precision_at_10")
        cells = tuple(
            (name, *("–" if row[f] is None else view.of_100(float(row[f])) for f in figures))
            for name, row in zip(names, rows, strict=True)
        )
        heads = (
            "accuracy_column_who",
            "accuracy_column_right",
            "accuracy_column_rank",
            "accuracy_column_precision",
        )
        return Table(
            view.say("accuracy_table"),
            tuple(view.say(head) for head in heads),
            cells,
            tuple(rows),
            view.say("accuracy_note", n=view.texts.number(view.n), positives=view.texts.number(view.positives)),
        )

    def _charts(self, view: View, precision: float, rule: tuple[str, Floats] | None) -> list[Chart]:
        found = [(view.say("accuracy_model"), precision, True)]
        if rule:
            k, hits = measures.hits_at(rule[1], view.label, TOP)
            found.append((view.say("accuracy_rule", column=rule[0]), hits / k, False))
        found.append((view.say("worth_column_random"), view.base, False))
        bars = [{"who": w, "value": v * 100, "shown": view.of_100(v), "ours": ours} for w, v, ours in found]
        model, base = view.of_100(precision), view.of_100(view.base)
        made = [
            Chart(
                view.say("accuracy_chart"),
                charts.bars(bars),
                view.say("accuracy_chart_says", model=model, base=base),
            )
        ]
        if view.probability:
            dots = [
                {"n": n, "said": said * 100, "seen": seen * 100}
                for n, said, seen in measures.calibration_bins(view.label, view.score)
                if n >= FEW
            ]
            spec = charts.said_and_seen(dots, view.say("size_axis_said"), view.say("size_axis_seen"))
            made.append(Chart(view.say("size_chart"), spec, view.say("size_chart_says")))
        return made
