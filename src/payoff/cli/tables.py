"""The desk on the terminal: the queue, the queue as a table, the filled table as answers, a calendar's address."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from payoff.cli.files import write
from payoff.cli.output import NO, DatabaseOption, Json, ProductOption, say
from payoff.configuration import open_product
from payoff.configuration.tables import text_of
from payoff.errors import BadInput, Fault, Refused, Unknown
from payoff.texts import Texts
from payoff.use_cases.filled import Filled
from payoff.use_cases.product import Product
from payoff.use_cases.tables import rows_of

Person = Annotated[str, typer.Option("--person", help="Only theirs, by the brief's short name.")]


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.command()(desk)
    app.command()(calendar)


def desk(
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a table to fill in to this file.")] = None,
    person: Person = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Whom to help now, in the desk's order; or a table of it, to fill in and import."""
    opened = open_product(product, database=database)
    if person and person not in opened.brief.people:
        raise Unknown.among("person", person, opened.brief.people)
    waiting = opened.tables.waiting(person)
    if csv is not None:
        if csv.is_dir() or not csv.parent.is_dir():
            raise BadInput(
                "desk", [Fault("--csv", f"{csv} cannot be written", "Name a file in a folder that is there.")]
            )
        text = opened.tables.written(person)
        write(csv, text)
        n = len(rows_of(text))
        say(as_json, {"file": str(csv), "rows": n}, lambda: opened.texts.say("table.cli_written", n=n, file=csv))
        return
    shown = [
        {
            "id": e.suggestion,
            "unit": e.unit,
            "customer": e.customer,
            "action": e.headline,
            "why": e.why,
            "worth": e.worth,
            "until": e.ends.isoformat(),
            "state": e.state,
        }
        for e in waiting
    ]
    lines = [
        "\n".join(
            [
                opened.texts.say(
                    "table.cli_line", customer=e.customer, headline=e.headline, good_until=e.good_until.rstrip(".")
                ),
                *(f"  {line}" for line in (e.why, e.worth, e.suggestion) if line),
            ]
        )
        for e in waiting
    ]
    say(as_json, shown, lambda: "\n".join(lines) or opened.texts.say("table.cli_empty"))


def calendar(
    person: Annotated[str, typer.Argument(help="Whose, by the brief's short name.")],
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """The address under which somebody subscribes to what is due for them."""
    opened = open_product(product, database=database)
    if person not in opened.brief.people:
        raise Unknown.among("person", person, opened.brief.people)
    address = opened.calendars.address(person)
    if not address:
        mend = "Set up [channels.calendar] and channels.public_url, and serve them there."
        raise Refused(f"{opened.brief.people[person].name} has no calendar address", where="channels", mend=mend)
    name = opened.brief.people[person].name
    say(
        as_json,
        {"person": person, "address": address},
        lambda: f"{address}\n{opened.texts.say('table.cli_calendar', name=name)}",
    )


def answers_from(opened: Product, file: Path, by: str, as_json: bool) -> None:
    """`payoff import FILE --as answers`: keep what a filled table says, and say what was not understood."""
    if not by:
        raise BadInput("import", [Fault("--by", "it is missing", "Say who answers: --by ana.")])
    if by not in opened.brief.people:
        raise Unknown.among("person", by, opened.brief.people)
    if not file.is_file():
        raise BadInput("import", [Fault("FILE", f"there is no file {file}", "Give the path of the filled table.")])
    filled = opened.tables.keep(text_of(file.read_bytes(), file.name), by)
    for line in filled.of("new"):
        opened.working.refresh(line.suggestion)
    say(as_json, filled.as_dict(), lambda: _words(filled, opened.texts))
    if filled.of("odd"):
        raise typer.Exit(NO)


def _words(filled: Filled, texts: Texts) -> str:
    keys: dict[Any, str] = {"new": "kept", "already": "already", "blank": "blank", "odd": "odd"}
    lines = []
    for group, key in keys.items():
        found = filled.of(group)
        if not found and group != "new":
            continue
        lines.append(texts.say(f"table.{key}", n=len(found)))
        if group == "odd":
            rows = [(texts.say("table.row", row=line.row), line) for line in found]
            lines += [f"  {where}: {line.fault}. {line.mend}" for where, line in rows]
    return "\n".join(lines)
