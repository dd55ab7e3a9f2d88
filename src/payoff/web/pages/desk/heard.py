"""What was said about a customer last, on their card: one line, with its author and its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from payoff.log.customers import AUTHOR
from payoff.people.person import Person
from payoff.web.pages.desk.wording import action_names, person_name, said_words, short, since
from payoff.web.product import Product, QueueItem


def last_said(product: Product, person: Person, shown: Sequence[QueueItem]) -> dict[str, str]:
    """By suggestion, the newest thing anybody said about its customer; one question for all cards of a page."""
    now, texts, actions = product.clock.now(), product.texts, action_names(product)
    words = product.last_words([item.unit for item in shown])
    lines = {}
    for item in shown:
        said = words.get(item.unit)
        if said is None:
            continue
        whose = "mine" if said.by == person.id else "customers" if said.by.startswith(AUTHOR) else "theirs"
        line = texts.say(
            f"desk.last_said_{whose}",
            when=since(texts, said.at, now),
            name=person_name(product.brief, said.by),
            words=short(said_words(replace(said, thumb=None), texts, actions)),  # a thumb is about the action
        )
        lines[item.suggestion.id] = (
            texts.say("desk.last_said_risk", said=line) if said.correction.get("risk") else line
        )
    return lines
