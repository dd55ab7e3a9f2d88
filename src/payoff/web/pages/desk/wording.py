"""How things on the desk are called: facts, actions, money, and what somebody said."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from payoff.brief.schema import Brief
from payoff.features.words import fraction, readable, sentence
from payoff.feedback.items import FeedbackItem
from payoff.log.corrections import GONE
from payoff.records.time import day_of
from payoff.texts import Texts
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


def words(name: str) -> str:
    """A fact's name as people read it."""
    return readable(name)


def fact_name(name: str, texts: Texts) -> str:
    """A fact's name in everyday words, where there are some; else its own name as people read it."""
    key = f"reasons.label_{readable(name).replace(' ', '_').lower()}"
    return texts.say(key) if texts.knows(key) else readable(name)


def action_names(product: Product) -> dict[str, str]:
    """The playbook's actions by id, as people call them."""
    return {a.id: a.name or words(a.id) for a in product.playbook.actions}


def person_name(brief: Brief, person: str) -> str:
    """An owner fact may hold the id of one of the brief's people, or a name."""
    return brief.people[person].name if person in brief.people else person


def day(texts: Texts, at: datetime, now: datetime) -> str:
    """Thu 3 Dec; with its year where that is another one."""
    near = day_of(at, texts.zone).year == day_of(now, texts.zone).year
    return texts.near_day(at) if near else texts.day(at)


def short(text: str, most: int = 200) -> str:
    """The beginning of something long, up to a word's end; the whole of it stands under "What I said"."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


def sentences(*parts: str) -> str:
    """Parts of a message, each as a sentence of its own: large at its beginning, with a stop at its end."""
    said = [part.strip() for part in parts if part.strip()]
    return " ".join(sentence(part) if part[-1] in ".?!…" else f"{sentence(part)}." for part in said)


def since(texts: Texts, at: datetime, now: datetime) -> str:
    """At 09:14 where that was today, else the day."""
    if day_of(at, texts.zone) == day_of(now, texts.zone):
        return texts.say("desk.at_time", time=texts.clock(at))
    return texts.say("desk.on_day", day=day(texts, at, now))


def when(texts: Texts, at: datetime, now: datetime) -> str:
    """09:14 where that was today, else the day: behind "since"."""
    today = day_of(at, texts.zone) == day_of(now, texts.zone)
    return texts.clock(at) if today else day(texts, at, now)


def plain(name: str, value: object, texts: Texts) -> str:
    """A fact's value as people read it: a part of a whole as per cent, nothing as a dash."""
    if value is None or value == "":
        return texts.say("desk.fact_unknown")
    if isinstance(value, bool):
        return texts.say("page.yes" if value else "page.no")
    if not isinstance(value, (int, float)):
        return str(value)
    return _figure(texts, float(value), fraction(name, value))


@functools.lru_cache(maxsize=4096)
def _figure(texts: Texts, value: float, part: bool) -> str:
    """A desk shows the same small numbers over and over, and writing one the language's way takes its time."""
    if part:
        return texts.share(value)
    return texts.number(value, digits=0 if value.is_integer() else 2)


def said_words(item: FeedbackItem, texts: Texts, actions: Mapping[str, str]) -> str:
    """What somebody said, in one line."""
    parts = []
    if item.thumb:
        key = "inbox.thumb_up" if item.thumb > 0 else "inbox.thumb_down"
        action = actions.get(item.action, "")
        parts.append(texts.say("inbox.thumb", thumb=texts.say(key), about=action) if action else texts.say(key))
    parts += corrections(item, texts, actions)
    if item.text and item.text not in map(str, item.correction.values()):
        parts.append(item.text)
    return " · ".join(parts)


def corrections(item: FeedbackItem, texts: Texts, actions: Mapping[str, str]) -> list[str]:
    """What was corrected, a line each; risk, action and gone are no facts and have their own words."""
    lines = []
    for fact, value in item.correction.items():
        if fact in ("risk", "action"):
            lines.append(texts.say(f"inbox.correction_{fact}", value=actions.get(str(value), value)))
        elif fact == GONE:
            key = "desk.said_gone" if value not in (False, None, "") else "desk.said_not_gone"
            lines.append(texts.say(key, value=value))
        else:
            shown = plain(str(fact), value, texts)
            lines.append(texts.say("inbox.correction", fact=fact_name(str(fact), texts), value=shown))
    return lines
