"""Who may do what and who can get in: people, passwords, keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from payoff.errors import Fault
from payoff.people.declared import NOTHING, Change
from payoff.people.permissions import PERMISSIONS
from payoff.people.person import Person
from payoff.ports import Account, Key
from payoff.texts import Texts
from payoff.web.pages.desk import Option
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person. `mine`: the one who looks; `invite` is the button's word, "" while an admin has to go first."""

    id: str
    name: str
    email: str
    may: str
    able: bool
    state: str
    seen: str
    invite: str
    invite_label: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of who may do what; each tick has a label for those who cannot see its column."""

    id: str
    name: str
    email: str
    email_label: str
    ticks: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key: how it begins, whose or for which sites, by whom it was made, when it was last used."""

    id: str
    label: str
    kind: str
    start: str
    scope: str
    about: str
    revoked: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Links or a key, at the one moment they can be read: each value with what it is."""

    title: str
    text: str
    values: tuple[tuple[str, str], ...]
    use: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed when it could not be kept; `kind` says in which form of the page, `changes` what the table
    said of each person, `resigns` that whoever looks would no longer administer and has to say so once more."""

    kind: str = ""
    label: str = ""
    person: str = ""
    permissions: tuple[str, ...] = ()
    lines: str = ""
    faults: tuple[Fault, ...] = ()
    changes: Mapping[str, Change] = field(default_factory=dict)
    resigns: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, in words, and the id of the field it is about."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`base` is the version of the brief the table shows; `may_choose`: who looks can choose a first password;
    `linkless` says why people who are added get no link yet, "" where they do; `problems` are what could not be
    kept, `bad` the ids of the fields they are about; `resigns` asks whoever looks whether they mean to give away
    what they may."""

    headline: str
    open: bool
    may_choose: bool
    people: tuple[PersonLine, ...]
    gone: tuple[PersonLine, ...]
    linkless: str
    add_button: str
    columns: tuple[str, ...]
    table: tuple[Row, ...]
    base: int
    keys: tuple[KeyLine, ...]
    revoked: tuple[KeyLine, ...]
    revoked_title: str
    persons: tuple[Option, ...]
    permissions: tuple[Option, ...]
    form: Form = field(default_factory=Form)
    shown: Shown | None = None
    problems: tuple[Problem, ...] = ()
    bad: frozenset[str] = frozenset()
    resigns: str = ""


def people(
    product: Product,
    person: Person,
    known: Mapping[str, Person],
    *,
    secured: bool,
    form: Form | None = None,
    shown: Shown | None = None,
) -> PeoplePage:
    """`known` are the people of this moment; `secured`: everybody has to sign in."""
    texts, form = product.texts, form or Form()
    accounts = {account.person: account for account in product.storage.accounts.accounts()}
    able = {account.person for account in accounts.values() if account.password}
    ruled = any(p.may({"admin"}) for p in known.values() if p.id in able)
    lines = [_person(texts, p, accounts.get(p.id), person, ruled) for p in known.values()]
    left = [Person(id, id, frozenset()) for id in sorted(able - known.keys())]
    keys = product.storage.accounts.all_keys()
    problems = tuple(_problem(texts, form.kind, fault) for fault in form.faults)
    return PeoplePage(
        headline=texts.say("people.headline", n=len(lines), able=sum(line.able for line in lines)),
        open=not secured,
        may_choose=person.id in product.brief.people and person.may({"admin"}),
        people=tuple(lines),
        gone=tuple(_person(texts, p, accounts[p.id], person, False) for p in left),
        linkless="" if ruled else texts.say("people.add_linkless"),
        add_button=texts.say("people.add_invite_button" if ruled else "people.add_button"),
        columns=tuple(permissions_in_words(texts, [p]) for p in PERMISSIONS),
        table=tuple(
            _row(texts, p, form.changes.get(p.id)) for p in known.values() if p.id in product.brief.people
        ),
        base=product.people.version(),
        keys=tuple(key_line(texts, key, known) for key in keys if key.revoked_at is None),
        revoked=tuple(key_line(texts, key, known) for key in keys if key.revoked_at is not None),
        revoked_title=texts.say("people.revoked_title", n=sum(key.revoked_at is not None for key in keys)),
        persons=(
            Option("", texts.say("people.acts_for_nobody"), not form.person),
            *(Option(p.id, p.name, p.id == form.person) for p in known.values()),
        ),
        permissions=tuple(Option(p, permissions_in_words(texts, [p]), p in form.permissions) for p in PERMISSIONS),
        form=form,
        shown=shown,
        problems=problems,
        bad=frozenset(problem.field for problem in problems),
        resigns=_resigns(texts, person, known, form) if form.resigns else "",
    )


def links_shown(texts: Texts, links: Sequence[tuple[str, str]], again: Sequence[Person] = ()) -> Shown:
    """Invitations, just made: (name, address) of each; `again` are people whose short name was taken before."""
    title = texts.say("people.links_title", n=len(links), names=links[0][0])
    values = tuple((texts.say("people.link_of", name=name), address) for name, address in links)
    return Shown(title, texts.say("people.links_text"), values, _again(texts, again))


def been_here(texts: Texts, again: Sequence[Person]) -> Shown:
    """People just added whose short name was somebody's before."""
    title = texts.say("people.returned_title", names=", ".join(p.name for p in again))
    return Shown(title, _again(texts, again), ())


def key_shown(
    texts: Texts, key: Key, text: str, signing: str = "", *, base: str = "", replaced: bool = False
) -> Shown:
    """A key, just made; `signing` is the secret the proofs of a widget are signed with, `base` where a program
    finds this server."""
    said = [texts.say("people.key_text"), *([texts.say("people.key_replaced")] if replaced else [])]
    values = [(texts.say("people.key_value"), text)]
    if signing:
        values.append((texts.say("people.key_signing"), signing))
    if key.kind == "secret":
        example = f'curl -H "Authorization: Bearer {text}" {base}/v1/findings'
        values.append((texts.say("people.key_example"), example))
    title = texts.say("people.key_title", label=key.label)
    use = texts.say(f"people.key_use_{key.kind}", address=f"{base}/v1/openapi.json")
    return Shown(title, " ".join(said), tuple(values), use)


def permission_words(texts: Texts, person: Person) -> str:
    """What a person may do, in words."""
    return permissions_in_words(texts, person.permissions) or texts.say("people.may_nothing")


def permissions_in_words(texts: Texts, permissions: Collection[str]) -> str:
    """Permissions as every page says them: what one may do, and the name the brief has for it."""
    return " · ".join(texts.say(f"people.may_{p}") for p in PERMISSIONS if p in permissions)


def key_line(texts: Texts, key: Key, known: Mapping[str, Person]) -> KeyLine:
    """A key among others."""
    if key.kind == "publishable":
        scope = texts.say("people.key_sites", sites=", ".join(key.origins))
    elif not key.person:
        scope = texts.say("people.key_may", what=permissions_in_words(texts, key.permissions))
    elif key.person in known:
        scope = texts.say("people.key_acts", name=known[key.person].name)
    else:
        scope = texts.say("people.key_left", name=key.person)
    maker = known[key.made_by].name if key.made_by in known else key.made_by
    used = texts.moment(key.last_used) if key.last_used else ""
    about = [
        texts.say("people.key_begins", start=begins(key)),
        texts.say("people.key_made", at=texts.day(key.made_at), who=maker),
        texts.say("people.key_used", at=used) if used else texts.say("people.key_unused"),
    ]
    return KeyLine(
        id=key.id,
        label=key.label,
        kind=texts.say(f"people.key_kind_{key.kind}"),
        start=begins(key),
        scope=scope,
        about=" · ".join(about),
        revoked=texts.say("people.key_revoked", at=texts.moment(key.revoked_at)) if key.revoked_at else "",
    )


def begins(key: Key) -> str:
    """How the key begins: enough to find it by, and it opens nothing."""
    return f"{'sk' if key.kind == 'secret' else 'pk'}_{key.id}"


def _again(texts: Texts, again: Sequence[Person]) -> str:
    return " ".join(texts.say("people.returned", name=p.name, id=p.id) for p in again)


def _person(texts: Texts, person: Person, account: Account | None, looks: Person, ruled: bool) -> PersonLine:
    able = bool(account and account.password)
    seen = account.last_seen if account else None
    again = "_again" if able else ""
    what = permissions_in_words(texts, person.permissions)
    welcome = ruled or person.may({"admin"})
    return PersonLine(
        id=person.id,
        name=person.name,
        email=person.email,
        may=texts.say("people.may", what=what) if what else texts.say("people.may_nothing"),
        able=able,
        state=texts.say("people.has_password" if able else "people.no_password"),
        seen=texts.say("people.seen", at=texts.moment(seen)) if seen else texts.say("people.never_seen"),
        invite=texts.say(f"people.invite{again}") if welcome else "",
        invite_label=texts.say(f"people.invite{again}_label", name=person.name),
        mine=person.id == looks.id,
    )


def _resigns(texts: Texts, person: Person, known: Mapping[str, Person], form: Form) -> str:
    """What is left to them, and who administers instead: so that they know whom to ask for it back."""
    after = {id: form.changes[id].permissions if id in form.changes else p.permissions for id, p in known.items()}
    left = permissions_in_words(texts, after[person.id]) or texts.say("people.may_nothing")
    names = ", ".join(known[id].name for id, what in after.items() if "admin" in what)
    return texts.say("people.resigns", names=names, left=left)


def _row(texts: Texts, person: Person, typed: Change | None) -> Row:
    """One person as they are, or as they were typed when it could not be kept."""
    email, allowed = (typed.email, typed.permissions) if typed else (person.email, person.permissions)
    ticks = tuple(
        Option(
            f"{person.id}:{p}",
            texts.say("people.table_tick", name=person.name, what=permissions_in_words(texts, [p])),
            p in allowed,
        )
        for p in PERMISSIONS
    )
    label = texts.say("people.table_email_label", name=person.name)
    return Row(person.id, person.name, email, label, ticks)


def _problem(texts: Texts, form: str, fault: Fault) -> Problem:
    """A fault in the screen's own words, and the field that mends it."""
    what, *whose = fault.path or (fault.where,)
    if form == "table":
        at = f"{'may' if what == 'permissions' else 'email'}-{whose[0]}" if whose else "table"
    else:
        known = ("people", "permissions") if form == "add" else ("label", "person", "permissions", "origins")
        at = f"{form}-{what}" if what in known else f"{form}-{known[0]}"
    if form in ("secret", "publishable"):
        return Problem(f"{fault.what}. {fault.mend}", at)
    mend = texts.say(f"people.nothing_{form}") if fault.what == NOTHING else fault.mend
    return Problem(f"{fault.where}: {fault.what}. {mend}" if fault.where else f"{fault.what}. {mend}", at)
