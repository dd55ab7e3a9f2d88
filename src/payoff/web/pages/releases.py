"""The releases: where each one is on its way, what it waits for, what changed in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from payoff.brief.schema import Step
from payoff.errors import PayoffError
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.releases import Release
from payoff.texts import Texts
from payoff.web.pages.board import TONES, DecisionShown, decided
from payoff.web.product import Card, Product, Refresh

_WAY = ("draft", "shadow", "named", "canary", "ramp", "full")
_POLICIES = frozenset(("nothing", "constant", "rules", "risk", "clicks", "effect"))
_OVER = ("retired", "rolled back")
_FIRST = {"ramp": 0, "canary": 0, "named": 1, "shadow": 1, "full": 2, "draft": 3}


@dataclass(frozen=True, slots=True)
class StepShown:
    """A place on the rail. `state` is past, now or next; `when` says the day in words."""

    name: str
    share: str
    state: str
    state_words: str
    when: str


@dataclass(frozen=True, slots=True)
class RefreshShown:
    """One refresh; `changed` is what the one before had not said yet, `same` counts the rest in words."""

    when: str
    rows: str
    changed: tuple[str, ...]
    same: str


@dataclass(frozen=True, slots=True)
class Rail:
    """One release. `waits` are the things the next step waits for"""

    id: str
    title: str
    stage: str
    over: bool
    undone: bool
    steps: tuple[StepShown, ...]
    next_step: str
    waits: tuple[str, ...]
    choose_by: str
    what: tuple[str, ...]
    verdict: str
    tone: str
    refreshes: tuple[RefreshShown, ...]
    decisions: tuple[DecisionShown, ...]
    moves: tuple[str, ...]
    may_revert: bool
    may_start: bool


@dataclass(frozen=True, slots=True)
class ReleasesPage:
    rails: tuple[Rail, ...]
    older: tuple[Rail, ...]


def releases(product: Product, person: Person, card: Callable[[str], Card]) -> ReleasesPage:
    """Those on trial first, then those before it, the one that serves, drafts; newest on top. Ended ones below."""
    found = product.releases()
    by_id = {release.id: release for release in found}
    ordered = list(found[::-1])
    ordered.sort(key=lambda r: _FIRST.get(r.stage, len(_FIRST)))  # stable: newest on top of its kind
    rails = [_rail(product, person, release, by_id, card) for release in ordered]
    return ReleasesPage(tuple(r for r in rails if not r.over), tuple(r for r in rails if r.over))


def _rail(
    product: Product, person: Person, release: Release, known: Mapping[str, Release], card: Callable[[str], Card]
) -> Rail:
    texts, brief = product.texts, product.brief
    steps = brief.release.steps
    ahead = _next(release, steps)
    verdict, tone = _verdict(texts, release, card)
    began = release.began("canary", "ramp")
    deadline = began + timedelta(days=brief.release.days) if began and release.on_trial else None
    names = {key: p.name for key, p in brief.people.items()}
    decides = person.may(needed("POST", "/releases/{release}/revert") or ())
    return Rail(
        id=release.id,
        title=release.title,
        stage=texts.say(f"releases.stage_{release.stage.replace(' ', '_')}"),
        over=release.stage in _OVER,
        undone=release.stage == "rolled back",
        steps=_steps(texts, release, steps),
        next_step=texts.say("releases.next_step", step=_step_words(texts, ahead)) if ahead else "",
        waits=_waits(product, release, ahead, card),
        choose_by=texts.say("releases.choose_by", day=texts.day(deadline)) if deadline else "",
        what=_what(product, release, known),
        verdict=verdict,
        tone=tone,
        refreshes=_refreshes(texts, product.refreshes(release.id)),
        decisions=tuple(decided(texts, d, names) for d in product.decisions(release.id)),
        moves=tuple(
            f"{texts.day(m.at)} · "
            + texts.say(
                "releases.move",
                stage=texts.say(f"releases.stage_{m.stage.replace(' ', '_')}"),
                who=names.get(m.by, m.by),
                why=m.why,
            )
            for m in reversed(release.moves)
        ),
        may_revert=decides and (release.on_trial or release.stage in ("shadow", "named", "full")),
        may_start=decides and release.stage == "draft",
    )


def _refreshes(texts: Texts, found: Sequence[Refresh]) -> tuple[RefreshShown, ...]:
    """Newest first; lines that stood in the refresh before are counted, not repeated."""
    shown = []
    for i, refresh in enumerate(found):
        before = set(found[i + 1].changed) if i + 1 < len(found) else set()
        fresh = tuple(str(line) for line in refresh.changed if line not in before)
        same = len(refresh.changed) - len(fresh)
        rows = texts.say("releases.refresh_rows", n=refresh.rows, rows=texts.number(refresh.rows))
        shown.append(
            RefreshShown(
                texts.day(refresh.at), rows, fresh, texts.say("releases.refresh_same", n=same) if same else ""
            )
        )
    return tuple(shown)


def _next(release: Release, steps: list[Step]) -> Step | None:
    if release.stage in (*_OVER, "full"):
        return None
    for i, step in enumerate(steps[:-1]):
        if step.stage == release.stage and abs(step.share - release.share) < 1e-9:
            return steps[i + 1]
    rank = _WAY.index(release.stage)
    return next((s for s in steps if s.stage in _WAY and _WAY.index(s.stage) > rank), None)


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
        been = next(
            (m for m in release.moves if m.stage == stage and (stage != "ramp" or abs(m.share - share) < 1e-9)),
            None,
        )
        state = "now" if i == here else "past" if been else "next"
        if state == "next":
            when = ""
        else:
            assert been is not None or i == here
            at = been.at if been else release.moved_at
            when = texts.say("releases.since" if i == here else "releases.on", day=texts.day(at))
        shown.append(
            StepShown(
                texts.say(f"releases.stage_{stage}"),
                _share(texts, stage, share),
                state,
                texts.say(f"releases.state_{state}"),
                when,
            )
        )
    return tuple(shown)


def _waits(product: Product, release: Release, ahead: Step | None, card: Callable[[str], Card]) -> tuple[str, ...]:
    texts, steps, now = product.texts, product.brief.release.steps, product.clock.now()
    if release.stage in _OVER:
        return (texts.say("releases.wait_retired"),)
    if release.stage == "full":
        return (texts.say("releases.wait_over"),)
    if release.stage == "draft":
        return (texts.say("releases.wait_start"),)
    waits = []
    least = next((s.days for s in steps if s.stage == release.stage), 0)
    until = release.moved_at + timedelta(days=least)
    if until > now:
        waits.append(texts.say("releases.wait_days", day=texts.day(until)))
    if release.on_trial and ahead is not None and ahead.stage == "full":
        try:
            verdict = card(release.id).verdict
        except PayoffError as error:
            waits.append(str(error))
        else:
            waits += verdict.missing
            if verdict.days_more:
                waits.append(texts.say("board.days_more", n=verdict.days_more))
    return (*waits, texts.say("releases.wait_person"))


def _what(product: Product, release: Release, known: Mapping[str, Release]) -> tuple[str, ...]:
    texts, recipe = product.texts, release.recipe
    policy = str(recipe.get("policy") or "")
    key = f"releases.policy_{policy}" if policy in _POLICIES else "releases.policy_other"
    lines = [texts.say(key, policy=policy)]
    goal = str(recipe.get("goal") or "")
    if goal:
        outcome = product.brief.outcomes.get(goal)
        meaning = outcome.meaning if outcome and outcome.meaning != "?" else goal.replace("_", " ")
        lines.append(texts.say("releases.goal", goal=meaning))
    if release.against:
        other = known.get(release.against)
        lines.append(texts.say("releases.against", release=other.title if other else release.against))
    elif release.began("canary", "ramp", "full"):
        lines.append(texts.say("releases.against_holdout"))
    if release.unproven:
        lines.append(texts.say("releases.unproven"))
    return tuple(lines)


def _verdict(texts: Texts, release: Release, card: Callable[[str], Card]) -> tuple[str, str]:
    """What the gate says now, for a release anybody has met."""
    if release.stage not in ("canary", "ramp", "full"):
        return "", ""
    try:
        verdict = card(release.id).verdict
    except PayoffError as error:
        return str(error), "quiet"
    word = texts.say(f"board.word_{verdict.word.split(',')[0].replace(' ', '_')}")
    return texts.say("releases.verdict_now", word=word, because=verdict.because), TONES[verdict.word]
