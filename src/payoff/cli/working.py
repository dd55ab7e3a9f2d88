"""Suggestions where people work: sent there, and what they answered there taken in."""

from __future__ import annotations

from typing import Annotated

import typer

from payoff.cli.output import NO, DatabaseOption, Json, ProductOption, say
from payoff.configuration import open_product
from payoff.errors import Refused, Unknown
from payoff.texts import Texts
from payoff.use_cases.delivery import Delivered
from payoff.use_cases.product import Product


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.command()(send)
    app.command()(collect)


def send(
    to: Annotated[str | None, typer.Option("--to", help="One channel: slack, email, …")] = None,
    person: Annotated[str | None, typer.Option(help="One person, by the brief's short name.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send nothing.")] = False,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Put the week's worthiest suggestions where people work. Running it twice sends nothing twice."""
    opened = _opened(product, database)
    known = [*opened.workspace.channels.ready, *opened.workspace.channels.faults]
    if to is not None and to not in known:
        raise Unknown.among("channel", to, known)
    if person is not None and person not in opened.brief.people:
        raise Unknown.among("person", person, opened.brief.people)
    _say(opened.send(person, to, dry=dry_run), opened.texts, as_json)


def collect(product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False) -> None:
    """Take in what people did with suggestions where they work."""
    opened = _opened(product, database)
    _say(opened.collect(), opened.texts, as_json)


def lines_of(report: Delivered, texts: Texts) -> list[str]:
    """A report as lines for a person; none where nothing happened."""
    key = "channels.report_would" if report.dry else "channels.report_sent"
    lines = [texts.say(key, name=s.person, channel=s.channel, n=len(s.suggestions)) for s in report.sent]
    if report.found:
        lines.append(texts.say("channels.report_found", n=len(report.found)))
    if report.shown:
        lines.append(texts.say("channels.report_shown", n=report.shown))
    for problem in report.problems:
        what = ". ".join(part.rstrip(".") for part in (problem.what, problem.mend) if part) + "."
        lines.append(texts.say("channels.report_fault", where=problem.where, what=what))
    return lines


def _opened(product: str, database: str | None) -> Product:
    opened = open_product(product, database=database)
    channels = opened.workspace.channels
    if not channels.ready and not channels.faults:
        raise Refused(opened.texts.say("channels.report_none"), where="channels")
    return opened


def _say(report: Delivered, texts: Texts, as_json: bool) -> None:
    say(
        as_json,
        report.as_dict(),
        lambda: "\n".join(lines_of(report, texts) or [texts.say("channels.report_nothing")]),
    )
    if report.problems:
        raise typer.Exit(NO)
