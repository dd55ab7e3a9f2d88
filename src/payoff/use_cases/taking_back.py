"""Words, thumbs and corrections taken back by whoever said them: a word on the record, nothing is deleted.

What its author declines teaches nothing, and nobody needs to answer it. Whatever has an answer already stays.
"""

from __future__ import annotations

from payoff.errors import Conflict, Unknown
from payoff.feedback.fates import final_id
from payoff.records.envelope import Event
from payoff.use_cases.workspace import Workspace


def take_back(ws: Workspace, feedback: str, by: str) -> None:
    """Take back one thing `by` said. Twice is harmless.

    Raises `Unknown` for what this person never said, `Conflict` for what has been answered meanwhile.
    """
    said = ws.storage.log.find(feedback)
    if said is None or said.kind != "feedback" or said.actor != by:
        raise Unknown(
            "there is nothing of yours to take back here", mend="Open “What I said” and choose it there."
        )
    before = ws.storage.log.find(final_id(feedback))
    if before is None and ws.storage.log.append([taken_back(ws, said, by)]) != ["conflict"]:
        return
    before = before or ws.storage.log.find(final_id(feedback))
    if before is None or before.actor != by:
        raise Conflict(ws.texts.say("desk.answered_meanwhile"), mend=ws.texts.say("desk.answered_meanwhile_mend"))


def taken_back(ws: Workspace, said: Event, by: str) -> Event:
    """The author's own no to what they said."""
    body = {"feedback": said.id, "state": "declined", "reason": ws.texts.say("desk.took_back")}
    return ws.event("fate", body, at=ws.clock.now(), unit=said.unit, actor=by, id=final_id(said.id))
