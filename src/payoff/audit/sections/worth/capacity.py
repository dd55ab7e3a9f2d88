"""What acting on the highest scores finds, by how many can be acted on; in money where amounts were given."""

from __future__ import annotations

import math
from typing import Any

from payoff.audit import charts
from payoff.audit.measures import effective
from payoff.audit.report import Chart, Finding, Table
from payoff.audit.sections.worth.piece import Piece
from payoff.audit.view import View
from payoff.stats import compare
from payoff.stats.scores import Binned

SHARES = (0.05, 0.10, 0.20, 0.30)
MAIN = 0.10
"""The capacity the findings speak of where the caller said none."""
_BEYOND = 1e300
"""Above every score."""


def said_share(view: View, otherwise: float) -> float:
    """The share of rows that can be acted on, as the caller said it: a share between 0 and 1, or, from 1 on, so
    many of all rows, whether or not it is known what came of them."""
    said = view.said.capacity
    if said is None or said <= 0:
        return otherwise
    return min(1.0, said if said < 1 else said / max(1, view.n))


def shown_share(view: View, part: float) -> str:
    """0.1 → 10, 0.0037 → 0.4: of 100, for a sentence."""
    hundred = part * 100
    return view.number(hundred, 0 if abs(hundred - round(hundred)) < 1e-9 else 1)


def totals(
    view: View, rows: int, cut: float, sums: tuple[str, ...], where: str, *, above: float | None = None
) -> tuple[list[float], list[float]]:
    """Sums over the `rows` highest scores and over the rest, the number of rows first.

    `cut` is the lowest score among the highest; rows from `cut` up to `above` (only those of that very score where
    it is not given) are taken in proportion.
    """
    over = f"score > {cut!r}" if above is None else f"score >= {above!r}"
    place = f"case when {over} then 2 when score >= {cut!r} then 1 else 0 end"
    found = view.rows.counts(place, where=where, sums=("1", *sums))
    at = {int(p): [float(found[f"sum{i}"][k]) for i in range(len(sums) + 1)] for k, p in enumerate(found[place])}
    nothing = [0.0] * (len(sums) + 1)
    high, tied, low = (at.get(p, nothing) for p in (2, 1, 0))
    part = min(1.0, max(0.0, (rows - high[0]) / tied[0])) if tied[0] else 0.0
    inside = [a + part * b for a, b in zip(high, tied, strict=True)]
    return inside, [c + (1 - part) * b for c, b in zip(low, tied, strict=True)]


def capacity(view: View) -> Piece:
    """Outcomes found at each capacity, and what they would be worth if every one of them could be changed."""
    main = said_share(view, MAIN)
    rows = [_row(view, part) for part in sorted({*SHARES, main})]
    chosen = next(row for row in rows if row["top"] == main)
    return Piece((_finds(view, chosen), *_money(view, chosen)), (_table(view, rows),), (_chart(view, rows),))


def _row(view: View, part: float) -> dict[str, Any]:
    k = max(1, math.ceil(part * view.known - 1e-9))
    top = view.ranked.highest(k)
    row: dict[str, Any] = {
        "top": part,
        "rows": top.rows,
        "hits": top.hits,
        "precision": top.precision,
        "base": view.base,
        "caught": top.hits / view.positives,
        "off_by_at_most": top.off,
        "cut": float(top.cut),
    }
    if view.has("value"):
        sums = (f"label::double * ({view.value})", _cost(view))
        (n, worth, spent), (n_rest, worth_rest, _) = totals(
            view, k, top.cut, sums, "{known}", above=_above(view, top.cut)
        )
        at_random = (worth + worth_rest) / (n + n_rest) * k
        row |= {"worth": worth, "cost": spent, "ceiling": worth - spent, "at_random": at_random - spent}
    return row


def _cost(view: View) -> str:
    """SQL for what acting on a row would cost. Those left alone cost nothing, and would cost what others did."""
    if "cost" not in view.roles:
        return repr(view.cost)
    own = f"coalesce(cost, {view.cost!r})"
    return f"case when treated = 0 and cost = 0 then {view.cost!r} else {own} end" if view.arms else own


def _above(view: View, cut: float) -> float | None:
    """Where scores were counted in bins, the lowest score of the next bin."""
    if not isinstance(view.ranked, Binned):
        return None
    higher = view.ranked.low[view.ranked.low > cut]
    return float(higher[0]) if higher.size else _BEYOND


def _finds(view: View, row: dict[str, Any]) -> Finding:
    basis = view.basis("precision_at", row["rows"], compare.wilson(row["precision"], _even(view, row)))
    return view.finding(
        "worth",
        "finds",
        "know",
        basis,
        touches=row["rows"] / view.n,
        evidence=row,
        k=view.number(row["rows"]),
        top=shown_share(view, row["top"]),
        hits=view.of_100(row["precision"]),
        base=view.of_100(view.base),
    )


def _even(view: View, row: dict[str, Any]) -> float:
    """As many independent rows as the highest scores are worth: fewer where units come several times."""
    if not view.rows.clustered:
        return float(row["rows"])
    sums = view.rows.sums("label::double", where=f"{{known}} and score >= {row['cut']!r}")[()]
    return float(row["rows"] * effective(sums) / sums.w)


def _money(view: View, row: dict[str, Any]) -> list[Finding]:
    if not (view.has("value") and view.has("cost")) or row["worth"] <= 0:
        return []
    needed = row["cost"] / row["worth"]
    top = shown_share(view, row["top"])
    basis, evidence, touches = (
        view.basis("break_even", row["rows"]),
        {"needed": needed, **row},
        row["rows"] / view.n,
    )
    if needed >= 1:
        money = row["cost"] - row["worth"]
        return [
            view.finding(
                "worth", "never_pays", "costs", basis, touches=touches, evidence=evidence, money=money, top=top
            )
        ]
    shown = view.of_100(needed)
    return [
        view.finding(
            "worth", "break_even", "know", basis, touches=touches, evidence=evidence, top=top, needed=shown
        )
    ]


def _table(view: View, rows: list[dict[str, Any]]) -> Table:
    money = view.has("value")
    heads = ["top", "rows", "hits", "random", "caught"] + (["ceiling"] if money else [])
    cells = []
    for row in rows:
        line = [
            view.say("worth_top", top=shown_share(view, row["top"])),
            view.number(row["rows"]),
            view.of_100(row["precision"]),
            view.of_100(row["base"]),
            view.say("worth_top", top=view.of_100(row["caught"])),
        ]
        line += [view.number(row["ceiling"])] if money else []
        cells.append(tuple(line))
    note = view.say("worth_note") + (" " + view.say("worth_note_money") if money else "")
    columns = tuple(view.say(f"worth_column_{head}") for head in heads)
    basis = view.basis("precision_at", view.known)
    return Table(view.say("worth_table"), columns, tuple(cells), tuple(rows), note, basis)


def _chart(view: View, rows: list[dict[str, Any]]) -> Chart:
    points = [
        {"top": shown_share(view, r["top"]), "value": r["precision"] * 100, "shown": view.of_100(r["precision"])}
        for r in rows
    ]
    says = view.say(
        "worth_chart_says",
        first_top=points[0]["top"],
        first=points[0]["shown"],
        last_top=points[-1]["top"],
        last=points[-1]["shown"],
        base=view.of_100(view.base),
    )
    spec = charts.against_line(points, view.base * 100, view.say("worth_axis"))
    return Chart(view.say("worth_chart"), spec, says)
