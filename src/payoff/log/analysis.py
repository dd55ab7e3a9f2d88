"""Views for judging: who entered which arm, what they were told and did, what happened within the window.

Everything here stays inside the portable subset (counts, sums, least and greatest, conditional sums by cast,
equality joins with an interval, row_number, lead, lag), so that the same views run on the engine that holds the
data. An entry is one unit in one arm of a trial from a moment on; the stream of care has one a quarter.

An outcome counts if it came within `window_days` of the entry, and is *known* only when the whole window has
passed: counting early news would count one kind of news only.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json as pa_json

from payoff.log.opinions import opinions_view
from payoff.log.responses import responses_view
from payoff.log.tables import LogTables
from payoff.records.releases import STREAM
from payoff.records.suggestions import NOTHING

ENTRY = ("unit", "at")
"""The key of an entry."""
APART = timedelta(days=45)
"""Half a quarter: who enters the stream sooner than this after the last time goes on with that entry, so that a
quarter which begins right after a release's term counts no outcome twice."""
_FAR = timedelta(days=36_600)
_ANSWERS = ("accepted", "done", "dismissed", "snoozed")


def entries(tables: LogTables, trial: str, until: datetime, *, since: datetime | None = None) -> ir.Table:
    """One row an entry: unit, arm, stage, at, next_at (exclusive end). Named units are outside every estimate.

    With `since` (the stream since a release serves everybody) only entries from then on count: with a new term
    everybody enters anew.
    """
    assigned = tables.table("assignment")
    mine = assigned.filter(assigned.trial == trial, assigned.arm != "named", assigned.at <= until)
    mine = mine.mutate(stage=mine.stage.fill_null(""))
    window = ibis.window(group_by=mine.unit, order_by=(mine.at, mine.seq))
    if trial == STREAM:
        mine = mine if since is None else mine.filter(mine.at >= since)
        mine = mine.mutate(before=mine.at.lag().over(window))
        mine = mine.filter(mine.before.isnull() | (mine.at - APART >= mine.before))
        window = ibis.window(group_by=mine.unit, order_by=(mine.at, mine.seq))
        mine = mine.mutate(next_at=mine.at.lead().over(window))
    else:
        # a trial is entered once; whatever is logged again does not count
        mine = mine.mutate(turn=ibis.row_number().over(window), next_at=ibis.null(mine.at.type()))
        mine = mine.filter(mine.turn == 0)
    mine = mine.mutate(next_at=mine.next_at.fill_null(ibis.literal(until + _FAR)))
    return mine.select("unit", "arm", "stage", "at", "next_at")


def shadow_entries(tables: LogTables, release: str, until: datetime) -> ir.Table:
    """One row a unit a shadow release was asked about: arm `shadow`, from its first silent answer on."""
    said = tables.table("suggestion")
    said = said.filter(said.release == release, said["mode"] == "shadow", said.at <= until)
    first = said.group_by("unit").agg(at=said.at.min())
    return first.mutate(
        arm=ibis.literal("shadow"), stage=ibis.literal(""), next_at=ibis.literal(until + _FAR)
    ).select("unit", "arm", "stage", "at", "next_at")


def _answers_given(tables: LogTables, until: datetime, mode: str = "answer") -> ir.Table:
    said = tables.table("suggestion")
    return said.filter(said["mode"] == mode, said.at <= until)


def suggestions(
    tables: LogTables, mine: ir.Table, until: datetime, *, mode: str = "answer", release: str = ""
) -> ir.Table:
    """One row a suggestion given within an entry: unit, at (of the entry), arm, stage, id, said_at, action, told
    (somebody was told something), risk, latency_us, fallback."""
    said = _answers_given(tables, until, mode)
    if release:
        said = said.filter(said.release == release)
    said = said.select(
        said.id,
        said_at=said.at,
        said_unit=said.unit,
        action=said.action,
        risk=said.risk,
        latency_us=said.latency_us,
        fallback=said.fallback.cast("int8").fill_null(0),
        told=((said.action != NOTHING) & (said.arm != "holdout")).cast("int8"),
    )
    met = mine.join(said, [mine.unit == said.said_unit, said.said_at >= mine.at, said.said_at < mine.next_at])
    return met.drop("said_unit", "next_at")


def responses(tables: LogTables, until: datetime) -> ir.Table:
    """One row a suggestion somebody met: suggestion, seen, accepted, done, answered (0/1), done_at.

    Only answers that stand count; one that was taken back leaves that the suggestion was seen.
    """
    met = responses_view(tables)
    met = met.filter(met.at <= until)
    done = met.what == "done"
    return met.group_by("suggestion").agg(
        seen=met.what.notnull().cast("int8").max(),
        accepted=met.what.isin(["accepted", "done"]).cast("int8").max(),
        done=done.cast("int8").max(),
        answered=met.what.isin(_ANSWERS).cast("int8").max(),
        done_at=met.at.min(where=done),
    )


def opinions(tables: LogTables, until: datetime) -> ir.Table:
    """One row a suggestion with feedback: suggestion, thumbs, thumbs_up, corrected (0/1).

    Of one author only the newest thumb on a suggestion counts, so that clicking often does not weigh more; what
    its author took back counts nowhere.
    """
    said = opinions_view(tables)
    said = said.filter(said.at <= until, said.suggestion.notnull())
    said = said.mutate(thumbed=said.thumb.notnull().cast("int8"), corrects=said.correction.notnull().cast("int8"))
    window = ibis.window(
        group_by=(said.suggestion, said.actor, said.thumbed), order_by=(said.at.desc(), said.seq.desc())
    )
    said = said.mutate(turn=ibis.row_number().over(window))
    newest = said.thumbed * (said.turn == 0).cast("int8")
    return said.group_by("suggestion").agg(
        thumbs=newest.sum(),
        thumbs_up=(newest * (said.thumb.fill_null(0) > 0).cast("int8")).sum(),
        corrected=said.corrects.max(),
    )


def behaviour(tables: LogTables, mine: ir.Table, until: datetime) -> ir.Table:
    """One row an entry with suggestions, counts of them: given, told, seen, accepted, done, hours (from told to
    done, over the done ones), thumbs, thumbs_up, corrected, fallback, and reached (told anything) and answered,
    which are 0 or 1."""
    given = suggestions(tables, mine, until)
    met, said = responses(tables, until), opinions(tables, until)
    wide = given.left_join(met, given.id == met.suggestion).drop("suggestion")
    wide = wide.left_join(said, wide.id == said.suggestion)
    hours = (wide.done_at.epoch_seconds() - wide.said_at.epoch_seconds()).cast("float64") / 3600.0

    def told(column: str) -> ir.Value:
        return (wide[column].fill_null(0) * wide.told).sum()

    return wide.group_by(*ENTRY).agg(
        given=wide.id.count(),
        told=wide.told.sum(),
        seen=told("seen"),
        accepted=told("accepted"),
        done=told("done"),
        hours=(hours * wide.told.cast("float64")).sum(),
        thumbs=told("thumbs"),
        thumbs_up=told("thumbs_up"),
        corrected=told("corrected"),
        fallback=wide.fallback.sum(),
        reached=wide.told.max(),
        answered=(wide.answered.fill_null(0) * wide.told).max(),
    )


def happened(
    tables: LogTables, mine: ir.Table, name: str, window_days: float, until: datetime, *, start: str = "at"
) -> ir.Table:
    """One row an entry with news of the outcome inside its window: its key, happened (0/1), amount (the sum, in
    the outcome's own measure), days (from `start` to the first time it happened). Entries without news have
    no row."""
    news = tables.table("outcome")
    news = news.filter(news["name"] == name, news.at <= until)
    news = news.select(news_unit=news.unit, news_at=news.at, news_amount=news.amount)
    begin = mine[start]
    end = begin + ibis.interval(seconds=round(window_days * 86_400))
    met = mine.join(news, [mine.unit == news.news_unit, news.news_at >= begin, news.news_at < end])
    yes = met.news_amount > 0
    days = (met.news_at.epoch_seconds() - met[start].epoch_seconds()).cast("float64") / 86_400.0
    return met.group_by(*ENTRY).agg(
        happened=yes.cast("int8").max(), amount=met.news_amount.sum(), days=days.min(where=yes)
    )


def known(mine: ir.Table, window_days: float, until: datetime, *, start: str = "at") -> ir.Value:
    """1 where the whole window has passed, else 0."""
    return (mine[start] <= until - timedelta(days=window_days)).cast("int8")


def scored(
    tables: LogTables,
    mine: ir.Table,
    name: str,
    window_days: float,
    until: datetime,
    *,
    mode: str = "answer",
    release: str = "",
) -> ir.Table:
    """One row an entry whose risk was scored: unit, arm, risk, happened (0/1) within the window from the first
    score on. Only windows that have passed; one score an entry, so that rows stand for units, not for repeats."""
    given = suggestions(tables, mine, until, mode=mode, release=release)
    given = given.filter(given.risk.notnull(), given.said_at <= until - timedelta(days=window_days))
    window = ibis.window(group_by=(given.unit, given.at), order_by=(given.said_at, given.id))
    given = given.mutate(turn=ibis.row_number().over(window))
    first = given.filter(given.turn == 0).select("unit", "at", "arm", "said_at", "risk")
    news = happened(tables, first, name, window_days, until, start="said_at")
    news = news.rename(news_unit="unit", news_start="at")
    wide = first.left_join(news, [first.unit == news.news_unit, first.at == news.news_start])
    return wide.select("unit", "arm", "risk", happened=wide.happened.fill_null(0))


def trial_rows(tables: LogTables, trial: str) -> ir.Table | None:
    """An experiment run elsewhere, one row a unit: unit, arm (its action), stage "", at, and a number a column for
    each outcome. All outcomes are known; `None` where the trial has no rows."""
    rows = tables.arrow("trial.row")
    rows = rows.filter(pc.equal(rows["trial"], trial))
    if not rows.num_rows:
        return None
    names = outcome_names(rows)
    schema = pa.schema([(name, pa.float64()) for name in names])
    lines = "\n".join(rows["outcomes"].to_pylist()).encode()
    options = pa_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    amounts = pa_json.read_json(
        pa.BufferReader(lines), read_options=pa_json.ReadOptions(block_size=1 << 24), parse_options=options
    )
    columns = {"unit": rows["unit"], "arm": rows["action"], "at": rows["at"]}
    table = pa.table({**columns, **{name: amounts[name] for name in names}})
    return ibis.memtable(table).mutate(stage=ibis.literal(""))


def outcome_names(rows: pa.Table) -> list[str]:
    """The outcomes named by any row of a foreign experiment."""
    lines = "\n".join(rows["outcomes"].to_pylist()).encode()
    read = pa_json.read_json(pa.BufferReader(lines), read_options=pa_json.ReadOptions(block_size=1 << 24))
    return [
        name
        for name in read.column_names
        if pa.types.is_floating(read[name].type)
        or pa.types.is_integer(read[name].type)
        or pa.types.is_boolean(read[name].type)
    ]
