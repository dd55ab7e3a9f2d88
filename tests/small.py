"""A small product for tests: forty accounts, two actions, everything in memory, its own clock and luck."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from payoff.adapters.clock import SetClock
from payoff.adapters.memory import storage as memory_storage
from payoff.brief.compile import compile_brief
from payoff.brief.read import read_brief, read_playbook
from payoff.configuration.plugins import plugins
from payoff.metrics.catalogue import KIND_INFO
from payoff.texts import Texts
from payoff.use_cases.product import Product
from payoff.use_cases.workspace import Workspace

START = datetime(2026, 1, 5, 9, tzinfo=UTC)

BRIEF = """
schema = 1
[product]
name = "small"
currency = "EUR"
[questions]
users = "five people in customer success"
problem = "they hear of trouble too late"
workflow = "a spreadsheet on Mondays"
success = "customers run their first payroll"
[unit]
role = "role"
industry = "industry"
owner = "owner"
contact = "contact"
segments = ["industry"]
[outcomes.first_value]
meaning = "ran the first payroll"
window_days = 14
worth = 200.0
source = "api"
[outcomes.left]
meaning = "left"
good = false
window_days = 60
worth = -900.0
source = "api"
[[metrics]]
name = "first_value_14d"
kind = "outcome_rate"
outcome = "first_value"
purpose = "leading goal"
target = 0.5
[[metrics]]
name = "left_60d"
kind = "outcome_rate"
outcome = "left"
purpose = "guardrail"
margin = 0.05
[[metrics]]
name = "done"
kind = "done_rate"
level = "user"
[[metrics]]
name = "auc"
kind = "auc"
outcome = "left"
level = "technical"
[release]
holdout = 0.1
[policy]
contact_every_days = 0
"""

PLAYBOOK = """
schema = 1
[[actions]]
id = "setup_call"
name = "Set-up call"
say = "Call {contact} ({role}): set up the first run together"
cost = 10.0
expects = 0.15
rank = 1
why = "People who are shown the first run finish it"
[[actions]]
id = "tips_mail"
name = "Tips by mail"
say = "Send {contact} the three tips"
cost = 1.0
expects = 0.02
rank = 2
"""


def product(brief: str = BRIEF, playbook: str = PLAYBOOK, *, storage=None, seed: int = 0) -> Product:
    """A fresh product; nothing is in its log."""
    read = read_brief(brief)
    return Product(
        Workspace(
            brief=read,
            playbook=read_playbook(playbook),
            declarations=compile_brief(read, KIND_INFO),
            storage=storage or memory_storage(),
            clock=SetClock(START),
            texts=Texts("en", "UTC"),
            plugins=plugins(),
            open_source=_no_source,
            folder=Path(),
            entropy=np.random.default_rng([seed, 1]).bytes,
            rng=np.random.default_rng(seed),
            deadline=None,
        )
    )


def accounts(n: int = 40) -> list[dict[str, object]]:
    """Facts of `n` accounts; every second one is idle."""
    roles, industries = ("payroll lead", "HR manager"), ("retail", "logistics", "care")
    return [
        {
            "unit": f"acct-{i}",
            "role": roles[i % 2],
            "industry": industries[i % 3],
            "contact": f"Person {i}",
            "owner": ("ana", "ben")[i % 2],
            "days_since_login": 30 if i % 2 else 2,
            "seats": 5 + i % 7,
        }
        for i in range(n)
    ]


def running(n: int = 40, **more) -> Product:
    """A product with accounts and its first release serving everybody."""
    made = product(**more)
    made.facts(accounts(n))
    made.create_release("r0", "Rules first", {"policy": "rules"}, by="pm", why="begin simply")
    made.promote("r0", by="pm", why="the first one")
    return made


def _no_source(entry, folder):
    raise AssertionError("this product has no sources")


def second_trial(n: int) -> Product:
    """r1 serves everybody, unproven, since a day; r2 is tried against it from now on."""
    made = running(n)
    for id in ("r1", "r2"):
        made.create_release(id, id, {"policy": "rules"}, by="ds", why="try")
    made.move("r1", "ramp", share=1.0, by="pm", why="try")
    made.promote("r1", by="pm", why="season", unproven=True)
    made.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    made.move("r2", "ramp", share=1.0, by="pm", why="try")
    return made
