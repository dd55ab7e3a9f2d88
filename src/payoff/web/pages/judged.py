"""A scorecard as the board shows it: the three questions, and what the answers rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from payoff.gates.rules import OF_SUGGESTIONS
from payoff.records.judgement import Row
from payoff.records.releases import SERVED, STREAM, Release
from payoff.texts import Texts
from payoff.web.figures import Figures
from payoff.web.over_time import OverTime, often, over_time, planned_end
from payoff.web.pages.comparing import arm_names, arm_words, compared, ordered, versus, worded
from payoff.web.pages.fate import fate, undone
from payoff.web.pages.metric_rows import (
    LEVELS,
    OF_SOME,
    LevelShown,
    SegmentShown,
    Told,
    amount,
    goals,
    late_goals,
    level,
    segments,
)
from payoff.web.product import Card, Product, Scorecard

TONES: Mapping[str, str] = {
    "promote": "good",
    "roll back": "bad",
    "cannot judge": "warn",
    "hold": "quiet",
    "safe, no gain shown": "quiet",
}
ANSWERS = {
    "promote": "yes",
    "roll back": "no",
    "cannot judge": "void",
    "hold": "unknown",
    "safe, no gain shown": "flat",
}
_MARKS = {"good": "✓", "warn": "!", "bad": "✗", "quiet": "·"}
STALE = timedelta(days=7)
"""Data older than this beside newer figures: a source that is read every week has missed a week."""
_YEARS = 550
"""From so many days on they are told as years."""
BY_HAND = "file"
"""The author of what somebody wrote into the brief's file themselves."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """How many findings of the monitors ask to act, and how many to look."""

    act: int
    look: int


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing trust rests on, in a few words; `mark` and `tone` say the same, `href` leads to more."""

    mark: str
    tone: str
    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything below the chooser, once there is a scorecard. `ticks` is trust in one line, `trust` at length.

    `compared` says who is compared with whom. `fate` is how a finished trial ended, "" while it runs; the verdict
    is then one of the past (`then`).
    """

    answer: str
    compared: str
    fate: str
    then: bool
    word: str
    tone: str
    because: str
    rule: str
    missing: tuple[str, ...]
    days_more: str
    elapsed: str
    deadline: str
    void: str
    amount: tuple[str, ...]
    levels: tuple[LevelShown, ...]
    segments: tuple[SegmentShown, ...]
    trusted: bool
    trust: str
    faults: tuple[str, ...]
    tag: str
    tag_word: str
    estimand: str
    arms: tuple[str, ...]
    open: tuple[str, ...]
    over_time: tuple[OverTime, ...]
    often: str
    ticks: tuple[Tick, ...]
    brief_changed: tuple[str, ...]


def judged(
    product: Product,
    release: Release,
    made: Card,
    at: datetime,
    *,
    data: datetime | None = None,
    alarms: Alarms | None = None,
    late: Sequence[Row] = (),
) -> Judged:
    """A card worked out `at` a moment, as pages show it; nothing that was judged or decided later is in it, but
    for `late`, which says so: what has become known of a finished trial since.

    `data` is the moment the data speak of; `alarms` are how many findings of the monitors ask for something,
    `None` where nobody has looked yet.
    """
    texts, card, verdict = product.texts, made.card, made.verdict
    figures = Figures(texts, product.brief.product.currency)
    found, unit = product.releases(), product.brief.unit.name
    names = arm_names(texts, card, found)
    against = versus(texts, card, names, unit)
    ended = release.ended if card.trial == release.id and not release.on_trial else None
    told = Told(
        texts,
        figures,
        names,
        {row.metric: row for row in late} if ended else {},
        ended,
        card.ours,
        {one.metric: one for one in made.standings if one.of == "level"},
        frozenset(m.name for m in product.brief.metrics if m.kind in OF_SOME),
        frozenset(m.name for m in product.brief.metrics if m.kind in OF_SUGGESTIONS - OF_SOME),
    )
    began = release.began("canary", "ramp", "full")
    over = bool(card.plan_days and card.days_elapsed is not None and card.days_elapsed >= card.plan_days)
    deadline = ""
    if release.on_trial and began:
        ends = texts.day(began + timedelta(days=card.plan_days))
        deadline = texts.say("board.deadline_over") if over else texts.say("board.deadline", day=ends)
    back = ended is not None and undone(release) and verdict.word != "roll back"
    begun = any(card.arms.values())  # before anybody has entered nothing is wrong, there is only nothing to read
    answer = "undone" if back else ANSWERS[verdict.word] if begun else "unknown"
    return Judged(
        answer=texts.say(f"board.answer_{answer}"),
        compared=compared(texts, card, names, unit),
        fate=fate(product, release, found) if ended else "",
        then=ended is not None,
        word=worded(texts, verdict.word, card.trial),
        tone="quiet" if back or not begun else TONES[verdict.word],
        because=verdict.because,
        rule=verdict.rule,
        missing=tuple(verdict.missing),
        days_more=_more(texts, verdict.days_more or 0) if not ended else "",
        elapsed=texts.say("board.elapsed", day=int(card.days_elapsed), plan=card.plan_days)
        if release.on_trial and card.days_elapsed is not None
        else "",
        deadline=deadline,
        void="" if card.trust.ok or not begun else card.trust.sentence,
        amount=(*amount(texts, figures, card, against), *late_goals(told, card)),
        levels=tuple(level(told, name, card) for name in LEVELS),
        segments=segments(texts, figures, card),
        trusted=card.trust.ok,
        trust=card.trust.sentence,
        faults=tuple(map(str, card.trust.faults)),
        tag=texts.say(f"board.tag_{card.tag}"),
        tag_word=card.tag,
        estimand=card.estimand,
        arms=tuple(_arm(texts, card, names, a) for a in ordered(card.arms)),
        open=tuple(card.open_questions),
        over_time=over_time(
            texts,
            figures,
            made,
            at,
            product.boards.judgements(card.release, card.trial),
            release=release,
            decisions=[d for d in product.decisions(release.id) if d.at <= at],
            others=found,
            until=planned_end(release, card.plan_days, at),
        ),
        often=often(texts, made, planned_end(release, card.plan_days, at)),
        ticks=_ticks(texts, card, at, data, alarms, then=ended is not None),
        brief_changed=brief_changed(product, release, at, trial=card.trial) if card.trial != STREAM else (),
    )


def _arm(texts: Texts, card: Scorecard, names: Mapping[str, str], arm: str) -> str:
    """How many units an arm has, and how often they were counted where they begin anew with every quarter."""
    said = texts.say(
        "board.arm_units", arm=arm_words(names, arm), n=texts.say("board.units", n=int(card.arms[arm]))
    )
    times = card.entries.get(arm, 0)
    return f"{said} {texts.say('board.arm_again', n=times)}" if times > card.arms[arm] else said


def _more(texts: Texts, days: int) -> str:
    """How long still; in years where it is years: nobody waits for a day so far away."""
    if days > _YEARS:
        return texts.say("board.years_more", n=round(days / 365))
    return texts.say("board.days_more", n=days) if days else ""


def _ticks(
    texts: Texts, card: Scorecard, at: datetime, data: datetime | None, alarms: Alarms | None, *, then: bool
) -> tuple[Tick, ...]:
    """What trust rests on: the split, the age and kind of the data, how much is known, what is alarming.

    Of figures of the past nothing of today is told: neither the data's age nor its alarms.
    """
    split, tone = ("split_ok", "good") if card.trust.srm_p is not None else ("split_none", "quiet")
    if not card.trust.ok and any(card.arms.values()):
        split, tone = "split_void", "bad"
    ticks = [_tick(texts, split, tone, href="#q3")]
    if data is not None:
        ticks.append(_tick(texts, "as_of", "warn" if at - data > STALE else "good", at=texts.moment(data)))
    ticks.append(_tick(texts, f"tag_{card.tag}", "good" if card.tag == "measured" else "warn"))
    gap = next((r.difference for r in goals(card) if r.difference is not None and r.difference.total), None)
    if gap is not None:
        counted = {"known": texts.number(gap.known), "total": texts.number(gap.total)}
        ticks.append(_tick(texts, "known", "good" if gap.known >= gap.total else "quiet", **counted))
    if then:
        return tuple(ticks)
    if alarms is None:
        ticks.append(_tick(texts, "alarms_unknown", "quiet", href="/health"))
    elif alarms.act or alarms.look:
        tone = "bad" if alarms.act else "warn"
        ticks.append(_tick(texts, "alarms", tone, href="/health", act=alarms.act, look=alarms.look))
    else:
        ticks.append(_tick(texts, "alarms_none", "good", href="/health"))
    return tuple(ticks)


def _tick(texts: Texts, key: str, tone: str, *, href: str = "", **values: object) -> Tick:
    return Tick(_MARKS[tone], tone, texts.say(f"board.tick_{key}", **values), href)


def brief_changed(
    product: Product, release: Release, at: datetime, *, named: bool = True, trial: str = ""
) -> tuple[str, ...]:
    """The brief says what is won: whoever changes that while a trial runs, or while it serves everybody, is named
    beside its verdict for good."""
    served = trial == SERVED
    began = (release.term() or (None, None))[0] if served else release.began("canary", "ramp")
    if began is None:
        return ()
    texts, until = product.texts, at if served else min(at, release.ended or at)
    key = "board.brief_changed_served" if served else "board.brief_changed"
    return tuple(
        texts.say(
            key if named else "board.brief_changed_outside",
            when=texts.moment(when),
            who=_author(product, by),
        )
        for when, by in product.boards.brief_changes(began)
        if when <= until
    )


def outdated(product: Product, shown: Judged, changed: tuple[datetime, str]) -> Judged:
    """The same figures without their verdict: it was said by a brief that is no longer in use."""
    texts, (when, by) = product.texts, changed
    line = texts.say("board.outdated", when=texts.moment(when), who=_author(product, by))
    return replace(
        shown,
        answer=texts.say("board.outdated_answer"),
        word="",
        tone="quiet",
        because=texts.say("board.outdated_because"),
        rule="",
        missing=(),
        days_more="",
        brief_changed=(line,),
    )


def _author(product: Product, by: str) -> str:
    if by == BY_HAND:
        return product.texts.say("board.brief_by_hand")
    known = product.brief.people.get(by)
    return known.name if known else by


def as_then(release: Release, at: datetime) -> Release:
    """The release as it stood just before that moment."""
    moves = tuple(move for move in release.moves if move.at < at) or release.moves[:1]
    return replace(release, moves=moves, stage=moves[-1].stage, share=moves[-1].share)
