"""The promise that whoever says something hears what became of it: seeing the answer is being told, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from payoff.feedback.items import FINAL, FeedbackItem
from payoff.use_cases.workspace import Workspace

_SPACE = uuid.UUID("1f6f5b0e-6f0f-5d36-9a3f-7c3a2f4be0d4")


def again(replies: int) -> tuple[str, ...]:
    """What tells the reading of a further answer from that of the first."""
    return (str(replies),) if replies > 1 else ()


def told(ws: Workspace, items: Iterable[FeedbackItem], by: str) -> int:
    """Note that `by`, their author, has read the final answers to these items; returns how many are new.

    Others' items and items without a final answer are passed over. However often and from however many places it
    is noted, it counts once for every answer.
    """
    now = ws.clock.now()
    mine = [item for item in items if item.by == by and item.state in FINAL and item.told_at is None]
    made = [
        ws.event(
            "fate",
            {"feedback": item.id, "state": "told"},
            at=now,
            unit=item.unit or None,
            actor=by,
            id=str(uuid.uuid5(_SPACE, "|".join((ws.name, item.id, *again(len(item.replies)))))),
        )
        for item in mine
    ]
    return ws.storage.log.append(made).count("stored") if made else 0
