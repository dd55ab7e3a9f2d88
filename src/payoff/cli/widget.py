"""The widget: what to paste, proofs to make and to check, links for e-mails. For the customer's programmer."""

from __future__ import annotations

import functools
from typing import Annotated

import typer

from payoff.cli.output import NO, DatabaseOption, Json, ProductOption, say
from payoff.configuration import open_product
from payoff.errors import BadInput, Fault, Refused, Unknown
from payoff.people import proof as proofs
from payoff.people.keys import origin as site_origin
from payoff.ports import Key
from payoff.use_cases.product import Product

widget = typer.Typer(help="The widget in your own product: what to paste, proofs, links.", no_args_is_help=True)

UnitArgument = Annotated[str, typer.Argument(help="The unit's id, exactly as Payoff knows it.")]
PersonOption = Annotated[str, typer.Option(help="The person in front of the page, if you name one.")]
KeyOption = Annotated[str, typer.Option("--key", help="Which publishable key: its id, or the key itself.")]
Origin = Annotated[
    str | None,
    typer.Option(
        help="The address under which browsers reach Payoff; the brief's channels.public_url without it.",
        envvar="PAYOFF_ORIGIN",
    ),
]
HERE = "http://localhost:8000"


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.add_typer(widget, name="widget")


@widget.command()
def snippet(
    key: KeyOption = "",
    origin: Origin = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """The two lines to paste, and the directives a strict content security policy needs."""
    from payoff.http.script import script

    opened = open_product(product, database=database)
    base, made = _site(opened, origin), script()
    shown = key if key.startswith("pk_") else f"pk_{_key(opened, key).id}_…"
    tag = f'<script src="{base}/widget.js" defer></script>'
    pinned = (
        f'<script src="{base}{made.address}" integrity="{made.integrity}" crossorigin="anonymous" defer></script>'
    )
    element = f'<payoff-suggestion key="{shown}" unit="…" proof="…"></payoff-suggestion>'
    policy = f"script-src {base}; connect-src {base}"
    value = {"script": tag, "pinned": pinned, "element": element, "policy": policy, "bytes": len(made.content)}

    def words() -> str:
        return opened.texts.say("widget.cli_snippet", script=tag, pinned=pinned, element=element, policy=policy)

    say(as_json, value, words)


@widget.command()
def secret(
    key: KeyOption = "", product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False
) -> None:
    """The secret your server signs proofs with. It never belongs in a page."""
    opened = open_product(product, database=database)
    found = _key(opened, key)
    text = proofs.signing_secret(opened.storage.accounts, found.id)
    say(as_json, {"key": found.id, "secret": text}, lambda: text)


@widget.command()
def proof(
    unit: UnitArgument,
    person: PersonOption = "",
    minutes: Annotated[int, typer.Option(help="How long it is good for.", min=1, max=24 * 60)] = 15,
    key: KeyOption = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """A proof for one unit, for a trial by hand; your server makes its own."""
    opened = open_product(product, database=database)
    found = _key(opened, key)
    text = proofs.signing_secret(opened.storage.accounts, found.id)
    made = proofs.sign(text, unit, person, now=opened.clock.now(), seconds=minutes * 60)
    say(as_json, {"key": found.id, "unit": unit, "person": person, "proof": made}, lambda: made)


@widget.command()
def check(
    proof: Annotated[str, typer.Argument(help="The proof, as it stands in the page.")],
    unit: Annotated[str, typer.Option(help="The unit it is meant for; without it every known one is tried.")] = "",
    person: PersonOption = "",
    key: KeyOption = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Whether a proof is good now; if it is not, why. Exit status 1 when it is not."""
    opened = open_product(product, database=database)
    living = _living(opened)
    first = _key(opened, key) if key or len(living) == 1 else None
    ordered = [*([first] if first else []), *(one for one in living if one != first)]
    pairs = [(one.id, proofs.signing_secret(opened.storage.accounts, one.id)) for one in ordered]
    units = opened.workspace.tables.arrow("unit.facts")["unit"].unique().to_pylist()
    try:
        id, whose = proofs.explained(
            proof.strip(), pairs, unit, person, units=units, now=opened.clock.now(), bound=first is not None
        )
    except proofs.BadProof as bad:
        say(as_json, {"good": False, **bad.as_dict()}, functools.partial("{0.what}. {0.mend}".format, bad))
        raise typer.Exit(NO) from None
    value = {"good": True, "key": id, "unit": whose, "person": person}
    say(as_json, value, lambda: opened.texts.say("widget.cli_good", unit=whose, id=id))


@widget.command()
def link(
    unit: UnitArgument,
    person: PersonOption = "",
    lang: Annotated[str, typer.Option(help="The language of the page.")] = "",
    origin: Origin = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """A link for an e-mail: it opens what this unit is suggested now, and ends with it."""
    opened = open_product(product, database=database)
    address = f"{_site(opened, origin)}/for-you/{opened.customers.link(unit, person, lang)}"
    say(as_json, {"unit": unit, "person": person, "link": address}, lambda: address)


@widget.command()
def again(
    unit: UnitArgument,
    person: PersonOption = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """A customer who wanted no more suggestions has asked you for them again."""
    opened = open_product(product, database=database)
    opened.customers.again(unit, person)
    say(as_json, {"unit": unit, "person": person}, lambda: opened.texts.say("widget.cli_again", unit=unit))


def _living(opened: Product) -> list[Key]:
    keys = opened.storage.accounts.all_keys()
    return [key for key in keys if key.kind == "publishable" and key.revoked_at is None]


def _key(opened: Product, wanted: str) -> Key:
    """The key by its id or its text; without either the only one there is."""
    living, parts = _living(opened), wanted.split("_")
    id = parts[1] if wanted.startswith("pk_") and len(parts) > 1 else wanted
    if id:
        found = next((key for key in living if key.id == id), None)
        if found is None:
            raise Unknown.among("publishable key", id, [key.id for key in living])
        return found
    if not living:
        raise Refused(
            "there is no publishable key yet",
            mend='Make one: payoff key make "our product" --site https://app.example.com',
        )
    if len(living) > 1:
        listed = ", ".join(f"{key.id} ({key.label})" for key in living)
        raise Refused("there are several publishable keys", mend=f"Name one with --key: {listed}.")
    return living[0]


def _site(opened: Product, origin: str | None) -> str:
    try:
        return site_origin(origin or opened.brief.channels.public_url or HERE)
    except ValueError as why:
        fault = Fault("--origin", str(why), "Write it like https://payoff.example.com.")
        raise BadInput("the address", [fault]) from None
