"""Where people overruled the score: how often, whom, and who was right."""

from __future__ import annotations

from typing import Any

from payoff.aggregates import Sums
from payoff.audit import measures
from payoff.audit.gaps import Gap, Split, by_group, called, gaps_of, one_each, split_of
from payoff.audit.report import Finding, Table
from payoff.audit.sections.acts.alike import Alike
from payoff.audit.sections.acts.verdict import SIDES, as_dict, judged, who_was_right
from payoff.audit.sections.harm.tables import span
from payoff.audit.view import FEW, View

_BOTH = "score is not null and decision < 2"
_NAMED = 3


def overrulings(view: View) -> dict[str, Sums]:
    """What is counted among what, by name.

    `overruled` among all rows with a score and a decision; `turned_down` among those the model advised, `added`
    among those it did not; `right…` how often people were right among the overruled whose outcome is known.
    """
    if view.rows.clustered:
        return _per_unit(view)
    labelled = "label" in view.rows
    found = view.rows.counts(view.advised, "decision", *(["label"] if labelled else []), where=_BOTH)
    nothing = [255] * found["n"].size
    label = found["label"].tolist() if labelled else nothing
    sums = dict.fromkeys(("overruled", *SIDES, "right", *(f"right_{side}" for side in SIDES)), Sums())

    def add(name: str, rows: int, counts: bool) -> None:
        sums[name] += one_each(rows * counts, rows)

    for advised, decision, y, rows in zip(
        found[view.advised].tolist(), found["decision"].tolist(), label, found["n"].tolist(), strict=True
    ):
        side = "turned_down" if advised else "added"
        add("overruled", rows, advised != decision)
        add(side, rows, advised != decision)
        if advised != decision and y < 2:
            add("right", rows, decision == y)
            add(f"right_{side}", rows, decision == y)
    return sums


def _per_unit(view: View) -> dict[str, Sums]:
    """The same, one query each, so that each unit brings its own total."""
    differ, agree = f"({view.advised} != decision)::int", "(decision = label)::int"
    known = f"{_BOTH} and {view.advised} != decision and label < 2"
    asked = {"overruled": (differ, _BOTH), "right": (agree, known)}
    for side, advised in SIDES.items():
        here = f"{view.advised} = {advised}"
        asked[side] = (differ, f"{_BOTH} and {here}")
        asked[f"right_{side}"] = (agree, f"{known} and {here}")
    if "label" not in view.rows:
        asked = {name: query for name, query in asked.items() if not name.startswith("right")}
    found = {name: view.rows.sums(y, where=where).get((), Sums()) for name, (y, where) in asked.items()}
    return {**dict.fromkeys(("right", *(f"right_{side}" for side in SIDES)), Sums()), **found}


def findings(view: View) -> list[Finding]:
    """How often people overruled it and who was right then, and groups in which they do so more often."""
    if "score" not in view.rows or "decision" not in view.rows:
        return []
    sums = overrulings(view)
    overruled = measures.share_of(sums["overruled"])
    if overruled is None:
        return []
    by = _groups(view)
    return [who_was_right(view, sums, overruled, judged(view)), *([by] if by else [])]


def table(view: View) -> Table | None:
    """Both ways of overruling, how often, and what came of them beside rows people left as the score had them;
    `None` without score or decision."""
    if "score" not in view.rows or "decision" not in view.rows:
        return None
    sums, compared = overrulings(view), judged(view).sides
    rows: list[dict[str, Any]] = []
    cells = []
    for side in SIDES:
        told, right = (measures.share_of(s) if s.n >= FEW else None for s in (sums[side], sums[f"right_{side}"]))
        row = {
            "way": side,
            "rows": round(sums[side].y),
            "share": told.value if told else None,
            "known": round(sums[f"right_{side}"].w),
            "people_right": right.value if right else None,
        }
        found = compared.get(side)
        rows.append({**row, **(as_dict(found) if found else {})})
        share = span(view, told) if told else view.say("cannot_tell")
        lead = (view.say(f"overrules_{side}"), view.number(round(sums[side].y)), share)
        cells.append((*lead, *_came(view, found)))
    heads = tuple(
        view.say(f"overrules_column_{head}") for head in ("way", "rows", "share", "came", "followed", "apart")
    )
    basis = view.basis("overruled", max((f.n for f in compared.values()), default=0)) if compared else None
    note = view.say("overrules_note", few=FEW)
    return Table(view.say("overrules_table"), heads, tuple(cells), tuple(rows), note, basis)


def _came(view: View, found: Alike | None) -> tuple[str, str, str]:
    if found is None:
        return (view.say("cannot_tell"),) * 3
    low, high = view.signed(found.low), view.signed(found.high)
    apart = view.say("overrules_apart", value=view.signed(found.value), low=low, high=high)
    return view.of_100(found.overruled), view.of_100(found.followed), apart


def splits(view: View) -> list[Split]:
    """Every column of groups with how often people overruled the score in each."""
    found = []
    for column, coded in view.groups.items():
        told = by_group(view, [coded], f"({view.advised} != decision)::int", _BOTH)
        n = {key: round(sums.w) for key, sums in told.items()}
        if n:
            found.append(split_of(view, (column,), n, {key: {"overruled": sums} for key, sums in told.items()}))
    return found


def _groups(view: View) -> Finding | None:
    """The largest gap, for sure, in how often people overrule; `None` where there is none."""
    every = splits(view)
    comparisons = sum(split.comparable(("overruled",)) for split in every)
    gaps = [gap for split in every for gap in gaps_of(split, ("overruled",), comparisons)]
    sure = [gap for gap in gaps if gap.verdict() in ("worse", "better")]
    if not sure:
        return None
    worst = max(sure, key=lambda g: (g.split.protected, abs(g.value), g.group.name))
    return _gap(view, worst, comparisons)


def _gap(view: View, gap: Gap, comparisons: int) -> Finding:
    split, rates = gap.split, gap.split.told("overruled")
    first, other = gap.group.name, split.reference.name
    if gap.value < 0:
        first, other = other, first
    others = [other, *(name for name in rates if name not in (first, other))][:_NAMED]
    n = int(gap.group.cells["overruled"].w + split.reference.cells["overruled"].w)
    return view.finding(
        "acts",
        "overrules_group",
        "costs" if split.protected else "know",
        view.basis("newcombe_units" if view.rows.clustered else "newcombe", n, (gap.low, gap.high)),
        touches=next(g.n for g in split.groups if g.name == first) / view.n,
        evidence={
            "column": split.column,
            "group": first,
            "reference": split.reference.name,
            "rates": rates,
            "gap": {"value": gap.value, "low": gap.low, "high": gap.high},
            "comparisons": comparisons,
        },
        group=called(split.column, first),
        value=view.of_100(rates[first]),
        others=", ".join(f"“{called(split.column, name)}” {view.of_100(rates[name])}" for name in others),
        column=split.column,
    )
