"""What words and themes can be tied to: releases, decisions, actions, parts of the brief."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from payoff.brief.gaps import spoken
from payoff.use_cases.cycle import AUTOMATIC
from payoff.use_cases.workspace import Workspace

QUESTIONS = ("users", "problem", "workflow", "success")


@dataclass(frozen=True, slots=True)
class Target:
    """`on` is how an event names it, `group` its kind, `at` the moment of a decision."""

    on: str
    group: str
    label: str
    href: str
    at: datetime | None = None


def targets(ws: Workspace) -> tuple[Target, ...]:
    """All of them as they are now; newest releases and decisions first."""
    say, releases = ws.texts.say, {r.id: r for r in ws.releases()}
    found = [
        Target(f"release:{r.id}", "release", f"{r.id} · {r.title}", f"/releases#{r.id}")
        for r in reversed(releases.values())
    ]
    names = {key: person.name for key, person in ws.brief.people.items()}
    for row in ws.tables.arrow("decision").to_pylist()[::-1]:
        label = say(
            "notes.target_decision",
            chosen=row["chosen"],
            release=row["release"],
            day=ws.texts.day(row["at"]),
            who=say("board.itself")
            if row["actor"] == AUTOMATIC
            else names.get(row["actor"] or "", row["actor"] or ""),
        )
        found.append(
            Target(f"decision:{row['id']}", "decision", label, f"/board?release={row['release']}", row["at"])
        )
    found += [Target(f"action:{id}", "action", name, f"/playbook#a-{id}") for id, name in ws.actions().items()]
    found += [
        Target(f"brief:questions.{name}", "question", say(f"notes.target_{name}"), f"/brief#q-{name}")
        for name in QUESTIONS
    ]
    found += [
        Target(f"brief:metrics.{m.name}", "figure", m.label or spoken(m.name), f"/brief#m-{m.name}")
        for m in ws.brief.metrics
    ]
    return tuple(found)
