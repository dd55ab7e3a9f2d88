"""All aggregates of a card in as few questions as there are grains: units, scores, answer times, people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from payoff.aggregates import Sums
from payoff.errors import Unknown
from payoff.log import analysis
from payoff.log.tables import LogTables
from payoff.metrics.base import Found, Latency, Need, Pulse, Ratio, Scored, Scores
from payoff.records.time import from_micros

Cells = dict[str, dict[str, Sums]]
ROWS = 200_000
"""Up to so many units rows are fetched (scores then rank exactly); above, sums and bins are."""
_BINS_PER_E = 100.0
_BEHAVIOUR = frozenset(
    "given told seen accepted done hours thumbs thumbs_up corrected fallback reached answered".split()
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which entries a card is about, and until when the log is read.

    `pooled` adds up the stages of a unit that enters more than once (the stream), whose split never changes.
    `mode` and `release` pick whose suggestions count: answers given, or a shadow's silent ones.
    """

    entries: ir.Table
    since: datetime
    until: datetime
    pooled: bool = False
    mode: str = "answer"
    release: str = ""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Who entered: units an arm, new ones a day (rows) and arm (columns), units seen in more than one
    arm, and the day (UTC) the first one came."""

    units: dict[str, int]
    entries: dict[str, int]
    daily: np.ndarray
    arms: tuple[str, ...]
    mixed: int
    first: datetime | None = None


def settled(entries: ir.Table) -> ir.Table:
    """The same entries, fetched when they are few: what is asked about them then compiles and runs faster."""
    rows = entries.limit(ROWS + 1).to_pyarrow()
    return ibis.memtable(rows) if rows.num_rows <= ROWS else entries


def arrivals(scope: Scope) -> Arrivals:
    """One row a unit would be too much to fetch; days and arms are few."""
    e = scope.entries
    firsts = e.group_by("unit").agg(at=e.at.min(), arm=e.arm.min(), other=e.arm.max(), n=e.unit.count())
    day = (firsts.at.epoch_seconds() / 86_400).floor().cast("int64")
    both = (firsts.arm != firsts.other).cast("int64")
    rows = (
        firsts.mutate(day=day, both=both)
        .group_by("day", "arm")
        .agg(units=ibis._.unit.count(), entries=ibis._.n.sum(), mixed=ibis._.both.sum())
        .to_pyarrow()
        .to_pylist()
    )
    arms = tuple(sorted({row["arm"] for row in rows}))
    days = sorted({row["day"] for row in rows})
    first = from_micros(days[0] * 86_400_000_000) if days else None
    daily = np.zeros((len(days), len(arms)))
    units, every = dict.fromkeys(arms, 0), dict.fromkeys(arms, 0)
    for row in rows:
        daily[days.index(row["day"]), arms.index(row["arm"])] += row["units"]
        units[row["arm"]] += row["units"]
        every[row["arm"]] += row["entries"]
    return Arrivals(units, every, daily, arms, int(sum(row["mixed"] for row in rows)), first)


def answer(tables: LogTables, scope: Scope, needs: Iterable[Need], came: Arrivals) -> dict[Need, Found]:
    """What the log has for each need."""
    wanted = list(dict.fromkeys(needs))
    found: dict[Need, Found] = {}
    ratios = [need for need in wanted if isinstance(need, Ratio)]
    if ratios:
        cells = _cells(_wide(tables, scope, ratios), ratios, pooled=scope.pooled, units=sum(came.units.values()))
        found |= {need: Found(cells=cells[i], units=came.units) for i, need in enumerate(ratios)}
    for need in wanted:
        if isinstance(need, Scores):
            found[need] = Found(scored=_scores(tables, scope, need, came), units=came.units)
        elif isinstance(need, Latency):
            found[need] = Found(latency=_latency(tables, scope), units=came.units)
        elif isinstance(need, Pulse):
            found[need] = Found(pulse=_pulse(tables, scope), units=came.units)
    return found


def answer_rows(rows: ir.Table, needs: Iterable[Need]) -> dict[Need, Found]:
    """The same for an experiment run elsewhere: outcomes are columns and all known, nothing else exists."""
    ratios = [
        need
        for need in dict.fromkeys(needs)
        if isinstance(need, Ratio)
        and need.outcome in rows.columns
        and need.w == "known"
        and need.y in ("happened", "amount")
    ]
    if not ratios:
        return {}
    columns: dict[str, Any] = {}
    for need in ratios:
        amount, here = rows[need.outcome].fill_null(0.0), rows[need.outcome].notnull()
        happened = (amount > 0).cast("int8").cast("float64")
        columns[_column(need, need.y)] = happened if need.y == "happened" else amount
        columns[_column(need, need.w)] = here.cast("int8").cast("float64")
    wide = rows.select("unit", "arm", "stage", **columns)
    cells = _cells(wide, ratios, pooled=False, units=0 if int(rows.count().to_pyarrow().as_py()) > ROWS else ROWS)
    return {need: Found(cells=cells[i]) for i, need in enumerate(ratios)}


def _column(need: Ratio, name: str) -> str:
    """One column a figure, shared by all metrics that ask for it."""
    return f"{need.outcome}|{need.window_days:g}|{name}" if need.outcome else name


def _wide(tables: LogTables, scope: Scope, ratios: list[Ratio]) -> ir.Table:
    """One row an entry with every figure the ratios name; those of an outcome are 0 until it is known."""
    wide = scope.entries
    if any(not need.outcome for need in ratios):
        wide = _beside(wide, analysis.behaviour(tables, scope.entries, scope.until))
    columns: dict[str, Any] = {}
    for outcome, days in dict.fromkeys((need.outcome, need.window_days) for need in ratios if need.outcome):
        news = analysis.happened(tables, scope.entries, outcome, days, scope.until)
        prefix = _column(Ratio("", "", outcome, days), "")
        wide = _beside(wide, news.rename({prefix + c: c for c in ("happened", "amount", "days")}))
    for need in ratios:
        for name in (need.y, need.w):
            column = _column(need, name)
            if not need.outcome:
                if name not in _BEHAVIOUR:
                    raise Unknown.among("column of behaviour", name, _BEHAVIOUR)
                columns[column] = wide[name].cast("float64").fill_null(0.0)
                continue
            mature = analysis.known(wide, need.window_days, scope.until).cast("float64")
            columns[column] = mature if name == "known" else wide[column].cast("float64").fill_null(0.0) * mature
    return wide.select("unit", "arm", "stage", **columns)


def _beside(wide: ir.Table, more: ir.Table) -> ir.Table:
    more = more.rename(key_unit="unit", key_at="at")
    return wide.left_join(more, [wide.unit == more.key_unit, wide.at == more.key_at]).drop("key_unit", "key_at")


def _cells(wide: ir.Table, ratios: list[Ratio], *, pooled: bool, units: int) -> list[Cells]:
    """Entries → units → cells. Two levels of grouping, so that repeats of a unit are one cluster.

    Few units are fetched and summed here, which is faster than asking; many are summed where they are.
    """
    if pooled:
        wide = wide.mutate(stage=ibis.literal(""))
    if units <= ROWS:
        return _summed_here(wide, ratios)
    columns = [name for name in wide.columns if name not in ("unit", "arm", "stage")]
    unit = wide.group_by("unit", "arm", "stage").agg(**{name: wide[name].sum() for name in columns})
    return _summed_there(unit, ratios)


def _summed_here(wide: ir.Table, ratios: list[Ratio]) -> list[Cells]:
    table = wide.to_pyarrow()
    rows = zip(*(table[c].to_pylist() for c in ("arm", "stage", "unit")), strict=True)
    names = np.array([f"{arm}\x1f{stage}\x1f{unit}" for arm, stage, unit in rows], str)
    keys, mine_of = np.unique(names, return_inverse=True)
    cell_of = np.array([key.rsplit("\x1f", 1)[0] for key in keys.tolist()], str)
    cells_found, place = np.unique(cell_of, return_inverse=True)
    groups = [(*name.split("\x1f"), place == i) for i, name in enumerate(cells_found.tolist())]

    def per_unit(need: Ratio, name: str) -> np.ndarray:
        return np.bincount(mine_of, weights=table[_column(need, name)].to_numpy(), minlength=keys.size)

    cells: list[Cells] = []
    for need in ratios:
        y, w = per_unit(need, need.y), per_unit(need, need.w)
        cells.append({})
        for arm, stage, mine in groups:
            some = mine & (w > 0)
            cells[-1].setdefault(arm, {})[stage] = Sums.of(y[some], w[some], total=int(mine.sum()))
    return cells


def _summed_there(unit: ir.Table, ratios: list[Ratio]) -> list[Cells]:
    sums: dict[str, Any] = {"total": unit.unit.count()}
    for i, need in enumerate(ratios):
        w = unit[_column(need, need.w)]
        y = unit[_column(need, need.y)] * (w > 0).cast("int8").cast("float64")
        sums |= {
            f"n{i}": (w > 0).cast("int8").sum(),
            f"y{i}": y.sum(),
            f"w{i}": w.sum(),
            f"yy{i}": (y * y).sum(),
            f"ww{i}": (w * w).sum(),
            f"yw{i}": (y * w).sum(),
        }
    rows = unit.group_by("arm", "stage").agg(**sums).to_pyarrow().to_pylist()
    cells: list[Cells] = [{} for _ in ratios]
    for row in rows:
        for i, cell in enumerate(cells):
            figures = {name: float(row[f"{name}{i}"] or 0.0) for name in ("n", "y", "w", "yy", "ww", "yw")}
            cell.setdefault(row["arm"], {})[row["stage"]] = Sums(**figures, total=float(row["total"]))
    return cells


def _scores(tables: LogTables, scope: Scope, need: Scores, came: Arrivals) -> dict[str, Scored]:
    rows = analysis.scored(
        tables, scope.entries, need.outcome, need.window_days, scope.until, mode=scope.mode, release=scope.release
    )
    if sum(came.entries.values()) > ROWS:
        rows = _binned(rows)
    else:
        rows = rows.mutate(weight=ibis.literal(1))
    table = rows.to_pyarrow()
    arm = np.asarray(table["arm"].to_pylist(), object)
    weight = table["weight"].to_numpy().astype(np.int64)
    score, happened = table["risk"].to_numpy(), table["happened"].to_numpy().astype(float)
    order = np.argsort(score, kind="stable")
    found = {}
    for name, total in came.entries.items():
        mine = order[arm[order] == name]
        found[name] = Scored(np.repeat(score[mine], weight[mine]), np.repeat(happened[mine], weight[mine]), total)
    return found


def _binned(rows: ir.Table) -> ir.Table:
    """Scores in bins of equal width on the log-odds scale, each at the mean of its scores."""
    p = rows.risk.clip(1e-6, 1 - 1e-6)
    bins = rows.mutate(bin=((p / (1 - p)).ln() * 40).floor().cast("int64"))
    middle = bins.group_by("bin").agg(risk=bins.risk.mean())
    counts = bins.group_by("bin", "arm", "happened").agg(weight=bins.risk.count())
    return counts.join(middle, "bin").select("arm", "risk", "happened", "weight")


def _latency(tables: LogTables, scope: Scope) -> dict[str, tuple[float, int]]:
    given = analysis.suggestions(tables, scope.entries, scope.until, mode=scope.mode, release=scope.release)
    given = given.filter(given.latency_us > 0)
    bins = (given.latency_us.cast("float64").ln() * _BINS_PER_E).floor().cast("int64")
    rows = given.mutate(bin=bins).group_by("arm", "bin").agg(n=ibis._.id.count()).to_pyarrow().to_pylist()
    by_arm: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        by_arm.setdefault(row["arm"], []).append((row["bin"], row["n"]))
    found = {}
    for arm, counts in by_arm.items():
        counts.sort()
        total = sum(n for _, n in counts)
        cumulated = np.cumsum([n for _, n in counts])
        place = int(np.searchsorted(cumulated, 0.95 * total))
        found[arm] = (float(np.exp((counts[place][0] + 0.5) / _BINS_PER_E)) / 1000.0, total)
    return found


def _pulse(tables: LogTables, scope: Scope) -> Sums:
    """Over persons: the sum and number of their scores; `total` counts those who were asked."""
    asked = tables.table("pulse")
    asked = asked.filter(asked.at >= scope.since, asked.at <= scope.until + timedelta(microseconds=1))
    person = asked.group_by("actor").agg(y=asked.score.cast("float64").sum(), w=asked.score.count())
    rows = person.to_pyarrow().to_pylist()
    y = np.array([row["y"] or 0.0 for row in rows if row["w"]], float)
    w = np.array([row["w"] for row in rows if row["w"]], float)
    return Sums.of(y, w, total=len(rows))


def units(found: Mapping[Need, Found]) -> dict[str, int]:
    """Units an arm of a foreign experiment: the most any outcome knows of."""
    most: dict[str, int] = {}
    for one in found.values():
        for arm in one.cells:
            most[arm] = max(most.get(arm, 0), int(one.pooled(arm).total))
    return most
