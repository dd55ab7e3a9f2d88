"""The brief and the playbook, read and edited: checked as a whole, kept with every version, taken at once.

The text people edit by hand is the file in the product's folder; every text there ever was is a version in the
database, with its author. An edit is checked, kept as a version, put into the file and taken by this process;
other processes notice within a second or so (`reread`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from payoff.brief import editing
from payoff.brief.changes import Running, brief_disturbs, playbook_disturbs
from payoff.brief.check import Report, check
from payoff.brief.compile import compile_brief
from payoff.brief.declarations import Declarations
from payoff.brief.differences import DiffLine, difference, merged
from payoff.brief.editing import BRIEF, PLAYBOOK
from payoff.brief.lines import Path
from payoff.brief.read import read_brief, read_playbook
from payoff.brief.schema import Brief, Playbook
from payoff.errors import BadInput, BriefFaults, Conflict, Fault, Refused, Unavailable, Unknown
from payoff.metrics.catalogue import KIND_INFO
from payoff.ports import DocumentStore, ProductFiles, Version
from payoff.releases.lifecycle import on_trial
from payoff.texts import Texts
from payoff.use_cases import consequences
from payoff.use_cases.audience import doubts, examples, unmet
from payoff.use_cases.today import Today
from payoff.use_cases.workspace import Workspace

NAMES = (BRIEF, PLAYBOOK)
BY_HAND = "file"
"""The author of what somebody wrote into the file themselves."""
EMPTY = "schema = 1\n"
GUARDED = ("people", "sources", "channels")
"""Parts of the brief only an admin changes: who may do what, what this server reads, where it sends."""
_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document; number 0 for one that was never kept."""

    name: str
    number: int
    by: str
    at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save came to. `note` says what could not be done beside it (the file, where it cannot be written)."""

    number: int
    note: str = ""


class Meanwhile(Conflict):
    """Somebody else saved since this edit began; nothing of either is lost. `yours` was not kept."""

    def __init__(self, theirs: Document, yours: str) -> None:
        self.theirs, self.yours = theirs, yours
        super().__init__(
            "somebody saved another version meanwhile",
            where=theirs.name,
            mend="Compare the two, then save yours on top of theirs or leave theirs.",
        )


class Unconfirmed(Refused):
    """It can be done, but whoever does it must have read what it does. `warnings` are sentences."""

    def __init__(self, name: str, warnings: Collection[str]) -> None:
        self.warnings = tuple(warnings)
        super().__init__("this needs your word first", where=name, mend=" ".join(self.warnings))


@dataclass(frozen=True, slots=True)
class Look:
    """What an edit would do: `effects` are sentences about what changes (none for words alone), `warnings` about
    what to beware of, `lines` compare the texts. `unmet` are names in the playbook that no customer has,
    `declared` is what the brief compiles to, now and then.
    """

    effects: tuple[str, ...]
    warnings: tuple[str, ...]
    lines: tuple[DiffLine, ...]
    unmet: tuple[Fault, ...] = ()
    declared: tuple[Declarations, Declarations] | None = None

    @property
    def matters(self) -> bool:
        """Whether somebody has to see it before it is kept."""
        return bool(self.effects or self.warnings)


class _Read(NamedTuple):
    brief: Brief
    playbook: Playbook
    texts: Mapping[str, str]


def settled(documents: DocumentStore, files: ProductFiles, name: str, now: datetime) -> str:
    """The text to begin with, when a product is opened; it is the newest version afterwards.

    What stands in the file holds, with one exception: a file that is older than the newest version and says what
    an earlier version said has missed an edit (a copy of the folder elsewhere), and is brought up to date.
    """
    found = files.read(name)
    text = found[0] if found else EMPTY
    newest = next(iter(documents.history(name, most=1)), None)
    if newest is not None:
        kept = documents.load(name) or EMPTY
        if kept == text:
            return text
        missed = newest.by != BY_HAND and (found is None or found[1] <= newest.at)
        if missed and (found is None or _said_before(documents, name, text, newest.number)):
            _put(files, name, kept)
            return kept
    documents.save(name, text, by=BY_HAND, at=now)
    return text


class Documents:
    """The brief and the playbook of one open product."""

    def __init__(self, ws: Workspace, today: Today) -> None:
        self._ws, self._today = ws, today
        self._looked = time.monotonic()
        self._seen = {name: self._state(name) for name in NAMES}
        self.troubles: dict[str, tuple[Fault, ...]] = {}
        """What is wrong with a file somebody changed by hand, by name; the last good text is still in use."""

    # Reading

    def document(self, name: str, number: int | None = None) -> Document:
        """The text in use, or one earlier version. Raises `Unknown` for a version there never was."""
        self._known(name)
        store = self._ws.storage.documents
        found = next((v for v in store.history(name) if number in (None, v.number)), None)
        if found is None and not number:
            model = self._ws.brief if name == BRIEF else self._ws.playbook
            return Document(name, 0, "", None, editing.as_toml(model))
        if found is None:
            raise Unknown(f"{name} has no version {number}", mend="Open its history and choose one.")
        return Document(name, found.number, found.by, found.at, store.load(name, found.number) or "")

    def history(self, name: str) -> list[Version]:
        """Its versions, the newest first."""
        self._known(name)
        return self._ws.storage.documents.history(name)

    def compare(self, name: str, before: int, after: int | None = None) -> list[DiffLine]:
        """What changed from one version to another (or to the one in use); version 0 is an empty text."""
        old = self.document(name, before).text if before else ""
        return difference(old, self.document(name, after).text)

    def on_file(self, name: str) -> str:
        """The text of the file as it stands, also when it cannot be used; the one in use where there is none."""
        found = self._ws.files.read(name) if self._ws.files and name in self.troubles else None
        return found[0] if found else self.document(name).text

    def report(self) -> Report:
        """Everything wrong or unanswered in the brief and playbook in use."""
        ws, text, actions = self._ws, self.document(BRIEF).text, self.document(PLAYBOOK).text
        return check(
            ws.brief,
            ws.playbook,
            KIND_INFO,
            texts=ws.texts,
            facts=self._facts(),
            brief_text=text,
            playbook_text=actions,
        )

    def trial(self) -> str:
        """The release on trial, which some edits would disturb; "" for none."""
        found = on_trial(self._ws.releases())
        return found.id if found else ""

    def facts(self) -> list[str]:
        """The names of the facts customers are known to have and an action may be chosen by."""
        unit = self._ws.brief.unit
        return sorted({*(self._facts() or ())} - {*unit.protected, *unit.ignore})

    def conditions(self) -> list[str]:
        """Examples of conditions on those facts."""
        return examples(self._today(), self.facts())

    # Editing

    def save(
        self,
        name: str,
        text: str,
        *,
        by: str,
        base: int,
        confirmed: bool = False,
        admin: bool = False,
        mending: bool = False,
    ) -> Saved:
        """Keep a whole new text, made from version `base`, and use it from now on.

        Raises `BriefFaults` with everything wrong in it and everything it would spoil in a running trial,
        `Meanwhile` when `base` is no longer the newest version, `Unconfirmed` while somebody has to say that they
        know what it does. `admin`: the guarded parts may change, too. `mending`: it replaces a file that was
        changed by hand and cannot be read.
        """
        self._known(name)
        with self._ws.lock:
            self.reread(now=True)
            if name in self.troubles and not mending:
                raise BriefFaults(f"{name} was changed by hand, and is not in use", self.troubles[name])
            return self._save(name, text, by, base, confirmed, admin)

    def then(self, name: str, number: int, how: Literal["undo", "back"]) -> str:
        """The text as it was in a version (`back`), or today's without what that version changed (`undo`).

        Raises `Refused` where a later version changed the same lines.
        """
        if how == "back":
            return self.document(name, number).text
        before = self.document(name, number - 1).text if number > 1 else EMPTY
        text = merged(self.document(name, number).text, before, self.document(name).text)
        if text is None:
            raise Refused(
                "a later version changed the same lines",
                where=f"{name}, version {number}",
                mend="Change it by hand, or go back to how it was on a day.",
            )
        return text

    def look(self, name: str, edit: Callable[[str], str], *, admin: bool = False) -> Look:
        """What an edit would do, before it is kept. Raises `BriefFaults` with everything in its way."""
        self._known(name)
        ws, now = self._ws, self.document(name)
        text = _ended(edit(now.text))
        read = self._reading({name: text})
        warnings, lines = tuple(self._checked(name, read, admin)), tuple(difference(now.text, text))
        if name == BRIEF:
            effects = consequences.of_brief(ws, ws.brief, read.brief)
            declared = ws.declarations, compile_brief(read.brief, KIND_INFO)
            return Look(tuple(effects), warnings, lines, declared=declared)
        effects = consequences.of_playbook(ws, self._today, ws.playbook, read.playbook)
        return Look(tuple(effects), warnings, lines, unmet=tuple(self._unmet(read)))

    def put(self, values: Mapping[Path, Any], *, by: str, base: int, confirmed: bool = False) -> Saved:
        """Change single values of the brief (`None` takes one out). Raises what `save` raises."""

        def mine(text: str) -> object:
            return [_at(read_brief(text), path) for path in values]

        return self._edit(BRIEF, lambda text: editing.with_values(text, values), mine, by, base, confirmed)

    def change_action(
        self, id: str, fields: Mapping[str, Any], *, by: str, base: int, confirmed: bool = False
    ) -> Saved:
        """Change one action of the playbook. Raises what `save` raises, `Unknown` for one it does not have."""

        def mine(text: str) -> object:
            return [action for action in read_playbook(text).actions if action.id == id]

        return self._edit(PLAYBOOK, lambda text: editing.with_action(text, id, fields), mine, by, base, confirmed)

    def add_action(self, fields: Mapping[str, Any], *, by: str, base: int, confirmed: bool = False) -> Saved:
        """One more action. Raises what `save` raises."""
        return self._edit(
            PLAYBOOK, lambda text: editing.with_new_action(text, fields), lambda _: None, by, base, confirmed
        )

    def retire_action(self, id: str, *, by: str, base: int, confirmed: bool = False) -> Saved:
        """Take an action out; it stays in the history. Raises what `save` raises."""
        serving = [r.id for r in self._ws.releases() if r.recipe.get("action") == id and r.stage not in _OVER]
        if serving:
            raise Refused(
                f"{serving[0]} does nothing but this action",
                where=f"action {id}",
                mend=f"Take {serving[0]} back first.",
            )

        def mine(text: str) -> object:
            return [action for action in read_playbook(text).actions if action.id == id]

        return self._edit(PLAYBOOK, lambda text: editing.without_action(text, id), mine, by, base, confirmed)

    # What others change

    def reread(self, *, now: bool = False) -> bool:
        """Take what another process or a person with an editor changed; looks at most once a second.

        A file that cannot be used changes nothing and is told in `troubles`. Returns whether anything was taken.
        """
        if not now and time.monotonic() - self._looked < _LOOK_SECONDS:
            return False
        self._looked = time.monotonic()
        try:
            if all(self._state(name) == self._seen[name] for name in NAMES):
                return False
            with self._ws.lock:
                taken = [self._take_in(name) for name in NAMES]
                return any(taken)
        except Unavailable:
            return False  # what is in use goes on; the next look may be luckier

    # Within

    def _state(self, name: str) -> tuple[object, int]:
        newest = self._ws.storage.documents.history(name, most=1)
        files = self._ws.files
        return (files.stamp(name) if files else None), (newest[0].number if newest else 0)

    def _take_in(self, name: str) -> bool:
        state, seen = self._state(name), self._seen[name]
        if state == seen:
            return False
        self._seen[name] = state
        ws, store = self._ws, self._ws.storage.documents
        try:
            found = ws.files.read(name) if ws.files and state[0] != seen[0] else None
            kept = store.load(name)
            text = found[0] if found else kept
            if text is None:
                return False
            read = self._reading({name: text})
            if read.brief.product.name != ws.name:
                mend = f"Write {ws.name!r} again, or stop Payoff and open the other product."
                raise BriefFaults(name, [Fault("product.name", "it is another product's name", mend)])
            self._take(read)
        except (BadInput, BriefFaults) as error:
            self.troubles[name] = tuple(error.faults)
            return False
        except Unknown as error:
            self.troubles[name] = (Fault(name, error.what, error.mend),)
            return False
        self.troubles.pop(name, None)
        if found and text != kept:
            store.save(name, text, by=BY_HAND, at=ws.clock.now())
        elif ws.files and not found:
            _put(ws.files, name, text)
        self._seen[name] = self._state(name)
        return True

    def _edit(
        self,
        name: str,
        edit: Callable[[str], str],
        mine: Callable[[str], object],
        by: str,
        base: int,
        confirmed: bool,
    ) -> Saved:
        """An edit of one part: what others changed elsewhere in the file stays, and is no conflict."""
        with self._ws.lock:
            self.reread(now=True)
            now = self.document(name)
            if base != now.number and mine(self.document(name, base).text if base else "") != mine(now.text):
                raise Meanwhile(now, edit(now.text))
            return self.save(name, edit(now.text), by=by, base=now.number, confirmed=confirmed)

    def _save(self, name: str, text: str, by: str, base: int, confirmed: bool, admin: bool) -> Saved:
        ws, now = self._ws, self.document(name)
        text = _ended(text)
        if base != now.number:
            raise Meanwhile(now, text)
        if text == now.text and name not in self.troubles:
            return Saved(now.number)
        read = self._reading({name: text})
        warnings = self._checked(name, read, admin)
        if warnings and not confirmed:
            raise Unconfirmed(name, warnings)
        try:
            number = ws.storage.documents.save(name, text, by=by, at=ws.clock.now(), after=base)
        except Conflict:
            raise Meanwhile(self.document(name), text) from None
        note = _put(ws.files, name, text) if ws.files else ""
        self.troubles.pop(name, None)
        self._take(read)
        self._seen[name] = self._state(name)
        return Saved(number, note)

    def _reading(self, changed: Mapping[str, str]) -> _Read:
        """Both documents with one exchanged; the faults of their form, all at once."""
        texts = {name: changed.get(name) or self.document(name).text for name in NAMES}
        return _Read(read_brief(texts[BRIEF], BRIEF), read_playbook(texts[PLAYBOOK], PLAYBOOK), texts)

    def _checked(self, name: str, read: _Read, admin: bool) -> list[str]:
        """Refuse what is newly wrong (what was wrong before is not this edit's fault); returns the warnings."""
        ws = self._ws
        before = {_key(fault) for fault in self.report().faults}
        found = check(
            read.brief,
            read.playbook,
            KIND_INFO,
            texts=ws.texts,
            facts=self._facts(),
            brief_text=read.texts[BRIEF],
            playbook_text=read.texts[PLAYBOOK],
        )
        faults = [fault for fault in found.faults if _key(fault) not in before]
        if name == BRIEF and not admin:
            faults += _guarded(ws.brief, read.brief)
        faults += _locked_out(ws.brief, read.brief)
        running = self._running()
        spoilt = brief_disturbs(ws.brief, read.brief, running, ws.texts)
        upset = playbook_disturbs(ws.playbook, read.playbook, running, ws.texts)
        faults += [*spoilt.refused, *upset.refused]
        if faults:
            raise BriefFaults(name, faults)
        doubted = doubts(self._today(), ws.texts, ws.playbook, read.playbook)
        return [*map(str, self._unmet(read)), *doubted, *spoilt.warned, *upset.warned]

    def _unmet(self, read: _Read) -> list[Fault]:
        return unmet(self._today(), self._ws.texts, self._ws.playbook, read.playbook)

    def _running(self) -> Running:
        releases = self._ws.releases()
        begun = any(r.began("named", "canary", "ramp", "full") for r in releases)
        return Running(self.trial(), begun, self._ws.storage.log.head() > 0)

    def _take(self, read: _Read) -> None:
        ws = self._ws
        product = read.brief.product
        declarations = compile_brief(read.brief, KIND_INFO)
        with ws.lock:
            ws.brief, ws.playbook, ws.declarations = read.brief, read.playbook, declarations
            ws.texts = Texts(product.language, product.zone)

    def _facts(self) -> Collection[str] | None:
        """Names of facts; `None` while nothing is known of anybody, when any name may be meant."""
        batch = self._today()
        return set(batch.facts.column_names) if len(batch) else None

    @staticmethod
    def _known(name: str) -> None:
        if name not in NAMES:
            raise Unknown.among("document", name, NAMES)


_OVER = ("retired", "rolled back")


def _put(files: ProductFiles, name: str, text: str) -> str:
    """Write the file; where that is not possible the version is kept all the same, and the words say why."""
    try:
        files.write(name, text)
    except Unavailable as error:
        return str(error)
    return ""


def _ended(text: str) -> str:
    """With the line ends of a file."""
    return text.replace("\r\n", "\n").rstrip("\n") + "\n"


def _said_before(documents: DocumentStore, name: str, text: str, newest: int) -> bool:
    return any(documents.load(name, number) == text for number in range(newest - 1, 0, -1))


def _key(fault: Fault) -> tuple[str, str]:
    """A fault without its line, which moves with every edit above it."""
    return re.sub(r" line \d+", "", fault.where), fault.what


def _guarded(old: Brief, new: Brief) -> list[Fault]:
    return [
        Fault(part, "only an admin changes this part", "Leave it as it was, or ask an admin.")
        for part in GUARDED
        if getattr(old, part, None) != getattr(new, part, None)
    ]


def _locked_out(old: Brief, new: Brief) -> list[Fault]:
    def admins(brief: Brief) -> bool:
        return any("admin" in person.permissions for person in brief.people.values())

    if admins(old) and not admins(new):
        return [Fault("people", "nobody would be an admin any more", "Leave one person the permission admin.")]
    return []


def _at(model: Any, path: Path) -> Any:
    """The value at a path of a brief; `None` where there is none."""
    for part in path:
        if isinstance(part, int):
            model = model[part] if isinstance(model, list) and part < len(model) else None
        elif isinstance(model, Mapping):
            model = model.get(part)
        else:
            model = getattr(model, part, None)
    return model
