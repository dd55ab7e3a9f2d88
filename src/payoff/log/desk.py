"""The desk's view of the log: per unit the newest suggestion that still waits for somebody."""

from __future__ import annotations

from datetime import datetime

import ibis
import pyarrow as pa
from ibis import _

from payoff.log.tables import LogTables
from payoff.records.suggestions import NOTHING
from payoff.records.time import to_micros


def open_suggestions(tables: LogTables, now: datetime) -> pa.Table:
    """Suggestions not expired and neither done nor dismissed, one a unit, with newest facts and responses.

    Adds to the columns of `suggestion`: facts (JSON text), responses (list), until_us (the last snooze, or
    null). Units in the holdout are never on the desk.
    """
    micros = to_micros(now)
    said = tables.table("suggestion").filter(_.mode == "answer", _.at <= ibis.literal(now))
    newest = said.mutate(place=ibis.row_number().over(group_by=said.unit, order_by=ibis.desc(said.seq)))
    newest = newest.filter(
        newest.place == 0, newest.arm != "holdout", newest.action != NOTHING, newest.expires_us > micros
    ).drop("place")
    met = (
        tables.table("response")
        .filter(_.at <= ibis.literal(now))
        .group_by("suggestion")
        .agg(
            responses=_.what.collect(order_by=_.seq),
            over=_.what.isin(["done", "dismissed"]).cast("int32").max(),
            until_us=_.until_us.argmax(_.seq, where=_.what == "snoozed"),
        )
    )
    facts = tables.table("unit.facts").filter(_.at <= ibis.literal(now))
    facts = facts.mutate(
        place=ibis.row_number().over(group_by=facts.unit, order_by=[ibis.desc(facts.at), ibis.desc(facts.seq)])
    )
    facts = facts.filter(facts.place == 0).select("unit", "facts")
    joined = newest.left_join(met, newest.id == met.suggestion, rname="met_{name}").left_join(
        facts, newest.unit == facts.unit, rname="facts_{name}"
    )
    joined = joined.filter(joined.over.isnull() | (joined.over == 0))
    keep = [*newest.columns, "facts", "responses", "until_us"]
    return joined.select(*keep).to_pyarrow()
