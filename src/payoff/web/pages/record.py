"""Every decision and every step of every release in one list: who, when, why, and on which figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from payoff.texts import Texts
from payoff.web.pages.decisions import ITSELF, DecisionShown, decided, ties
from payoff.web.pages.judged import BY_HAND
from payoff.web.product import Product

_STEPS = frozenset({"draft", "shadow", "named", "canary", "ramp"})
"""Moves that are no decision on figures: the others stand in the record as the decision that made them."""
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One entry: of which release (`title`, at `href`; "" for the brief), and what was decided or done."""

    title: str
    href: str
    said: DecisionShown


@dataclass(frozen=True, slots=True)
class RecordPage:
    lines: tuple[RecordLine, ...]


def record(product: Product) -> RecordPage:
    """Newest first. A changed brief is among them: it says what is won."""
    texts, known = product.texts, {r.id: r for r in product.releases()}
    names = {key: p.name for key, p in product.brief.people.items()}
    tied, found = ties(product), []
    for decision in product.decisions():
        release = known.get(decision.release)
        if release is not None:
            said = decided(texts, decision, names, release, tied)
            found.append((decision.at, RecordLine(release.title, _at(release.id), said)))
    for release in known.values():
        for move in release.moves:
            if move.stage in _STEPS:
                stage = texts.say(f"releases.stage_{move.stage}")
                line = texts.say("releases.record_step", who=_who(texts, names, move.by), stage=stage)
                said = DecisionShown(texts.moment(move.at), line, move.why, "quiet")
                found.append((move.at, RecordLine(release.title, _at(release.id), said)))
    for at, by in product.boards.brief_changes(_EVER):
        said = DecisionShown(
            texts.moment(at),
            texts.say("releases.record_brief", who=_who(texts, names, by)),
            "",
            "quiet",
            texts.say("releases.record_brief_see"),
            "/brief/history",
        )
        found.append((at, RecordLine(texts.say("briefpage.title"), "/brief", said)))
    found.sort(key=lambda one: one[0])  # stable: of one moment the later step stands on top
    return RecordPage(tuple(line for _, line in reversed(found)))


def _at(release: str) -> str:
    return f"/releases#{quote(release, safe='')}"


def _who(texts: Texts, names: dict[str, str], by: str) -> str:
    if by == BY_HAND:
        return texts.say("board.brief_by_hand")
    return texts.say("board.itself") if by == ITSELF else names.get(by, by)
