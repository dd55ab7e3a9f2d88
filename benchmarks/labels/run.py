"""Do the cases chosen for experts change more than cases drawn by chance, and is the change worth anything?

python -m benchmarks.labels.run [--first 5001] [--worlds 24] [--accounts 300] [--weeks 8] [--draws 12]

In each simulated company a product runs for some weeks. Two made-up experts, right about the truth so often,
label the twelve chosen cases; others the same number drawn by chance from the same candidates. Both lessons go
into the same model, learned from the same rows. Counted is for how many customers the recommended action changes,
and what that is worth by the true effects no product sees. Worlds are named by `--first`; use ones nobody has
looked at before when the choice itself was changed.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from payoff.brief.goals import goal_of, risk_of
from payoff.configuration import open_product
from payoff.demo.clock import StoryClock
from payoff.demo.mailbag import Mailbag
from payoff.demo.story import lay_out
from payoff.demo.weeks import HISTORY_WEEKS, Weeks
from payoff.features.build import batch
from payoff.feedback.items import items
from payoff.feedback.rules import Label, learn
from payoff.learning.hard_cases import Candidate, candidates, hardest
from payoff.learning.labels import collect
from payoff.policy.base import Proposal
from payoff.policy.catalogue import policy
from payoff.simulate.world import START, WEEK, World
from payoff.use_cases.learn import lessons_of
from payoff.use_cases.product import Product

RIGHT = 0.85
"""How often an expert names the action that is truly better."""
FIRST_VALUE = 600.0
"""What reaching first value is worth, in dollars, as in the demonstration's brief."""


def grown(seed: int, accounts: int, weeks: int, folder: Path) -> tuple[World, Product]:
    """A company some weeks into being in care, with one release that learns every Monday."""
    world = World(seed, accounts, start=START - HISTORY_WEEKS * WEEK)
    clock = StoryClock(world.now)
    product = open_product(lay_out(folder), clock=clock, seed=seed)
    mail = Mailbag()
    company = Weeks(world, product, mail)
    clock.set(START)
    company.history()
    for week in range(weeks):
        clock.set(world.now)
        mail.deliver(product, world.now)
        due = company.monday()
        product.learn(score=False)
        if not week:
            product.create_release("r0", "Effects", {"policy": "effect"}, by="kenji", why="to begin")
            product.promote("r0", by="maya", why="the first one")
        company.suggest(due)
    clock.set(world.now)
    mail.deliver(product, world.now)
    return world, product


def compared(seed: int, accounts: int, weeks: int, draws: int) -> NDArray[np.float64]:
    """Customers whose action changed, and dollars a hundred customers; chosen first, then by chance: (2, 2)."""
    with tempfile.TemporaryDirectory(prefix="payoff-labels-") as folder:
        world, product = grown(seed, accounts, weeks, Path(folder))
        ws, now = product.workspace, product.clock.now()
        known = set(ws.tables.arrow("unit.facts")["unit"].to_pylist())
        units = [unit for unit in world.active() if unit in known]
        rows = batch(ws.tables, ws.brief, now, units)
        goal, risk = goal_of(ws.brief), risk_of(ws.brief)
        lessons = lessons_of(ws.tables, ws.actions())
        training = collect(ws.tables, ws.brief, now, goal=goal, risk=risk, lessons=lessons).training
        said = items(ws.tables)
        model = policy({"policy": "effect"}, ws.brief, ws.playbook)
        before = model.propose(rows, model.learn(training))
        truth = np.column_stack([np.zeros(len(units)), *(world.true_effect(units, a) for a in before.actions[1:])])
        worth = truth * FIRST_VALUE - model.setting.costs
        found = candidates(before, rows.role, rows.industry)

        def after(chosen: Sequence[Candidate], luck: np.random.Generator) -> tuple[float, float]:
            labels = _labelled(chosen, worth, before, luck)
            taught = learn(said, facts=set(), actions=ws.actions(), labels=labels)
            told = dataclasses.replace(training, fit_shift=dict(taught.shifts))
            old, new = _best(before), _best(model.propose(rows, model.learn(told)))
            every = np.arange(len(units))
            return float((old != new).sum()), float((worth[every, new] - worth[every, old]).mean() * 100)

        chosen, luck = hardest(found), np.random.default_rng(seed)
        drawn = [luck.choice(len(found), min(len(chosen), len(found)), replace=False) for _ in range(draws)]
        figures = [
            np.mean([after(chosen, np.random.default_rng([seed, i])) for i in range(draws)], axis=0),
            np.mean(
                [after([found[k] for k in d], np.random.default_rng([seed, i])) for i, d in enumerate(drawn)],
                axis=0,
            ),
        ]
        product.close()
    return np.array(figures)


def _labelled(
    chosen: Sequence[Candidate], worth: NDArray[np.float64], before: Proposal, luck: np.random.Generator
) -> list[Label]:
    """What two experts agree on; where they differ nothing is learned."""
    labels: list[Label] = []
    for case in chosen:
        by_worth = sorted(case.actions, key=lambda action: worth[case.row, before.actions.index(action)])
        votes = [by_worth[-1] if luck.random() < RIGHT else by_worth[0] for _ in range(2)]
        if votes[0] == votes[1]:
            for expert in ("ruth", "iris"):
                seq = 10**9 + len(labels)
                labels.append(Label(f"label-{seq}", seq, expert, f"case-{case.row}", votes[0], case.role, 1))
    return labels


def _best(proposal: Proposal) -> NDArray[np.int64]:
    found = np.where(proposal.fit, np.nan_to_num(proposal.preference, nan=-1e9), -1e9)
    return np.asarray(found.argmax(axis=1), np.int64)


def _said(name: str, pairs: NDArray[np.float64]) -> str:
    """Chosen beside drawn, and their difference over the worlds with its 95% interval (a bootstrap of worlds)."""
    apart = pairs[:, 0] - pairs[:, 1]
    again = np.random.default_rng(0).integers(0, len(apart), (10_000, len(apart)))
    low, high = np.quantile(apart[again].mean(axis=1), (0.025, 0.975))
    return (
        f"{name:<38}{pairs[:, 0].mean():>9.1f}{pairs[:, 1].mean():>9.1f}"
        f"{apart.mean():>+9.1f}  ({low:+.1f} to {high:+.1f})  more in {(apart > 0).sum()} of {len(apart)}"
    )


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("first", 5001), ("worlds", 24), ("accounts", 300), ("weeks", 8), ("draws", 12)):
        wanted.add_argument(f"--{name}", type=int, default=value)
    asked = wanted.parse_args()
    pairs = []
    for seed in range(asked.first, asked.first + asked.worlds):
        pairs.append(compared(seed, asked.accounts, asked.weeks, asked.draws))
        (changed, gained), (by_chance, gained_by_chance) = pairs[-1]
        print(
            f"world {seed}: changed {changed:.1f} / {by_chance:.1f}, "
            f"gained {gained:+.0f} / {gained_by_chance:+.0f}",
            flush=True,
        )
    found = np.array(pairs)
    print(f"\n{'':<38}{'chosen':>9}{'drawn':>9}{'apart':>9}")
    print(_said("customers with another action", found[:, :, 0]))
    print(_said("dollars a hundred customers", found[:, :, 1]))


if __name__ == "__main__":
    main()
