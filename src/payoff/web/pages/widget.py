"""The widget as customers would see it, for those who write its words: nothing they press there is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from payoff.brief.wording import CUSTOMER, named, worded
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import languages
from payoff.use_cases.naming import called
from payoff.use_cases.widget import LATER
from payoff.web.pages.desk import Option
from payoff.web.pages.foryou import NAMES
from payoff.web.product import Product

_ELEMENT = '<payoff-suggestion key="pk_…" unit="acct-42" proof="v1.…"></payoff-suggestion>'
MOST = 500
"""Customers offered by name while somebody types; any other with a suggestion is found by name or id, too."""
_SIGNING = """message = f"v1\\n{unit}\\n{person}\\n{expiry}"
proof = f"v1.{expiry}." + hmac.new(secret.encode(), message.encode(), "sha256").hexdigest()"""
"""Python a server signs with; `docs/widget.md` says the same."""


@dataclass(frozen=True, slots=True)
class TryPage:
    """`key` is "" where no action has words for customers yet. `about` says what is looked at, `what` is its value
    for an address; `customers` are names to type, `customer` the one looked at, `notice` why there is none.
    `paste` is what stands in a page of the operator's, `policy` what its content security policy needs; `people`
    leads to the keys, "" for whoever may not go there; `proof` is a proof's form, `signed` what is
    signed, `signing` how. `rest` says how long "Not now" puts it off."""

    actions: tuple[Option, ...]
    customers: tuple[str, ...]
    customer: str
    languages: tuple[Option, ...]
    key: str
    unit: str
    language: str
    what: str
    about: str
    unsaid: str
    notice: str
    rest: str
    paste: str
    policy: str
    people: str
    proof: str = "v1.<expiry>.<hex>"
    signed: str = "v1⏎unit⏎person⏎expiry"
    signing: str = _SIGNING


def try_page(
    product: Product,
    key: Callable[..., str],
    person: Person,
    origin: str,
    *,
    what: str = "",
    customer: str = "",
    language: str = "",
) -> TryPage:
    """One action, or what one unit is suggested now. `what` is `action:ID` or `unit:ID`, `customer` a name or an
    id as somebody types it; `key` makes the key, `origin` is where browsers reach this server."""
    texts, brief = product.texts, product.brief
    actions = [action for action in product.playbook.actions if worded(brief, action)]
    told = {action.id: action.name or action.id for action in actions}
    waiting = {i.unit: called(i.facts, i.unit) for i in product.queue() if i.suggestion.action in told}
    kind, _, id = what.partition(":")
    unit = _found(waiting, customer) if customer.strip() else id if kind == "unit" and id in waiting else ""
    action = id if kind == "action" and id in told else next(iter(told), "")
    spoken = [one for one in dict.fromkeys([*named(brief), *languages(CUSTOMER)]) if one in languages(CUSTOMER)]
    wanted = language if language in spoken else next(iter(spoken), "en")
    silent = [one.name or one.id for one in product.playbook.actions if one.id not in told]
    shown = ("unit", unit) if unit else ("action", action)
    lost = bool(customer.strip()) and not unit
    return TryPage(
        actions=tuple(Option(f"action:{id}", name, not unit and id == action) for id, name in told.items()),
        customers=tuple(sorted(_label(waiting, one) for one in list(waiting)[:MOST])),
        customer=_label(waiting, unit) if unit else customer,
        languages=tuple(Option(one, NAMES.get(one, one), one == wanted) for one in spoken),
        key=key(**{shown[0]: shown[1]}) if told else "",
        unit=unit or "example",
        language=wanted,
        what=":".join(shown) if told else "",
        about=texts.say(f"widget.try_{shown[0]}", name=waiting.get(unit, told.get(action, ""))) if told else "",
        unsaid=texts.say("widget.try_unsaid", actions=", ".join(silent)) if silent and actions else "",
        notice=texts.say("widget.try_nobody", given=customer.strip()[:60]) if lost else "",
        rest=_rest(product),
        paste=f'<script src="{origin}/widget.js" defer></script>\n{_ELEMENT}',
        policy=f"script-src {origin}; connect-src {origin}",
        people="/people#s-keys" if person.may(needed("GET", "/people") or ()) else "",
    )


def _rest(product: Product) -> str:
    """A week for the same suggestion; for another one, the days of rest the brief gives everybody."""
    texts, days = product.texts, product.brief.policy.contact_every_days
    said = texts.say("widget.try_later", days=texts.number(LATER.days))
    return texts.say("widget.try_rest", said=said, days=texts.number(days)) if days else said


def _label(names: Mapping[str, str], unit: str) -> str:
    return names[unit] if names[unit] == unit else f"{names[unit]} ({unit})"


def _found(names: Mapping[str, str], typed: str) -> str:
    """The unit somebody means: by id, by name, by both, or the first whose name begins so; "" for nobody."""
    given = typed.strip().casefold()
    alike = {
        unit: (unit.casefold(), name.casefold(), _label(names, unit).casefold()) for unit, name in names.items()
    }
    same = [unit for unit, forms in alike.items() if given in forms]
    return next(iter([*same, *(unit for unit, (_, name, _) in alike.items() if name.startswith(given))]), "")
