"""What a customer reads, as data: in the widget (sent to the browser as JSON) and behind the link of an e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from payoff.brief.schema import Brief
from payoff.brief.wording import CUSTOMER, named, own, safe_link
from payoff.features.words import readable
from payoff.texts import Texts, languages
from payoff.use_cases.customer_view import Customer, Past, Told
from payoff.use_cases.widget import REASONS


@dataclass(frozen=True, slots=True)
class Line:
    """One earlier answer: when, about what, what was said (a sentence each), and what became of it."""

    when: str
    title: str
    said: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class About:
    """Why somebody sees this, and how to see no more of it. `facts` are what counted for this one, `rest` says
    what else was weighed."""

    ask: str
    text: str
    facts: tuple[str, ...]
    rest: str
    reads: str
    privacy: str
    privacy_link: str
    hide: str
    off: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything a customer may read at one time, all in `language`. `state` is open, yes, later, no, hidden,
    stopped, ended, or news (no suggestion, only what became of an answer); `message` says it in words; `words` is
    the label of the field for the customer's own, "" once they were sent; `rate` asks for a `thumb` (1, -1, 0 for
    none so far), `up` and `down` name the two."""

    language: str
    state: str
    message: str
    label: str
    title: str
    why: str
    note: str
    yes: str
    link: str
    later: str
    no: str
    undo: str
    ask: str
    reasons: tuple[tuple[str, str], ...]
    words: str
    send: str
    missing: str
    failed: str
    about: About
    answers: str
    past: tuple[Line, ...]
    news: bool
    rate: str
    up: str
    down: str
    thumb: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One language of the page."""

    href: str
    label: str
    language: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ForYouPage:
    """The page behind a link. Without `shown` there is only a `title` and a sentence."""

    title: str
    sentence: str
    language: str
    action: str = ""
    shown: Shown | None = None
    languages: tuple[Choice, ...] = ()


NAMES = {"en": "English", "de": "Deutsch", "es": "Español"}
"""Languages as those who read them call them."""


def speaking(language: str, zone: str) -> Texts:
    """Customers' texts in one language."""
    return Texts(language, zone, room=CUSTOMER)


def shown(told: Told, who: Customer, brief: Brief, *, message: str = "") -> Shown:
    """What this customer reads now. `message` names another sentence than that of the state."""
    texts = speaking(told.language, brief.product.zone)
    words = told.worded
    news = words is None
    return Shown(
        language=told.language,
        state="news" if news else told.state,
        message=texts.say(f"customer.{message}") if message else _message(told, texts),
        label=texts.say("customer.label_you" if who.person else "customer.label_team") if not news else "",
        title=words.title if words else texts.say("customer.news"),
        why=words.why if words else "",
        note=texts.say("customer.explored") if told.explored and words else "",
        yes=(words and words.button) or texts.say("customer.open" if words and words.link else "customer.contact"),
        link=words.link if words else "",
        later=texts.say("customer.later"),
        no=texts.say("customer.no"),
        undo=texts.say("customer.undo"),
        ask=texts.say("customer.why"),
        reasons=tuple((code, texts.say(f"customer.reason_{code}")) for code in REASONS),
        words="" if message.startswith("sent") else texts.say("customer.words"),
        send=texts.say("customer.send"),
        missing=texts.say("customer.missing_no" if told.state == "no" else "customer.missing"),
        failed=texts.say("customer.failed"),
        about=_about(brief, texts, told.facts),
        answers=texts.say("customer.answers"),
        past=tuple(_line(past, texts) for past in told.answers),
        news=told.news,
        rate=texts.say("customer.rate"),
        up=texts.say("customer.up"),
        down=texts.say("customer.down"),
        thumb=told.thumb,
    )


def for_you(told: Told, who: Customer, brief: Brief, token: str, *, message: str = "") -> ForYouPage:
    """The page of one suggestion; once it has ended, a sentence that says so."""
    texts = speaking(told.language, brief.product.zone)
    action = f"/for-you/{token}"
    choices = tuple(
        Choice(f"{action}?{urlencode({'lang': one})}", NAMES.get(one, one), one, one == told.language)
        for one in dict.fromkeys(named(brief))
        if one in languages(CUSTOMER)
    )
    if told.worded and told.worded.link.startswith("/"):  # a path of the operator's product, which is not here
        told = replace(told, worded=replace(told.worded, link=""))
    title = texts.say("customer.page_title", company=brief.product.title or brief.product.name)
    if told.state == "ended" or told.worded is None:
        return ForYouPage(texts.say("customer.ended"), texts.say("customer.page_ended"), told.language)
    key = "page_stopped" if told.state == "stopped" else message
    seen = shown(told, who, brief, message=key)
    return ForYouPage(
        title=title,
        sentence=texts.say("customer.page_nothing_kept")
        if told.state == "open" and not message and not told.thumb
        else "",
        language=told.language,
        action=f"{action}?{urlencode({'lang': told.language})}",
        shown=seen,
        languages=choices if len(choices) > 1 else (),
    )


def nothing_for_you(key: str, language: str) -> ForYouPage:
    """A link that opens nothing (`broken`), or what went wrong while something was sent (`failed`)."""
    texts = speaking(language, "UTC")
    return ForYouPage(texts.say(f"customer.page_{key}_title"), texts.say(f"customer.page_{key}"), texts.language)


def _message(told: Told, texts: Texts) -> str:
    if told.state == "open" or told.worded is None:
        return ""
    if told.state == "yes":
        return texts.say("customer.kept_open" if told.worded.link else "customer.kept_contact")
    if told.state in ("later", "no"):
        return texts.say(f"customer.kept_{told.state}", day=texts.long_day(told.until) if told.until else "")
    return texts.say(f"customer.{told.state}")


def _about(brief: Brief, texts: Texts, names: Sequence[str]) -> About:
    """In the customer's words where the brief gives any, else by the name the fact has."""
    widget, language = brief.widget, texts.language
    facts = [own(brief, widget.facts.get(name, {})).get(language) or readable(name) for name in names]
    others = [one for one in own(brief, widget.public_facts).get(language, []) if one not in facts]
    rest = texts.say("customer.about_rest_such", facts="; ".join(others)) if others else ""
    return About(
        ask=texts.say("customer.about"),
        text=texts.say("customer.about_facts" if facts else "customer.about_plain"),
        facts=tuple(dict.fromkeys(facts)),
        rest=rest or (texts.say("customer.about_rest") if facts else ""),
        reads=own(brief, widget.reads).get(language) or texts.say("customer.about_reads"),
        privacy=texts.say("customer.privacy"),
        privacy_link=safe_link(widget.privacy),
        hide=texts.say("customer.hide"),
        off=texts.say("customer.off"),
    )


def _line(past: Past, texts: Texts) -> Line:
    said = [texts.say(f"customer.said_{past.what}")] if past.what else []
    said += [texts.say("customer.said_words", words=words) for words in past.words]
    return Line(texts.long_day(past.at), past.title, tuple(said), _became(past, texts))


def _became(past: Past, texts: Texts) -> str:
    """What became of it, in a sentence; never the word declined."""
    if past.reply:
        return texts.say(
            "customer.reply_used" if past.state == "used" else "customer.reply_kept", reply=past.reply
        )
    if past.done:
        return texts.say("customer.state_done")
    known = {"new": "new", "looked_at": "looked", "used": "used", "declined": "kept"}
    if past.words and past.state in known:
        return texts.say(f"customer.state_{known[past.state]}")
    if past.what == "yes":
        return "" if past.led else texts.say("customer.state_contact")
    if past.what == "later" and past.until:
        return texts.say("customer.state_later", day=texts.long_day(past.until))
    return texts.say("customer.state_no") if past.what == "no" else ""
