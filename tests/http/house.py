"""A real small product with everything a route may ask for, and what to send to each route.

Whoever adds a route adds what it needs here: the ids that stand in addresses (`places`) and what a form or a body
sends (`SEND`, `BODIES`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests import small

from payoff.http.script import script
from payoff.people.invitations import invite
from payoff.people.keys import make_key
from payoff.people.person import people_of
from payoff.use_cases.product import Product
from payoff.web.pages.shared_board import address

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
    "/desk/{suggestion}/facts": {"fact.seats": "11"},
    "/board/{release}/decide": {"chosen": "hold", "why": "wait"},
    "/board/{release}/share": {"reasons": "yes"},
    "/board/links/{share}/withdraw": {"release": "r0"},
    "/releases/{release}/again": {"title": "Once more", "why": "try"},
    "/releases/{release}/revert": {"why": "harm"},
    "/releases/{release}/start": {"why": "now"},
    "/inbox/{feedback}/fate": {"state": "looked_at"},
    "/inbox/{feedback}/comment": {"internal": "among ourselves"},
    "/inbox/group/{group}/fate": {"state": "looked_at"},
    "/annotate/{suggestion}": {"answer": "cannot say"},
    "/annotate/{suggestion}/settle": {"answer": "cannot say"},
    "/pulse": {"score": "4"},
    "/notes/new": {"about": "interview", "text": "they want it simpler", "day": "2026-01-05"},
    "/notes/plan": {"about": "focus group", "day": "2026-02-05", "role.payroll lead": "4"},
    "/notes/themes/{theme}": {"on": "release:r0", "why": "it speaks of the order"},
    "/notes/sessions/{note}/quotes": {"text": "it was quick", "code": "P1"},
    "/notes/sessions/{note}/tasks": {"task": "find Undo", "did.P1": "did"},
    "/notes/sessions/{note}/change": {"text": "they looked for Undo"},
    "/notes/quotes/{quote_id}": {"text": "where is Undo?", "code": "P1", "themes": "finding"},
    "/notes/quotes/{quote_id}/remove": {},
    "/notes/themes/{theme}/untie": {"on": "release:r0"},
    "/notes/themes/{theme}/rename": {"name": "looking"},
    "/notes/sessions/{note}/withdraw": {"code": "P1", "text": "one person took their words back"},
    "/playbook/new": {"id": "visit", "say": "Visit {contact}", "unsure": "5", "confirmed": "1"},
    "/playbook/actions/{action}": {"say": "Call {contact} now", "unsure": "5", "confirmed": "1"},
    "/playbook/actions/{action}/retire": {"confirmed": "1"},
    "/playbook/file": {"text": small.PLAYBOOK, "base": "2", "confirmed": "1"},
    "/playbook/history/{number}": {"how": "undo", "base": "2", "confirmed": "1"},
    "/brief/answers": {"users": "people in customer success"},
    "/brief/aims": {"rhythm": "21", "confirmed": "1"},
    "/brief/file": {"text": small.BRIEF + PEOPLE, "base": "2", "confirmed": "1"},
    "/brief/history/{number}": {"how": "undo", "base": "2", "confirmed": "1"},
    "/sign-in": {"name": "nia", "password": "not the one"},
    "/welcome/{token}": {"new": "four blue herons walk", "again": "four blue herons walk"},
    "/account/password": {"new": "four blue herons walk", "again": "four blue herons walk"},
    "/people/permissions": {"base": "2", "person": "nia", "email": "nia@example.com", "may": "nia:frontline"},
    "/people/add": {"named": "Ben Ode, ben@example.com", "permissions": "frontline"},
    "/keys": {"kind": "secret", "label": "import", "permissions": "scientist"},
    "/for-you/{token}": {"what": "yes"},
    "/desk/answers": {"text": "id,answer\n"},
    "/desk/elsewhere": {"way": "slack"},
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
OPEN: set[tuple[str, str]] = {
    ("GET", "/static/tokens.css"),
    ("POST", "/look-as"),  # says who looks; refused as soon as people sign in
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("GET", "/welcome/{token}"),
    ("POST", "/welcome/{token}"),
    ("GET", "/for-you/{token}"),
    ("POST", "/for-you/{token}"),
    ("GET", "/shared/{link}"),
    ("GET", "/answer/{token}"),
    ("POST", "/answer/{token}"),
    ("POST", "/slack/actions"),
    ("GET", "/calendar/{feed}.ics"),
    ("GET", "/widget.js"),
    ("GET", "/widget-{version}.js"),
    *((how, f"/widget/v1/{what}") for how in ("POST", "OPTIONS") for what in ("suggestion", "answer", "said")),
    ("GET", "/v1/openapi.json"),
    ("GET", "/v1/healthz"),
    ("GET", "/v1/readyz"),
}
"""Addresses open to everybody, once more: whoever adds one has thought about it twice."""
REFUSES: dict[str, int] = {
    "/notes/sessions/{note}/drop": 409,  # it took place
    "/notes/quotes/{quote_id}/remove": 409,  # whoever asks first did not mark it
    "/people/{member}/invite": 409,  # an admin has to choose a password first
    "/account/password": 409,
    "/annotate/{suggestion}/settle": 404,  # nobody has opened the list yet
    "/for-you/{token}": 404,  # an invitation is no customer's link
    "/answer/{token}": 410,  # nor one that answers suggestions
    "/slack/actions": 401,  # nobody but Slack signs
    "/calendar/{feed}.ics": 404,  # this product has no calendars
    **{f"/widget/v1/{what}": 401 for what in ("suggestion", "answer", "said")},  # without a publishable key
}
"""Routes without a person that refuse this product or this body on purpose: the status they answer."""


@dataclass
class Home:
    """The product and the ids of its addresses."""

    product: Product
    places: dict[str, str] = field(default_factory=dict)

    def path(self, method: str, route: str) -> str:
        ids = {**self.places, **({"release": "r1"} if route.endswith("/start") else {})}
        return route.format(**ids) + QUERY.get(route, "")


def home(people: str = PEOPLE, *, hostile: str = "") -> Home:
    """Twelve accounts, a champion r0, a draft r1, one open suggestion, one thing said.

    `hostile` stands in every field that somebody outside the house can fill.
    """
    product = small.running(12, brief=small.BRIEF + people)
    product.create_release(
        "r1", f"Another order{hostile}", {"policy": "rules"}, by="paula", why=f"to compare{hostile}"
    )
    if hostile:
        product.facts(
            [{**row, "contact": hostile, "role": hostile, "name": hostile} for row in small.accounts(12)]
        )
    said = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    feedback = product.feedback(said.id, by="nia", thumb=1, comment=f"good one{hostile}")
    places = {"suggestion": said.id, "release": "r0", "feedback": feedback, "unit": said.unit}
    places["feed"] = "nobodys"
    places["group"] = product.groups()[0].id
    places["artefact"] = product.releases()[0].artefact
    places["version"] = script().version
    places |= _boards(product) | _research(product, hostile)
    return Home(product, places | _people(product))


def _research(product: Product, hostile: str) -> dict[str, str]:
    """A prototype test with one quote under one theme."""
    note = product.research.record(
        "prototype test", f"they looked for the button{hostile}", by="rui", attended={"payroll lead": 1}
    )
    words = f"where is it?{hostile}"
    said = product.research.mark(note, words, by="rui", who="P1", themes=["finding"])
    for n, why in enumerate(("because it works", f"because it was asked for{hostile}")):
        product.documents.change_action("setup_call", {"why": why}, by="elena", base=n)
        product.documents.put({("questions", "users"): why}, by="paula", base=n)
    return {"note": note, "quote_id": said, "theme": "finding", "action": "setup_call", "number": "2"}


def _boards(product: Product) -> dict[str, str]:
    """Figures that were kept, and a copy of them for people outside."""
    share = product.boards.share(product.scorecard("r0"), by="paula")
    return {"card": share.card, "share": share.id, "link": address(product, share).removeprefix("/shared/")}


def _people(product: Product) -> dict[str, str]:
    """Somebody invited, and a key; nobody has a password."""
    accounts, now = product.storage.accounts, product.clock.now()
    token = invite(accounts, product.signer, "tom", now=now)
    known = people_of(product.brief.people)
    key, _ = make_key(accounts, known, "secret", "old", by="ada", now=now, permissions=["scientist"])
    return {"member": "nia", "token": token, "key": key.id}
