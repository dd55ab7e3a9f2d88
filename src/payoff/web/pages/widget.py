"""The widget as customers would see it, for those who write its words: nothing they press there is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from payoff.brief.wording import CUSTOMER, named, worded
from payoff.texts import languages
from payoff.web.pages.desk import Option
from payoff.web.pages.foryou import NAMES
from payoff.web.product import Product

MOST = 200
"""Units offered to look at."""


@dataclass(frozen=True, slots=True)
class TryPage:
    """`key` is "" where no action has words for customers yet. `about` says what is looked at."""

    choices: tuple[Option, ...]
    languages: tuple[Option, ...]
    key: str
    unit: str
    language: str
    about: str
    unsaid: str


def try_page(product: Product, key: Callable[..., str], *, what: str = "", language: str = "") -> TryPage:
    """One action, or what one unit is suggested now. `what` is `action:ID` or `unit:ID`; `key` makes the key."""
    texts, brief = product.texts, product.brief
    actions = [action for action in product.playbook.actions if worded(brief, action)]
    told = {action.id: action.name or action.id for action in actions}
    waiting = [item for item in product.queue() if item.suggestion.action in told][:MOST]
    offered = [(f"action:{id}", name) for id, name in told.items()]
    offered += [(f"unit:{item.unit}", f"{item.unit} · {told[item.suggestion.action]}") for item in waiting]
    chosen = what if what in dict(offered) else next(iter(dict(offered)), "")
    kind, _, id = chosen.partition(":")
    spoken = [one for one in dict.fromkeys([*named(brief), *languages(CUSTOMER)]) if one in languages(CUSTOMER)]
    wanted = language if language in spoken else next(iter(spoken), "en")
    silent = [action.name or action.id for action in product.playbook.actions if action.id not in told]
    return TryPage(
        choices=tuple(Option(value, label, value == chosen) for value, label in offered),
        languages=tuple(Option(one, NAMES.get(one, one), one == wanted) for one in spoken),
        key=key(**{kind: id}) if chosen else "",
        unit=id if kind == "unit" else "example",
        language=wanted,
        about=texts.say(f"widget.try_{kind}") if chosen else "",
        unsaid=texts.say("widget.try_unsaid", actions=", ".join(silent)) if silent and actions else "",
    )
