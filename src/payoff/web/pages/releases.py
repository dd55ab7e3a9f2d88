"""The releases: where each one is on its way, what it waits for, what changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote

from payoff.brief.schema import Step
from payoff.errors import PayoffError
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.judgement import Verdict
from payoff.records.releases import Release
from payoff.releases.lifecycle import least_until, next_step
from payoff.texts import Texts
from payoff.use_cases.agreement import Agreement
from payoff.use_cases.changes import Taught
from payoff.web.cards import Shown
from payoff.web.pages.comparing import arm_names, compared, worded
from payoff.web.pages.decisions import (
    DecisionShown,
    TakenBack,
    Ties,
    Trouble,
    bearing,
    decided,
    deciders,
    taken_back,
    ties,
)
from payoff.web.pages.fate import done, reverting
from payoff.web.pages.judged import TONES, brief_changed
from payoff.web.pages.notes_words import themed
from payoff.web.pages.release_agreement import AgreementShown, agreeing
from payoff.web.pages.release_changes import (
    POLICIES,
    ChangesShown,
    RefreshShown,
    changed,
    goal_words,
    refreshed,
)
from payoff.web.product import Product

_WAY = ("draft", "shadow", "named", "canary", "ramp", "full")
_OVER = ("retired", "rolled back")
_CREATE = """payoff release create r9 --policy ours --title "Our model" --by you --why "…"
payoff release start r9 --by you --why "…\""""
_FIRST = {"ramp": 0, "canary": 0, "named": 1, "shadow": 1, "full": 2, "draft": 3}


@dataclass(frozen=True, slots=True)
class StepShown:
    """A place on the rail. `state` is past, now or next; `when` says the day in words."""

    name: str
    share: str
    state: str
    state_words: str
    when: str


class Figures(Protocol):
    """Where a page's figures come from: `web.cards.Cards`."""

    def shown(self, release: str) -> Shown: ...
    def agreement(self, release: str) -> Agreement | None: ...


@dataclass(frozen=True, slots=True)
class StartShown:
    """The button to the next step. `early` says that its least time here is not over; `named` asks for units."""

    label: str
    note: str
    early: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Rail:
    """One release. `waits` are the things the next step waits for, `when` the day it may be taken, `who` the
    people who may take it. `decide` is where serving everybody is decided, "" unless that is next. `anew` is the
    name a new release of its recipe would have, "" for whoever may not make one. `quotes` says what was said of
    it in interviews ("" for nothing).
    """

    id: str
    title: str
    stage: str
    over: bool
    undone: bool
    steps: tuple[StepShown, ...]
    next_step: str
    waits: tuple[str, ...]
    when: str
    who: str
    choose_by: str
    what: tuple[str, ...]
    changes: ChangesShown
    agreement: AgreementShown | None
    unagreed: str
    verdict: str
    tone: str
    compared: str
    brief_changed: tuple[str, ...]
    worked_out: str
    refreshes: tuple[RefreshShown, ...]
    decisions: tuple[DecisionShown, ...]
    moves: tuple[str, ...]
    may_revert: bool
    revert_then: str
    revert_sure: str
    start: StartShown | None
    decide: str
    anew: str
    quotes: str
    quotes_href: str
    themes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReleasesPage:
    """`idle` says that nothing is on its way, "" where something is. `done` says what was just done; `trouble` is
    a form that could not be taken, with what was typed."""

    rails: tuple[Rail, ...]
    older: tuple[Rail, ...]
    taken_back: tuple[TakenBack, ...]
    idle: str = ""
    done: str = ""
    trouble: Trouble | None = None
    create: str = _CREATE


@dataclass(frozen=True, slots=True)
class _House:
    """What every rail reads."""

    product: Product
    person: Person
    known: Mapping[str, Release]
    cards: Figures
    names: Mapping[str, str]
    deciders: str
    taught: Mapping[datetime, Taught]
    ties: Ties


def releases(
    product: Product, person: Person, cards: Figures, *, moved: str = "", trouble: Trouble | None = None
) -> ReleasesPage:
    """Those on trial first, then those before it, the one that serves, drafts; newest on top. Ended ones below.

    `moved` is a release something was just done with.
    """
    found = product.releases()
    ordered = list(found[::-1])
    ordered.sort(key=lambda r: _FIRST.get(r.stage, len(_FIRST)))  # stable: newest on top of its kind
    house = _House(
        product,
        person,
        {release.id: release for release in found},
        cards,
        {key: p.name for key, p in product.brief.people.items()},
        deciders(product),
        product.boards.taught(),
        ties(product),
    )
    rails = [_rail(house, release) for release in ordered]
    return ReleasesPage(
        tuple(r for r in rails if not r.over),
        tuple(r for r in rails if r.over),
        taken_back(product, found, product.clock.now()),
        idle=""
        if any(r.stage not in ("full", *_OVER) for r in found) or not found
        else product.texts.say("releases.idle"),
        done=done(product, moved) if moved else "",
        trouble=trouble,
    )


def _rail(house: _House, release: Release) -> Rail:
    product, texts, steps = house.product, house.product.texts, house.product.brief.release.steps
    ahead, now = next_step(release, steps), product.clock.now()
    shown, failed = _shown(house, release)
    verdict = shown.card.verdict if shown else None
    word, tone = _verdict_words(texts, release, shown, failed)
    deadline = _deadline(product, release)
    agreement, unagreed = _agreement(house, release)
    decides = house.person.may(needed("POST", "/releases/{release}/revert") or ())
    makes = house.person.may(needed("POST", "/releases/{release}/again") or ())
    living = release.on_trial or release.stage in ("shadow", "named", "full")
    quotes, quotes_href = bearing(product, f"release:{release.id}")
    last = ahead is not None and ahead.stage == "full" and release.on_trial
    return Rail(
        id=release.id,
        title=release.title,
        stage=texts.say(f"releases.stage_{release.stage.replace(' ', '_')}"),
        over=release.stage in _OVER,
        undone=release.stage == "rolled back",
        steps=_steps(texts, release, steps),
        next_step=texts.say("releases.next_step", step=_step_words(texts, ahead)) if ahead else "",
        waits=_waits(product, release, ahead, verdict, failed),
        when=_when(product, release, ahead, verdict, deadline, now),
        who=texts.say("releases.who", names=house.deciders) if ahead and house.deciders else "",
        choose_by=texts.say(
            "releases.choose_by" if deadline > now else "releases.choose_now", day=texts.day(deadline)
        )
        if deadline
        else "",
        what=_what(house, release),
        changes=changed(product, release, house.known),
        agreement=agreement,
        unagreed=unagreed,
        verdict=word,
        tone=tone,
        compared=_compared(house, shown),
        brief_changed=brief_changed(product, release, now) if release.began("canary", "ramp") else (),
        worked_out=_worked_out(texts, release, shown),
        refreshes=refreshed(texts, product.refreshes(release.id), house.taught),
        decisions=tuple(
            decided(texts, d, house.names, release, house.ties) for d in product.decisions(release.id)
        ),
        moves=tuple(
            f"{texts.day(m.at)} · "
            + texts.say(
                "releases.move",
                stage=texts.say(f"releases.stage_{m.stage.replace(' ', '_')}"),
                who=house.names.get(m.by, m.by),
                why=m.why,
            )
            for m in reversed(release.moves)
        ),
        may_revert=decides and living,
        revert_then=reverting(product, release, tuple(house.known.values())) if living else "",
        revert_sure=texts.say("board.rollback_sure", title=release.title),
        start=_start(product, release, ahead, now) if decides else None,
        decide=f"/board?release={quote(release.id, safe='')}" if decides and last else "",
        anew=texts.say("releases.again_named", title=release.title) if makes and release.stage != "draft" else "",
        quotes=quotes,
        quotes_href=quotes_href,
        themes=themed(product, f"release:{release.id}"),
    )


def _start(product: Product, release: Release, ahead: Step | None, now: datetime) -> StartShown | None:
    """The next step as a button; serving everybody is a decision, and stands on the board."""
    if ahead is None or ahead.stage == "full":
        return None
    texts = product.texts
    if release.stage == "draft":
        return StartShown(texts.say("releases.start"), texts.say("releases.start_note"), False, False)
    early = least_until(release, product.brief.release.steps) > now
    note = texts.say("releases.start_early") if early else texts.say("releases.start_next_note")
    label = texts.say("releases.start_next", step=_step_words(texts, ahead))
    return StartShown(label, note, early, ahead.stage == "named")


def _deadline(product: Product, release: Release) -> datetime | None:
    began = release.began("canary", "ramp")
    return began + timedelta(days=product.brief.release.days) if began and release.on_trial else None


def _agreement(house: _House, release: Release) -> tuple[AgreementShown | None, str]:
    """How often it said the same; or why that is not known."""
    try:
        found = house.cards.agreement(release.id) if release.began("shadow") else None
    except PayoffError as error:
        return None, f"{error.what[:1].upper()}{error.what[1:]}. {error.mend}"
    if found is None and release.stage == "shadow":
        texts = house.product.texts
        return None, texts.say("releases.agree_soon", day=texts.day(release.began("shadow") or release.moved_at))
    if found is None:
        return None, ""
    other = house.known.get(found.other)
    return agreeing(house.product, found, other.title if other else found.other, release), ""


def _step_words(texts: Texts, step: Step) -> str:
    share = _share(texts, step.stage, step.share)
    return (
        f"{texts.say(f'releases.stage_{step.stage}')} ({share})"
        if share
        else texts.say(f"releases.stage_{step.stage}")
    )


def _share(texts: Texts, stage: str, share: float) -> str:
    if stage in ("canary", "ramp"):
        return texts.say("releases.share", share=texts.share(share))
    return texts.say("releases.nobody") if stage == "shadow" else ""


def _steps(texts: Texts, release: Release, steps: list[Step]) -> tuple[StepShown, ...]:
    """The plan's steps with the days this release was there; an ended release has no present step."""
    way = [(s.stage, s.share) for s in steps]
    here = next(
        (
            i
            for i, (stage, share) in enumerate(way)
            if stage == release.stage and abs(share - release.share) < 1e-9
        ),
        next((i for i, (stage, _) in enumerate(way) if stage == release.stage), -1),
    )
    shown = []
    for i, (stage, share) in enumerate(way):
        at_all = [
            m for m in release.moves if m.stage == stage and (stage != "ramp" or abs(m.share - share) < 1e-9)
        ]
        been = at_all[-1] if at_all else None
        state = "now" if i == here else "past" if been else "next"
        skipped = state == "next" and (i < here or release.stage in _OVER)
        if state == "next":
            when = ""
        else:
            assert been is not None or i == here
            at = been.at if been else release.moved_at
            again = i == here and len(at_all) > 1
            key = "releases.again" if again else "releases.since" if i == here else "releases.on"
            when = texts.say(key, day=texts.day(at))
        shown.append(
            StepShown(
                texts.say(f"releases.stage_{stage}"),
                _share(texts, stage, share),
                state,
                texts.say("releases.state_skipped" if skipped else f"releases.state_{state}"),
                when,
            )
        )
    return tuple(shown)


def _waits(
    product: Product, release: Release, ahead: Step | None, verdict: Verdict | None, failed: str
) -> tuple[str, ...]:
    texts = product.texts
    if release.stage in _OVER:
        return (texts.say("releases.wait_retired"),)
    if release.stage == "full":
        return (texts.say("releases.wait_over"),)
    if release.stage == "draft":
        return (texts.say("releases.wait_start"),)
    waits = []
    until = least_until(release, product.brief.release.steps)
    if until > product.clock.now():
        waits.append(texts.say("releases.wait_days", day=texts.day(until)))
    last = release.on_trial and ahead is not None and ahead.stage == "full"
    if last and verdict is not None:
        waits += verdict.missing
    elif last and failed:
        waits.append(failed)
    return (*waits, texts.say("releases.wait_person" if last else "releases.wait_step"))


def _when(
    product: Product,
    release: Release,
    ahead: Step | None,
    verdict: Verdict | None,
    deadline: datetime | None,
    now: datetime,
) -> str:
    """The day of the next step: not before, probably, or from now on."""
    texts = product.texts
    if ahead is None or release.stage == "draft":
        return ""
    until = least_until(release, product.brief.release.steps)
    if ahead.stage == "full" and verdict is not None and verdict.days_more:
        about = max(until, now + timedelta(days=verdict.days_more))
        return texts.say("releases.when_about", day=texts.day(min(about, deadline) if deadline else about))
    if until > now:
        return texts.say("releases.not_before", day=texts.day(until))
    return texts.say("releases.when_now")


def _what(house: _House, release: Release) -> tuple[str, ...]:
    texts, recipe = house.product.texts, release.recipe
    policy = str(recipe.get("policy") or "")
    key = f"releases.policy_{policy}" if policy in POLICIES else "releases.policy_other"
    lines = [texts.say(key, policy=policy)]
    goal = str(recipe.get("goal") or "")
    if goal:
        lines.append(texts.say("releases.goal", goal=goal_words(house.product, goal)))
    if release.against:
        other = house.known.get(release.against)
        lines.append(texts.say("releases.against", release=other.title if other else release.against))
    elif release.began("canary", "ramp", "full"):
        lines.append(texts.say("releases.against_holdout"))
    if release.unproven:
        lines.append(texts.say("releases.unproven"))
    return tuple(lines)


def _shown(house: _House, release: Release) -> tuple[Shown | None, str]:
    """The figures of a release anybody has met; or why there are none. A finished trial's are those kept."""
    living = release.stage in ("canary", "ramp", "full")
    if not living and house.product.boards.decided(release.id) is None:
        return None, ""
    try:
        return house.cards.shown(release.id), ""
    except PayoffError as error:
        return None, str(error)


def _verdict_words(texts: Texts, release: Release, shown: Shown | None, failed: str) -> tuple[str, str]:
    if shown is None:
        return failed, "quiet"
    verdict = shown.card.verdict
    word = worded(texts, verdict.word, shown.card.card.trial if shown else "")
    over = release.ended is not None and shown.card.card.trial == release.id
    if over and release.stage == "rolled back" and release.began("full"):
        return texts.say("releases.verdict_undone", word=word), "quiet"
    key = "releases.verdict_won" if over else "releases.verdict_now"
    return texts.say(key, word=word, because=verdict.because), TONES[verdict.word]


def _compared(house: _House, shown: Shown | None) -> str:
    if shown is None:
        return ""
    texts, card = house.product.texts, shown.card.card
    return compared(texts, card, arm_names(texts, card, [*house.known.values()]), house.product.brief.unit.name)


def _worked_out(texts: Texts, release: Release, shown: Shown | None) -> str:
    """From when the figures are; of a finished trial they are those it was decided on."""
    if shown is None:
        return ""
    over = release.ended is not None and shown.card.card.trial == release.id and shown.key
    return texts.say("board.decided_on" if over else "board.worked_out", when=texts.moment(shown.at))
