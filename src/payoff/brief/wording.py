"""The playbook in a customer's words: which language is spoken, and what is missing in which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import TypeVar
from urllib.parse import urlsplit

from payoff.brief.faults import Finder
from payoff.brief.lines import Path
from payoff.brief.schema import OWN, Brief, Playbook, PlaybookAction
from payoff.texts import Texts, languages

CUSTOMER = "customer"
"""The room of texts a customer reads; a language that has it can be spoken."""
T = TypeVar("T")
_LOCAL = frozenset(("localhost", "127.0.0.1"))
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Worded:
    """One action as a customer reads it, in one language from top to bottom. Empty: there is none."""

    language: str
    title: str
    why: str
    button: str
    link: str


def worded(brief: Brief, action: PlaybookAction, asked: str = "") -> Worded | None:
    """The action in the language asked for, else in the first of the brief's that has all its words.

    `None` where no customer is to be told of it: it has no wording in a language there is.
    """
    tell, why = own(brief, action.tell), own(brief, action.tell_why)
    wanted = [language for language in dict.fromkeys((plain(asked), *named(brief))) if language in tell]
    wanted = [language for language in wanted if language in languages(CUSTOMER)]
    whole = [language for language in wanted if not why or language in why]
    for language in (*whole, *wanted):
        said = tell[language]
        return Worded(language, said.title, why.get(language, ""), said.button, safe_link(said.link))
    return None


def named(brief: Brief) -> list[str]:
    """The languages customers read, the first of which stands in for others."""
    return brief.widget.languages or [plain(brief.product.language)]


def own(brief: Brief, words: Mapping[str, T]) -> dict[str, T]:
    """Words by language, where those without one are in the product's own."""
    return {language if language != OWN else plain(brief.product.language): w for language, w in words.items()}


def plain(language: str) -> str:
    """de-AT → de."""
    return language.replace("_", "-").partition("-")[0].strip().lower()


def safe_link(link: str) -> str:
    """A link that can only lead to a page: https, a path of the product itself, or this machine; else ""."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    if not link.isprintable() or "\\" in link:
        return ""
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL):
        return link if parts.netloc else ""
    return link if link.startswith("/") and not link.startswith("//") else ""


def check_wording(
    brief: Brief, playbook: Playbook, finder: Finder, playbook_finder: Finder, texts: Texts
) -> list[str]:
    """Adds faults of customers' words; returns remarks: what customers of a language do not see, or in part."""
    widget, spoken = brief.widget, languages(CUSTOMER)
    for i, language in enumerate(widget.languages):
        if language not in spoken:
            finder.unknown(("widget", "languages", i), "customers' language", language, spoken)
    finder.twice(("widget", "languages"), widget.languages)
    for name, by in (("public_facts", widget.public_facts), ("reads", widget.reads)):
        _check_languages(brief, by, ("widget", name), finder)
    for fact, words in widget.facts.items():
        _check_languages(brief, words, ("widget", "facts", fact), finder)
    if widget.privacy and not safe_link(widget.privacy):
        finder.add(("widget", "privacy"), f"{widget.privacy!r} is no address", "Write it whole: https://…")
    for i, action in enumerate(playbook.actions):
        _check_action(brief, action, ("actions", i), playbook_finder)
    if "widget" not in brief.model_fields_set:
        return []
    told = [action for action in playbook.actions if action.tell]
    silent = [action for action in playbook.actions if not action.tell]
    notes = [texts.say("widget.note_silent", actions=_listed(silent))] if silent else []
    return notes + [note for language in named(brief) for note in _missing(brief, told, language, texts)]


def _check_languages(brief: Brief, by: Mapping[str, object], place: Path, finder: Finder) -> None:
    spoken = languages(CUSTOMER)
    for language in by:
        if language == OWN and plain(brief.product.language) not in spoken:
            what = f"it names no language, and customers cannot be spoken to in {brief.product.language!r}"
            finder.add(place, what, f"Name one: {place[-1]}.{spoken[0]} = …")
        elif language != OWN and language not in spoken:
            finder.unknown((*place, language), "customers' language", language, spoken)
    own_language = plain(brief.product.language)
    if OWN in by and own_language in by:
        finder.add(place, f"{own_language!r} stands there twice, once without its name", "Keep one.")


def _check_action(brief: Brief, action: PlaybookAction, place: Path, finder: Finder) -> None:
    _check_languages(brief, action.tell, (*place, "tell"), finder)
    _check_languages(brief, action.tell_why, (*place, "tell_why"), finder)
    for language, said in action.tell.items():
        at = (*place, "tell", *([language] if language else []))
        if not said.title.strip():
            finder.add(at, "it says nothing", "Write the sentence a customer reads.")
        if len(said.title) > _LONGEST_TITLE:
            finder.add(
                at, f"{len(said.title)} characters", f"At most {_LONGEST_TITLE}: customers read one sentence."
            )
        if said.link and not safe_link(said.link):
            mend = "Write https://…, or a path of your product that begins with /."
            finder.add((*at, "link"), f"{said.link!r} leads to no page", mend)
        _check_filled(said.title, at, finder)
    for language, why in action.tell_why.items():
        _check_filled(why, (*place, "tell_why", *([language] if language else [])), finder)
    for language in action.tell_why:
        spoken = language or plain(brief.product.language)
        if spoken not in own(brief, action.tell):
            at = (*place, "tell_why", *([language] if language else []))
            finder.add(at, f"a reason in {spoken!r} and no wording", f"Add tell.{spoken}, too.")


def _check_filled(text: str, place: Path, finder: Finder) -> None:
    """Nothing is filled in for customers: a fact in braces would tell them what we keep about them."""
    try:
        filled = any(name is not None for _, name, _, _ in Formatter().parse(text))
    except ValueError:
        filled = True
    if filled:
        finder.add(place, "customers' words have braces, and nothing is filled in", "Say it without them.")


def _missing(brief: Brief, told: Sequence[PlaybookAction], language: str, texts: Texts) -> list[str]:
    """What customers of one language do not read in it, or read in another as a whole."""
    unsaid = [action for action in told if language not in own(brief, action.tell)]
    said = [action for action in told if language in own(brief, action.tell)]
    without = [action for action in said if action.tell_why and language not in own(brief, action.tell_why)]
    notes = []
    if unsaid:
        notes.append(texts.say("widget.note_unsaid", language=language, actions=_listed(unsaid)))
    if without:
        notes.append(texts.say("widget.note_without_why", language=language, actions=_listed(without)))
    worded = any(language in own(brief, words) for words in brief.widget.facts.values())
    if told and not worded and language not in own(brief, brief.widget.public_facts):
        notes.append(texts.say("widget.note_no_facts", language=language))
    return notes


def _listed(actions: Sequence[PlaybookAction]) -> str:
    return ", ".join(action.name or action.id for action in actions)
