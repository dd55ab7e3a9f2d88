"""What stands around every page: the name, the way to other pages, who looks, how fresh the data are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from payoff.people.permissions import Permission, needed
from payoff.people.person import Person, first_with
from payoff.texts import Texts
from payoff.web.product import Product

Mode = Literal["demo", "local"]
PAGES = (
    "desk", "board", "releases", "inbox", "notes", "health", "playbook", "brief", "annotate", "people",
)  # fmt: skip
"""The navigation, in its order. A page without a route in the table of permissions is offered to nobody."""
VIEWS: tuple[Permission, ...] = ("frontline", "manager", "scientist", "expert", "researcher", "admin")
"""The ways to look at the demo, in the order of its switch."""


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    label: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One entry of the switch "look as"."""

    person: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """`banner` is "" unless figures are simulated, `differs` what works differently in the demo; `said` is the
    line that confirms what was just done; `signed` says that the person has signed in, and can sign out. `person`
    is "" for somebody who has not."""

    product: str
    language: str
    person: str
    nav: tuple[Link, ...]
    views: tuple[View, ...]
    banner: str
    as_of: str
    here: str
    said: str = ""
    signed: bool = False
    differs: str = ""


def home(person: Person) -> str:
    """The first page a person has use for."""
    if person.may({"frontline"}):
        return "/desk"
    if person.may({"scientist"}) and not person.may({"manager", "admin"}):
        return "/releases"
    if person.may({"expert"}) and not person.may({"manager", "admin"}):
        return "/playbook"
    if person.may({"researcher"}) and not person.may({"manager", "admin"}):
        return "/notes"
    return "/board"


def frame(
    product: Product,
    person: Person,
    people: Mapping[str, Person],
    *,
    mode: Mode,
    here: str,
    as_of: datetime | None = None,
    said: str = "",
    signed: bool = False,
) -> Frame:
    """Only the pages a person may open are offered to them."""
    texts = product.texts
    nav = tuple(
        Link(f"/{page}", texts.say(f"page.nav_{page}"), page == here)
        for page in PAGES
        if person.may(needed("GET", f"/{page}") or ())
    )
    shown = product.brief.product
    return Frame(
        product=shown.title or shown.name,
        language=texts.language,
        person=person.name,
        nav=nav,
        views=() if signed or not person.id else views(texts, person, people, mode),
        banner=texts.say("page.simulated") if mode == "demo" or shown.simulated else "",
        as_of=texts.say("page.as_of", at=texts.moment(as_of)) if as_of else "",
        here=here,
        said=_said(texts, said),
        signed=signed,
        differs=texts.say("page.demo_differs") if mode == "demo" else "",
    )


def views(texts: Texts, person: Person, people: Mapping[str, Person], mode: Mode) -> tuple[View, ...]:
    """Everybody one can look as; nobody to choose from where there is one alone. The demo says what each of them
    may do, and offers first one of each."""
    if mode == "local":
        return tuple(View(p.id, p.name, p.id == person.id) for p in people.values()) if len(people) > 1 else ()
    first: list[Person] = []
    for permission in VIEWS:
        others = {id: p for id, p in people.items() if p not in first and permission in p.permissions}
        first += [first_with(others, permission)] if others else []
    return tuple(
        View(p.id, texts.say("page.view", view=_roles(texts, p), name=p.name), p.id == person.id)
        for p in [*first, *(p for p in people.values() if p not in first)]
    )


def _roles(texts: Texts, person: Person) -> str:
    """The brief's own names of what somebody may do; an admin's alone, which holds the rest."""
    held = ["admin"] if person.may({"admin"}) else [p for p in VIEWS if p in person.permissions]
    return ", ".join(texts.say(f"page.view_{p}") for p in held) or texts.say("page.view_nobody")


def _said(texts: Texts, said: str) -> str:
    """Only sentences of ours: the word comes from the address and is looked up, never shown."""
    key = f"page.said_{said}"
    return texts.say(key) if said and texts.knows(key) else ""
