"""Open a product: find its folder, read its brief, bind its stores."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from payoff.adapters.clock import SystemClock
from payoff.adapters.folder import ProductFolder
from payoff.adapters.sources import open_source
from payoff.adapters.storage.database import Database
from payoff.brief import editing
from payoff.brief.compile import compile_brief
from payoff.brief.read import read_brief, read_playbook
from payoff.brief.schema import SourceEntry
from payoff.configuration.channels import bind
from payoff.configuration.plugins import plugins
from payoff.errors import BriefFaults, Fault, Unknown
from payoff.metrics.catalogue import KIND_INFO
from payoff.ports import Clock, Source
from payoff.texts import Texts
from payoff.use_cases.documents import settled
from payoff.use_cases.product import Product
from payoff.use_cases.workspace import Workspace

BRIEF, PLAYBOOK = editing.BRIEF, editing.PLAYBOOK
STATE = ".payoff"
DEADLINE = 0.15
"""Seconds a single request waits for a model before it gets the safe fallback."""


def find_folder(product: str | Path = ".") -> Path:
    """The product's folder: the path itself, a folder of that name here, or the only product below here."""
    given = Path(product)
    for folder in (given, Path.cwd()):
        if (folder / BRIEF).is_file() and (folder == given or _named(folder, str(product))):
            return folder
    below = sorted(path.parent for path in Path.cwd().glob(f"*/{BRIEF}"))
    fitting = [path for path in below if str(product) == "." or _named(path, str(product))]
    if len(fitting) == 1:
        return fitting[0]
    if len(fitting) > 1:
        raise Unknown(
            f"there are {len(fitting)} products here: {', '.join(path.name for path in fitting)}",
            mend="Name one with --product.",
        )
    raise Unknown(
        f"no product {'here' if str(product) == '.' else repr(str(product))}",
        mend="Start one with `payoff init NAME`, or look at `payoff demo`.",
    )


def open_product(
    product: str | Path = ".",
    *,
    database: str | None = None,
    clock: Clock | None = None,
    seed: int | None = None,
) -> Product:
    """Open a product by its folder or name.

    `database` is a path or an SQLAlchemy address; without it the environment's `PAYOFF_DATABASE`, or a file under
    the folder's `.payoff/`. `clock` and `seed` make a replay repeatable; without them it is now, and chance is
    the operating system's. Raises `Unknown` for a product that is not there, `BriefFaults` with every fault of
    the brief and the playbook, `NewerSchema` for a database of a newer Payoff.
    """
    folder = find_folder(product)
    text, actions = read_texts(folder)
    brief = read_brief(text, where=BRIEF)
    playbook = read_playbook(actions, where=PLAYBOOK)
    address = database or os.environ.get("PAYOFF_DATABASE") or str(folder / STATE / "payoff.sqlite")
    moment = clock or SystemClock()
    base = Database.open(address, clock=moment)
    storage = base.storage(brief.product.name)
    files = ProductFolder(folder)
    used = [settled(storage.documents, files, name, moment.now()) for name in (BRIEF, PLAYBOOK)]
    if used != [text, actions]:  # an edit made elsewhere, which this folder had missed
        brief, playbook = read_brief(used[0], where=BRIEF), read_playbook(used[1], where=PLAYBOOK)
    rng = np.random.default_rng(seed)
    entropy: Callable[[int], bytes] = os.urandom if seed is None else np.random.default_rng([seed, 1]).bytes

    def opened(entry: SourceEntry, folder: Path) -> Source:
        return open_source(entry, folder, zone=workspace.brief.product.zone, clock=moment)

    texts = Texts(brief.product.language, brief.product.zone)
    workspace = Workspace(
        brief=brief,
        playbook=playbook,
        declarations=compile_brief(brief, KIND_INFO),
        storage=storage,
        clock=moment,
        texts=texts,
        plugins=plugins(),
        open_source=opened,
        folder=folder,
        entropy=entropy,
        rng=rng,
        deadline=DEADLINE if seed is None else None,
        files=files,
        channels=bind(brief, texts),
    )
    return Product(workspace, close=base.close)


def read_texts(folder: Path) -> tuple[str, str]:
    """The brief's and the playbook's text. Raises `BriefFaults` for files that are no UTF-8 text."""
    found, faults = [], []
    for name in (BRIEF, PLAYBOOK):
        path = folder / name
        try:
            found.append(path.read_text("utf-8") if path.is_file() else "schema = 1\n")
        except UnicodeDecodeError as error:
            faults.append(Fault(name, f"byte {error.start} is no UTF-8 text", "Save the file as UTF-8."))
    if faults:
        raise BriefFaults("the product's files", faults)
    return found[0], found[1]


def _named(folder: Path, name: str) -> bool:
    if folder.name == name:
        return True
    text = (folder / BRIEF).read_text("utf-8", errors="replace")
    return any(line.replace(" ", "") == f'name="{name}"' for line in text.splitlines())
