"""Do people complain more than usual?

Thumbs down, corrections, problems and suggestions waved away, among the suggestions met in a week, each set
against the weeks before it. One loud author counts no more than the next loudest. A kind is a `Stream`: whoever
wants alarms by segment makes more of them, and divides nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from payoff.log.responses import responses_view
from payoff.monitors.control import USUAL, Judged, judge
from payoff.monitors.look import Look, blameless
from payoff.records.findings import Finding, GroupFigure, Limit, Severity, Target, WeekFigure
from payoff.stats import compare

SOURCE = "self-starting CUSUM, Page 1954, Hawkins 1987; how often chance alarms, Siegmund 1985"
ORDER = 60
KINDS = ("thumb", "correction", "problem", "dismissal")
INBOX = {"thumb": "thumb", "correction": "correction", "problem": "problem"}
"""What a kind is called in the inbox; those waved away are not in it."""
_LOUD = 3
"""It is said that one author was loud when so many of theirs are not counted."""
Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Stream:
    """One kind of thing said, a week each: `counts` with the loudest author capped, `heard` as they came,
    `authors` who said it, `met` suggestions that were met."""

    kind: str
    counts: Counts
    heard: Counts
    authors: Counts
    met: Counts

    def judged(self, over: int) -> tuple[Judged, ...]:
        """The weeks that are over."""
        return judge(self.counts[:over], self.met[:over])


def watch(look: Look) -> Iterator[Finding]:
    """One finding: the kind that rose most, and the others beside it."""
    if not look.weeks:
        yield _unknown(look, look.say("weeks_more", n=USUAL + 1), weeks_more=USUAL + 1)
        return
    streams = streams_of(look)
    met = streams[0].met
    judged = int((met[: look.over] > 0).sum())
    if judged <= USUAL:
        more = USUAL + 1 - judged
        yield _unknown(look, look.say("weeks_more", n=more), weeks_more=more, streams=streams)
        return
    yield _finding(look, streams)


def streams_of(look: Look) -> list[Stream]:
    """Every kind over the weeks looked at."""
    met = _per_week(look, look.by_week(_met(look)))
    said = {
        "thumb": _feedback(look, "thumb"),
        "correction": _feedback(look, "correction"),
        "problem": _feedback(look, "problem"),
        "dismissal": _dismissed(look),
    }
    return [_stream(look, kind, said[kind], met) for kind in KINDS]


def _met(look: Look) -> ir.Table:
    """One row a suggestion somebody met, when they first did."""
    heard = responses_view(look.tables)
    heard = heard.filter(heard.at <= look.now)
    return heard.group_by("suggestion").agg(at=heard.at.min())


def _dismissed(look: Look) -> ir.Table:
    """One row a suggestion waved away; not where the reason says nothing about the suggestion."""
    heard = responses_view(look.tables)
    heard = heard.filter(heard.at <= look.now, heard.what == "dismissed", ~blameless(heard.why))
    return heard.group_by("suggestion").agg(at=heard.at.min(), author=heard.actor.fill_null("").min())


def _feedback(look: Look, kind: str) -> ir.Table:
    """One row a thing said: of one author on one suggestion only the first of a kind counts."""
    said = look.tables.table("feedback")
    said = said.filter(said.at <= look.now)
    there = {"thumb": said.thumb < 0, "correction": said.correction.notnull(), "problem": said.problem.notnull()}
    said = said.filter(there[kind]).mutate(
        author=said.actor.fill_null(""), about=said.suggestion.fill_null(said.unit).fill_null(said.id)
    )
    return said.group_by("author", "about").agg(at=said.at.min())


def _per_week(look: Look, rows: ir.Table) -> Counts:
    found = look.fetch(rows.group_by("week").agg(n=rows.week.count()))
    counts = np.zeros(len(look.weeks))
    counts[found["week"].to_numpy()] = found["n"].to_numpy()
    return counts


def _stream(look: Look, kind: str, said: ir.Table, met: Counts) -> Stream:
    weeks = look.by_week(said)
    found = look.fetch(weeks.group_by("week", "author").agg(n=weeks.week.count()))
    week, n = found["week"].to_numpy(), found["n"].to_numpy().astype(float)
    size = len(look.weeks)
    counts, heard, authors = np.zeros(size), np.bincount(week, n, size), np.bincount(week, minlength=size)
    for number in np.unique(week):
        by = np.sort(n[week == number])
        second = by[-2] if by.size > 1 else 0.0
        counts[number] = np.minimum(by, max(1.0, second)).sum()
    return Stream(kind, counts, heard.astype(float), authors.astype(float), met)


def _finding(look: Look, streams: list[Stream]) -> Finding:
    over = look.over
    judged = {s.kind: s.judged(over) for s in streams}
    alarms = [s for s in streams if judged[s.kind] and judged[s.kind][-1].alarm]
    worst = max(alarms or streams, key=lambda s: judged[s.kind][-1].sum if judged[s.kind] else 0.0)
    now = judged[worst.kind][-1]
    severity: Severity = "act" if alarms else "fine"
    last = over - 1
    if alarms:
        sentence = look.say(
            f"feedback_{worst.kind}_more",
            now=look.of_100(_rate(worst, last)),
            usual=look.of_100(now.usual or 0.0),
            since=look.texts.day(look.weeks[_since(judged[worst.kind])].monday),
        )
        sentence = f"{sentence} {look.say('not_chance')}"
    else:
        sentence = look.say("feedback_fine")
    details = [_line(look, s, judged[s.kind]) for s in streams if s is not worst or not alarms]
    details += [line for s in streams for line in _renewed(look, s, judged[s.kind])]
    details += _loud(look, streams, last)
    word = worst.kind if alarms else "fine"
    return Finding(
        id="feedback",
        monitor="feedback",
        severity=severity,
        title=look.say("feedback_title"),
        sentence=sentence,
        means=look.say("feedback_means_more" if alarms else "feedback_means_fine"),
        todo=look.say(f"feedback_todo_{word}"),
        targets=_targets(look, worst.kind) if alarms else (),
        figure=look.say(f"feedback_figure_{worst.kind}"),
        weeks=_weeks(look, worst),
        groups=tuple(_group(look, s, judged[s.kind]) for s in streams if s is not worst),
        limits=_limits(look, now),
        details=tuple(details),
        n=int(worst.met.sum()),
        known=int(worst.met.sum()),
        total=int(worst.met.sum()),
        method=look.say("feedback_method"),
        source=SOURCE,
        order=ORDER,
    )


def _rate(stream: Stream, week: int) -> float:
    return float(stream.counts[week] / stream.met[week]) if stream.met[week] else 0.0


def _since(judged: tuple[Judged, ...]) -> int:
    """The week in which the sum that alarms began to grow."""
    week = len(judged) - 1
    while week > 0 and judged[week - 1].sum > 0:
        week -= 1
    return week


def _line(look: Look, stream: Stream, judged: tuple[Judged, ...]) -> str:
    now = judged[-1]
    key = "feedback_line_alarm" if now.alarm else "feedback_line"
    return look.say(
        key,
        kind=_kind(look, stream),
        now=look.of_100(_rate(stream, len(judged) - 1)),
        usual=look.of_100(now.usual or 0.0),
    )


def _renewed(look: Look, stream: Stream, judged: tuple[Judged, ...]) -> list[str]:
    """An alarm that went on until it was no news: what was usual before, and what is now."""
    at = next((w for w in range(len(judged) - 1, 0, -1) if judged[w].renewed), None)
    if at is None or judged[-1].usual is None or judged[-1].alarm:
        return []
    since = _since(judged[:at])
    return [
        look.say(
            "feedback_renewed",
            kind=_kind(look, stream),
            since=look.texts.day(look.weeks[since].monday),
            before=look.of_100(judged[at - 1].usual or 0.0),
            usual=look.of_100(judged[-1].usual),
        )
    ]


def _kind(look: Look, stream: Stream) -> str:
    word = look.say(f"feedback_kind_{stream.kind}")
    return word[:1].upper() + word[1:]


def _loud(look: Look, streams: list[Stream], week: int) -> list[str]:
    """Says so where one author was counted as one."""
    lost = sum(float(s.heard[week] - s.counts[week]) for s in streams)
    return [look.say("feedback_loud", n=round(lost))] if lost >= _LOUD else []


def _weeks(look: Look, stream: Stream) -> tuple[WeekFigure, ...]:
    figures = []
    for number, week in enumerate(look.weeks):
        met = int(stream.met[number])
        if not met:
            figures.append(WeekFigure(week.monday, open=week.end > look.now))
            continue
        rate = _rate(stream, number)
        low, high = compare.wilson(min(rate, 1.0), met)
        figures.append(WeekFigure(week.monday, rate, low, high, met, met, week.end > look.now))
    return look.shown(figures)


def _limits(look: Look, now: Judged) -> tuple[Limit, ...]:
    found = [Limit(now.usual, look.say("feedback_usual"), "usual")] if now.usual is not None else []
    found += [Limit(now.limit, look.say("feedback_limit"))] if now.limit is not None else []
    return tuple(found)


def _group(look: Look, stream: Stream, judged: tuple[Judged, ...] = ()) -> GroupFigure:
    met = float(stream.met.sum())
    return GroupFigure(
        look.say(f"feedback_kind_{stream.kind}"),
        float(stream.counts.sum()) / met if met else None,
        n=int(met),
        weeks=_weeks(look, stream),
        figure=look.say(f"feedback_figure_{stream.kind}"),
        limits=_limits(look, judged[-1]) if judged else (),
    )


def _targets(look: Look, kind: str) -> tuple[Target, ...]:
    if kind in INBOX:
        return (Target("inbox", look.say(f"to_inbox_{kind}"), {"kind": INBOX[kind]}),)
    return (Target("playbook", look.say("to_playbook")),)


def _unknown(
    look: Look, why: str, *, weeks_more: int | None = None, streams: list[Stream] | None = None
) -> Finding:
    return Finding(
        id="feedback",
        monitor="feedback",
        severity="cannot tell",
        title=look.say("feedback_title"),
        sentence=why,
        means=look.say("feedback_means_unknown", n=USUAL),
        todo=look.say("todo_wait"),
        groups=tuple(_group(look, s) for s in streams or ()),
        weeks_more=weeks_more,
        method=look.say("feedback_method"),
        source=SOURCE,
        order=ORDER,
    )
