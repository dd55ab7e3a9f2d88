"""How often a release would have said the same as the one that answers, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from payoff.records.releases import Release
from payoff.texts import Texts
from payoff.use_cases.agreement import FEWEST, Agreement, Part
from payoff.web.pages.release_changes import action_words
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class AgreementShown:
    """`lead` says how often, `parts` where they differ most, `silent` how the shadow itself did."""

    lead: str
    between: str
    parts: tuple[str, ...]
    silent: str
    note: str


def agreeing(product: Product, found: Agreement, other: str, release: Release) -> AgreementShown:
    """Of 100 units, in whole ones: nobody reads a share of shares. `other` is the title it is compared with."""
    texts, unit = product.texts, product.brief.unit.name
    begun, left = release.began("shadow"), _left(release)
    days = {"since": texts.day(begun or found.since), "until": texts.day(left or found.until)}
    if not found.enough or found.low is None or found.high is None:
        lead = texts.say("releases.agree_few", n=found.n, fewest=FEWEST, title=other, unit=unit)
        return AgreementShown(lead, "", (), _silent(texts, found, unit), texts.say("releases.agree_note", **days))
    hundred = round(100 * found.same / found.n)
    counts = {"same": texts.number(found.same), "all": texts.number(found.n)}
    lead = texts.say("releases.agree", n=hundred, title=other, unit=unit, **counts)
    low, high = texts.number(100 * found.low), texts.number(100 * found.high)
    return AgreementShown(
        lead=lead,
        between=texts.say("releases.agree_between", low=low, high=high),
        parts=(*_most(product, found), *(_part(product, part) for part in found.parts)),
        silent=_silent(texts, found, unit),
        note=texts.say("releases.agree_note", **days),
    )


def _most(product: Product, found: Agreement) -> tuple[str, ...]:
    if not found.times:
        return ()
    said = product.texts.say(
        "releases.agree_most",
        mine=action_words(product, found.mine),
        theirs=action_words(product, found.theirs),
        times=product.texts.number(found.times),
        differ=product.texts.number(found.n - found.same),
    )
    return (said,)


def _part(product: Product, part: Part) -> str:
    return product.texts.say(
        f"releases.agree_{part.of}",
        name=part.name,
        differ=round(100 * part.differ / part.n),
        mine=action_words(product, part.mine),
        theirs=action_words(product, part.theirs),
    )


def _left(release: Release) -> datetime | None:
    """When it left the shadow; `None` while it is there."""
    stages = [move.stage for move in release.moves]
    later = release.moves[stages.index("shadow") :] if "shadow" in stages else ()
    return next((move.at for move in later if move.stage != "shadow"), None)


def _silent(texts: Texts, found: Agreement, unit: str) -> str:
    """How its silent answers came: a release that is slow or fails should not be found out by customers."""
    fallback = texts.say("releases.agree_fallback", share=texts.share(found.fallback, digits=1))
    fell = fallback if found.fallback > 0 else texts.say("releases.agree_no_fallback")
    if found.latency_ms is None:
        return texts.say("releases.agree_silent_bare", n=texts.number(found.asked), fell=fell, unit=unit)
    time = texts.say("releases.agree_instant")
    if found.latency_ms > 1:
        time = texts.say("releases.agree_ms", time=texts.number(found.latency_ms, digits=0))
    return texts.say("releases.agree_silent", n=texts.number(found.asked), time=time, fell=fell, unit=unit)
