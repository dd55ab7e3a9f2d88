"""Commands that look at what is there already: the audit of any model, notes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from payoff.audit.catalogue import ordered
from payoff.audit.run import audit as audit_frame
from payoff.cli.output import By, DatabaseOption, Json, ProductOption, say
from payoff.configuration import open_product
from payoff.configuration.plugins import load
from payoff.configuration.starting import read_table
from payoff.use_cases.importing import readable
from payoff.web.reports.audit import audit_html

note = typer.Typer(help="Interviews, focus groups, decisions: kept as they were said.", no_args_is_help=True)
Columns = Annotated[list[str] | None, typer.Option(help="A column; may be repeated.")]


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.command()(audit)
    app.add_typer(note, name="note")


def audit(
    file: Annotated[Path, typer.Argument(help="Predictions with what came of them: CSV, Parquet or JSON lines.")],
    score: Annotated[str | None, typer.Option(help="The column with the score; guessed otherwise.")] = None,
    label: Annotated[str | None, typer.Option(help="The column with what happened; guessed otherwise.")] = None,
    unit: Annotated[str | None, typer.Option(help="The column with the unit's id.")] = None,
    treated: Annotated[str | None, typer.Option(help="The column that says who was acted on.")] = None,
    decision: Annotated[str | None, typer.Option(help="The column with the model's yes or no.")] = None,
    segment: Columns = None,
    protected: Columns = None,
    value: Annotated[str | None, typer.Option(help="What one outcome is worth: a number or a column.")] = None,
    cost: Annotated[str | None, typer.Option(help="What acting on one row costs: a number or a column.")] = None,
    positive: Annotated[str | None, typer.Option(help="The label's value that means yes.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a self-contained page to this file.")] = None,
    as_json: Json = False,
) -> None:
    """An honest product report on a model you already have. No set-up."""
    reading = read_table(file)
    with readable(file.name):
        report = audit_frame(
            reading.table,
            score=score,
            label=label,
            unit=unit,
            treated=treated,
            decision=decision,
            segments=segment or (),
            protected=protected or (),
            value=_number(value),
            cost=_number(cost),
            positive=positive,
            name=file.stem,
            catalogue=ordered(load("payoff.audit_sections")),
        )
    if html:
        html.write_text(audit_html(report), "utf-8")
    shown = {**report.as_dict(), "notes": list(reading.notes)}
    say(as_json, shown, lambda: "\n".join([report.as_text(), *(f"· {line}" for line in reading.notes)]))


def _number(text: str | None) -> float | str | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return text


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
