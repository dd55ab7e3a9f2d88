"""Play 26 weeks of a simulated company through the same doors a stranger would use."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from importlib import resources
from pathlib import Path

from payoff.configuration import open_product
from payoff.demo import desk, labels, playbook, research
from payoff.demo.clock import StoryClock
from payoff.demo.mailbag import Mailbag
from payoff.demo.played import Played, ReleaseStory
from payoff.demo.script import FIRST, GOAL, Script
from payoff.demo.weeks import HISTORY_WEEKS, Weeks
from payoff.records.releases import Release
from payoff.simulate.world import START, WEEK, World
from payoff.use_cases.product import Product

WEEKS = 26
SEED = 7
"""The company shown unless another is asked for; taken before any had been played."""
Tell = Callable[[int, str, list[tuple[int, str]]], None]
"""Called before each week with its number, who sees what, and the lines that are new since the last call."""


def lay_out(folder: Path) -> Path:
    """Put the demonstration's brief and playbook into a folder; files that are there already stay."""
    folder.mkdir(parents=True, exist_ok=True)
    source = resources.files("payoff.demo") / "product"
    for name in ("payoff.toml", "playbook.toml"):
        if not (folder / name).exists():
            with resources.as_file(source / name) as file:
                shutil.copyfile(file, folder / name)
    return folder


def play(
    folder: Path,
    *,
    seed: int = SEED,
    accounts: int = 1500,
    weeks: int = WEEKS,
    database: str | None = None,
    tell: Tell | None = None,
) -> tuple[Product, Played]:
    """Play the story in a fresh product folder and return the open product with the report.

    The same seed gives the same company, the same people and the same luck. The product's clock stands at the
    end of the story and walks on from there. Whoever calls closes the product.
    """
    started = time.perf_counter()
    world = World(seed, accounts, start=START - HISTORY_WEEKS * WEEK)
    clock = StoryClock(world.now)
    product = open_product(lay_out(folder), database=database, clock=clock, seed=seed)
    mail = Mailbag()
    company = Weeks(world, product, mail)
    script = Script(product, product.texts)
    changed: list[str] = []
    clock.set(START)
    company.history()
    for week in range(1, weeks + 1):
        clock.set(world.now)
        mail.deliver(product, world.now)
        due = company.monday()
        labels.monday(world, product, week, weeks)
        if week == 1:
            product.learn()
            script.begin()
        else:
            turn = product.cycle(decide=False)  # each account is reviewed every fourth week, below
            changed += [line for line in turn.learned.changed if line not in changed]
            script.heard(week, turn)
            script.decide(week, due)
        if tell:
            tell(week, script.seen_by(), [line for line in script.lines if line[0] == week])
        playbook.edit(product, week)
        company.suggest(due)
    end = clock.now() + timedelta(days=1, hours=1)
    clock.set(end - desk.LASTS)
    mail.deliver(product, end - desk.LASTS)
    desk.morning(product, clock, end)
    clock.set(end)
    mail.deliver(product, end)
    if weeks == WEEKS:
        research.keep(product)
    clock.walk()
    return product, _report(
        product, company, script, changed, seed, accounts, weeks, time.perf_counter() - started
    )


def _report(
    product: Product,
    company: Weeks,
    script: Script,
    changed: list[str],
    seed: int,
    accounts: int,
    weeks: int,
    seconds: float,
) -> Played:
    tables, texts = product.workspace.tables, product.texts
    items = product.inbox()
    title = product.brief.product.title
    told = Counter(s.action for s in company.told if s.arm != "holdout")
    return Played(
        company=title,
        simulated=texts.say("demo.banner", company=title, accounts=texts.number(accounts), seed=seed),
        seed=seed,
        weeks=weeks,
        began=START,
        ended=product.clock.now(),
        accounts=accounts,
        suggestions=dict(told),
        responses=dict(Counter(tables.arrow("response")["what"].to_pylist())),
        outcomes=dict(Counter(tables.arrow("outcome")["name"].to_pylist())),
        feedback=dict(Counter(item.kind for item in items)),
        fates=dict(Counter(item.state for item in items)),
        changed=tuple(changed),
        releases=tuple(_release(product, company, script, release) for release in product.releases()),
        story=tuple(script.lines),
        seconds=round(seconds, 1),
    )


def _release(product: Product, company: Weeks, script: Script, release: Release) -> ReleaseStory:
    # Judged once more at the end: the slow outcomes of a release come after it has stopped serving.
    judged = script.cards[release.id] = product.scorecard(release.id)
    right = script.accuracy(release.id)
    estimate = script.estimated(release.id)
    against = release.against or "holdout"
    days = product.brief.outcomes[GOAL].window_days
    other = "champion" if release.against and release.id != FIRST else "holdout"
    truth = company.truth(release.id, "challenger", other, judged.card.as_of, days)
    return ReleaseStory(
        id=release.id,
        title=release.title,
        stage=release.stage,
        unproven=release.unproven,
        stages=tuple((m.stage, m.share, product.texts.day(m.at), m.by) for m in release.moves),
        verdicts=tuple((week, verdict.word) for week, verdict in script.verdicts.get(release.id, [])),
        because=script.verdicts[release.id][-1][1].because if release.id in script.verdicts else "",
        against=against,
        units=dict(judged.card.arms),
        estimated=estimate.value if estimate else None,
        low=estimate.low if estimate else None,
        high=estimate.high if estimate else None,
        truth=truth,
        right=right,
    )
