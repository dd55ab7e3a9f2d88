"""Start a product: write its folder, bring its first table in, let the playbook's rules serve."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from payoff.adapters.clock import SystemClock
from payoff.adapters.sources import open_source
from payoff.brief.check import Report, check
from payoff.brief.draft import draft
from payoff.brief.guess import Guesses, guess
from payoff.brief.read import read_brief, read_playbook
from payoff.brief.schema import SourceEntry
from payoff.configuration.opening import BRIEF, PLAYBOOK, open_product
from payoff.errors import BadInput, Fault, Refused
from payoff.metrics.catalogue import KIND_INFO
from payoff.ports import Reading
from payoff.texts import Texts
from payoff.use_cases.importing import Imported, readable
from payoff.use_cases.learn import LearnReport
from payoff.use_cases.product import Product

FIRST = "first"
"""The id of the release a fresh product begins with: the playbook's rules, which need no labels."""


@dataclass(frozen=True, slots=True)
class Started:
    """What a start did. `guesses` are (taken for, column, why), `waiting` what the playbook cannot check yet."""

    product: Product
    folder: Path
    guesses: Sequence[tuple[str, str, str]]
    imported: Sequence[Imported]
    learned: LearnReport | None
    report: Report
    waiting: Sequence[str] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "product": self.product.name,
            "folder": str(self.folder),
            "guesses": [{"as": what, "column": column, "why": why} for what, column, why in self.guesses],
            "imported": [i.as_dict() for i in self.imported],
            "learned": self.learned.as_dict() if self.learned else None,
            "waiting": list(self.waiting),
            "open": self.report.open,
            "notes": self.report.notes,
        }


def read_table(path: Path) -> Reading:
    """Any table file, read for what it is; coercions are in the notes."""
    with readable(path.name):
        return open_source(SourceEntry.model_validate({"as": "log", "file": str(path.resolve())}), Path()).read()


def look(path: Path, *, unit: str | None, outcome: str | None) -> Guesses:
    """What the columns of a file seem to be."""
    return guess(read_table(path).table, unit=unit, outcome=outcome)


def start_product(
    folder: Path,
    answers: Mapping[str, str],
    *,
    source: Path | None = None,
    guesses: Guesses | None = None,
    template: str = "retention",
    database: str | None = None,
    by: str = "payoff",
) -> Started:
    """Write the brief and the playbook, import the first table, learn what it can teach, let the rules serve.

    Nothing is left behind when a step fails. Raises `Refused` for a folder that already holds a product.
    """
    if (folder / BRIEF).exists():
        raise Refused(f"{folder / BRIEF} is there already", mend="Choose another name, or edit that brief.")
    given = dict(answers)
    if source is not None and not given.get("unit") and (guesses is None or guesses.unit is None):
        raise BadInput(
            source.name,
            [Fault("unit", "no column has a different value in every row", "Name the unit's id with --unit.")],
        )
    if source is not None:
        given["file"] = os.path.relpath(source.resolve(), folder.resolve())
    text, actions = draft(given, guesses, template)
    text = text.replace("\nholdout = ", f"\nholdout_drawn = {SystemClock().now().year}\nholdout = ", 1)
    fresh = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / BRIEF).write_text(text, "utf-8")
        (folder / PLAYBOOK).write_text(actions, "utf-8")
        return _begin(folder, text, actions, guesses, database, by)
    except BaseException:
        for name in (BRIEF, PLAYBOOK):
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / ".payoff", ignore_errors=True)
        if fresh:
            folder.rmdir()
        raise


def _begin(
    folder: Path, text: str, actions: str, guesses: Guesses | None, database: str | None, by: str
) -> Started:
    brief = read_brief(text)
    report = check(brief, read_playbook(actions), KIND_INFO, brief_text=text, playbook_text=actions)
    if brief.outcomes:  # an experiment's brief gets its outcomes with the import
        report.enforce()
    product = open_product(folder, database=database)
    imported = product.read_sources()
    learned = None
    if imported:
        why = product.texts.say("cli.first_why")
        product.create_release(FIRST, product.texts.say("cli.first_title"), {"policy": "rules"}, by=by, why=why)
        learned = product.learn()
        product.promote(FIRST, by=by, why=why)
    spoken = guesses.spoken() if guesses else []
    return Started(product, folder, spoken, imported, learned, report, _waiting(product.texts, actions))


def _waiting(texts: Texts, playbook: str) -> list[str]:
    """What the draft left out for want of a fact, in words: whole actions, and conditions of others."""
    said, name, whole = [], "", False
    for line in playbook.splitlines():
        if line.startswith(("[[actions]]", "# “")):
            whole = line.startswith("# “")
            said += [line.removeprefix("# ")] if whole else []
        elif line.startswith("name = "):
            name = line.removeprefix("name = ").strip('"')
        elif "# left out: " in line and not whole:
            facts = line.rpartition("nothing sends ")[2].removesuffix(" yet")
            said.append(texts.say("cli.unconditional", action=name, facts=facts))
    return said
