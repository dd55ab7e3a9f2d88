"""From a table and its parts to what the sections look at; every change made to the values is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from payoff.audit.table.coding import MISSING, MOST_LEVELS, UNSEEN, Coded, as_code
from payoff.audit.table.columns import distinct, is_text
from payoff.audit.table.leaks import leaking
from payoff.audit.table.moments import moment_sql
from payoff.audit.table.parts import BAD, WELCOME
from payoff.audit.table.periods import periods_of
from payoff.audit.table.reading import Reader
from payoff.audit.table.roles import Roles, tokens
from payoff.audit.table.rows import Rows
from payoff.audit.table.source import Source, quoted
from payoff.audit.view import Health, Said, View
from payoff.errors import BadInput, Fault
from payoff.texts import Texts

_BANDS, _FEATURE_BANDS = 4, 10
_MOST_COLUMNS = 100
_ALL_UNITS = 1_000_000
_TWO = ("label", "decision", "seen", "done", "feedback")
Sql = dict[str, tuple[str, str]]


class _Preparation:
    """One table on its way to a view. Faults gather, so that all are told together."""

    def __init__(self, source: Source, roles: Roles, said: Said, texts: Texts) -> None:
        self.source, self.roles, self.said = source, roles, said
        self.reader = Reader(source, texts)
        self.faults: list[Fault] = []
        self.arms: tuple[str, ...] = ()
        self.periods: tuple[datetime, ...] = ()
        self.probability, self.logits = True, False

    def attempt(self, read: Callable[..., Any], *args: Any, **named: Any) -> Any:
        try:
            return read(*args, **named)
        except BadInput as error:
            self.faults.extend(error.faults)
            return None

    def parts(self) -> Sql:
        """Every part as a type and SQL."""
        self.faults, self.reader.notes = [], []
        sql: Sql = {}
        for part in _TWO:
            if part in self.roles:
                positive = self.said.positive if part == "label" else None
                moments = part in ("seen", "done")
                sql[part] = (
                    "utinyint",
                    self.attempt(self.reader.yes_no, self.roles[part], positive, moments=moments),
                )
        if "treated" in self.roles:
            found = self.attempt(self.reader.arms, self.roles["treated"], self.said.control)
            if found:
                sql["treated"], self.arms = ("utinyint", found[0]), found[1]
                if self.said.split is not None:
                    self.attempt(self.reader.planned, self.arms, self.said.split)
        self._scores(sql)
        for part in ("value", "cost", "propensity"):
            if part in self.roles:
                sql[part] = ("double", self.attempt(self.reader.number_sql, self.roles[part]))
        self._moments(sql)
        if "unit" in self.roles:
            unit = quoted(self.roles["unit"])
            there = f"{unit} <> ''" if is_text(self.reader.kind(self.roles["unit"])) else f"{unit} is not null"
            sql["unit"] = ("ubigint", f"(case when {there} then hash({unit}) end)")
        if "action" in self.roles:
            sql["action"] = ("varchar", f"cast({quoted(self.roles['action'])} as varchar)")
        if self.faults:
            raise BadInput("the table", self.faults)
        return sql

    def _scores(self, sql: Sql) -> None:
        base = self._base(sql) if not self.faults else None
        for part in ("score", "challenger"):
            if part in self.roles:
                found = self.attempt(self.reader.score, self.roles[part], base)
                if found:
                    sql[part] = ("double", found.sql)
                    self.probability = self.probability and found.probability
                    self.logits = self.logits or found.logits
        self._threshold()

    def _threshold(self) -> None:
        told = self.said.threshold
        if told is not None and self.probability and "score" in self.roles and not 0 <= told <= 1:
            self.faults.append(
                Fault(
                    "threshold",
                    f"{told:g} lies outside the score, which runs from 0 to 1",
                    "Give one between them.",
                )
            )

    def _base(self, sql: Sql) -> float | None:
        """How often the outcome comes among the rows looked at; only to tell logits from other numbers."""
        if "label" not in sql:
            return None
        self.source.connection.register("looked_at", self.source.look)
        found = self.source.connection.sql(
            f"select avg(y) from (select {sql['label'][1]} as y from looked_at) where y < 2"
        )
        value = found.fetchall()[0][0]
        return None if value is None else float(value)

    def _moments(self, sql: Sql) -> None:
        at: dict[str, str] = {}
        for part in ("time", "acted_at", "outcome_at"):
            if part in self.roles:
                name = self.roles[part]
                found = self.attempt(moment_sql, name, self.source.look[name])
                if found:
                    at[part], assumed = found
                    if assumed:
                        self.reader.note(
                            f"coerced_moments_{'text' if assumed == 'text' else 'as'}",
                            column=name,
                            how=assumed.replace("_", " "),
                        )
        if "time" in at:
            self._period(sql, at["time"])
        if "time" in at and "acted_at" in at:
            sql["wait_hours"] = ("double", f"(date_diff('second', {at['time']}, {at['acted_at']}) / 3600.0)")
        if "time" in at and "outcome_at" in at:
            sql["lag_days"] = ("double", f"(date_diff('second', {at['time']}, {at['outcome_at']}) / 86400.0)")
        if "acted_at" in at and "done" not in sql:
            sql["done"] = ("utinyint", f"cast(({at['acted_at']} is not null)::int as utinyint)")

    def _period(self, sql: Sql, at: str) -> None:
        found = self.attempt(periods_of, self.source, self.roles["time"], at, self.reader.note)
        if found:
            self.periods, sql["period"] = found[0], ("utinyint", found[1])

    def coded(self) -> dict[str, Coded]:
        """Groups and other columns as codes, in the order of the table."""
        own = {*self.roles.of.values()}
        look = self.source.look
        found: dict[str, Coded] = {}
        wanted = [*self.roles.protected, *self.roles.segments]
        rest = [c for c in self.source.columns if c not in own and c not in wanted]
        for column in [*wanted, *rest[: max(0, _MOST_COLUMNS - len(wanted))]]:
            if column in wanted and not self.source.whole and not distinct(look[column]):
                self.reader.exactly(column)  # nothing in it among the rows looked at
            exact = self.reader.values(column) if column in self.reader._exact else None
            bands = _BANDS if column in wanted else _FEATURE_BANDS
            made = as_code(column, f"c{len(found)}", look, bands=bands, exact=exact)
            if made is None:
                continue
            if column in wanted and made.kind == "bands":
                self.reader.note("coerced_bands", column=column)
            if column in wanted and made.lumped > MOST_LEVELS:
                self.reader.note("coerced_levels", column=column, n=made.lumped)
            found[column] = made
        if len(rest) > _MOST_COLUMNS:
            self.reader.note("coerced_wide", n=len(rest), most=_MOST_COLUMNS)
        return found

    def unseen(self, rows: Rows, coded: Mapping[str, Coded]) -> list[str]:
        """Columns with values that were not among the rows looked at."""
        if self.source.whole:
            return []
        named = {part: self.roles[part] for part in (*_TWO, "treated") if part in rows and part in self.roles}
        places = {**named, **{c.code: c.column for c in coded.values() if c.kind == "levels"}}
        shown = ", ".join(f"count(*) filter ({place} = {UNSEEN}) as {place}" for place in places)
        if not shown:
            return []
        counted = rows.counts(where="true", sums=tuple(f"({place} = {UNSEEN})::int" for place in places))
        return [column for i, column in enumerate(places.values()) if counted[f"sum{i}"][0] > 0]


def prepare(source: Source, roles: Roles, said: Said, texts: Texts, folder: Path) -> tuple[View, list[str]]:
    """The view, and every change made to the values in words. Raises `BadInput` with all faults at once."""
    work = _Preparation(source, roles, said, texts)
    for name in source.left_out:
        work.reader.note("coerced_left_out", column=name)
    before = list(work.reader.notes)
    for _ in range(2):
        columns, coded = work.parts(), work.coded()
        repeated = "unit" in columns and _repeated(source, columns["unit"][1])
        if not repeated and "action" not in columns:
            columns.pop("unit", None)  # every row is a unit of its own: nothing is asked of it any more
        rows = Rows(source, {**columns, **{c.code: ("utinyint", c.sql) for c in coded.values()}}, folder)
        fresh = work.unseen(rows, coded)
        if not fresh:
            break
        for column in fresh:
            work.reader.exactly(column)
    label = columns.get("label", ("", ""))[1]
    rows.clustered = repeated
    again = _double_rows(source, columns["unit"][1]) if repeated else 0
    return _view(rows, work, coded, label, again, texts), [*before, *work.reader.notes]


def _view(
    rows: Rows, work: _Preparation, coded: Mapping[str, Coded], label: str, again: int, texts: Texts
) -> View:
    roles, said, reader = work.roles, work.said, work.reader
    scored, labelled = "score" in rows, "label" in rows
    known = " and ".join([*(["label < 2"] if labelled else []), *(["score is not null"] if scored else [])])
    rows.names["known"] = f"({known or 'true'})"
    n = work.source.rows
    positives = negatives = unknown = missing = 0
    if labelled:
        sums = ("(label > 1)::int", *(["(label < 2 and score is null)::int"] if scored else []))
        told = rows.counts(where="true", sums=sums)
        unknown, missing = int(told["sum0"][0]), int(told["sum1"][0]) if scored else 0
        split = rows.counts("label", where="{known}")
        count = dict(zip(split["label"].tolist(), split["n"].tolist(), strict=True))
        positives, negatives = int(count.get(1, 0)), int(count.get(0, 0))
        if not positives or not negatives:
            what = "all rows with a score have the same outcome" if scored else "every row has the same outcome"
            raise BadInput("the table", [Fault(roles["label"], what, "Give rows of both kinds.")])
    for key, count_ in (("coerced_unknown", unknown), ("coerced_missing", missing)):
        if count_:
            reader.note(key, n=count_)
    if "treated" in rows:
        lost = int(rows.counts(where="treated > 250")["n"][0])
        if lost:
            reader.note("coerced_treated_missing", n=lost)
    leaks = leaking(work.source, rows, coded, label, "{known}") if labelled else {}
    half = len(work.periods) // 2
    rows.names["late"] = f"(case when period > 250 then {MISSING} when period >= {half} then 1 else 0 end)"
    wanted = {*roles.protected, *roles.segments}
    told_groups = {c: code for c, code in coded.items() if c in wanted and c not in leaks and len(code.names) > 1}
    view = View(
        rows=rows,
        roles=replace(
            roles,
            segments=tuple(c for c in roles.segments if c in told_groups),
            protected=tuple(c for c in roles.protected if c in told_groups),
        ),
        said=said,
        texts=texts,
        health=Health(n, unknown, missing, work.logits, again, leaks),
        n=n,
        positives=positives,
        negatives=negatives,
        bad=is_bad(roles["label"], said.positive) if said.bad is None else said.bad,
        probability=work.probability,
        arms=work.arms,
        periods=work.periods,
        groups=told_groups,
        features={c: code for c, code in coded.items() if c not in wanted},
    )
    rows.names["picked"] = view.picked
    return view


def _repeated(source: Source, unit: str) -> bool:
    """Whether units come several times; among a sample of units where there are many rows."""
    part = max(1, source.rows // _ALL_UNITS)
    there = f"from (select {unit} as unit from {source.relation}) where unit % {part} = 0"
    rows, units = source.connection.sql(f"select count(*), count(distinct unit) {there}").fetchall()[0]
    return bool(rows > units)


def _double_rows(source: Source, unit: str) -> int:
    """How many rows are there already, the same in every column; reckoned from a sample of units where many."""
    part = max(1, source.rows // _ALL_UNITS)
    every = ", ".join(quoted(name) for name in source.columns)
    there = f"from (select {unit} as unit, hash({every}) as h from {source.relation}) where unit % {part} = 0"
    rows, different = source.connection.sql(f"select count(*), count(distinct h) {there}").fetchall()[0]
    return int(rows - different) * part


def is_bad(label: str, positive: object) -> bool:
    """Whether the outcome's name says that it is one to prevent; unknown names count as such."""
    words = {*tokens(label), *tokens(str(positive or ""))}
    return bool(words & BAD) or not words & WELCOME
