"""Work from where you are: what reaches somebody without opening the desk, and who can set up the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from payoff.errors import Unknown
from payoff.feedback.items import FINAL
from payoff.people.person import Person, people_of
from payoff.use_cases.reaching import Reach, Stand
from payoff.web.pages.desk.wording import since
from payoff.web.product import Product

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONDAY = date(2026, 1, 5)
WAYS = ("slack", "email", "hubspot", "salesforce", "calendar")
_LOOKED = 200
"""So many of the newest things somebody said are looked at for what they asked for."""
_ASKS = {"unset": "set_up", "unknown": "add", "others": "add", "broken": "mend"}


@dataclass(frozen=True, slots=True)
class WayShown:
    """One way: what comes to this person when; or what could, and why it does not. `way` is what can be asked for,
    `asked` says that it was."""

    name: str
    words: str
    why: str = ""
    way: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class ElsewherePage:
    """`asks` say who can set up, add or mend what is `missing`. `address` is the person's calendar address, ""
    without one; `renew` says how it is made anew, and `may_renew` that they can do so themselves. `runs`:
    setting up is theirs."""

    headline: str
    ways: tuple[WayShown, ...]
    missing: tuple[WayShown, ...]
    asks: tuple[str, ...]
    calendar: WayShown | None
    address: str
    renew: str
    may_renew: bool
    runs: bool


def elsewhere(product: Product, person: Person) -> ElsewherePage:
    """Every place a suggestion can come to, there or not, as this one person has it."""
    texts, say = product.texts, product.texts.say
    reached = product.working.reaches(person.id)
    dated = product.working.calendar(person.id)
    address = product.calendars.address(person.id) if dated == "ready" else ""
    ways = tuple(_there(product, one) for one in reached if one.stand == "ready")
    stands: list[tuple[str, Stand]] = [(one.way, one.stand) for one in reached if one.stand != "ready"]
    if not address:
        stands.append(("calendar", dated))
    account = product.storage.accounts.account(person.id)
    own = account is not None and bool(account.password)
    runs = person.may({"admin"})
    asked = {} if runs else _asked(product, person)
    n = len(ways) + bool(address)
    return ElsewherePage(
        headline=texts.say("elsewhere.headline", n=n) if n else say("elsewhere.headline_none"),
        ways=ways,
        missing=tuple(
            WayShown(
                say(f"elsewhere.name_{way}"),
                say(f"elsewhere.would_{way}"),
                say(f"elsewhere.{stand}"),
                "" if runs or way in asked else way,
                asked.get(way, ""),
            )
            for way, stand in stands
        ),
        asks=tuple(dict.fromkeys(_ask(product, person, stand) for _, stand in stands)),
        calendar=WayShown(say("elsewhere.name_calendar"), say("elsewhere.calendar_ready")) if address else None,
        address=address,
        renew=say("elsewhere.calendar_password") if own else say("elsewhere.calendar_invite", names=_who(product)),
        may_renew=own,
        runs=runs,
    )


def request_of(product: Product, way: str) -> str:
    """What is kept where somebody asks for a way. Raises `Unknown` for one there is not."""
    if way not in WAYS:
        raise Unknown.among("way", way, WAYS)
    return product.texts.say("elsewhere.request", way=product.texts.say(f"elsewhere.name_{way}"))


def _asked(product: Product, person: Person) -> dict[str, str]:
    """Which ways this person has asked for and nobody has answered, and since when."""
    texts, now = product.texts, product.clock.now()
    open_ = {i.problem: i.at for i in product.said_by(person.id, _LOOKED) if i.problem and i.state not in FINAL}
    requests = {way: request_of(product, way) for way in WAYS}
    found = {way: open_[words] for way, words in requests.items() if words in open_}
    return {way: texts.say("elsewhere.asked", when=since(texts, at, now)) for way, at in found.items()}


def _there(product: Product, reach: Reach) -> WayShown:
    say = product.texts.say
    key = f"elsewhere.ready_{reach.way}" + ("" if reach.answers else "_read")
    return WayShown(say(f"elsewhere.name_{reach.way}"), say(key, when=_when(product), address=reach.address))


def _when(product: Product) -> str:
    """Mondays from 08:00 at most 5 …, as the brief says."""
    channels, texts = product.brief.channels, product.texts
    day = texts.long_weekday(_MONDAY + timedelta(days=_DAYS.index(channels.on)))
    return texts.say("elsewhere.when", day=day, hour=f"{time(channels.hour):%H:%M}", n=channels.most)


def _ask(product: Product, person: Person, stand: Stand) -> str:
    if person.may({"admin"}):
        return product.texts.say("elsewhere.ask_you")
    return product.texts.say(f"elsewhere.ask_{_ASKS[stand]}", names=_who(product))


def _who(product: Product) -> str:
    """Who looks after it: the admins by name."""
    texts = product.texts
    names = [one.name for one in people_of(product.brief.people).values() if one.may({"admin"})]
    return texts.say("elsewhere.or").join(names) or texts.say("elsewhere.whoever")
