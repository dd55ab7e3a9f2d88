"""Links to a board for people outside: who made them, what they show, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from payoff.errors import Refused, Unknown
from payoff.use_cases.judging_history import kept
from payoff.use_cases.score import Card
from payoff.use_cases.workspace import Workspace

GOOD = timedelta(days=30)
"""How long a link is good. Figures older than a month mislead whoever was not there."""


@dataclass(frozen=True, slots=True)
class Share:
    """One link: the figures of `card`, readable by anybody who has it until `until`.

    `reasons` says that what people wrote when they decided is shown, too. `withdrawn` is who took it back, "" for
    a link nobody has.
    """

    id: str
    release: str
    card: str
    reasons: bool
    by: str
    at: datetime
    withdrawn: str = ""

    @property
    def until(self) -> datetime:
        return self.at + GOOD

    def in_force(self, now: datetime) -> bool:
        return not self.withdrawn and now < self.until


def make(ws: Workspace, card: Card, *, by: str, reasons: bool = False) -> Share:
    """Keep the card and a link to it."""
    key, judgement = kept(ws, card)
    body = {"release": card.card.release, "state": "made", "card": key, "reasons": reasons}
    made = ws.event("share", body, at=ws.clock.now(), actor=by)
    ws.storage.log.append([*judgement, made])
    return Share(made.id, card.card.release, key, reasons, by, made.at)


def listed(ws: Workspace) -> list[Share]:
    """All links ever made, newest first; those withdrawn and those that are over, too."""
    found: dict[str, Share] = {}
    for row in ws.tables.arrow("share").to_pylist():
        if row["state"] == "made":
            found[row["id"]] = Share(
                row["id"], row["release"], row["card"], bool(row["reasons"]), row["actor"] or "", row["at"]
            )
        elif row["share"] in found:
            found[row["share"]] = replace(found[row["share"]], withdrawn=row["actor"] or "-")
    return list(found.values())[::-1]


def withdraw(ws: Workspace, id: str, *, by: str) -> None:
    """From now on the link opens nothing; that it was there is kept. Raises `Unknown`; twice changes nothing."""
    share = _find(ws, id)
    if not share.withdrawn:
        body = {"release": share.release, "state": "withdrawn", "share": id}
        ws.storage.log.append([ws.event("share", body, at=ws.clock.now(), actor=by)])


def opened(ws: Workspace, id: str, release: str, card: str) -> Share:
    """The link somebody holds. Raises `Refused` for one that was withdrawn, is over, or never was."""
    share = next((s for s in listed(ws) if (s.id, s.release, s.card) == (id, release, card)), None)
    if share is None or not share.in_force(ws.clock.now()):
        raise Refused("this link is no longer good", mend="Ask whoever gave it to you for a new one.")
    return share


def _find(ws: Workspace, id: str) -> Share:
    shares = listed(ws)
    for share in shares:
        if share.id == id:
            return share
    raise Unknown.among("link", id, [share.id for share in shares])
