"""Notes: what was said, kept and listed."""

from __future__ import annotations

from typing import Annotated

import typer

from payoff.cli.output import By, DatabaseOption, Json, ProductOption, say
from payoff.configuration import open_product

note = typer.Typer(help="Interviews, focus groups, decisions: kept as they were said.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.add_typer(note, name="note")


@note.command("add")
def add_note(
    about: Annotated[str, typer.Argument(help="interview, focus group, prototype test, decision, idea, problem.")],
    text: Annotated[str, typer.Argument(help="What was said.")],
    by: By,
    title: Annotated[str, typer.Option(help="A headline.")] = "",
    theme: Annotated[list[str] | None, typer.Option(help="A theme to file it under; may be repeated.")] = None,
    release: Annotated[str, typer.Option(help="The release it belongs to.")] = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Keep a note."""
    opened = open_product(product, database=database)
    id = opened.note(about, text, by=by, title=title, themes=theme or (), release=release)
    say(as_json, {"id": id}, lambda: id)


@note.command("list")
def list_notes(
    theme: Annotated[str | None, typer.Option(help="Only notes under this theme.")] = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """All notes, newest first."""
    opened = open_product(product, database=database)
    found = opened.notes(theme)
    say(
        as_json,
        [
            {
                "id": n.id,
                "about": n.about,
                "title": n.title,
                "text": n.text,
                "themes": list(n.themes),
                "release": n.release,
                "by": n.by,
                "at": n.at.isoformat(),
            }
            for n in found
        ],
        lambda: (
            "\n".join(f"{opened.texts.day(n.at)}  {n.about}  {n.by}: {n.title or n.text}" for n in found)
            or opened.texts.say("cli.no_notes")
        ),
    )
