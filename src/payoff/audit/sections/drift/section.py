"""Is it drifting: the earlier half of the time beside the later one, and how well it ranked period by period."""

from __future__ import annotations

import numpy as np

from payoff.audit.report import Basis, Finding, Kind, Section
from payoff.audit.sections.drift.estimated import HOLDS, Estimate, calibration, estimate, waiting
from payoff.audit.sections.drift.looked import Looked, look
from payoff.audit.sections.drift.moved import Halves, Move
from payoff.audit.sections.drift.overtime import Change, ranks_changed, size_changed
from payoff.audit.sections.drift.tables import by_column, by_period, over_time
from payoff.audit.view import FEW, View

_NAMED = 3
_WIDE = 0.05
"""A change of the AUC whose interval is wider than this to either side cannot be told."""


class Drift:
    """What moved between the halves, with no word on why, and whether it ranks as well as it did."""

    name = "drift"
    needs: tuple[str, ...] = ("time",)

    def run(self, view: View) -> Section:
        title = view.say("drift_title")
        if "period" not in view.rows:
            return Section(self.name, title, unanswered=view.say("drift_unanswered"))
        found = view.rows.counts("late", where="period < 250")
        halves = np.bincount(found["late"].astype(int), found["n"], 2)
        if halves.min() < FEW:
            fewer = view.finding(
                self.name, "drift_few", "know", _counted(view, halves), touches=0.0, n=int(halves.min())
            )
            return Section(self.name, title, (fewer,), answer=view.say("cannot_tell"))
        looked = look(view, float(halves[1] / view.n))
        moved = self._moved(view, looked)
        findings = moved or [self._none(view, looked, halves)]
        findings += self._ranks(view, looked)
        guess, said = self._estimated(view, looked)
        findings += guess[0] if guess else []
        estimated = guess[1] if guess else None
        return Section(
            self.name,
            title,
            tuple(findings),
            (by_period(view, looked.periods, estimated), *by_column(view, looked.columns, looked.score, looked.n)),
            tuple(over_time(view, looked.periods)),
            (*self._said(view, looked), *said),
            answer=_answer(view, {f.key: f for f in findings}),
        )

    def _moved(self, view: View, looked: Looked) -> list[Finding]:
        found = []
        if looked.score is not None:
            found += self._score(view, looked.score, looked)
        found += self._columns(view, looked)
        for key, halves in (("drift_outcome", looked.outcome), ("drift_picked", looked.picked)):
            if halves is not None and halves.moved(looked.n):
                found.append(self._share(view, key, halves, looked))
        return found

    def _score(self, view: View, move: Move, looked: Looked) -> list[Finding]:
        size = move.size(looked.n)
        if not move.moved(looked.n):
            return []
        basis = view.basis("drift", move.n)
        evidence = {"size": size, **move.as_dict(looked.n)}
        touches = move.changed * looked.late
        shown = view.of_100(move.changed)
        how = view.say(f"drift_size_{size}")
        return [
            view.finding(
                self.name, "drift_score", "know", basis, touches=touches, evidence=evidence, n=shown, size=how
            )
        ]

    def _columns(self, view: View, looked: Looked) -> list[Finding]:
        found: list[Finding] = []
        moved = [m for m in looked.columns if not m.clock and m.moved(looked.n)]
        dry = [m for m in moved if m.gone]
        if dry:
            worst = max(dry, key=lambda m: m.empty[1] - m.empty[0])
            before, after = worst.empty
            found.append(
                view.finding(
                    self.name,
                    "drift_gone",
                    "costs",
                    view.basis("drift", worst.n),
                    touches=(after - before) * looked.late,
                    evidence={"columns": {m.column: m.empty for m in dry}},
                    column=worst.column,
                    before=view.of_100(before),
                    after=view.of_100(after),
                    n=len(dry),
                )
            )
        if moved:
            worst_three = [_named(view, m) for m in moved[:_NAMED]]
            found.append(
                view.finding(
                    self.name,
                    "drift_columns",
                    "know",
                    view.basis("drift", moved[0].n),
                    touches=max(m.changed for m in moved) * looked.late,
                    evidence={"columns": {m.column: m.index for m in moved}, "looked_at": len(looked.columns)},
                    columns=", ".join(worst_three),
                    n=len(moved),
                    total=len(looked.columns),
                )
            )
        return found

    def _share(self, view: View, key: str, halves: Halves, looked: Looked) -> Finding:
        how = "drift_share" if view.rows.clustered else "newcombe"
        basis = view.basis(how, halves.before.n + halves.after.n, (halves.low, halves.high))
        evidence = {"before": halves.before.value, "after": halves.after.value, "change": halves.change}
        return view.finding(
            self.name,
            key,
            "know",
            basis,
            touches=abs(halves.change) * looked.late,
            evidence={**evidence, "low": halves.low, "high": halves.high},
            before=view.of_100(halves.before.value),
            after=view.of_100(halves.after.value),
            low=view.signed(halves.low),
            high=view.signed(halves.high),
            value=view.signed(halves.change),
        )

    def _none(self, view: View, looked: Looked, halves: np.ndarray) -> Finding:
        if not looked.n:
            return view.finding(self.name, "drift_nothing", "know", _counted(view, halves), touches=0.0)
        basis, evidence = view.basis("drift", int(halves.sum())), {"looked_at": looked.n}
        return view.finding(self.name, "drift_none", "good", basis, touches=0.0, evidence=evidence, n=looked.n)

    def _ranks(self, view: View, looked: Looked) -> list[Finding]:
        if looked.scores is None or "label" not in view.rows:
            return []
        change = ranks_changed(looked.scores)
        if change is None:
            basis = view.basis("count", view.known)
            return [view.finding(self.name, "drift_ranks_few", "know", basis, touches=0.0, few=FEW)]
        found = [self._ranked(view, change, looked)]
        size = size_changed(looked.scores) if view.probability else None
        return found + ([self._size(view, size, looked)] if size and _matters(view, size) else [])

    def _ranked(self, view: View, change: Change, looked: Looked) -> Finding:
        key, kind = _verdict(change)
        kind = "know" if looked.unripe else kind
        low, high = change.widest if key == "drift_ranks_unclear" else (change.low, change.high)
        return view.finding(
            self.name,
            key,
            kind,
            view.basis("drift_ranks", change.n, (change.low, change.high), off=f"{change.off:.1g}"),
            touches=looked.known[1] * looked.late if kind == "costs" else 0.0,
            evidence={
                "auc_before": change.before,
                "auc_after": change.after,
                "change": change.change,
                "low": change.low,
                "high": change.high,
                "off_by_at_most": change.off,
            },
            before=view.of_100(change.before),
            after=view.of_100(change.after),
            value=view.signed(change.change),
            low=view.signed(low),
            high=view.signed(high),
        )

    def _size(self, view: View, change: Change, looked: Looked) -> Finding:
        key = "drift_size_over" if change.change > 0 else "drift_size_under"
        basis = view.basis("drift_size", change.n, (change.low, change.high))
        evidence = {"gap_before": change.before, "gap_after": change.after, "low": change.low, "high": change.high}
        kind: Kind = "know" if looked.unripe or abs(change.after) < abs(change.before) else "costs"
        touches = abs(change.change) * looked.late
        before, after = view.signed(change.before), view.signed(change.after)
        return view.finding(
            self.name, key, kind, basis, touches=touches, evidence=evidence, before=before, after=after
        )

    def _estimated(
        self, view: View, looked: Looked
    ) -> tuple[tuple[list[Finding], Estimate] | None, tuple[str, ...]]:
        """The finding with the figures behind it, or the sentence that says why there is none."""
        scores = looked.scores
        if scores is None or not view.probability or "label" not in view.rows or (n := waiting(scores)) < FEW:
            return None, ()
        error = calibration(scores)
        if error is None or error >= HOLDS:
            key = "drift_estimated_few" if error is None else "drift_estimated_off"
            return None, (view.say(key, n=view.number(n), error=view.of_100(error or 0.0)),)
        found = estimate(view, scores, error)
        evidence = {"accuracy": found.right, "auc": found.ranks, "calibration_error": error, "estimated": True}
        basis = view.basis("estimated", n)
        made = view.finding(
            self.name,
            "drift_estimated",
            "know",
            basis,
            touches=n / view.n,
            evidence=evidence,
            rows=view.number(n),
            right=view.of_100(found.right),
            ranks=view.of_100(found.ranks),
        )
        return ([made], found), ()

    def _said(self, view: View, looked: Looked) -> tuple[str, ...]:
        said = []
        clocks = [m.column for m in looked.columns if m.clock]
        if clocks:
            shown = ", ".join(f"“{c}”" for c in clocks)
            said.append(view.say("drift_clock", n=len(clocks), columns=shown))
        if looked.unripe:
            before, after = looked.known
            said.append(view.say("drift_unripe", before=view.of_100(before), after=view.of_100(after)))
        return tuple(said)


def _counted(view: View, halves: np.ndarray) -> Basis:
    return view.basis("count", int(halves.sum()))


def _named(view: View, move: Move) -> str:
    return view.say("drift_named", column=move.column, n=view.of_100(move.changed))


def _verdict(change: Change) -> tuple[str, Kind]:
    if change.sure:
        return ("drift_ranks_worse", "costs") if change.change < 0 else ("drift_ranks_better", "good")
    wide = max(change.high - change.change, change.change - change.low) > _WIDE
    doubtful = change.high < 0 or change.low > 0
    return ("drift_ranks_unclear", "know") if wide or doubtful else ("drift_ranks_same", "good")


def _matters(view: View, change: Change) -> bool:
    """Whether the size moved for sure, and by 1 in 100 or a tenth of how often the outcome comes."""
    return change.sure and abs(change.change) >= min(0.01, 0.1 * view.base)


def _answer(view: View, found: dict[str, Finding]) -> str:
    """In a few words; what costs most first."""
    if "drift_ranks_worse" in found:
        return view.say("drift_answer_worse")
    for key in ("drift_score", "drift_outcome"):
        if key in found:
            return view.say(f"{key.replace('drift_', 'drift_answer_')}")
    for key in ("drift_gone", "drift_columns"):
        if key in found:
            return view.say("drift_answer_columns", n=len(found[key].evidence["columns"]))
    if "drift_picked" in found:
        return view.say("drift_answer_picked")
    return view.say("drift_answer_no") if "drift_none" in found else view.say("cannot_tell")
