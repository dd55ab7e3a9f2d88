"""A small table, and what is asked of its report."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import payoff
from payoff.audit.report import Report
from payoff.errors import BadInput

N = 400
RNG = np.random.default_rng(11)
SCORE = RNG.random(N)
CHURNED = RNG.random(N) < SCORE
LOGITS = np.log(np.clip(SCORE, 0.01, 0.99) / (1 - np.clip(SCORE, 0.01, 0.99)))


def columns(**changed: Any) -> dict[str, Any]:
    return {"score": SCORE, "churned": CHURNED, **changed}


class Stream:
    """Anything that speaks the Arrow stream interface, as Polars does."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def said(report: Report, part: str) -> bool:
    return any(part in note for note in report.coerced)


def model(report: Report) -> dict[str, Any]:
    """The model's own line in the table of accuracy."""
    return dict(report.section("accuracy").tables[0].rows[0])


def keys(report: Report) -> set[str]:
    return {finding.key for finding in report.all_findings}


def faults(frame: Any, **named: Any) -> str:
    with pytest.raises(BadInput) as refused:
        payoff.audit(frame, **named)
    assert all(fault.mend for fault in refused.value.faults)
    return str(refused.value)
