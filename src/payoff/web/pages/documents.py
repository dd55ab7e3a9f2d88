"""The brief and the playbook as files: the text itself, its versions, and what each of them changed."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from payoff.brief.differences import DiffLine
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.documents import Look
from payoff.web.pages import versions as versioned
from payoff.web.product import Product

FILES = {"playbook": "playbook.toml", "brief": "payoff.toml"}
"""The pages, and the file behind each."""
_ITSELF = {"file", "payoff"}
WORDED = 40
"""Versions of a list whose changes are put into words; the others are a click away."""


@dataclass(frozen=True, slots=True)
class FilePage:
    """The text in an editor. `base` is the version it began with; with a `mark` it waits for somebody's word, and
    `lines` show what it changes (or, of two edits at once, how the two differ). `changed` says that another text
    was looked at before. `only_read` tells somebody who may not change it who may."""

    page: str
    name: str
    text: str
    base: int
    problems: tuple[str, ...]
    effects: tuple[str, ...]
    warnings: tuple[str, ...]
    lines: tuple[LineShown, ...]
    mark: str
    changed: bool
    may_write: bool
    only_read: str


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version; `said` is what it changed, in words, for the newest `WORDED` and for one that is opened."""

    number: int
    who: str
    when: str
    now: bool
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line of a comparison. `mark` says in a sign and `words` in words what became of it."""

    kind: str
    mark: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`lines` compare the chosen version with the one before it; empty while none is chosen. `how` is what
    somebody wants to do with it (undo, back), not done yet: `pending` then shows what that would change."""

    page: str
    name: str
    versions: tuple[VersionShown, ...]
    chosen: VersionShown | None
    lines: tuple[LineShown, ...]
    base: int
    problems: tuple[str, ...]
    effects: tuple[str, ...]
    warnings: tuple[str, ...]
    pending: tuple[LineShown, ...]
    how: str
    may_restore: bool


def file(
    product: Product,
    person: Person,
    page: str,
    *,
    text: str | None = None,
    base: int | None = None,
    problems: tuple[str, ...] = (),
    effects: tuple[str, ...] = (),
    warnings: tuple[str, ...] = (),
    lines: Sequence[DiffLine] = (),
    mark: str = "",
    changed: bool = False,
) -> FilePage:
    """The file of a page; with what somebody wrote, where it has to be looked at again."""
    name, documents = FILES[page], product.documents
    troubles = tuple(map(str, documents.troubles.get(name, ())))
    write = needed("POST", f"/{page}/file") or frozenset()
    may_write = person.may(write)
    return FilePage(
        page=page,
        name=name,
        text=documents.on_file(name) if text is None else text,
        base=documents.document(name).number if base is None else base,
        problems=problems or troubles,
        effects=effects,
        warnings=warnings,
        lines=_lines(product.texts, lines),
        mark=mark,
        changed=changed,
        may_write=may_write,
        only_read="" if may_write else _others(product, write),
    )


def _others(product: Product, write: AbstractSet[str]) -> str:
    names = [one.name for one in product.brief.people.values() if write & {*one.permissions}]
    say = product.texts.say
    return say("documents.only_read", names=", ".join(names)) if names else say("documents.only_read_nobody")


def history(
    product: Product,
    person: Person,
    page: str,
    number: int = 0,
    *,
    problems: tuple[str, ...] = (),
    look: Look | None = None,
    how: str = "",
) -> HistoryPage:
    """Every version, newest first; of a chosen one, what it changed. Raises `Unknown` for one there never was."""
    name, documents, texts = FILES[page], product.documents, product.texts
    newest = documents.document(name).number
    people = {key: person.name for key, person in product.brief.people.items()}
    kept = documents.history(name)
    worded = {v.number for v in kept[:WORDED]} | {number}
    versions = tuple(
        VersionShown(
            v.number,
            _who(texts, people, v.by),
            texts.moment(v.at),
            v.number == newest,
            _said(product, name, v.number) if v.number in worded else (),
        )
        for v in kept
    )
    chosen, lines = None, list[DiffLine]()
    if number:
        documents.document(name, number)
        chosen = next((v for v in versions if v.number == number), None)
        lines = documents.compare(name, number - 1, number)
    return HistoryPage(
        page=page,
        name=name,
        versions=versions,
        chosen=chosen,
        lines=_lines(texts, lines),
        base=newest,
        problems=problems,
        effects=look.effects if look else (),
        warnings=look.warnings if look else (),
        pending=_lines(texts, look.lines) if look else (),
        how=how,
        may_restore=person.may(needed("POST", f"/{page}/history/{{number}}") or ()),
    )


def _said(product: Product, name: str, number: int) -> tuple[str, ...]:
    store, currency = product.storage.documents, product.brief.product.currency
    before = store.load(name, number - 1) if number > 1 else ""
    return versioned.changed(product.texts, name, before or "", store.load(name, number) or "", currency=currency)


def _lines(texts: Texts, lines: Sequence[DiffLine]) -> tuple[LineShown, ...]:
    return tuple(
        LineShown(
            line.kind,
            {"added": "+", "removed": "−", "gap": "…"}.get(line.kind, ""),
            texts.say(f"documents.line_{line.kind}"),
            line.text,
        )
        for line in lines
    )


def _who(texts: Texts, people: dict[str, str], by: str) -> str:
    return texts.say(f"documents.by_{by}") if by in _ITSELF else people.get(by, by)
