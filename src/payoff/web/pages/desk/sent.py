"""What a form of a card brought, as what the product is told. Whatever stands in its fields is kept, whichever of
its buttons was pressed; what cannot be kept comes back with its reason, and then nothing of it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from payoff.errors import BadInput, Fault
from payoff.records.days import farthest
from payoff.records.time import day_of
from payoff.web.pages.desk.facts import FACT, SURE, corrected
from payoff.web.pages.desk.wording import action_names
from payoff.web.product import Product

MOST = 10_000
"""Characters of one field that are kept; a longer one is refused, never cut."""
OTHER_DAY = "day"
"""What stands in `until` where the day is another one, in the field `day`."""
_WORDS = ("words", "risk", "why", "other")
Sent = Mapping[str, str]


def answer_in(product: Product, what: str, sent: Sent) -> dict[str, Any]:
    """The arguments of an answer. What has no place of its own stands in the words beside it.

    Raises `BadInput`, a fault a field, for what cannot be kept.
    """
    _short(product, sent)
    why, other, instead = (sent.get(name, "").strip() for name in ("why", "other", "instead"))
    if what == "not_now":
        return {"reason": why, "until": _until(product, sent)}
    if what != "wrong":
        return {"at": _day(sent.get("on", ""), "on")}
    reason = sent.get("reason", "")
    if reason == "owner":
        to = sent.get("to", instead)
        beside = [why, action_names(product).get(instead, ""), other]
        return {"reason": reason, "instead": to or None, "comment": _together(beside)}
    beside = [why, other if instead else ""]
    return {"reason": reason, "instead": instead or other or None, "comment": _together(beside)}


def said_in(product: Product, suggestion: str, kind: str, sent: Sent) -> list[dict[str, Any]]:
    """What somebody knows, one item each: their words, facts that are otherwise, why nobody need worry.

    `kind` says what the words are (comment, problem, idea; "" is a comment); a thumb stands alone. Raises
    `BadInput`, a fault a field, for what cannot be kept, and where nothing was said at all.
    """
    if kind.startswith("thumb"):
        return [{"thumb": 1 if kind == "thumb_up" else -1}]
    _short(product, sent)
    words, risk = sent.get("words", "").strip(), sent.get("risk", "").strip()
    if kind in ("risk", "action") and "risk" not in sent:  # one thing said, as a form of its own
        return [{"correction": {kind: words or _nothing(product, "words")}}]
    given = {name.removeprefix(FACT): value for name, value in sent.items() if name.startswith(FACT)}
    sure = {name.removeprefix(SURE): value for name, value in sent.items() if name.startswith(SURE)}
    try:
        some = not (words or risk or kind)
        facts = corrected(product, suggestion, given, some=some, sure=sure) if given else {}
    except BadInput as error:
        raise BadInput("facts", [Fault(_field(f.where), f.what, f.mend) for f in error.faults]) from error
    items: list[dict[str, Any]] = []
    if facts:
        items.append({"correction": facts})
    if risk:
        items.append({"correction": {"risk": risk}})
    if words:
        items.append({kind if kind in ("problem", "idea") else "comment": words})
    return items or [{"comment": _nothing(product, "risk" if kind == "risk" else "words")}]


def _until(product: Product, sent: Sent) -> date | None:
    if sent.get("until") != OTHER_DAY:
        return _day(sent.get("until", ""), "day")
    until, now, zone = _day(sent.get("day", ""), "day"), product.clock.now(), product.brief.product.zone
    last = farthest(now, zone)
    if until is None or not day_of(now, zone) + timedelta(days=1) <= until <= last:
        texts = product.texts
        said = texts.say("desk.not_now_day_none", last=texts.near_day(last))
        raise BadInput("the answer", [Fault("day", said, "")])
    return until


def _day(text: str, where: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        fault = Fault(where, f"“{text[:40]}” is no day", "Choose a day, for example 2026-12-03.")
        raise BadInput("the answer", [fault]) from error


def _short(product: Product, sent: Sent) -> None:
    texts, most = product.texts, product.texts.number(MOST)
    long = {name: len(sent[name]) for name in sent if name in _WORDS or name.startswith(FACT)}
    faults = [
        Fault(name, texts.say("desk.say_too_long", n=texts.number(n), most=most), "")
        for name, n in long.items()
        if n > MOST
    ]
    if faults:
        raise BadInput("what was said", faults)


def _nothing(product: Product, where: str) -> str:
    raise BadInput("feedback", [Fault(where, product.texts.say("desk.say_nothing"), "")])


def _field(where: str) -> str:
    return where if where == "facts" else f"{FACT}{where}"


def _together(parts: list[str]) -> str:
    return " · ".join(part for part in parts if part)
