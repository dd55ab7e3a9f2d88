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
from payoff.records.judgement import Verdict
from payoff.records.releases import STREAM, Release
from payoff.texts import Texts
from payoff.web.cards import NotYet, Shown
from payoff.web.figures import Figures as Measures
from payoff.web.pages.decisions import DecisionShown, TakenBack, as_it_stood, decided, deciders, taken_back, ties
from payoff.web.pages.desk import Option
from payoff.web.pages.judged import TONES, Alarms, Judged, as_then, headline, judged
from payoff.web.pages.shared_board import address
from payoff.web.product import Product


class Figures(Protocol):
    """Where a page's figures come from: `web.cards.Cards`."""

    def shown(self, release: str) -> Shown: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what is chosen, its label, and what happens then."""

    chosen: str
    label: str
    then: str
    danger: bool = False


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
    are empty on today's board.
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


def board(
    product: Product,
    person: Person,
    release: str,
    cards: Figures,
    *,
    base: str = "",
    alarms: Alarms | None = None,
) -> BoardPage:
    """The page of one release; without an id, of the one that matters now. `base` is where links begin."""
    texts, found = product.texts, product.releases()
    stream = release == STREAM and any(r.stage == "full" for r in found)
    wanted = next((r for r in found if r.stage == "full"), None) if stream else _chosen(found, release)
    may = person.may(needed("POST", "/board/{release}/decide") or ())
    if wanted is None:
        return BoardPage(may_decide=may)
    shown, unjudged, verdict = None, "", None
    worked_out = renewing = ""
    tied = {} if stream else ties(product)
    try:
        made = cards.shown(STREAM if stream else wanted.id)
    except PayoffError as error:
        unjudged = " ".join(filter(None, (_sentence(error.what), error.mend)))
        renewing = texts.say("board.look_again") if isinstance(error, NotYet) else ""
    else:
        shown = judged(product, wanted, made.card, made.at, data=product.as_of(), alarms=alarms)
        verdict = made.card.verdict
        worked_out = texts.say("board.worked_out", when=texts.moment(made.at))
        renewing = texts.say("board.renewing") if made.renewing else ""
    names = {key: p.name for key, p in product.brief.people.items()}
    return BoardPage(
        options=_options(texts, found, STREAM if stream else wanted.id),
        release=STREAM if stream else wanted.id,
        title=texts.say("board.stream") if stream else wanted.title,
        stage=texts.say("board.stream_stage")
        if stream
        else texts.say("board.stage", stage=stage_words(texts, wanted)),
        unproven=texts.say("board.unproven") if wanted.unproven and not stream else "",
        judged=shown,
        unjudged=unjudged,
        choices=_choices(texts, wanted, verdict) if may and not stream else (),
        may_decide=may or stream,
        decide_note=texts.say("board.decide_note_full" if wanted.stage == "full" else "board.decide_note"),
        decisions=()
        if stream
        else tuple(decided(texts, d, names, wanted, tied) for d in product.decisions(wanted.id)),
        rule=texts.say("board.the_rule", word=shown.word) if shown and wanted.on_trial and not stream else "",
        deciders=deciders(product),
        lines=_lines(product, found, cards, STREAM if stream else wanted.id),
        worked_out=worked_out,
        renewing=renewing,
        taken_back=taken_back(product, found, product.clock.now()),
        may_share=_may_share(person) and shown is not None,
        shares=_shares(product, found, base) if _may_share(person) else (),
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
        title=made.card.title,
        stage=texts.say("board.stage_then", stage=stage_words(texts, then)),
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
    judgements = [j for trial in (release, STREAM, "") for j in product.boards.judgements(release, trial)]
    kept = [j.at for j in judgements if j.card == key]
    kept += [d.at for d in product.decisions(release) if d.card == key]
    return min(kept, default=otherwise)


def stage_words(texts: Texts, release: Release) -> str:
    """The stage as people say it, with the share while it is on trial."""
    word = texts.say(f"releases.stage_{release.stage.replace(' ', '_')}")
    share = texts.say("releases.share", share=texts.share(release.share)) if release.on_trial else ""
    return f"{word}, {share}" if share else word


def _sentence(what: str) -> str:
    return f"{what[:1].upper()}{what[1:].rstrip('.')}."


def _may_share(person: Person) -> bool:
    return person.may(needed("POST", "/board/{release}/share") or ())


def _chosen(found: Sequence[Release], release: str) -> Release | None:
    """The one asked for; else the one on trial; else the one that serves; else the newest."""
    newest = found[::-1]
    asked = next((r for r in found if r.id == release), None)
    trial = next((r for r in newest if r.on_trial), None)
    return asked or trial or next((r for r in newest if r.stage == "full"), None) or next(iter(newest), None)


def _options(texts: Texts, found: Sequence[Release], chosen: str) -> tuple[Option, ...]:
    options = [Option(r.id, f"{r.title} ({stage_words(texts, r)})", r.id == chosen) for r in reversed(found)]
    if any(r.stage == "full" for r in found):
        options.append(Option(STREAM, texts.say("board.stream"), chosen == STREAM))
    return tuple(options)


def _lines(product: Product, found: Sequence[Release], cards: Figures, here: str) -> tuple[LineShown, ...]:
    """What is on trial, which may wait for a decision, then what is always on; none where there is but one."""
    texts, serving = product.texts, next((r for r in found if r.stage == "full"), None)
    figures = Measures(texts, product.brief.product.currency)
    lines = []
    for release in [r for r in found if r.on_trial][::-1] + ([serving] if serving else []):
        id = release.id if release.on_trial else STREAM
        title = release.title if release.on_trial else texts.say("board.stream")
        line = LineShown(
            title=title,
            href=f"/board?release={quote(id, safe='')}",
            stage=stage_words(texts, release) if release.on_trial else texts.say("board.stream_stage"),
            word="",
            tone="quiet",
            amount="",
            days="",
            waits=False,
            here=id == here,
        )
        try:
            made = cards.shown(id).card
        except PayoffError as error:
            lines.append(replace(line, amount=_sentence(error.what)))
            continue
        word, card = made.verdict.word, made.card
        elapsed = int(card.days_elapsed or 0)
        over = bool(card.plan_days) and elapsed >= card.plan_days
        lines.append(
            replace(
                line,
                word=texts.say(f"board.word_{word.split(',')[0].replace(' ', '_')}"),
                tone=TONES[word],
                amount=headline(texts, figures, made),
                days=texts.say("board.elapsed", day=elapsed, plan=card.plan_days) if card.plan_days else "",
                waits=release.on_trial and (over or word in ("promote", "roll back")),
            )
        )
    return tuple(lines) if len(lines) > 1 else ()


def _choices(texts: Texts, release: Release, verdict: Verdict | None) -> tuple[Choice, ...]:
    """What a manager may choose now, and which of it the rule speaks against.

    Nothing is offered that the release's stage does not allow.
    """
    rule = verdict.word if verdict else ""
    hold_against = release.on_trial and rule in ("promote", "roll back")
    hold = Choice("hold", texts.say("board.hold"), _then(texts, "hold_then", hold_against))
    back = Choice(
        "roll back",
        texts.say("board.rollback"),
        _then(texts, "rollback_then", release.on_trial and rule == "promote"),
        danger=True,
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
    said = texts.say(f"board.{key}")
    return f"{said} {texts.say('board.then_against')}" if against else said


def _shares(product: Product, found: Sequence[Release], base: str) -> tuple[ShareShown, ...]:
    """Every link that is good now, whichever release it shows: none should be forgotten."""
    texts, now = product.texts, product.clock.now()
    names = {key: p.name for key, p in product.brief.people.items()}
    titles = {r.id: r.title for r in found}
    return tuple(
        ShareShown(
            share.id,
            texts.say("board.share_label", title=titles.get(share.release, share.release)),
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
