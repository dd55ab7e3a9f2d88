"""How often a release would have said the same as the one that answers, customer by customer.

While a release is in shadow both decide for the same units at the same moments; nobody is told what the shadow
says. Decisions that chance made (explored ones) are left out on both sides: they say nothing of either's choice.
Of every unit the newest pair counts, so that rows stand for units and not for repeats.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payoff.records.releases import Release
from payoff.releases import lifecycle
from payoff.stats.compare import wilson
from payoff.use_cases.score import whole
from payoff.use_cases.workspace import Workspace

FEWEST = 20
"""Units below which nothing is said, of all or of a part of them."""
PARTS = 3
"""How many parts are told: where the two differ most."""


@dataclass(frozen=True, slots=True)
class Part:
    """Units of one role or industry: for `differ` of `n` the two chose otherwise, most often (`times`) `mine`
    where the other said `theirs` (ids of actions)."""

    of: Literal["role", "industry"]
    name: str
    n: int
    differ: int
    mine: str
    theirs: str
    times: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """`same` of `n` units got the same action from both, between `since` and `until`; with fewer than `FEWEST`
    there is no interval and nothing may be said. `low` and `high` are shares, Wilson's 95% interval.

    Where they differ, `mine` instead of `theirs` (ids of actions) is the commonest, `times` of them ("" and 0
    where all agree). `parts` differ more than all do, and more than chance would.

    `asked` counts the shadow's answers, `fallback` is the share of them that were the safe fallback, `latency_ms`
    the time within which 95 of 100 came (`None` where it was not taken).
    """

    release: str
    other: str
    n: int
    same: int
    low: float | None
    high: float | None
    since: datetime
    until: datetime
    mine: str
    theirs: str
    times: int
    parts: tuple[Part, ...]
    asked: int
    fallback: float
    latency_ms: float | None

    @property
    def enough(self) -> bool:
        return self.n >= FEWEST


def agreement(ws: Workspace, id: str) -> Agreement | None:
    """A release against its champion, over its days in shadow; `None` where it never was, or was alone."""
    release = lifecycle.find(ws.releases(), id)
    other = _other(ws, release)
    if other is None or not release.began("shadow"):
        return None
    said = whole(ws).arrow("suggestion")
    mine = said.filter(pc.and_(pc.equal(said["release"], id), pc.equal(said["mode"], "shadow")))
    if not mine.num_rows:
        return None
    pairs = _newest(_pairs(mine, _answers(said, other.id, mine)))
    same = int(pc.sum(pc.equal(pairs["action"], pairs["theirs"])).as_py() or 0)
    n = pairs.num_rows
    low, high = wilson(same / n, n) if n >= FEWEST else (None, None)
    latency = mine["latency_us"].drop_null()
    chosen = list(zip(pairs["action"].to_pylist(), pairs["theirs"].to_pylist(), strict=True))
    (instead, of), times = _commonest(Counter(pair for pair in chosen if pair[0] != pair[1]))
    return Agreement(
        release=id,
        other=other.id,
        n=n,
        same=same,
        low=low,
        high=high,
        since=pc.min(mine["at"]).as_py(),
        until=pc.max(mine["at"]).as_py(),
        mine=instead,
        theirs=of,
        times=times,
        parts=_parts(pairs, chosen) if n >= FEWEST else (),
        asked=mine.num_rows,
        fallback=float(pc.mean(pc.fill_null(mine["fallback"], False).cast(pa.float64())).as_py()),
        latency_ms=float(np.quantile(latency.to_numpy(), 0.95)) / 1000 if len(latency) else None,
    )


def _other(ws: Workspace, release: Release) -> Release | None:
    """Whom it was, or will be, compared with."""
    releases = ws.releases()
    champion = lifecycle.champion(releases)
    if release.against:
        return lifecycle.find(releases, release.against)
    return champion if champion and champion.id != release.id else None


def _answers(said: pa.Table, other: str, mine: pa.Table) -> pa.Table:
    """What the other answered in the same days; units treated as today and those chosen by hand have no answer."""
    days = pc.and_(pc.greater_equal(said["at"], pc.min(mine["at"])), pc.less_equal(said["at"], pc.max(mine["at"])))
    theirs = pc.and_(pc.equal(said["mode"], "answer"), pc.equal(said["release"], other))
    apart = pc.is_in(said["arm"], pa.array(["holdout", "named"]))
    return said.filter(pc.and_(pc.and_(days, theirs), pc.invert(apart)))


def _pairs(mine: pa.Table, theirs: pa.Table) -> pa.Table:
    def chosen(rows: pa.Table) -> pa.Table:
        return rows.filter(pc.invert(pc.fill_null(rows["explored"], False)))

    left = chosen(mine).select(["unit", "at", "action", "role", "segment"])
    right = chosen(theirs).select(["unit", "at", "action"]).rename_columns(["unit", "at", "theirs"])
    return left.join(right, ["unit", "at"], join_type="inner")


def _newest(pairs: pa.Table) -> pa.Table:
    last = pairs.group_by("unit").aggregate([("at", "max")]).rename_columns(["unit", "at"])
    kept = pairs.join(last, ["unit", "at"], join_type="inner").sort_by("unit")
    # One moment may hold two decisions for a unit; the pair stands once.
    units = kept["unit"].to_pylist()
    first = [i for i, unit in enumerate(units) if i == 0 or unit != units[i - 1]]
    return kept if len(first) == len(units) else kept.take(first)


def _commonest(apart: Counter[tuple[str, str]]) -> tuple[tuple[str, str], int]:
    return max(apart.items(), key=lambda item: (item[1], item[0]), default=(("", ""), 0))


def _parts(pairs: pa.Table, chosen: list[tuple[str, str]]) -> tuple[Part, ...]:
    """The roles and industries that differ more than all do: the whole interval of a part lies above."""
    every = sum(mine != theirs for mine, theirs in chosen) / len(chosen)
    found = [*_of("role", pairs["role"].to_pylist(), chosen), *_of("industry", _industries(pairs), chosen)]
    found = [part for part in found if wilson(part.differ / part.n, part.n)[0] > every]
    found.sort(key=lambda part: (-part.differ / part.n, part.of, part.name))
    return tuple(found[:PARTS])


def _of(of: Literal["role", "industry"], names: Iterable[Any], actions: list[tuple[str, str]]) -> list[Part]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, pair in zip(names, actions, strict=True):
        if name:
            groups.setdefault(str(name), []).append(pair)
    found = []
    for name, members in groups.items():
        apart = Counter(pair for pair in members if pair[0] != pair[1])
        if len(members) < FEWEST or not apart:
            continue
        (mine, theirs), times = _commonest(apart)
        found.append(Part(of, name, len(members), apart.total(), mine, theirs, times))
    return found


def _industries(pairs: pa.Table) -> list[str]:
    """The industry of each pair; the few different segments are read once each."""
    coded = pairs["segment"].combine_chunks().dictionary_encode()
    known = [str(json.loads(text or "{}").get("industry") or "") for text in coded.dictionary.to_pylist()]
    return ["" if code is None else known[code] for code in coded.indices.to_pylist()]
