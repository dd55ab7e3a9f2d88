"""The small product with people who are reached where they work."""

from __future__ import annotations

from datetime import timedelta

from tests import small

from payoff.ports import Channel, Channels, Storage
from payoff.use_cases.product import Product

PEOPLE = """
[people.ana]
name = "Ana Silva"
email = "ana@small.example"
permissions = ["frontline"]
[people.ben]
name = "Ben Osei"
email = "ben@small.example"
slack = "UBEN"
permissions = ["frontline"]
[people.rui]
name = "Rui Costa"
email = "rui@small.example"
permissions = ["researcher"]
"""
CHANNELS = """
[channels]
public_url = "https://payoff.small.example"
most = 5
[channels.slack]
[channels.email]
sender = "Payoff <payoff@small.example>"
"""


def monday(*ready: Channel, brief: str = "", n: int = 40, storage: Storage | None = None) -> Product:
    """Monday morning, everybody's suggestions made, these channels ready."""
    product = small.running(n, brief=small.BRIEF + PEOPLE + CHANNELS + brief, storage=storage)
    product.decide()
    door = next((one for one in ready if hasattr(one, "pressed")), None)
    product.workspace.channels = Channels({one.name: one for one in ready}, door=door)
    return product


def wait(product: Product, **more: float) -> None:
    product.clock.set(product.clock.now() + timedelta(**more))


def answers(product: Product, suggestion: str = "") -> list[tuple[str, str, str]]:
    """(what, who, via) of everything that was answered; being shown it is none."""
    rows = product.workspace.tables.arrow("response").to_pylist()
    return [
        (r["what"], r["actor"], r["via"])
        for r in sorted(rows, key=lambda r: r["seq"])
        if r["what"] not in ("shown", "accepted") and suggestion in ("", r["suggestion"])
    ]


def shown(product: Product) -> list[tuple[str, str]]:
    rows = product.workspace.tables.arrow("response").to_pylist()
    return [(r["actor"], r["via"]) for r in rows if r["what"] == "shown"]
