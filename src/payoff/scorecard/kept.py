"""A kept scorecard read back from its JSON, as it stood when it was kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from payoff.records.judgement import Estimate, Row, Verdict
from payoff.scorecard.card import Scorecard, Trust


def read_card(data: Mapping[str, Any]) -> Scorecard:
    """The card of `Scorecard.as_dict`. Fields that came later have what they had before there were any."""
    trust = data["trust"]
    return Scorecard(
        release=data["release"],
        title=data["title"],
        trial=data["trial"],
        made_at=datetime.fromisoformat(data["made_at"]),
        as_of=datetime.fromisoformat(data["as_of"]),
        tag=data["tag"],
        estimand=data["estimand"],
        arms=dict(data["arms"]),
        rows=tuple(map(_row, data["rows"])),
        trust=Trust(**{**trust, "faults": tuple(trust["faults"])}),
        days_elapsed=data["days_elapsed"],
        plan_days=data["plan_days"],
        open_questions=tuple(data.get("open_questions", ())),
        ours=data.get("ours", ""),
        theirs=data.get("theirs", ""),
        design=data.get("design", "planned"),
        segments={name: tuple(map(_row, rows)) for name, rows in data.get("segments", {}).items()},
        final=tuple(map(_row, data.get("final", ()))),
        entries=dict(data.get("entries", {})),
    )


def read_verdict(data: Mapping[str, Any]) -> Verdict:
    """The verdict of `Verdict.as_dict`."""
    return Verdict(**{**data, "missing": tuple(data["missing"]), "rows": tuple(data.get("rows", ()))})


def _row(data: Mapping[str, Any]) -> Row:
    gap = data["difference"]
    return Row(
        **{
            **data,
            "arms": {arm: Estimate(**e) for arm, e in data["arms"].items()},
            "difference": Estimate(**gap) if gap else None,
        }
    )
