"""People who sign in, and keys for programs: for the operator, on the machine Payoff runs on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from payoff.brief.schema import Brief
from payoff.cli.output import By, DatabaseOption, Json, ProductOption, say
from payoff.configuration import open_product
from payoff.configuration.opening import BRIEF
from payoff.errors import BadInput, Fault
from payoff.people import invitations, keys
from payoff.people.declared import New
from payoff.people.keys import origin as site_origin
from payoff.people.permissions import PERMISSIONS
from payoff.people.person import Person, people_of
from payoff.people.proof import signing_secret
from payoff.ports import Key, KeyKind
from payoff.use_cases.documents import BY_HAND
from payoff.use_cases.product import Product

user = typer.Typer(help="People: who may do what, and who can sign in.", no_args_is_help=True)
key = typer.Typer(help="Keys for programs and for the widget.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="Short name, as in the brief's [people].")]
May = Annotated[
    list[str] | None,
    typer.Option("--may", help=f"What is allowed; may be repeated: {', '.join(PERMISSIONS)}."),
]
Origin = Annotated[
    str,
    typer.Option(
        help="The address under which people open Payoff; the brief's channels.public_url without it.",
        envvar="PAYOFF_ORIGIN",
    ),
]
KeyId = Annotated[str, typer.Argument(help="The key's id: what stands between its first two underscores.")]
HERE = "http://localhost:8000"


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.add_typer(user, name="user")
    app.add_typer(key, name="key")


@user.command("list")
def list_users(product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False) -> None:
    """Everybody in the brief: what they may do, whether they have a password, when they were last seen."""
    opened = open_product(product, database=database)
    texts = opened.texts
    accounts = {account.person: account for account in opened.storage.accounts.accounts()}
    rows: list[dict[str, Any]] = []
    for who in _people(opened.brief).values():
        account = accounts.get(who.id)
        rows.append(
            {
                "id": who.id,
                "name": who.name,
                "email": who.email,
                "permissions": _ordered(who),
                "password": bool(account and account.password),
                "last_seen": _iso(account.last_seen if account else None),
            }
        )

    def words() -> str:
        lines = []
        for row in rows:
            seen = row["last_seen"]
            at = texts.moment(datetime.fromisoformat(seen)) if seen else ""
            about = [
                ", ".join(row["permissions"]) or "–",
                texts.say("people.has_password" if row["password"] else "people.no_password"),
                texts.say("people.seen", at=at) if at else texts.say("people.never_seen"),
            ]
            lines.append(f"{row['id']}  {row['name']}  {' · '.join(about)}")
        return "\n".join(lines) or texts.say("people.cli_nobody")

    say(as_json, rows, words)


@user.command("add")
def add_user(
    id: Id,
    name: Annotated[str, typer.Option(help="Full name.")],
    may: May = None,
    email: Annotated[str, typer.Option(help="Where answers are sent; also good for signing in.")] = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Write somebody into the brief's [people]. Comments and everything else in the file stay."""
    opened = open_product(product, database=database)
    permissions, texts = _split(may), opened.texts
    opened.people.add([New(name, email, tuple(permissions), id)], by=BY_HAND)
    say(
        as_json,
        {"id": id, "name": name, "email": email, "permissions": permissions},
        lambda: texts.say("people.cli_added", name=name, id=id, file=BRIEF),
    )


@user.command("invite")
def invite_user(
    id: Id,
    origin: Origin = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """A link to choose a password with. It works once and for three days; earlier ones no longer do."""
    opened = open_product(product, database=database)
    base = _base(origin or opened.brief.channels.public_url or HERE)
    address = f"{base}/welcome/{opened.people.invite(id, opened.signer)}"
    name, texts = opened.people.known()[id].name, opened.texts
    say(
        as_json,
        {"person": id, "link": address, "days": invitations.DAYS},
        lambda: texts.say("people.cli_invited", name=name, days=invitations.DAYS, address=address),
    )


@user.command("password")
def give_password(
    id: Id,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read it from the standard input, one line.")] = False,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """A password chosen here, at the console: the first of all, or when nobody else can help any more."""
    opened = open_product(product, database=database)
    texts = opened.texts
    if stdin:
        given = again = sys.stdin.readline().rstrip("\r\n")
    else:
        given = typer.prompt(texts.say("people.new"), hide_input=True, err=True)
        again = typer.prompt(texts.say("people.again"), hide_input=True, err=True)
    opened.people.give_password(id, given, again)
    say(as_json, {"person": id}, lambda: texts.say("people.cli_password", id=id))


@user.command("remove")
def remove_user(
    id: Id,
    to: Annotated[
        str | None,
        typer.Option("--to", help='Who gets the customers they look after; "" for nobody in particular.'),
    ] = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Somebody leaves: password, sessions, keys that act for them and their entry in the brief go.

    What they said and decided stays, under their short name; so do the customers they look after, without --to.
    """
    opened = open_product(product, database=database)
    texts, ends = opened.texts, opened.people.left(id, by=BY_HAND, to=to)
    lines = [texts.say("people.cli_removed", id=id, file=BRIEF)]
    if ends.keys:
        lines.append(texts.say("people.cli_removed_keys", n=len(ends.keys)))
    if ends.owned:
        key = "people.cli_owned_stay" if to is None else "people.cli_owned_to" if to else "people.cli_owned_free"
        lines.append(texts.say(key, n=len(ends.owned), to=to or "", id=id))
    shown = {
        "id": id,
        "revoked_keys": [one.id for one in ends.keys],
        "customers": len(ends.owned),
        "customers_to": to,
    }
    say(as_json, shown, lambda: "\n".join(lines))


@key.command("list")
def list_keys(product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False) -> None:
    """All keys, revoked ones too, the newest first. The keys themselves are kept nowhere."""
    opened = open_product(product, database=database)
    found = opened.storage.accounts.all_keys()
    say(
        as_json,
        [_shown(one) for one in found],
        lambda: "\n".join(_line(opened, one) for one in found) or opened.texts.say("people.cli_no_keys"),
    )


@key.command("make")
def make_key(
    label: Annotated[str, typer.Argument(help="What it is for.")],
    person: Annotated[str, typer.Option("--for", help="The person it acts for.")] = "",
    may: May = None,
    site: Annotated[
        list[str] | None,
        typer.Option(help="A publishable key, for pages of this site: https://app.example.com. May be repeated."),
    ] = None,
    by: By = "operator",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """A key, shown once: secret (for a person or with permissions of its own), or publishable (for sites)."""
    opened = open_product(product, database=database)
    kind: KeyKind = "publishable" if site else "secret"
    made, text = keys.make_key(
        opened.storage.accounts,
        _people(opened.brief),
        kind,
        label,
        by=by,
        now=opened.clock.now(),
        person=person,
        permissions=_split(may),
        origins=site or (),
    )
    _say_key(opened, made, text, as_json)


@key.command("replace")
def replace_key(
    id: KeyId,
    by: By = "operator",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Another key of the same name and reach; the old one works until it is revoked."""
    opened = open_product(product, database=database)
    made, text = keys.replace_key(opened.storage.accounts, id, by=by, now=opened.clock.now())
    _say_key(opened, made, text, as_json)


@key.command("revoke")
def revoke_key(
    id: KeyId,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """From now on it opens nothing."""
    opened = open_product(product, database=database)
    gone = opened.storage.accounts.revoke_key(id, at=opened.clock.now())
    say(as_json, _shown(gone), lambda: opened.texts.say("people.cli_key_revoked", label=gone.label))


def _people(brief: Brief) -> dict[str, Person]:
    """Those the brief names; nobody stands in for them here."""
    return people_of(brief.people) if brief.people else {}


def _base(origin: str) -> str:
    try:
        return site_origin(origin)
    except ValueError as why:
        mend = "Write it like https://payoff.example.com."
        raise BadInput("the address", [Fault("--origin", str(why), mend)]) from why


def _say_key(opened: Product, made: Key, text: str, as_json: bool) -> None:
    """The one moment it can be read; with a key for the widget the secret its proofs are signed with."""
    texts, shown = opened.texts, {**_shown(made), "key": text}
    lines = [
        texts.say(
            "people.cli_key", kind=texts.say(f"people.key_kind_{made.kind}"), about=_scope(made), secret=text
        )
    ]
    if made.kind == "publishable":
        shown["signing_secret"] = signing_secret(opened.storage.accounts, made.id)
        lines.append(texts.say("people.cli_signing", secret=shown["signing_secret"]))
    say(as_json, shown, lambda: "\n".join(lines))


def _split(may: Sequence[str] | None) -> list[str]:
    """`--may a --may b` and `--may a,b` are the same."""
    return [word.strip() for part in may or () for word in part.split(",") if word.strip()]


def _ordered(who: Person) -> list[str]:
    return [p for p in PERMISSIONS if p in who.permissions]


def _scope(one: Key) -> str:
    return one.person or ", ".join(one.permissions or one.origins)


def _line(opened: Product, one: Key) -> str:
    texts = opened.texts
    used = texts.moment(one.last_used) if one.last_used else ""
    about = [
        texts.say(f"people.key_kind_{one.kind}"),
        _scope(one),
        texts.say("people.key_used", at=used) if used else texts.say("people.key_unused"),
    ]
    if one.revoked_at:
        about.append(texts.say("people.key_revoked", at=texts.moment(one.revoked_at)))
    return f"{one.id}  {one.label}  {' · '.join(about)}"


def _shown(one: Key) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "label": one.label,
        "person": one.person,
        "permissions": list(one.permissions),
        "origins": list(one.origins),
        "made_by": one.made_by,
        "made_at": _iso(one.made_at),
        "revoked_at": _iso(one.revoked_at),
        "last_used": _iso(one.last_used),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
