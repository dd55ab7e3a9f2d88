"""Who is at the other end, and whether they may use the route they asked for.

Until there is a sign-in, a cookie names one of the brief's people; without one, or with a name the brief does not
know, it is the person the mode starts with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from starlette.routing import BaseRoute

from payoff.errors import Refused
from payoff.people.permissions import needed
from payoff.people.person import Person, first_with
from payoff.web.cards import Cards
from payoff.web.frame import Mode
from payoff.web.product import Product

COOKIE = "payoff_person"
PULSE = "payoff_pulse"


class Forbidden(Refused):
    """The person may not do this, whatever the moment."""


@dataclass(frozen=True, slots=True)
class House:
    """What every route works with: the product, its people, the mode, and scorecards made once."""

    product: Product
    people: Mapping[str, Person]
    mode: Mode
    cards: Cards = field(compare=False)

    def default(self) -> Person:
        """Demo: the first frontline person. Local: whoever may decide, so that one person can do everything."""
        wanted = ("frontline", "manager") if self.mode == "demo" else ("admin", "manager", "scientist")
        return first_with(self.people, *wanted)


def house(request: Request) -> House:
    found: House = request.app.state.house
    return found


def person(request: Request) -> Person:
    """The person of this request."""
    at_home = house(request)
    named = request.cookies.get(COOKIE, "")
    return at_home.people.get(named) or at_home.default()


def permitted(request: Request) -> None:
    """Refuses a person without one of the permissions the table asks for, and a route it does not list."""
    route: BaseRoute = request.scope["route"]
    path = getattr(route, "path", "")
    wanted = needed(request.method, path)
    if wanted is None:
        raise Forbidden("this address is open to nobody", where=f"{request.method} {path}")
    who = person(request)
    if wanted and not who.may(wanted):
        raise Forbidden(
            f"{who.name} may not do this",
            where=f"{request.method} {path}",
            mend=f"It takes the permission {' or '.join(sorted(wanted))}; the brief's [people] give them.",
        )
