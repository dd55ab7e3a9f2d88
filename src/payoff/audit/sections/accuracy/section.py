"""Is it accurate, and against what: the model beside the best constant and the best rule with one column."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from payoff.audit import charts
from payoff.audit.measures import share
from payoff.audit.report import Chart, Finding, Kind, Section, Table
from payoff.audit.sections.accuracy.one_rule import TOP, Rule, best_rule
from payoff.audit.view import FEW, View
from payoff.stats.scores import Ranked, calibration_error, paired_auc_difference

_PAIRED = 5_000_000
"""Two models are compared row by row on at most so many rows."""
_Z = 1.959963984540054
_HARDLY = 0.6
"""A score whose AUC is below this for sure hardly ranks."""
_SAME = 0.01
_SIZE = 0.05


class Accuracy:
    """AUC, accuracy, precision at 10%, calibration error, each beside what needs no model."""

    name = "accuracy"
    needs: tuple[str, ...] = ("score", "label")

    def run(self, view: View) -> Section:
        rule = best_rule(view)
        model = figures(view, view.ranked, "model")
        findings = [self._ranks(view)]
        if view.probability:
            findings += [self._right(view, model["accuracy"]), self._size(view)]
        if rule:
            findings.append(self._rule(view, model["auc"], rule))
        others = []
        if "challenger" in view.rows:
            findings.append(self._challenger(view))
            ranked = view.ranking("challenger", "{known} and challenger is not null")
            others = [figures(view, ranked, "challenger")] if ranked.auc() else []
        said = [view.say("accuracy_caveat")] + ([] if view.probability else [view.say("not_probability")])
        return Section(
            self.name,
            view.say("accuracy_title"),
            tuple(findings),
            (self._table(view, [model, *others], rule),),
            tuple(self._charts(view, model["precision_at_10"], rule)),
            tuple(said),
            answer=view.say(f"accuracy_answer_{findings[0].key}"),
        )

    def _ranks(self, view: View) -> Finding:
        found, error = view.ranked.auc(), view.ranked.auc_error()
        assert found is not None
        auc, half = found.value, _Z * (error or 0.5) + found.off
        low, high = max(0.0, auc - half), min(1.0, auc + half)
        kind: Kind
        if high < 0.5:
            key, kind, shown = "ranks_backwards", "stop", 1 - auc
        elif high < _HARDLY:
            key, kind, shown = "ranks_badly", "stop", auc
        elif low <= 0.5:
            key, kind, shown = "ranks_open", "know", auc
        else:
            key, kind, shown = "ranks_well", "good" if auc >= 0.7 else "know", auc
        how = "auc" if view.ranked.exact else "auc_binned"
        evidence = {"auc": auc, "low": low, "high": high, "off_by_at_most": found.off, "n": view.known}
        basis = view.basis(how, view.known, (low, high), off=f"{found.off:.2g}")
        words: dict[str, Any] = {"n": view.of_100(shown), "low": view.of_100(low), "high": view.of_100(high)}
        return view.finding(self.name, key, kind, basis, touches=view.known / view.n, evidence=evidence, **words)

    def _right(self, view: View, right: float) -> Finding:
        constant = max(view.base, 1 - view.base)
        better, worse = right > constant + _SAME, right < constant - _SAME
        key = "accuracy_better" if better else "accuracy_worse" if worse else "accuracy_no_better"
        return view.finding(
            self.name,
            key,
            "good" if better else "costs",
            view.basis("accuracy", view.known, threshold=f"{yes_from(view):.3g}"),
            touches=view.known / view.n,
            evidence={"accuracy": right, "constant": constant, "base_rate": view.base},
            right=view.of_100(right),
            baseline=view.of_100(constant),
            constant=always(view),
        )

    def _size(self, view: View) -> Finding:
        n, said, came = view.ranked.calibration(np.linspace(0, 1, 11))
        full = n > 0
        error = float(np.abs(said - came)[full] @ n[full] / n.sum())
        chance = error_by_chance(n[full], said[full])
        basis = view.basis("calibration", view.known, (0.0, chance))
        evidence = {"calibration_error": error, "by_chance": chance}
        common: dict[str, Any] = {"touches": min(1.0, error), "evidence": evidence, "error": view.of_100(error)}
        if error < _SIZE:
            return view.finding(self.name, "size_right", "good", basis, **common)
        worst = worst_bin(n, said, came) if error > chance else None
        if error <= chance:
            return view.finding(self.name, "size_open", "know", basis, **common)
        if worst is None:
            return view.finding(self.name, "size_off", "know", basis, **common)
        key = "size_wrong_over" if said[worst] > came[worst] else "size_wrong_under"
        words: dict[str, Any] = {"said": view.of_100(said[worst]), "seen": view.of_100(came[worst])}
        return view.finding(self.name, key, "costs", basis, **common, **words)

    def _rule(self, view: View, auc: float, rule: Rule) -> Finding:
        as_good = rule.auc >= auc - 0.02
        return view.finding(
            self.name,
            "rule_as_good" if as_good else "rule_worse",
            "costs" if as_good else "good",
            view.basis("rule", view.known, n_columns=rule.tried),
            touches=view.known / view.n if as_good else abs(auc - rule.auc),
            evidence={"column": rule.column, "auc": rule.auc, "tried": rule.tried},
            column=rule.column,
            rule=view.of_100(rule.auc),
            model=view.of_100(auc),
        )

    def _challenger(self, view: View) -> Finding:
        """The other model on the same rows, pair by pair."""
        part = max(1, -(-view.n // _PAIRED))
        where = "{known} and challenger is not null" + (
            f" and hash(score, challenger) % {part} = 0" if part > 1 else ""
        )
        ours, theirs, label = view.rows.values("score", "challenger", "label", where=where)
        found = paired_auc_difference(np.asarray(theirs, float), np.asarray(ours, float), np.asarray(label) == 1)
        if found is None:
            return view.finding(self.name, "challenger_few", "know", view.basis("count", label.size), touches=0.0)
        value, error = found
        low, high = value - _Z * error, value + _Z * error
        key = "challenger_better" if low > 0 else "challenger_worse" if high < 0 else "challenger_same"
        return view.finding(
            self.name,
            key,
            "know",
            view.basis("auc_paired", label.size, (low, high)),
            touches=label.size / view.n,
            evidence={"auc_difference": value, "low": low, "high": high},
            challenger=view.roles["challenger"],
            value=view.signed(value),
            low=view.signed(low),
            high=view.signed(high),
        )

    def _table(self, view: View, models: list[dict[str, Any]], rule: Rule | None) -> Table:
        names = [view.say("accuracy_model")]
        names += [view.say("accuracy_challenger", column=view.roles["challenger"])] if len(models) > 1 else []
        rows = [*models, {"what": "constant", "accuracy": max(view.base, 1 - view.base), "auc": 0.5}]
        rows[-1]["precision_at_10"] = view.base
        names.append(view.say("accuracy_constant", constant=always(view)))
        if rule:
            names.append(view.say("accuracy_rule", column=rule.column))
            told = {"accuracy": rule.accuracy, "auc": rule.auc, "precision_at_10": rule.precision}
            rows.append({"what": f"rule:{rule.column}", **told})
        shown = ("accuracy", "auc", "precision_at_10")
        cells = tuple(
            (name, *("–" if row[f] is None else view.of_100(float(row[f])) for f in shown))
            for name, row in zip(names, rows, strict=True)
        )
        heads = ("who", "right", "rank", "precision")
        note = view.say(
            "accuracy_note",
            n=view.number(view.known),
            positives=view.number(view.positives),
            threshold=f"{yes_from(view):.3g}",
        )
        columns = tuple(view.say(f"accuracy_column_{head}") for head in heads)
        basis = view.basis("accuracy", view.known, threshold=f"{yes_from(view):.3g}") if view.probability else None
        return Table(view.say("accuracy_table"), columns, cells, tuple(rows), note, basis)

    def _charts(self, view: View, precision: float, rule: Rule | None) -> list[Chart]:
        found = [(view.say("accuracy_model"), precision, True)]
        if rule:
            found.append((view.say("accuracy_rule", column=rule.column), rule.precision, False))
        found.append((view.say("worth_column_random"), view.base, False))
        bars = [{"who": w, "value": v * 100, "shown": view.of_100(v), "ours": ours} for w, v, ours in found]
        says = view.say("accuracy_chart_says", model=view.of_100(precision), base=view.of_100(view.base))
        made = [Chart(view.say("accuracy_chart"), charts.bars(bars), says)]
        if view.probability:
            n, said, came = view.ranked.calibration(np.linspace(0, 1, 11))
            dots = [
                {"n": int(n[i]), "said": float(said[i]) * 100, "seen": float(came[i]) * 100}
                for i in np.flatnonzero(n >= FEW)
            ]
            spec = charts.said_and_seen(dots, view.say("size_axis_said"), view.say("size_axis_seen"))
            made.append(Chart(view.say("size_chart"), spec, view.say("size_chart_says")))
        return made


def always(view: View) -> str:
    """What the best constant says, without marks: stays, or the outcome."""
    return view.say("yes_outcome" if view.base > 0.5 else "no_outcome").replace("“", "").replace("”", "")


def error_by_chance(n: np.ndarray, said: np.ndarray) -> float:
    """The calibration error a score that is right about its size stays below 95 times of 100 with so many rows."""
    drawn = np.random.default_rng(0).binomial(n, np.clip(said, 0, 1), (2000, n.size)) / n
    return float(np.quantile(np.abs(drawn - said) @ n / n.sum(), 0.95))


def worst_bin(n: np.ndarray, said: np.ndarray, came: np.ndarray) -> int | None:
    """The bin farthest off whose range, widened for the number of bins, leaves out what it says; `None`
    without."""
    full = [int(i) for i in np.flatnonzero(n >= max(FEW, 0.02 * n.sum()))]
    off = []
    for i in full:
        found = share(round(came[i] * n[i]), int(n[i]), 0.05 / len(full))
        if found is not None and not found.low <= said[i] <= found.high:
            off.append(i)
    return max(off, key=lambda i: abs(said[i] - came[i]), default=None)


def yes_from(view: View) -> float:
    """The score from which on it counts as a yes: as told, else one half."""
    return 0.5 if view.said.threshold is None else view.said.threshold


def figures(view: View, ranked: Ranked, what: str) -> dict[str, Any]:
    """A model's figures by their own names. Those that need a probability are `None` for a score that is none;
    precision is `None` where nobody is above the threshold."""
    auc = ranked.auc()
    assert auc is not None
    n = ranked.positives + ranked.negatives
    top = ranked.highest(math.ceil(TOP * n - 1e-9))
    told: dict[str, Any] = {"what": what, "accuracy": None, "auc": auc.value, "precision_at_10": top.precision}
    if not view.probability:
        return told
    above = ranked.above(np.array([yes_from(view)]))
    tp, fp = int(above[0][0]), int(above[1][0])
    told |= {
        "accuracy": (tp + ranked.negatives - fp) / n,
        "threshold": yes_from(view),
        "true_positives": tp,
        "false_positives": fp,
        "precision": tp / (tp + fp) if tp + fp else None,
        "recall": tp / ranked.positives,
        "f1": 2 * tp / (tp + fp + ranked.positives),
        "brier": ranked.brier(),
        "log_loss": ranked.log_loss(),
        "calibration_error": calibration_error(ranked),
    }
    return told
