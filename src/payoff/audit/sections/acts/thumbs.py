"""Thumbs: how many are up, where they are down, and whether the score was right there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from payoff.aggregates import Sums
from payoff.audit import measures
from payoff.audit.gaps import by_group, named
from payoff.audit.measures import Share
from payoff.audit.report import Finding, Kind, Table
from payoff.audit.sections.acts.funnel import share_basis, share_where
from payoff.audit.sections.harm.tables import span
from payoff.audit.view import FEW, View

_GIVEN = "feedback < 2"
_UP = "(feedback = 1)::int"
_HALF = 0.5
_TENTHS = tuple(i / 10 for i in range(1, 10))


def findings(view: View) -> list[Finding]:
    """How the thumbs stand, and whether they speak of the score being right."""
    if "feedback" not in view.rows:
        return []
    up = share_where(view, "feedback = 1", _GIVEN)
    if up is None:
        return []
    right = _right(view)
    return [_thumbs(view, up), *([right] if right else [])]


def _thumbs(view: View, up: Share) -> Finding:
    kind: Kind = "know"
    key = "thumbs_open"
    if up.n < FEW:
        key = "thumbs_few"
    elif up.high < _HALF:
        key, kind = "thumbs_down", "costs"
    elif up.low > _HALF:
        key, kind = "thumbs_up", "good"
    return view.finding(
        "acts",
        key,
        kind,
        share_basis(view, up),
        touches=(up.n - up.hits) / view.n,
        evidence={"up": up.value, "low": up.low, "high": up.high, "given": up.n, "given_share": up.n / view.n},
        n=view.number(up.n),
        given=view.of_100(up.n / view.n),
        value=view.of_100(up.value),
        down=view.of_100(1 - up.value),
        low=view.of_100(up.low),
        high=view.of_100(up.high),
    )


def _right(view: View) -> Finding | None:
    """How often the score was right where the thumb is down, beside where it is up."""
    if "score" not in view.rows or "label" not in view.rows:
        return None
    agree = f"{view.advised} = label"
    down, up = (share_where(view, agree, f"{{known}} and feedback = {thumb}") for thumb in (0, 1))
    if down is None or up is None or min(down.n, up.n) < FEW:
        return None
    value, low, high = measures.gap(down, up)
    side = "less" if high < 0 else "more" if low > 0 else "same"
    return view.finding(
        "acts",
        f"thumbs_right_{side}",
        "know",
        view.basis("newcombe_units" if view.rows.clustered else "newcombe", down.n + up.n, (low, high)),
        touches=down.n / view.n,
        evidence={"right_down": down.value, "right_up": up.value, "gap": value, "low": low, "high": high},
        down=view.of_100(down.value),
        up=view.of_100(up.value),
    )


def _lines(view: View) -> Iterator[tuple[str, str, Sums]]:
    """Who, by what, and the thumbs: all, where the score was right or wrong, by tenth of the score, by group."""
    yield view.say("thumbs_all"), "", view.rows.sums(_UP, where=_GIVEN).get((), Sums())
    if "score" in view.rows:
        if "label" in view.rows:
            agree = f"({view.advised} = label)::int"
            for (right,), sums in sorted(view.rows.sums(_UP, agree, where=f"{{known}} and {_GIVEN}").items()):
                yield view.say("thumbs_score_right" if right else "thumbs_score_wrong"), "", sums
        yield from _tenths(view)
    for column, coded in view.groups.items():
        for key, sums in sorted(by_group(view, [coded], _UP, _GIVEN).items()):
            yield named(view, coded, key), column, sums


def _tenths(view: View) -> Iterator[tuple[str, str, Sums]]:
    where = f"score is not null and {_GIVEN}"
    cuts = sorted(set(view.rows.quantiles("score", _TENTHS, where=where).get((), [])))
    if not cuts:
        return
    whens = " ".join(f"when score < {cut!r} then {k}" for k, cut in enumerate(cuts))
    found = view.rows.sums(_UP, f"(case {whens} else {len(cuts)} end)", where=where)
    edges = [f"{cut:.3g}" for cut in cuts]
    for (k,), sums in sorted(found.items()):
        key = "thumbs_under" if k == 0 else "thumbs_over" if k == len(cuts) else "thumbs_between"
        words = {"low": edges[k - 1] if k else "", "high": edges[k] if k < len(cuts) else ""}
        yield view.say(key, **words), view.roles["score"], sums


def table(view: View) -> Table | None:
    """Thumbs up by everything they can be set beside; `None` where there are none."""
    if "feedback" not in view.rows:
        return None
    rows: list[dict[str, Any]] = []
    cells = []
    for who, column, sums in _lines(view):
        share = measures.share_of(sums) if sums.n >= FEW else None
        shown = (
            {"up": share.value, "low": share.low, "high": share.high}
            if share
            else dict.fromkeys(("up", "low", "high"))
        )
        rows.append({"column": column, "group": who, "n": round(sums.w), **shown})
        cells.append((column, who, view.number(sums.w), span(view, share) if share else view.say("cannot_tell")))
    heads = tuple(view.say(f"acts_column_{head}") for head in ("column", "group", "given", "up"))
    return Table(view.say("thumbs_table"), heads, tuple(cells), tuple(rows), view.say("acts_note", few=FEW))
