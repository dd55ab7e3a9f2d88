"""The demonstration on a terminal: a banner, one bar, the story's lines, and the end."""

from __future__ import annotations

import gc
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from payoff.demo.played import Played
from payoff.demo.story import SEED, WEEKS, play
from payoff.texts import Texts
from payoff.use_cases.product import Product


def show(
    folder: Path,
    *,
    seed: int = SEED,
    accounts: int = 1500,
    weeks: int = WEEKS,
    database: str | None = None,
    console: Console | None = None,
) -> tuple[Product, Played]:
    """Play the story with a progress bar, and say what is simulated before anything else."""
    screen, texts = console or Console(stderr=True), Texts()
    screen.print(
        texts.say("demo.banner", company="Ledgerline", accounts=texts.number(accounts), seed=seed), highlight=False
    )
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[seen]}"), TimeElapsedColumn(),
        console=screen, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task(texts.say("demo.week", week=1, weeks=weeks), total=weeks, seen="")

        def tell(week: int, seen: str, lines: list[tuple[int, str]]) -> None:
            bar.update(
                task, completed=week - 1, description=texts.say("demo.week", week=week, weeks=weeks), seen=seen
            )
            for number, line in lines:
                screen.print(texts.say("demo.line", week=number, line=line), highlight=False, markup=False)

        # Half a year in a minute makes millions of short-lived objects: looking for cycles rarely saves a sixth.
        often = gc.get_threshold()
        gc.set_threshold(100_000, 20, 20)
        try:
            product, played = play(folder, seed=seed, accounts=accounts, weeks=weeks, database=database, tell=tell)
        finally:
            gc.set_threshold(*often)
    screen.print("\n" + played.as_text(texts), highlight=False, markup=False)
    return product, played
