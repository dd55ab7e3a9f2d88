"""A real small product with everything a route may ask for, and what to send to each route.

Whoever adds a route adds what it needs here: the ids that stand in addresses (`places`) and what a form or a body
sends (`SEND`, `BODIES`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests import small

from payoff.use_cases.product import Product

PEOPLE = """
[people.nia]
name = "Nia Okafor"
permissions = ["frontline"]
[people.tom]
name = "Tom Berg"
permissions = ["frontline"]
[people.paula]
name = "Paula Stein"
permissions = ["manager"]
[people.dev]
name = "Dev Patel"
permissions = ["scientist"]
[people.elena]
name = "Elena Rossi"
permissions = ["expert"]
[people.rui]
name = "Rui Costa"
permissions = ["researcher"]
[people.ada]
name = "Ada Lind"
permissions = ["admin"]
"""
PERSONS = ("nia", "tom", "paula", "dev", "elena", "rui", "ada")

SEND: dict[str, dict[str, str]] = {
    "/look-as": {"person": "nia"},
    "/desk/{suggestion}/answer": {"what": "done"},
    "/desk/{suggestion}/feedback": {"kind": "thumb_up"},
    "/board/{release}/decide": {"chosen": "hold", "why": "wait"},
    "/releases/{release}/revert": {"why": "harm"},
    "/releases/{release}/start": {"why": "now"},
    "/inbox/{feedback}/fate": {"state": "looked_at"},
    "/pulse": {"score": "4"},
}
"""Forms, by the route they are sent to."""
BODIES: dict[str, dict[str, object]] = {
    "/v1/suggestions": {"unit": "acct-1"},
    "/v1/events": {"events": []},
    "/v1/releases/{release}/decisions": {"chosen": "hold", "why": "wait"},
    "/v1/feedback": {"unit": "acct-1", "thumb": 1},
}
"""JSON bodies, by route."""
HEADERS: dict[str, dict[str, str]] = {}
"""Headers a route cannot do without, by route."""
QUERY: dict[str, str] = {}
"""What stands behind the question mark, by route."""
REFUSES: dict[str, int] = {}
"""Routes without a person that refuse this product or this body on purpose: the status they answer."""


@dataclass
class Home:
    """The product and the ids of its addresses."""

    product: Product
    places: dict[str, str] = field(default_factory=dict)

    def path(self, method: str, route: str) -> str:
        ids = {**self.places, **({"release": "r1"} if route.endswith("/start") else {})}
        return route.format(**ids) + QUERY.get(route, "")


def home(people: str = PEOPLE) -> Home:
    """Twelve accounts, a champion r0, a draft r1, one open suggestion, one thing said."""
    product = small.running(12, brief=small.BRIEF + people)
    product.create_release("r1", "Another order", {"policy": "rules"}, by="paula", why="to compare")
    said = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    feedback = product.feedback(said.id, by="nia", thumb=1, comment="good one")
    return Home(product, {"suggestion": said.id, "release": "r0", "feedback": feedback, "unit": said.unit})
