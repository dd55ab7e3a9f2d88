"""What was decided on releases, in words: by whom, why, and on which figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from payoff.people.permissions import needed
from payoff.records.releases import SERVED, Release
from payoff.releases.lifecycle import champion
from payoff.texts import Texts
from payoff.web.pages.comparing import worded
from payoff.web.pages.notes_words import themed
from payoff.web.product import Decision, Product

ITSELF = "payoff"
"""The author of what happens without a person: an automatic rollback."""
LATELY = timedelta(days=14)
"""How long everybody's board tells of a release that was taken back."""


Themes = tuple[tuple[str, str], ...]
"""Themes by name, each with its address."""


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """`figures` names the figures it rested on, which stand at `href`; both "" where none were kept. `quotes`
    counts what people said of it, at `quotes_href`; both "" for nothing. `themes` are those tied to it, each with
    where it stands."""

    when: str
    line: str
    why: str
    tone: str
    figures: str = ""
    href: str = ""
    quotes: str = ""
    quotes_href: str = ""
    themes: Themes = ()


Ties = Mapping[tuple[str, datetime], tuple[str, str, Themes]]
"""What people said of decisions, in words and where, and the themes tied to them, by release and moment."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A decision that could not be taken: of which release, what was chosen and typed, and what is wrong."""

    release: str
    chosen: str
    typed: str
    problem: str
    named: str = ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A release that a rule or a person took back: what happened, what is now, and where the figures stand."""

    line: str
    then: str
    href: str


def kept_as(texts: Texts, release: Release) -> str:
    """The stage as people say it, with the share while it is on trial."""
    word = texts.say(f"releases.stage_{release.stage.replace(' ', '_')}")
    share = texts.say("releases.share", share=texts.share(release.share)) if release.on_trial else ""
    return f"{word}, {share}" if share else word


def as_it_stood(release: str, card: str) -> str:
    """The address of figures that were kept."""
    return f"/board/{quote(release, safe='')}/as-of/{quote(card, safe='')}"


def against(decision: Decision, release: Release | None) -> bool:
    """Whether somebody chose what the rule spoke against, or what it had not allowed."""
    served = release is not None and (began := release.began("full")) is not None and began < decision.at
    if decision.chosen == "hold":
        return decision.word == "roll back" or (decision.word == "promote" and not served)
    if decision.chosen == "roll back":
        return decision.word == "promote"
    return decision.chosen == "ship unproven"


def decided(
    texts: Texts,
    decision: Decision,
    names: Mapping[str, str],
    release: Release | None = None,
    tied: Ties | None = None,
) -> DecisionShown:
    """A decision in one line, with its author's name; the line says so where it went against the rule."""
    who = texts.say("board.itself") if decision.by == ITSELF else names.get(decision.by, decision.by)
    key = "board.past_line" if decision.word else "board.past_line_bare"
    if decision.word and against(decision, release):
        key = "board.past_line_against"
    proven = decision.chosen == "promote" and decision.word == "promote"
    tone = "good" if proven else {"roll back": "bad", "ship unproven": "warn"}.get(decision.chosen, "quiet")
    served = any(m.stage == "full" and m.at < decision.at for m in (release.moves if release else ()))
    word = worded(texts, decision.word, SERVED if served else "") if decision.word else ""
    line = texts.say(key, who=who, chosen=decision.chosen, word=word)
    when = texts.moment(decision.at)
    figures = texts.say("board.past_figures", when=when) if decision.card else ""
    href = as_it_stood(decision.release, decision.card) if decision.card else ""
    said = (tied or {}).get((decision.release, decision.at), ("", "", ()))
    return DecisionShown(when, line, decision.why, tone, figures, href, *said)


def bearing(product: Product, on: str) -> tuple[str, str]:
    """What was said of something in interviews and focus groups: counted for and against, and where it stands."""
    counted = product.research.about(on)
    if not counted.quotes and not counted.withdrawn:
        return "", ""
    said = product.texts.say("releases.quotes", n=counted.quotes, favour=counted.favour, against=counted.against)
    if counted.withdrawn:
        said = product.texts.say("notes.and_withdrawn", said=said, n=counted.withdrawn)
    return said, f"/notes/quotes?on={quote(on, safe='')}"


def ties(product: Product) -> Ties:
    """What was said of every decision of which anything was said, and what it is tied to."""
    found = {}
    for target in product.research.targets():
        if target.group == "decision" and target.at is not None:
            said, themes = bearing(product, target.on), themed(product, target.on)
            if said[0] or themes:
                found[target.href.rpartition("=")[2], target.at] = (*said, themes)
    return found


def deciders(product: Product) -> str:
    """The people who may take a step or decide, by name; "" while the brief names nobody."""
    wanted = needed("POST", "/board/{release}/decide") or frozenset()
    return " · ".join(p.name for p in product.brief.people.values() if not wanted.isdisjoint(p.permissions))


def taken_back(product: Product, found: Sequence[Release], now: datetime) -> tuple[TakenBack, ...]:
    """Every release that was taken back lately, newest first: nobody should have to look for it."""
    texts, titles = product.texts, {r.id: r.title for r in found}
    names = {key: p.name for key, p in product.brief.people.items()}
    serving = champion(found)
    shown = []
    for d in product.decisions():
        if d.chosen != "roll back" or now - d.at >= LATELY:
            continue
        by = "" if d.by == ITSELF else "_by"
        line = texts.say(
            f"board.taken_back{by}",
            title=titles.get(d.release, d.release),
            when=texts.moment(d.at),
            who=names.get(d.by, d.by),
            why=d.why.rstrip(".") or texts.say("board.taken_back_rule"),
        )
        then = (
            texts.say(f"board.taken_back_then{by}", title=serving.title)
            if serving
            else texts.say(f"board.taken_back_nobody{by}")
        )
        shown.append(TakenBack(line, then, as_it_stood(d.release, d.card) if d.card else ""))
    return tuple(shown)
