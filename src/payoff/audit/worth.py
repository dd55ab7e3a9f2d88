"""Is it worth anything: what acting on the score finds, what treatment changed, or what would show it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from payoff.audit import charts, measures
from payoff.audit.measures import Effect, Flags
from payoff.audit.report import Chart, Finding, Kind, Section, Table
from payoff.audit.view import FEW, View
from payoff.stats import power

TOPS = (0.05, 0.10, 0.20, 0.30)
EXPERIMENT_TOP = 0.30
_CHANGE = 0.2
"""The experiment is sized for a fifth fewer (or more) outcomes: about what good retention work reaches."""


@dataclass(frozen=True, slots=True)
class Chance:
    """Whether treatment looks as if chance had given it. `why` names what speaks against it, in words."""

    by_chance: bool
    why: str = ""
    few: int | None = None


def looks_random(view: View, alpha: float = 0.01) -> Chance:
    """Treated and untreated must not differ in score (Mann-Whitney) nor in any group (chi-squared).

    The level is divided by the number of checks. Passing does not prove chance; failing refutes it.
    """
    assert view.treated is not None
    known = ~np.isnan(view.treated)
    treated = view.treated[known] == 1
    fewest = int(min(treated.sum(), (~treated).sum()))
    if fewest < FEW:
        return Chance(False, few=fewest)
    level = alpha / (1 + len(view.groups))
    score = view.score[known]
    if np.ptp(score) > 0:
        test = stats.mannwhitneyu(score[treated], score[~treated])
        if test.pvalue < level:
            above = test.statistic > treated.sum() * (~treated).sum() / 2
            direction = view.say("higher" if above else "lower")
            return Chance(False, view.say("not_random_score", higher_lower=direction))
    for column, group in view.groups.items():
        _, at = np.unique(group[known].astype(str), return_inverse=True)
        table = np.array(
            [np.bincount(at[treated], minlength=at.max() + 1), np.bincount(at[~treated], minlength=at.max() + 1)]
        )
        if table.shape[1] > 1 and stats.chi2_contingency(table).pvalue < level:
            return Chance(False, view.say("not_random_group", column=column))
    return Chance(True)


def top_rows(view: View, top: float) -> Flags:
    """The rows with the highest score, ties at the cut in."""
    k = max(1, round(top * view.n))
    cut = np.partition(view.score, view.n - k)[view.n - k]
    return np.asarray(view.score >= cut)


class Worth:
    """Value by capacity; with a treatment given by chance its effect; else the experiment that would settle it."""

    name = "worth"
    needs: tuple[str, ...] = ()

    def run(self, view: View) -> Section:
        rows = self._capacity(view)
        findings = [self._finds(view, rows[1]), *self._money(view, rows[1])]
        tables = [self._table(view, rows)]
        if view.treated is None:
            findings.append(self._experiment(view))
        else:
            chance = looks_random(view)
            if chance.by_chance:
                more, table = self._effects(view)
                findings += more
                tables.append(table)
            elif chance.few is not None:
                findings.append(self._finding("treated_few", "know", view.say("treated_few", n=chance.few), 0.5))
            else:
                text = view.say("not_random", why=chance.why)
                findings.append(self._finding("not_random", "costs", text, 0.7, why=chance.why))
        if view.decision is not None:
            findings.append(self._decision(view))
        return Section(
            self.name, view.say("worth_title"), tuple(findings), tuple(tables), (self._chart(view, rows),)
        )

    def _finding(self, key: str, kind: Kind, text: str, weight: float, **evidence: object) -> Finding:
        return Finding(key, kind, text, weight, self.name, evidence)

    def _capacity(self, view: View) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for top in TOPS:
            k, hits = measures.hits_at(view.score, view.label, top)
            row: dict[str, Any] = {
                "top": top,
                "rows": k,
                "hits": hits,
                "precision": hits / k,
                "base": view.base,
                "caught": hits / view.positives,
            }
            if view.value is not None:
                _, worth = measures.hits_at(view.score, view.label * view.value, top)
                row["worth"] = worth
                row["ceiling"] = worth - k * (view.cost or 0.0)
            rows.append(row)
        return rows

    def _finds(self, view: View, row: dict[str, Any]) -> Finding:
        text = view.say(
            "finds",
            k=view.texts.number(row["rows"]),
            hits=view.of_100(row["precision"]),
            base=view.of_100(view.base),
        )
        return self._finding("finds", "know", text, row["precision"] - view.base, **row)

    def _money(self, view: View, row: dict[str, Any]) -> list[Finding]:
        if view.value is None or view.cost is None or row["worth"] <= 0:
            return []
        needed = row["rows"] * view.cost / row["worth"]
        if needed >= 1:
            return [self._finding("never_pays", "costs", view.say("never_pays"), 0.9, needed=needed)]
        text = view.say("break_even", needed=view.of_100(needed))
        return [self._finding("break_even", "know", text, 0.4, needed=needed)]

    def _experiment(self, view: View) -> Finding:
        chosen = top_rows(view, EXPERIMENT_TOP)
        n, base = int(chosen.sum()), float(view.label[chosen].mean())
        change = _CHANGE * base if view.bad else -min(_CHANGE * base, (1 - base) / 2)
        if not 0 < base < 1:
            base, change = view.base, _CHANGE * view.base
        sd = math.sqrt(base * (1 - base))
        needed, have = math.ceil(power.units_needed(sd, change, looks=False) / 2), n // 2
        least = power.detectable(sd, have, have, looks=False).detectable
        seen = base - least if view.bad else base + least
        if have >= needed:
            enough = view.say("experiment_enough")
        elif not 0 < seen < 1:
            enough = view.say("experiment_too_few", have=view.texts.number(have))
        else:
            key = "experiment_few" if view.bad else "experiment_up_few"
            enough = view.say(key, have=view.texts.number(have), least=view.of_100(seen))
        text = view.say(
            "experiment",
            top=view.texts.number(n),
            needed=view.texts.number(needed),
            base=view.of_100(base),
            better=view.of_100(base - change),
            enough=enough,
        )
        return self._finding(
            "experiment",
            "costs",
            text,
            0.8,
            units_a_side=needed,
            have_a_side=have,
            base=base,
            target=base - change,
        )

    def _effects(self, view: View) -> tuple[list[Finding], Table]:
        assert view.treated is not None
        known = ~np.isnan(view.treated)
        treated, y = view.treated[known] == 1, view.label[known].astype(np.float64)
        top = top_rows(view, EXPERIMENT_TOP)[known]
        parts = {
            "all": measures.effect(y, treated),
            "top": measures.effect(y[top], treated[top]),
            "rest": measures.effect(y[~top], treated[~top]),
        }
        overall = parts["all"]
        assert overall is not None
        findings = [self._overall(view, overall)]
        a, b = parts["top"], parts["rest"]
        if a is not None and b is not None and min(a.treated, a.untreated, b.treated, b.untreated) >= FEW:
            findings.append(self._top(view, a, b))
        money = self._effect_money(view, overall)
        return findings + money, self._effect_table(view, y, treated, top, parts)

    def _overall(self, view: View, e: Effect) -> Finding:
        helps = (e.high < 0) if view.bad else (e.low > 0)
        harms = (e.low > 0) if view.bad else (e.high < 0)
        kind: Kind = "good" if helps else "stop" if harms else "costs"
        key = "effect_some" if helps else "effect_harm" if harms else "effect_none"
        return self._finding(
            key,
            kind,
            view.say(key, **words(view, e)),
            0.95 if key == "effect_none" else abs(e.value),
            effect=e.value,
            low=e.low,
            high=e.high,
            treated=e.treated,
            untreated=e.untreated,
        )

    def _top(self, view: View, a: Effect, b: Effect) -> Finding:
        sign = -1.0 if view.bad else 1.0
        d = sign * (a.value - b.value)
        half = float(np.hypot((a.high - a.low) / 2, (b.high - b.low) / 2))
        key = "effect_top_more" if d - half > 0 else "effect_top_less" if d + half < 0 else "effect_top_same"
        kind: Kind = "good" if key == "effect_top_more" else "costs" if key == "effect_top_less" else "know"
        text = view.say(key, top=signed(view, a.value), rest=signed(view, b.value))
        return self._finding(key, kind, text, abs(d) + 0.3, top=a.value, rest=b.value, difference=d, half=half)

    def _effect_money(self, view: View, e: Effect) -> list[Finding]:
        if view.value is None:
            return []
        worth = float(view.value.mean()) * 100 * (-1 if view.bad else 1)
        net = sorted(worth * v - 100 * (view.cost or 0.0) for v in (e.low, e.value, e.high))
        low, value, high = (view.texts.number(v) for v in net)
        kind: Kind = "good" if net[0] > 0 else "costs" if net[2] < 0 else "know"
        text = view.say("effect_money", value=value, low=low, high=high)
        return [self._finding("effect_money", kind, text, 0.6, low=net[0], value=net[1], high=net[2])]

    def _effect_table(
        self, view: View, y: np.ndarray, treated: Flags, top: Flags, parts: dict[str, Effect | None]
    ) -> Table:
        inside = {"all": np.ones_like(top), "top": top, "rest": ~top}
        rows, cells = [], []
        for part, e in parts.items():
            here = inside[part]
            on, off = y[here & treated], y[here & ~treated]
            row: dict[str, Any] = {"who": part, "n_treated": on.size, "n_untreated": off.size}
            if e is None or min(on.size, off.size) < FEW:
                rows.append(row)
                cells.append((view.say(f"effect_{part}"), "–", "–", view.say("cannot_tell")))
                continue
            rows.append({**row, "effect": e.value, "low": e.low, "high": e.high})
            span = f"{signed(view, e.value)} ({signed(view, e.low)} to {signed(view, e.high)})"
            cells.append((view.say(f"effect_{part}"), view.of_100(on.mean()), view.of_100(off.mean()), span))
        heads = ("effect_column_who", "effect_column_treated", "effect_column_untreated", "effect_column_value")
        return Table(view.say("effect_table"), tuple(view.say(h) for h in heads), tuple(cells), tuple(rows))

    def _decision(self, view: View) -> Finding:
        assert view.decision is not None
        share = float(np.nanmean(view.decision))
        top = top_rows(view, min(max(share, 0.01), 0.99))
        inside, outside = float(np.nanmean(view.decision[top])), float(np.nanmean(view.decision[~top]))
        follows = inside - outside >= 0.3
        key = "decision_follows" if follows else "decision_ignores"
        text = view.say(
            key, k=view.texts.number(int(top.sum())), top=view.of_100(inside), rest=view.of_100(outside)
        )
        return self._finding(key, "know" if follows else "costs", text, 0.75, top=inside, rest=outside)

    def _table(self, view: View, rows: list[dict[str, Any]]) -> Table:
        heads = ["top", "rows", "hits", "random", "caught"] + (["ceiling"] if view.value is not None else [])
        cells = []
        for row in rows:
            line = [
                view.say("worth_top", top=f"{row['top'] * 100:.0f}"),
                view.texts.number(row["rows"]),
                view.of_100(row["precision"]),
                view.of_100(row["base"]),
                view.say("worth_top", top=view.of_100(row["caught"])),
            ]
            line += [view.texts.number(row["ceiling"])] if "ceiling" in row else []
            cells.append(tuple(line))
        note = view.say("worth_note") + (" " + view.say("worth_note_money") if view.value is not None else "")
        columns = tuple(view.say(f"worth_column_{head}") for head in heads)
        return Table(view.say("worth_table"), columns, tuple(cells), tuple(rows), note)

    def _chart(self, view: View, rows: list[dict[str, Any]]) -> Chart:
        points = [
            {"top": f"{r['top'] * 100:.0f}", "value": r["precision"] * 100, "shown": view.of_100(r["precision"])}
            for r in rows
        ]
        says = view.say(
            "worth_chart_says",
            first=view.of_100(rows[0]["precision"]),
            last=view.of_100(rows[-1]["precision"]),
            base=view.of_100(view.base),
        )
        return Chart(
            view.say("worth_chart"), charts.against_line(points, view.base * 100, view.say("worth_axis")), says
        )


def signed(view: View, value: float) -> str:
    """A difference of shares in hundredths, with its sign: -0.061 → −6.1."""
    shown = view.texts.number(abs(value) * 100, digits=1)
    return shown if float(shown.replace(",", "") or 0) == 0 else f"{'−' if value < 0 else '+'}{shown}"


def words(view: View, e: Effect) -> dict[str, str]:
    """An effect for a sentence: how many of 100, fewer or more, and its range with signs."""
    return {
        "value": view.texts.number(abs(e.value) * 100, digits=1),
        "direction": view.say("fewer" if e.value < 0 else "more"),
        "low": signed(view, e.low),
        "high": signed(view, e.high),
    }
