"""A small product whose set-up call has words for customers, in three languages; the mail has none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from tests import small

from payoff.adapters.clock import SetClock
from payoff.http.app import create_app
from payoff.people import proof
from payoff.people.keys import make_key
from payoff.use_cases.customer_view import Customer
from payoff.use_cases.product import Product

SITE = "https://app.example.com"
TITLE = "Set up your first run with us, in half an hour"
TITLE_DE = "Richten Sie Ihren ersten Lauf mit uns ein, in einer halben Stunde"
WHY = "Most teams that do it together are done the same day."
TELL = f"""
tell.en = "{TITLE}"
tell.de = "{TITLE_DE}"
tell.es = "Prepare su primera nómina con nosotros, en media hora"
tell_why.en = "{WHY}"
tell_why.de = "Die meisten Teams sind damit am selben Tag fertig."
tell_why.es = "La mayoría de los equipos terminan el mismo día."
"""
LED = """
tell.en = { title = "Read how others began", button = "Open the guide", link = "https://guide.example.com/start" }
"""
WIDGET = """
[widget]
languages = ["en", "de", "es"]
privacy = "https://example.com/privacy"
[widget.public_facts]
en = ["how far your set-up is"]
de = ["wie weit Ihre Einrichtung ist"]
[widget.reads]
en = "Nia, who looks after you, reads what you answer."
"""
PEOPLE = """
[people.paula]
name = "Paula Stein"
permissions = ["manager"]
[people.nia]
name = "Nia Okafor"
permissions = ["frontline"]
"""


def running(tell: str = TELL, widget: str = WIDGET, *, n: int = 12, **more: Any) -> Product:
    """Twelve accounts with a decision each; one of them is in the holdout."""
    playbook = small.PLAYBOOK.replace('name = "Set-up call"\n', 'name = "Set-up call"\n' + tell)
    made = small.running(n, brief=small.BRIEF + PEOPLE + widget, playbook=playbook, **more)
    made.decide()
    return made


def wait(product: Product, **more: float) -> None:
    """Some time passes."""
    clock = product.clock
    assert isinstance(clock, SetClock)
    clock.set(clock.now() + timedelta(**more))


def held(product: Product) -> str:
    """A unit of the holdout."""
    rows = product.workspace.tables.arrow("suggestion").to_pylist()
    return next(row["unit"] for row in rows if row["arm"] == "holdout")


def answers(product: Product) -> list[tuple[str, str, str]]:
    """(what, via, by) of every response, oldest first."""
    rows = product.workspace.tables.arrow("response").to_pylist()
    return [(row["what"], row["via"], row["actor"]) for row in rows]


@dataclass
class Site:
    """A page of the operator's product: it has a key, and a server that signs."""

    product: Product = field(default_factory=running)
    site: str = SITE
    mode: str = "local"

    def __post_init__(self) -> None:
        now = self.product.clock.now()
        accounts = self.product.storage.accounts
        self.key, self.text = make_key(
            accounts, {}, "publishable", f"app {self.site}", by="ada", now=now, origins=[self.site]
        )
        self.secret = proof.signing_secret(accounts, self.key.id)
        self.client = TestClient(
            create_app(self.product, mode=self.mode),
            base_url="http://localhost",
            follow_redirects=False,  # type: ignore[arg-type]
        )

    def proof(self, unit: str, person: str = "", **more: Any) -> str:
        return proof.sign(self.secret, unit, person, now=self.product.clock.now(), **more)

    def post(self, what: str, body: Any, *, key: str | None = None, origin: str | None = None, **more: Any) -> Any:
        headers = {"origin": self.site if origin is None else origin} | more.pop("headers", {})
        address = f"/widget/v1/{what}?key={self.text if key is None else key}"
        return self.client.post(address, json=body, headers=headers, **more)

    def ask(self, unit: str, person: str = "", **more: Any) -> Any:
        """What a browser asks first."""
        body = {"unit": unit, "person": person, "proof": self.proof(unit, person), "lang": "en"} | more
        return self.post("suggestion", body)

    def shown(self, unit: str, person: str = "", **more: Any) -> dict[str, Any]:
        """What is drawn then."""
        answer = self.ask(unit, person, **more)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def suggestion_of(product: Product, unit: str) -> str:
    """The id of what a unit is told now."""
    told = product.customers.look(Customer(unit))
    assert told is not None
    return told.suggestion
