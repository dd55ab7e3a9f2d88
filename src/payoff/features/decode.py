"""JSON texts of flat facts → one table. Arrow reads them in bulk; what it refuses is read one by one."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.json as pj

_LEAST_BLOCK = 1 << 22
_ROW = "__row__"


def decode(bodies: Sequence[str | None]) -> pa.Table:
    """One row a body; every fact any of them names is a column, null where a body does not name it.

    A fact that is a number here and a text there becomes text throughout (`features.columns` reads numbers
    written as text). Nested values become their JSON text.
    """
    texts = [body or "{}" for body in bodies]
    try:
        return _bulk(texts)
    except pa.ArrowInvalid:
        return _one_by_one(texts)


def _bulk(texts: list[str]) -> pa.Table:
    if not texts:
        return pa.table({})
    # A leading field of our own keeps rows whose body is empty.
    lines = "\n".join(
        f'{{"{_ROW}":0}}' if text in ("{}", "null") else f'{{"{_ROW}":0,{text.lstrip()[1:]}' for text in texts
    )
    data = lines.encode()
    block = max(_LEAST_BLOCK, 2 * max(map(len, texts)) * 4)
    table = _read(data, block, None)
    # Arrow takes a day written as text for a moment; what was sent is what is kept.
    moments = [field.name for field in table.schema if pa.types.is_temporal(field.type)]
    if moments:
        table = _read(data, block, pa.schema([(name, pa.string()) for name in moments]))
    if any(pa.types.is_nested(field.type) for field in table.schema):
        raise pa.ArrowInvalid("nested facts are read one by one")
    if table.num_rows != len(texts):
        raise pa.ArrowInvalid("a body over several lines is read one by one")
    return table.drop_columns([_ROW])


def _read(data: bytes, block: int, schema: pa.Schema | None) -> pa.Table:
    return pj.read_json(
        io.BytesIO(data),
        read_options=pj.ReadOptions(block_size=block),
        parse_options=pj.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer"),
    )


def _one_by_one(texts: list[str]) -> pa.Table:
    rows: list[dict[str, Any]] = [json.loads(text) or {} for text in texts]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: _column([row.get(name) for row in rows]) for name in names})


def _column(values: list[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool} or kinds <= {str}:
        return pa.array(values, pa.bool_() if kinds == {bool} else pa.string())
    if kinds <= {int, float}:
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    return pa.array(
        [None if v is None else v if isinstance(v, str) else json.dumps(v) for v in values], pa.string()
    )
