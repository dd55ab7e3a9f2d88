"""Goals and guardrails over the weeks, each against the line its rule draws, with what happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from payoff.gates.standing import Standing
from payoff.records.judgement import Estimate
from payoff.records.releases import SERVED, STREAM, Release
from payoff.texts import Texts
from payoff.use_cases.judging_history import Judgement
from payoff.web.figures import Figures
from payoff.web.product import Card, Decision
from payoff.web.series import Line, Marker, Point, Rule, Series, series

DAY_HOURS = 48
"""From so many hours on a figure is told in days."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """One goal or guardrail over the weeks: where it stands now in a sentence, and the picture.

    `tone` colours the sentence. `narrowed` says from what to what the range came ("" with one range). `folded`
    leaves a picture closed that says nothing alarming: most guardrails.
    """

    label: str
    purpose: str
    sentence: str
    tone: str
    narrowed: str
    how: str
    picture: Series
    folded: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What one metric's line is made of: each day's standing, oldest first, and what the axis has to reach.

    `harmful` says that the verdict takes the release back for it; `over` that nothing more will come.
    """

    days: tuple[tuple[datetime, Standing], ...]
    began: datetime | None
    ends: datetime | None
    markers: tuple[Marker, ...]
    harmful: bool
    over: bool


def over_time(
    texts: Texts,
    figures: Figures,
    card: Card,
    at: datetime,
    judgements: Sequence[Judgement],
    *,
    release: Release | None,
    decisions: Sequence[Decision] = (),
    others: Sequence[Release] = (),
    until: datetime | None = None,
) -> tuple[OverTime, ...]:
    """Every judged metric that has figures, in the card's order: the goals, then the guardrails.

    `judgements` are those of the card's own trial, `at` is when the card was worked out; nothing later is shown.
    `others` are all releases: on the stream it is marked since when each serves. `until` is the plan's end while
    it is ahead.
    """
    days: dict[str, tuple[datetime, Sequence[Standing]]] = {}
    at = min(at, card.card.as_of)  # a trial that is over stands as it ended
    for judged in judgements:
        if judged.at < at:
            days[texts.day(judged.at)] = (judged.at, judged.rows)
    if card.standings:
        days[texts.day(at)] = (at, card.standings)  # of one day the last figures stand
    found = list(days.values())
    newest = card.standings or (found[-1][1] if found else ())
    stream, served = card.card.trial == STREAM, card.card.trial == SERVED
    began = release.began("canary", "ramp") if release else None
    if release and (stream or served):
        firsts = [first for r in others if (first := r.began("full"))]
        began = min(firsts, default=release.began("full")) if stream else (release.term() or (None, None))[0]
    found = [day for day in found if began is None or day[0] >= began]  # of an earlier term nothing is told
    markers = tuple(_markers(texts, release, decisions)) if release else ()
    if stream:
        markers = tuple(_serving(texts, others or filter(None, (release,)), at))
    shown = []
    for row in newest:
        own = tuple((day, one) for day, rows in found for one in rows if one.metric == row.metric)
        told = Told(
            _in_days(tuple((day, _bounded(one)) for day, one in own if one.of == row.of)),
            began,
            until,
            markers,
            harmful=card.verdict.word == "roll back" and row.metric in card.verdict.rows,
            over=release is not None and not release.on_trial and not stream and not served,
        )
        one = _shown(texts, figures, told)
        if one is not None:
            shown.append(one)
    return tuple(shown)


def often(texts: Texts, card: Card, until: datetime | None) -> str:
    """What the ranges allow whoever looks: every day of a plan until its end, or for ever."""
    if not card.card.plan_days:
        return texts.say("board.often_always")
    if until is None:
        return texts.say("board.often_over", days=card.card.plan_days)
    return texts.say("board.often_planned", day=texts.day(until))


def _bounded(one: Standing) -> Standing:
    """No share is more than all of them, whatever a wide range says."""
    if one.measure != "share" or one.low is None or one.high is None:
        return one
    least = -1.0 if one.of == "difference" else 0.0
    return replace(one, low=max(one.low, least), high=min(one.high, 1.0))


def _in_days(own: tuple[tuple[datetime, Standing], ...]) -> tuple[tuple[datetime, Standing], ...]:
    """Hours as days where they are many, all of them or none."""
    values = [abs(one.value) for _, one in own if one.value is not None]
    if not own or own[-1][1].measure != "hours" or max(values, default=0.0) < DAY_HOURS:
        return own

    def days(value: float | None) -> float | None:
        return None if value is None else value / 24

    return tuple(
        (
            at,
            replace(
                one,
                measure="days",
                value=days(one.value),
                low=days(one.low),
                high=days(one.high),
                line=days(one.line),
            ),
        )
        for at, one in own
    )


def _shown(texts: Texts, figures: Figures, told: Told) -> OverTime | None:
    now = told.days[-1][1]
    label = now.label[:1].upper() + now.label[1:]
    goal = now.purpose != "guardrail"
    tone, sentence = _stands(texts, told, goal)
    points = [_point(texts, figures, at, one) for at, one in told.days]
    edges = [(told.began, "board.over_begins"), (told.ends, "board.over_ends")]
    points += [Point(at, None, words=texts.say(key)) for at, key in edges if at is not None]
    least, most = _scale(told)
    picture = series(
        [Line("", tuple(points))],
        label=texts.say("board.over_label", label=label, sentence=sentence),
        value=lambda v: _tick(texts, figures, now, v),
        day=lambda d: _day(texts, d),
        when=texts.say("board.over_when"),
        column=texts.say("board.over_column"),
        rules=_rules(texts, figures, now, goal),
        markers=told.markers,
        least=least,
        most=most,
        cut=texts.say("board.over_cut"),
    )
    if picture is None:
        return None
    return OverTime(
        label=label,
        purpose=texts.say(f"board.purpose_{now.purpose.replace(' ', '_')}"),
        sentence=sentence,
        tone=tone,
        narrowed=_narrowed(texts, figures, told),
        how=_how(texts, now, goal),
        picture=picture,
        folded=not goal and tone != "bad",
    )


def _scale(told: Told) -> tuple[float | None, float | None]:
    """So that early ranges, which may be as wide as everything, do not flatten what came later: they run out of
    the picture. The newest range is always whole, with as much room again."""
    shown = [one for _, one in told.days if _told(one) and one.value is not None]
    last = next((one for one in reversed(shown) if one.low is not None and one.high is not None), None)
    if last is None or last.low is None or last.high is None:
        return None, None
    room = last.high - last.low
    lines = [one.value for one in shown if one.value is not None]
    lines += [v for v in (last.line, last.low, last.high, 0.0) if v is not None]
    return min(lines) - room / 2, max(lines) + room / 2


def _beyond(one: Standing) -> bool | None:
    """Whether the whole range lies beyond its line; `None` where there is no range, or nothing to pass."""
    if one.line is None or one.value is None:
        return None
    if one.low is None or one.high is None:
        # a level, or a figure without an error, is held against its line as it is
        return (one.value >= one.line) if one.direction == "up" else (one.value <= one.line)
    return one.low > one.line if one.direction == "up" else one.high < one.line


def _behind(one: Standing) -> bool:
    """Whether the whole range lies on the wrong side of its line."""
    if one.line is None or one.low is None or one.high is None:
        return False
    return one.high < one.line if one.direction == "up" else one.low > one.line


def _told(one: Standing) -> bool:
    """Whether anything may be said of it yet."""
    return one.of == "level" or one.low is not None


def _stands(texts: Texts, told: Told, goal: bool) -> tuple[str, str]:
    """The tone and the sentence of where it stands now, and since when."""
    now = told.days[-1][1]
    kind = "goal" if goal else "level" if now.of == "level" else "guard"
    if told.harmful:
        return "bad", texts.say("board.over_harm")
    if not _told(now):
        return "quiet", texts.say("board.over_early", known=_known(texts, now))
    if now.line is None:
        return "quiet", texts.say("board.over_level_unbound")
    if _behind(now):
        return "bad", texts.say(f"board.over_{kind}_behind")
    if not _beyond(now):
        return "quiet", texts.say(f"board.over_{kind}_{'never' if told.over else 'open'}")
    run = list(takewhile(lambda day: _told(day[1]) and _beyond(day[1]), reversed(told.days)))
    return "good", texts.say(f"board.over_{kind}_beyond", day=texts.day(run[-1][0]))


def _narrowed(texts: Texts, figures: Figures, told: Told) -> str:
    """From the first range to the newest: what waiting has bought."""
    ranged = [(at, one) for at, one in told.days if one.low is not None and one.high is not None]
    if len(ranged) < 2:
        return ""
    (since, first), (_, last) = ranged[0], ranged[-1]
    return texts.say(
        "board.over_narrowed",
        day=texts.day(since),
        was=_range(figures, first),
        now=_range(figures, last),
    )


def _range(figures: Figures, one: Standing) -> str:
    return figures.between(Estimate(one.value, None, one.low, one.high), one.measure, change=True)


def _how(texts: Texts, now: Standing, goal: bool) -> str:
    if now.of == "level":
        return texts.say("board.over_how_level") if now.line is not None else ""
    return texts.say(f"board.over_how_{'goal' if goal else 'guard'}_{now.direction}")


def _point(texts: Texts, figures: Figures, at: datetime, one: Standing) -> Point:
    """Without a range nothing may be said of a difference: the line begins where the rule may speak."""
    show = figures.change if one.of == "difference" else figures.value
    known = _known(texts, one)
    if one.value is None or not _told(one):
        return Point(at, None, words=texts.say("board.over_early", known=known))
    key, more = "board.over_point_bare", {}
    if one.low is not None and one.high is not None:
        key = "board.over_point"
        more = {"low": show(one.low, one.measure), "high": show(one.high, one.measure)}
    words = texts.say(key, value=show(one.value, one.measure), known=known, **more)
    return Point(at, one.value, one.low, one.high, words)


def _known(texts: Texts, one: Standing) -> str:
    """How many outcomes are known; of some kept long ago nobody wrote down how many there were."""
    if not one.total:
        return texts.say("board.known_none")
    return texts.say("board.known", known=texts.number(one.known), total=texts.number(one.total))


def _tick(texts: Texts, figures: Figures, one: Standing, value: float) -> str:
    """Short, because a scale has little room: points without the word, which stands in the sentence above."""
    if one.measure == "share":
        number = value * 100
        digits = 0 if abs(number - round(number)) < 1e-6 else 1
        if one.of == "level":
            return texts.share(value, digits=digits)
        return f"+{texts.number(number, digits=digits)}" if number > 0 else texts.number(number, digits=digits)
    return figures.change(value, one.measure) if one.of == "difference" else figures.value(value, one.measure)


def _rules(texts: Texts, figures: Figures, now: Standing, goal: bool) -> list[Rule]:
    if now.line is None:
        return []
    if goal or (now.of == "difference" and now.line == 0):
        return [Rule(0.0, texts.say("board.over_zero"))]
    if now.of == "level":
        key = "board.over_at_least" if now.direction == "up" else "board.over_at_most"
        return [Rule(now.line, texts.say(key, value=figures.value(now.line, now.measure)), "bad")]
    worst = texts.say("board.over_margin", value=figures.change(now.line, now.measure))
    return [Rule(0.0, texts.say("board.over_zero")), Rule(now.line, worst, "bad")]


def _markers(texts: Texts, release: Release, decisions: Sequence[Decision]) -> Iterable[Marker]:
    """Where it moved on, and where somebody decided that it should not. Nobody is named: the record below does."""
    for move in release.moves:
        stage = texts.say(f"releases.stage_{move.stage.replace(' ', '_')}")
        on_trial = move.stage in ("canary", "ramp")
        share = texts.say("releases.share", share=texts.share(move.share)) if on_trial else ""
        words = f"{stage}, {share}" if share else stage
        yield Marker(move.at, texts.say("board.over_marker", day=texts.day(move.at), what=words))
    for decision in decisions:
        if decision.chosen == "hold":
            what = texts.say("board.over_held")
            yield Marker(decision.at, texts.say("board.over_marker", day=texts.day(decision.at), what=what))


def _serving(texts: Texts, releases: Iterable[Release], at: datetime) -> Iterable[Marker]:
    """Since when each release serves everybody: what being in care consists of changes there."""
    for release in releases:
        for move in release.moves:
            if move.stage == "full" and move.at <= at:
                what = texts.say("board.over_serves", title=release.title)
                yield Marker(move.at, texts.say("board.over_marker", day=texts.day(move.at), what=what))


def _day(texts: Texts, value: date) -> str:
    return texts.day(value)


def planned_end(release: Release, plan_days: int, now: datetime) -> datetime | None:
    """The trial's deadline while it runs and is ahead."""
    began = release.began("canary", "ramp")
    if not release.on_trial or began is None or not plan_days:
        return None
    ends = began + timedelta(days=plan_days)
    return ends if ends > now else None
