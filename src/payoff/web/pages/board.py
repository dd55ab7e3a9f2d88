"""The board: are we winning, by how much, and can it be trusted — for one release at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from payoff.errors import PayoffError, Unknown
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.judgement import Row, Verdict
from payoff.records.releases import SERVED, STREAM, Release
from payoff.releases.lifecycle import champion
from payoff.texts import Texts
from payoff.use_cases.sharing import Share
from payoff.web.cards import NotYet, Shown
from payoff.web.figures import Figures as Measures
from payoff.web.pages.comparing import titled, worded
from payoff.web.pages.decisions import (
    DecisionShown,
    TakenBack,
    Trouble,
    as_it_stood,
    decided,
    deciders,
    kept_as,
    taken_back,
    ties,
)
from payoff.web.pages.desk import Option
from payoff.web.pages.fate import done, reverting
from payoff.web.pages.judged import TONES, Alarms, Judged, as_then, judged, outdated
from payoff.web.pages.metric_rows import headline
from payoff.web.pages.shared_board import address
from payoff.web.product import Product


class Figures(Protocol):
    """Where a page's figures come from: `web.cards.Cards`."""

    def shown(self, release: str) -> Shown: ...
    def late(self, release: str) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what is chosen, its label, and what happens then. `sure` is the label of the second button of one
    that asks once more, "" for the others."""

    chosen: str
    label: str
    then: str
    danger: bool = False
    sure: str = ""


@dataclass(frozen=True, slots=True)
class LineShown:
    """A living release in one line: what the rule says, how much, how long still. `waits` for a decision."""

    title: str
    href: str
    stage: str
    word: str
    tone: str
    amount: str
    days: str
    waits: bool
    here: bool


@dataclass(frozen=True, slots=True)
class ShareShown:
    """A link in force: whose board, who made it, until when; `address` is what to send."""

    id: str
    label: str
    line: str
    address: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """`judged` is `None` when there is nothing to judge yet; `unjudged` then says why.

    `worked_out` says from when the figures are; `renewing` that newer ones, or the first, are on their way, and is
    "" otherwise. `kept` is the key of figures as they once stood, `then` says when and why they were kept; both
    are empty on today's board. `decides` is the release its form decides on; `figures` leads to those the
    decision rests on, "" where this page shows them; `won` leads to the trial it came through, `earlier` to the
    figures of its last term, where it serves for the second time. `done` says what was just decided, `trouble`
    why it was not.
    """

    options: tuple[Option, ...] = ()
    release: str = ""
    title: str = ""
    stage: str = ""
    unproven: str = ""
    judged: Judged | None = None
    unjudged: str = ""
    choices: tuple[Choice, ...] = ()
    may_decide: bool = False
    decide_note: str = ""
    rule: str = ""
    deciders: str = ""
    lines: tuple[LineShown, ...] = ()
    decisions: tuple[DecisionShown, ...] = ()
    worked_out: str = ""
    renewing: str = ""
    taken_back: tuple[TakenBack, ...] = ()
    may_share: bool = False
    shares: tuple[ShareShown, ...] = ()
    kept: str = ""
    then: tuple[str, ...] = ()
    decides: str = ""
    figures: str = ""
    won: tuple[str, str] = ("", "")
    earlier: tuple[str, str] = ("", "")
    done: str = ""
    trouble: Trouble | None = None


def board(
    product: Product,
    person: Person,
    release: str,
    cards: Figures,
    *,
    base: str = "",
    alarms: Alarms | None = None,
    decided_now: bool = False,
    trouble: Trouble | None = None,
) -> BoardPage:
    """The page of one release; without an id, of the one that matters now. `base` is where links begin.

    `STREAM` is being in care at all, `SERVED` the release that serves, since it does. `decided_now` says that a
    decision was just taken here, `trouble` that one could not be.
    """
    texts, found = product.texts, product.releases()
    view, wanted = _view(found, release)
    stream = view == STREAM
    may = person.may(needed("POST", "/board/{release}/decide") or ())
    if wanted is None:
        return BoardPage(may_decide=may)
    shown, unjudged, verdict = None, "", None
    worked_out = renewing = ""
    tied = {} if stream else ties(product)
    try:
        made = cards.shown(view)
    except PayoffError as error:
        unjudged = " ".join(filter(None, (_sentence(error.what), error.mend)))
        renewing = texts.say("board.look_again") if isinstance(error, NotYet) else ""
    else:
        over = view == wanted.id and wanted.ended is not None
        late = _late(cards, wanted.id) if over else ()
        data = made.card.card.as_of if over else product.as_of()
        shown = judged(product, wanted, made.card, made.at, data=data, alarms=alarms, late=late)
        verdict = made.card.verdict
        worked_out = texts.say(
            "board.decided_on" if over and made.key else "board.worked_out", when=texts.moment(made.at)
        )
        renewing = texts.say("board.renewing") if made.renewing else ""
        if made.changed:
            shown = outdated(product, shown, made.changed)
    names = {key: p.name for key, p in product.brief.people.items()}
    return BoardPage(
        options=_options(texts, found, view),
        release=view,
        title=_title(texts, view, wanted),
        stage=texts.say("board.stream_stage", unit=product.brief.unit.name)
        if stream
        else texts.say("board.stage", stage=kept_as(texts, wanted)),
        unproven=texts.say("board.unproven") if wanted.unproven and not stream else "",
        judged=shown,
        unjudged=unjudged,
        choices=_choices(product, found, wanted, verdict) if may and not stream else (),
        may_decide=may or stream,
        decide_note=texts.say("board.decide_note_full" if wanted.stage == "full" else "board.decide_note"),
        decisions=()
        if stream
        else tuple(decided(texts, d, names, wanted, tied) for d in product.decisions(wanted.id)),
        rule=texts.say("board.the_rule", word=shown.word)
        if shown and shown.word and wanted.on_trial and not stream
        else "",
        deciders=deciders(product),
        lines=_lines(product, found, cards, view),
        worked_out=worked_out,
        renewing=renewing,
        taken_back=taken_back(product, found, product.clock.now()),
        may_share=_may_share(person) and shown is not None,
        shares=_shares(product, found, base) if _may_share(person) else (),
        decides=wanted.id,
        figures=f"/board?release={SERVED}" if view == wanted.id and _followed(wanted) else "",
        won=_won(texts, wanted) if view == SERVED else ("", ""),
        earlier=_earlier(product, wanted) if view in (SERVED, wanted.id) else ("", ""),
        done=done(product, wanted.id) if decided_now else "",
        trouble=trouble,
    )


def as_of(product: Product, person: Person, release: str, key: str, *, base: str = "") -> BoardPage:
    """The board as it stood when figures were kept. Raises `Unknown` where there are no such figures."""
    texts, found = product.texts, product.releases()
    wanted = next((r for r in found if r.id == release), None)
    if wanted is None:
        raise Unknown.among("release", release, [r.id for r in found])
    made = product.boards.card(release, key)
    at = made_at(product, release, key, made.card.as_of)
    names = {name: p.name for name, p in product.brief.people.items()}
    then = as_then(wanted, at)
    rested = [d for d in product.decisions(release) if d.card == key]
    said = [texts.say("board.then", when=texts.moment(at))]
    said += [f"{decided(texts, d, names, wanted).line}: “{d.why}”" for d in rested]
    return BoardPage(
        options=_options(texts, found, release),
        release=release,
        title=titled(texts, made.card),
        stage=texts.say("board.stage_then", stage=kept_as(texts, then)),
        judged=judged(product, then, made, at),
        may_decide=True,
        decisions=tuple(decided(texts, d, names, wanted) for d in product.decisions(release) if d.at <= at),
        may_share=_may_share(person),
        shares=_shares(product, found, base) if _may_share(person) else (),
        kept=key,
        then=tuple(said),
    )


def made_at(product: Product, release: str, key: str, otherwise: datetime) -> datetime:
    """When figures were kept: at a judgement, or at the decision that rested on them."""
    judgements = [j for trial in (release, SERVED, STREAM, "") for j in product.boards.judgements(release, trial)]
    kept = [j.at for j in judgements if j.card == key]
    kept += [d.at for d in product.decisions(release) if d.card == key]
    return min(kept, default=otherwise)


def _won(texts: Texts, release: Release) -> tuple[str, str]:
    """The trial it came through before it served everybody: words, and where its figures stand."""
    if release.ended is None:
        return "", ""
    key = "board.fate_unproven" if release.unproven else "board.fate_won"
    words = texts.say("board.won_see", fate=texts.say(key, day=texts.day(release.ended)))
    return words, f"/board?release={quote(release.id, safe='')}"


def _earlier(product: Product, release: Release) -> tuple[str, str]:
    """The last figures of a term that is over, where another has begun: words, and where they stand."""
    term = release.term()
    kept = [j for j in product.boards.judgements(release.id, SERVED) if term and j.at <= term[0] and j.card]
    if release.stage != "full" or not kept:
        return "", ""
    last = max(kept, key=lambda j: j.at)
    words = product.texts.say("board.earlier", day=product.texts.day(last.at))
    return words, as_it_stood(release.id, last.card)


def _late(cards: Figures, release: str) -> Sequence[Row]:
    """What became known of a finished trial; nothing while it is being worked out, or where it cannot be."""
    try:
        return cards.late(release)
    except PayoffError:
        return ()


def _sentence(what: str) -> str:
    return f"{what[:1].upper()}{what[1:].rstrip('.')}."


def _may_share(person: Person) -> bool:
    return person.may(needed("POST", "/board/{release}/share") or ())


def _view(found: Sequence[Release], release: str) -> tuple[str, Release | None]:
    """What the page is of, and the release it decides on. What is asked for; else the one on trial; else the one
    that serves, as it does since; else the newest."""
    newest = found[::-1]
    serving = champion(newest)
    if release == STREAM and serving:
        return STREAM, serving
    asked = next((r for r in found if r.id == release), None)
    if asked is None and release != SERVED:
        asked = next((r for r in newest if r.on_trial), None)
    if asked is None and serving:
        return _served(serving), serving
    asked = asked or next(iter(newest), None)
    return (asked.id if asked else ""), asked


def _followed(release: Release) -> bool:
    """Whether it serves everybody since a trial that is over: it then has two boards."""
    return release.stage == "full" and release.ended is not None


def _served(serving: Release) -> str:
    return SERVED if _followed(serving) else serving.id


def _title(texts: Texts, view: str, release: Release) -> str:
    if view == STREAM:
        return texts.say("board.stream")
    return texts.say("board.served", title=release.title) if view == SERVED else release.title


def _options(texts: Texts, found: Sequence[Release], chosen: str) -> tuple[Option, ...]:
    serving = champion(found)
    options = [Option(r.id, f"{r.title} ({kept_as(texts, r)})", r.id == chosen) for r in reversed(found)]
    if serving and _followed(serving):
        options.insert(0, Option(SERVED, _title(texts, SERVED, serving), chosen == SERVED))
    if serving:
        options.append(Option(STREAM, texts.say("board.stream"), chosen == STREAM))
    return tuple(options)


def _lines(product: Product, found: Sequence[Release], cards: Figures, here: str) -> tuple[LineShown, ...]:
    """What is on trial, which may wait for a decision, then what is always on; none where there is but one."""
    texts, serving = product.texts, champion(found)
    figures = Measures(texts, product.brief.product.currency)
    lines, wanted = [], [(r.id, r) for r in found if r.on_trial][::-1]
    if serving:
        wanted += [(SERVED, serving)] if _followed(serving) else []
        wanted += [(STREAM, serving)]
    for id, release in wanted:
        still = {STREAM: "board.stream_stage", SERVED: "board.served_stage"}.get(id)
        line = LineShown(
            title=_title(texts, id, release),
            href=f"/board?release={quote(id, safe='')}",
            stage=texts.say(still, unit=product.brief.unit.name) if still else kept_as(texts, release),
            word="",
            tone="quiet",
            amount="",
            days="",
            waits=False,
            here=id == here,
        )
        try:
            known = cards.shown(id)
        except PayoffError as error:
            lines.append(replace(line, amount=_sentence(error.what)))
            continue
        if known.changed:
            lines.append(replace(line, amount=texts.say("board.outdated_line")))
            continue
        made = known.card
        word, card = made.verdict.word, made.card
        elapsed = int(card.days_elapsed or 0)
        over = bool(card.plan_days) and elapsed >= card.plan_days
        lines.append(
            replace(
                line,
                word=worded(texts, word, card.trial),
                tone=TONES[word],
                amount=headline(product, figures, made),
                days=texts.say("board.elapsed", day=elapsed, plan=card.plan_days) if card.plan_days else "",
                waits=release.on_trial and (over or word in ("promote", "roll back")),
            )
        )
    return tuple(lines) if any(not line.here for line in lines) else ()


def _choices(
    product: Product, found: Sequence[Release], release: Release, verdict: Verdict | None
) -> tuple[Choice, ...]:
    """What a manager may choose now, and which of it the rule speaks against.

    Nothing is offered that the release's stage does not allow. Taking back asks once more, and says what then.
    """
    texts = product.texts
    rule = verdict.word if verdict else ""
    hold_against = release.on_trial and rule in ("promote", "roll back")
    hold = Choice("hold", texts.say("board.hold"), _then(texts, "hold_then", hold_against))
    back = Choice(
        "roll back",
        texts.say("board.rollback"),
        _against(texts, reverting(product, release, found), release.on_trial and rule == "promote"),
        danger=True,
        sure=texts.say("board.rollback_sure", title=release.title),
    )
    if release.on_trial and verdict is not None:
        if verdict.word == "promote":
            up = Choice("promote", texts.say("board.promote"), texts.say("board.promote_last"))
        else:
            up = Choice(
                "ship unproven",
                texts.say("board.promote_unproven"),
                _then(texts, "promote_unproven_then", verdict.word == "roll back"),
            )
        return (up, hold, back)
    return (hold, back) if release.stage == "full" and verdict is not None else ()


def _then(texts: Texts, key: str, against: bool) -> str:
    """What happens then, and that the record will say so where the rule speaks against it."""
    return _against(texts, texts.say(f"board.{key}"), against)


def _against(texts: Texts, said: str, against: bool) -> str:
    return f"{said} {texts.say('board.then_against')}" if against else said


def _shares(product: Product, found: Sequence[Release], base: str) -> tuple[ShareShown, ...]:
    """Every link that is good now, whichever release it shows: none should be forgotten."""
    texts, now = product.texts, product.clock.now()
    names = {key: p.name for key, p in product.brief.people.items()}
    titles = {r.id: r.title for r in found}

    def title(share: Share) -> str:
        """What the copy is of: a release has cards of its trial and of its days in use."""
        try:
            return titled(texts, product.boards.card(share.release, share.card).card)
        except PayoffError:
            return titles.get(share.release, share.release)

    return tuple(
        ShareShown(
            share.id,
            texts.say("board.share_label", title=title(share)),
            texts.say(
                "board.share_reasons" if share.reasons else "board.share_line",
                who=names.get(share.by, share.by),
                at=texts.moment(share.at),
                until=texts.day(share.until),
            ),
            base + address(product, share),
        )
        for share in product.boards.shares()
        if share.in_force(now)
    )


def back_to(release: str, kept: str = "") -> str:
    """Where a form of this board leads back to."""
    return as_it_stood(release, kept) if kept else f"/board?release={quote(release, safe='')}"
