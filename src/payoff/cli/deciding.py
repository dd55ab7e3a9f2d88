"""Commands of the release decision: releases, scorecards, the gate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from payoff.cli.output import NO, By, DatabaseOption, Json, ProductOption, say
from payoff.configuration import open_product
from payoff.errors import Unknown
from payoff.records.releases import SERVED, STREAM, Release
from payoff.releases import lifecycle
from payoff.use_cases.product import Product
from payoff.use_cases.score import Card
from payoff.web.reports.card import card_html

release = typer.Typer(help="Releases: see them, start them, move them, take them back.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="The release's id.")]
Why = Annotated[str, typer.Option("--why", help="The reason, in a sentence; kept for good.")]


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.add_typer(release, name="release")
    app.command()(scorecard)
    app.command()(gate)


@release.command("list")
def list_(product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False) -> None:
    """All releases with their stage."""
    opened = open_product(product, database=database)
    found = opened.releases()
    say(
        as_json,
        [_release(r) for r in found],
        lambda: (
            "\n".join(f"{r.id}  {r.stage} {opened.texts.share(r.share)}  {r.title}" for r in found)
            or opened.texts.say("cli.no_release")
        ),
    )


@release.command()
def show(id: Id, product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False) -> None:
    """One release: its recipe, its way so far, what it learned."""
    opened = open_product(product, database=database)
    found = next((r for r in opened.releases() if r.id == id), None)
    if found is None:
        raise Unknown.among("release", id, [r.id for r in opened.releases()])

    def words() -> str:
        lines = [f"{found.id}  {found.title}  ({found.stage} {opened.texts.share(found.share)})"]
        lines += [f"  {opened.texts.moment(m.at)}  {m.stage}  {m.by}: {m.why}" for m in found.moves]
        lines += [f"  {opened.texts.moment(f.at)}  {f.note}" for f in opened.refreshes(id)[:5]]
        return "\n".join(lines)

    say(as_json, _release(found), words)


@release.command()
def create(
    id: Id,
    policy: Annotated[str, typer.Option(help="The policy: rules, effect, constant, risk, clicks or nothing.")],
    by: By,
    why: Why = "",
    title: Annotated[str, typer.Option(help="How people call it.")] = "",
    action: Annotated[str, typer.Option(help="The action, for policies that need one.")] = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """A draft of a new release."""
    opened = open_product(product, database=database)
    recipe = {"policy": policy, **({"action": action} if action else {})}
    made = opened.create_release(id, title or id, recipe, by=by, why=why)
    say(as_json, _release(made), lambda: opened.texts.say("cli.moved", release=made.id, stage=made.stage))


@release.command()
def start(
    id: Id,
    by: By,
    why: Why,
    early: Annotated[bool, typer.Option("--early", help="Before its least days are over; on the record.")] = False,
    named: Annotated[list[str] | None, typer.Option(help="A unit chosen by hand; may be repeated.")] = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """To the plan's next step."""
    opened = open_product(product, database=database)
    moved = opened.start(id, by=by, why=why, named=named, early=early)
    say(as_json, _release(moved), lambda: opened.texts.say("cli.moved", release=moved.id, stage=moved.stage))


@release.command()
def promote(
    id: Id,
    by: By,
    why: Why,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Ship it without proof; it stays labelled so.")
    ] = False,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Make it the champion."""
    opened = open_product(product, database=database)
    verdict = opened.promote(id, by=by, why=why, unproven=unproven)
    say(as_json, verdict.as_dict(), lambda: opened.texts.say("cli.moved", release=id, stage="full"))


@release.command()
def hold(
    id: Id, by: By, why: Why, product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False
) -> None:
    """Leave it where it is, on the record."""
    opened = open_product(product, database=database)
    verdict = opened.hold(id, by=by, why=why)
    say(as_json, verdict.as_dict(), lambda: opened.texts.say("cli.held", release=id))


@release.command()
def rollback(
    id: Id, by: By, why: Why, product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False
) -> None:
    """Take it back, now."""
    opened = open_product(product, database=database)
    verdict = opened.rollback(id, by=by, why=why)
    say(as_json, verdict.as_dict(), lambda: opened.texts.say("cli.moved", release=id, stage="rolled back"))


def scorecard(
    id: Annotated[
        str | None,
        typer.Argument(
            help="A release, an imported experiment, `stream` (being in care at all, whatever serves) or `served` "
            "(the one that serves everybody, since it does)."
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write a self-contained page to this file.")] = None,
    control: Annotated[str | None, typer.Option(help="The control action of an imported experiment.")] = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Technical, user and business metrics side by side, with the verdict."""
    opened = open_product(product, database=database)
    card = _card(opened, id, control)
    if html:
        html.write_text(card_html(card.card, card.verdict), "utf-8")
    say(as_json, card.as_dict(), lambda: f"{card.card.as_text()}\n\n{_verdict(card)}")


def gate(
    id: Annotated[str | None, typer.Argument(help="The release; without it the one on trial.")] = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """The verdict on a release. Exit status 1 when it says no."""
    opened = open_product(product, database=database)
    card = _card(opened, id, None)
    say(as_json, {"release": card.card.release, **card.verdict.as_dict()}, lambda: _verdict(card))
    if card.verdict.word in ("cannot judge", "roll back"):
        raise typer.Exit(NO)


def _card(opened: Product, id: str | None, control: str | None) -> Card:
    releases = opened.releases()
    trials = opened.trials()
    if id in (STREAM, SERVED) and releases:
        champion = lifecycle.champion(releases) or releases[-1]
        return opened.scorecard(champion.id, trial=id)
    if id is None and not releases and len(trials) == 1:
        id = next(iter(trials))
    if id is None and releases:
        living = [r for r in releases if r.on_trial] or [r for r in releases if r.stage == "full"] or releases
        id = living[-1].id
    if id in trials:
        return opened.experiment(id, control or trials[id])
    if id is None:
        raise Unknown("there is nothing to judge yet", mend="Create a release, or import an experiment's log.")
    return opened.scorecard(id)


def _verdict(card: Card) -> str:
    verdict = card.verdict
    lines = [f"{verdict.word.upper()}: {verdict.because}  [{verdict.rule}]"]
    lines += [f"  · {thing}" for thing in verdict.missing]
    if verdict.days_more:
        lines.append(f"  about {verdict.days_more} days more")
    return "\n".join(lines)


def _release(r: Release) -> dict[str, object]:
    return {
        "id": r.id,
        "title": r.title,
        "stage": r.stage,
        "share": r.share,
        "recipe": dict(r.recipe),
        "artefact": r.artefact,
        "against": r.against,
        "unproven": r.unproven,
        "named": sorted(r.named),
        "moves": [
            {"stage": m.stage, "share": m.share, "at": m.at.isoformat(), "by": m.by, "why": m.why} for m in r.moves
        ],
    }
