"""What a card compares: which trial, from when to when, which arm against which, and in whose words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from payoff.brief.declarations import Declarations
from payoff.log import analysis
from payoff.log.tables import LogTables
from payoff.metrics.query import Arrivals, Scope, arrivals, settled
from payoff.records.releases import SERVED, STREAM, Release, served_alone
from payoff.scorecard.card import Trust
from payoff.scorecard.evidence import Design
from payoff.stats import srm
from payoff.texts import Texts

MIXED = 0.01
"""Up to so large a share of units in two arms does not void a card."""
Form = Literal["stream", "served", "trial", "shadow", "nothing"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison, ready to be asked about. `swapped` is when another took the champion's place in a trial,
    and its title."""

    trial: str
    title: str
    form: Form
    scope: Scope
    came: Arrivals
    ours: str
    theirs: str
    days_elapsed: int
    plan_days: int
    design: Design
    estimand: str
    swapped: tuple[datetime, str] | None = None


def compare(
    tables: LogTables,
    declarations: Declarations,
    release: Release,
    releases: Sequence[Release],
    now: datetime,
    trial: str | None,
    texts: Texts,
    *,
    late: bool = False,
) -> Comparison:
    """The comparison a release's stage asks for, or the named trial's.

    On trial (or after): challenger against champion, or against the holdout when there was no champion. Serving
    everybody: care against the holdout, for its term (`served`) or since anything serves (`stream`). In shadow:
    nothing to compare, scores only. `late` follows the units of a trial that is over until now.
    """
    form = _form(release, trial)
    since, until = _span(release, releases, form, now)
    if form in ("stream", "served"):
        scope = Scope(settled(analysis.entries(tables, STREAM, until, since=since)), since, until, pooled=True)
        came = arrivals(scope)
        ours, theirs = "care", "holdout"
    elif form == "trial":
        entered = settled(analysis.entries(tables, release.id, until))
        until = now if late else until
        scope = Scope(entered, since, until)
        came = arrivals(scope)
        ours, theirs = "challenger", "champion" if came.units.get("champion") else "holdout"
    else:
        scope = Scope(
            settled(analysis.shadow_entries(tables, release.id, until)),
            since,
            until,
            mode="shadow",
            release=release.id,
        )
        came = arrivals(scope)
        ours, theirs = "shadow", ""
    against = next((r.title for r in releases if r.id == release.against), release.against)
    words = {"title": release.title, "against": against, "unit": declarations.unit, "day": texts.day(since)}
    key = {"stream": "stream", "served": "served", "shadow": "shadow", "nothing": "none"}.get(
        form, "release" if theirs == "champion" and against else "release_alone"
    )
    if form == "served" and not served_alone(release, releases):
        key = "served_beside"
    planned = form == "trial" and not late
    return Comparison(
        trial={"stream": STREAM, "served": SERVED, "trial": release.id}.get(form, ""),
        title=texts.say("scorecard.title_stream") if form == "stream" else release.title,
        form=form,
        scope=scope,
        came=came,
        ours=ours,
        theirs=theirs,
        days_elapsed=max(0, (until - since) // timedelta(days=1)),
        plan_days=declarations.plan.days if planned else 0,
        design="planned" if planned else "always",
        estimand=texts.say(f"scorecard.estimand_{key}", **words),
        swapped=_swapped(release, releases, since, until) if form == "trial" and theirs == "champion" else None,
    )


def _form(release: Release, trial: str | None) -> Form:
    asked = release.trial if trial is None else trial
    if asked:
        return "stream" if asked == STREAM else "served" if asked == SERVED else "trial"
    return "shadow" if release.began("shadow", "named") else "nothing"


def _swapped(
    release: Release, releases: Sequence[Release], since: datetime, until: datetime
) -> tuple[datetime, str] | None:
    begun = [(m.at, r.title) for r in releases if r.id != release.id for m in r.moves if m.stage == "full"]
    return min(((at, title) for at, title in begun if since < at < until), default=None)


def _span(release: Release, releases: Sequence[Release], form: Form, now: datetime) -> tuple[datetime, datetime]:
    """From the comparison's beginning to its end or now, whichever comes first.

    The stream begins when a first release serves everybody and goes on as long as one does, so that taking one
    back takes nothing out of it. A release that serves is looked at for its own term: what another did is not
    its doing.
    """
    begun = release.moves[0].at
    if form == "stream":
        served = [r for r in (*releases, release) if r.began("full")]
        firsts = [at for r in served if (at := r.began("full")) is not None]
        ends = [term[1] for r in served if (term := r.term()) is not None]
        return min(firsts, default=begun), min(now, max((end or now for end in ends), default=now))
    if form == "served":
        own = release.term() or (begun, None)
        return own[0], min(now, own[1] or now)
    since = (release.began("shadow", "named") if form == "shadow" else release.began("canary", "ramp")) or begun
    over = ("full", "retired", "rolled back") if form == "trial" else ()
    return since, min([now, *(move.at for move in release.moves if move.stage in over and move.at > since)])


def trust(comparison: Comparison, declarations: Declarations, reached: int, texts: Texts) -> Trust:
    """Whether the split came out as planned, and who met what they should not have met."""
    came, held = comparison.came, declarations.plan.holdout
    total = sum(came.units.values())
    if not total:
        return Trust(False, texts.say("scorecard.trust_none"), (texts.say("scorecard.trust_none"),))
    planned: dict[str, float] = {}
    if comparison.form in ("stream", "served") and held > 0:
        planned = {"care": 1 - held, "holdout": held}
    elif comparison.form == "trial" and comparison.theirs == "champion":
        # the holdout stands outside the trial's own split, which is halves at every stage
        planned = {"challenger": 0.5, "champion": 0.5}
    faults, notes, mismatch = [], [], None
    if planned:
        columns = [came.arms.index(arm) if arm in came.arms else None for arm in planned]
        daily = [[day[c] if c is not None else 0.0 for c in columns] for day in came.daily]
        mismatch, _ = srm.sequential(daily, list(planned.values()))
        if mismatch.alarm:
            n = sum(mismatch.counts)
            counts = " / ".join(f"{c:,}" for c in mismatch.counts)
            expected = " / ".join(f"{round(n * share):,}" for share in mismatch.shares)
            faults.append(texts.say("scorecard.trust_srm", counts=counts, planned=expected))
    if comparison.swapped:
        at, title = comparison.swapped
        faults.append(texts.say("scorecard.trust_swapped", day=texts.day(at), title=title))
    if came.mixed > MIXED * total:
        faults.append(texts.say("scorecard.trust_mixed", n=came.mixed, unit=declarations.unit))
    elif came.mixed:
        notes.append(texts.say("scorecard.trust_mixed_few", n=came.mixed, unit=declarations.unit))
    if reached:
        notes.append(texts.say("scorecard.trust_reached", n=reached, unit=declarations.unit))
    fine = "scorecard.trust_ok" if planned else "scorecard.trust_unplanned"
    sentence = " ".join([*(faults or [texts.say(fine)]), *notes])
    return Trust(
        not faults,
        sentence,
        tuple(faults),
        mismatch.p if mismatch else None,
        mismatch.bayes_factor if mismatch else None,
        came.mixed,
        reached,
    )
