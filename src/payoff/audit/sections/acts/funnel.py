"""From scored to acted on: how many are left after each step, and where most are lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from payoff.aggregates import Sums
from payoff.audit import charts, measures
from payoff.audit.gaps import by_group, named
from payoff.audit.measures import Share
from payoff.audit.report import Basis, Chart, Finding, Table
from payoff.audit.sections.harm.tables import span
from payoff.audit.view import FEW, View

_LOST = 0.5
_HUMAN = ("seen", "done")
"""Steps on which losing people is a loss; being picked is meant to leave most out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    `share` is of those of the step before of whom it is known; `None` for the first step, or where nobody is left.
    `here` is SQL for having come this far, every step before included.
    """

    name: str
    rows: int
    share: Share | None
    here: str


def steps(view: View) -> list[Step]:
    """Scored (or all), picked out, seen, decided for, acted on, outcome: those the table knows of."""
    scored, decided = "score" in view.rows, "decision" in view.rows
    planned: list[tuple[str, str, str]] = []
    if scored:
        planned.append(("advised", f"{view.advised} = 1", "true"))
    for name, column, there in (
        ("seen", "seen", "seen" in view.rows),
        ("decided", "decision", decided),
        ("done", "done", "done" in view.rows),
        ("outcome", "label", "label" in view.rows),
    ):
        if there:
            planned.append((name, f"{column} = 1", f"{column} < 2"))
    if decided and not scored:  # who was picked comes before who saw it
        planned.sort(key=lambda step: step[0] != "decided")
    first = "score is not null" if scored else "true"
    found = [Step("scored" if scored else "rows", _count(view, first), None, first)]
    for name, condition, known in planned:
        before = found[-1].here
        here = f"{before} and {condition}"
        found.append(Step(name, _count(view, here), share_where(view, condition, f"{before} and {known}"), here))
    return found


def picked(found: list[Step]) -> Step:
    """The step from which on people come in: picked out by the model or by a decision, else all rows."""
    return next((s for s in found if s.name in ("advised", "decided")), found[0])


def _count(view: View, where: str) -> int:
    return int(view.rows.counts(where=where)["n"][0])


def share_where(view: View, condition: str, where: str) -> Share | None:
    """The share of rows that meet a condition among those in question; `None` for none of them."""
    return measures.share_of(view.rows.sums(f"({condition})::int", where=where).get((), Sums()))


def share_basis(view: View, share: Share) -> Basis:
    return view.basis("wilson_units" if view.rows.clustered else "wilson", share.n, (share.low, share.high))


def finding(view: View, found: list[Step]) -> Finding | None:
    """The step on which most are lost, or that none loses half; `None` where nobody's acting was recorded."""
    human = [(i, s) for i, s in enumerate(found) if s.name in _HUMAN and s.share]
    told = [(i, s, s.share) for i, s in human if s.share and s.share.n >= FEW]
    if not human:
        return None
    if not told:
        n = max(s.share.n for _, s in human if s.share)
        return view.finding("acts", "funnel_few", "know", view.basis("count", n), touches=n / view.n, n=n)
    lost = [(share.n - share.hits, i, step, share) for i, step, share in told if share.value <= _LOST]
    evidence = {s.name: {"rows": s.rows, "share": s.share.value if s.share else None} for s in found}
    if not lost:
        _, last, share = told[-1]
        start = picked(found)
        whole = share_where(view, f"{last.name} = 1", f"{start.here} and {last.name} < 2") or share
        return view.finding(
            "acts",
            "funnel_kept",
            "good",
            share_basis(view, whole),
            touches=whole.n / view.n,
            evidence=evidence,
            before=view.say(f"acts_step_{start.name}"),
            step=view.say(f"acts_step_{last.name}"),
            value=view.of_100(whole.value),
        )
    rows, i, step, share = max(lost, key=lambda entry: entry[:2])
    return view.finding(
        "acts",
        "funnel_lost",
        "costs",
        share_basis(view, share),
        touches=rows / view.n,
        evidence={"step": step.name, "lost": rows, "low": share.low, "high": share.high, **evidence},
        before=view.say(f"acts_step_{found[i - 1].name}"),
        step=view.say(f"acts_step_{step.name}"),
        value=view.of_100(share.value),
        low=view.of_100(share.low),
        high=view.of_100(share.high),
    )


def table(view: View, found: list[Step]) -> Table:
    rows: list[dict[str, Any]] = []
    cells = []
    for step in found:
        few = step.share is None or step.share.n < FEW
        shown = (
            "–"
            if step is found[0]
            else view.say("cannot_tell")
            if few or not step.share
            else span(view, step.share)
        )
        cells.append((view.say(f"acts_step_{step.name}"), view.number(step.rows), shown))
        share = None if few else step.share
        rows.append(
            {
                "step": step.name,
                "rows": step.rows,
                "share": share.value if share else None,
                "low": share.low if share else None,
                "high": share.high if share else None,
            }
        )
    columns = tuple(view.say(f"acts_column_{head}") for head in ("step", "rows", "share"))
    basis = view.basis("wilson_units" if view.rows.clustered else "wilson", found[0].rows)
    return Table(view.say("acts_table"), columns, tuple(cells), tuple(rows), view.say("acts_note", few=FEW), basis)


def chart(view: View, found: list[Step]) -> Chart | None:
    """How many of 100 are left after each step; `None` where there is nothing to start from."""
    total = found[0].rows
    if not total:
        return None
    left = [(view.say(f"acts_step_{s.name}"), s.rows / total) for s in found]
    bars = [
        {"who": who, "value": v * 100, "shown": view.of_100(v), "ours": i == 0} for i, (who, v) in enumerate(left)
    ]
    says = view.say("acts_chart_says", steps=", ".join(f"{who} {view.of_100(v)}" for who, v in left))
    return Chart(view.say("acts_chart"), charts.bars(bars), says)


def by_groups(view: View, found: list[Step]) -> Table | None:
    """Seen and acted on, of those picked out, by group; `None` without groups or anything to tell."""
    start = picked(found)
    human = [name for name in _HUMAN if name in view.rows]
    if not human or not view.groups:
        return None
    rows: list[dict[str, Any]] = []
    cells = []
    for column, coded in view.groups.items():
        told = {n: by_group(view, [coded], f"({n} = 1)::int", f"{start.here} and {n} < 2") for n in human}
        for key in sorted({key for shares in told.values() for key in shares}):
            row: dict[str, Any] = {"column": column, "group": named(view, coded, key)}
            line = [column, row["group"], view.number(max(told[n].get(key, Sums()).w for n in human))]
            for name in human:
                sums = told[name].get(key, Sums())
                share = measures.share_of(sums) if sums.n >= FEW else None
                row |= {f"{name}_n": int(sums.w), name: share.value if share else None}
                line.append(span(view, share) if share else view.say("cannot_tell"))
            rows.append(row)
            cells.append(tuple(line))
    heads = tuple(view.say(f"acts_column_{head}") for head in ("column", "group", "rows", *human))
    title = view.say("acts_table_groups", start=view.say(f"acts_step_{start.name}"))
    return Table(title, heads, tuple(cells), tuple(rows), view.say("acts_note", few=FEW))
