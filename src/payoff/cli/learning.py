"""Commands of the running product: suggest, answer, learn, the weekly turn, what people said."""

from __future__ import annotations

from typing import Annotated

import typer

from payoff.cli.output import By, DatabaseOption, Json, ProductOption, console, say
from payoff.cli.working import lines_of
from payoff.configuration import open_product
from payoff.feedback.items import FeedbackItem
from payoff.records.suggestions import Suggestion
from payoff.texts import Texts
from payoff.use_cases.erasing import erase as erase_unit


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.command()(suggest)
    app.command()(feedback)
    app.command()(learn)
    app.command()(cycle)
    app.command()(inbox)
    app.command()(erase)


def erase(
    unit: Annotated[str, typer.Argument(help="The unit's id, exactly as Payoff knows it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Forget a unit for good: its facts, its suggestions, and all that was said about it."""
    opened = open_product(product, database=database)
    if not yes:
        typer.confirm(opened.texts.say("cli.erase_sure", unit=unit), abort=True, err=True)
    n = erase_unit(opened.workspace, unit)
    say(
        as_json,
        {"unit": unit, "events": n},
        lambda: opened.texts.say(f"cli.erased{'' if n else '_none'}", unit=unit, n=n),
    )


def suggest(
    unit: Annotated[str, typer.Argument(help="The unit's id.")],
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """What to do for one unit, why, and what it is worth."""
    opened = open_product(product, database=database)
    said = opened.suggest(unit)
    say(as_json, said.as_dict(), lambda: suggestion_words(said, opened.texts))


def suggestion_words(said: Suggestion, texts: Texts) -> str:
    """A suggestion as a person reads it in a terminal."""
    lines = [said.say]
    if said.value and said.low and said.high:
        worth = texts.say(
            "cli.worth", value=texts.money(said.value), low=texts.money(said.low), high=texts.money(said.high)
        )
        lines.append("  " + worth)
    lines += [f"  · {reason.text}" for reason in said.reasons]
    if said.evidence:
        lines.append("  " + said.evidence)
    if said.explored:
        lines.append("  " + texts.say("cli.explored"))
    if said.fallback:
        lines.append("  " + texts.say("cli.fallback"))
    lines.append(
        "  " + texts.say("cli.suggestion_id", id=said.id, release=said.release, until=texts.day(said.expires))
    )
    return "\n".join(lines)


def feedback(
    suggestion: Annotated[str, typer.Argument(help="The suggestion's id.")],
    by: By,
    thumb: Annotated[str | None, typer.Option(help="up or down")] = None,
    correct: Annotated[list[str] | None, typer.Option(help="fact=what is true; may be repeated")] = None,
    problem: Annotated[str | None, typer.Option(help="What went wrong.")] = None,
    idea: Annotated[str | None, typer.Option(help="What would be better.")] = None,
    comment: Annotated[str | None, typer.Option(help="Anything else.")] = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Say what you think of a suggestion; you will hear what became of it."""
    if thumb not in (None, "up", "down"):
        raise typer.BadParameter("say up or down", param_hint="--thumb")
    pairs = [pair.partition("=") for pair in correct or []]
    opened = open_product(product, database=database)
    id = opened.feedback(
        suggestion,
        thumb={"up": 1, "down": -1, None: None}[thumb],
        correction={name: _value(value) for name, _, value in pairs} or None,
        problem=problem,
        idea=idea,
        comment=comment,
        by=by,
    )
    say(as_json, {"id": id}, lambda: opened.texts.say("cli.heard", id=id, by=by))


def _value(text: str) -> object:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def learn(product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False) -> None:
    """Learn from outcomes and feedback; everything people said gets its answer."""
    opened = open_product(product, database=database)
    with console.status("Learning …"):
        report = opened.learn()

    def words() -> str:
        texts = opened.texts
        lines = [
            texts.say(
                "cli.learned", rows=report.rows, used=report.feedback_used, declined=report.feedback_declined
            )
        ]
        if report.scores:
            s = report.scores
            lines.append(
                texts.say(
                    "cli.risk_scores",
                    auc=texts.number(s.auc, digits=3),
                    calibration=texts.share(s.calibration_error, digits=1),
                    base=texts.share(s.base_rate, digits=1),
                    n=texts.number(s.n),
                )
            )
        return "\n".join([*lines, *(f"  · {line}" for line in (*report.changed, *report.notes))])

    say(as_json, report.as_dict(), words)


def cycle(product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False) -> None:
    """One weekly turn: re-read the sources, judge, learn; take back what does harm."""
    opened = open_product(product, database=database)
    with console.status("Turning the week …"):
        turn = opened.cycle()

    def words() -> str:
        lines = [
            opened.texts.say("cli.imported", source=i.source, units=i.units, facts=i.facts, outcomes=i.outcomes)
            for i in turn.imported
        ]
        lines += [f"{c.card.release}: {c.verdict.word}. {c.verdict.because}" for c in turn.cards]
        lines.append(opened.texts.say("cli.suggested", n=turn.suggested))
        report = turn.learned
        lines.append(
            opened.texts.say(
                "cli.learned", rows=report.rows, used=report.feedback_used, declined=report.feedback_declined
            )
        )
        for reached in (turn.collected, turn.delivered):
            lines += lines_of(reached, opened.texts) if reached else []
        return "\n".join(lines)

    say(as_json, turn.as_dict(), words)


def inbox(
    product: ProductOption = ".",
    database: DatabaseOption = None,
    by: Annotated[str | None, typer.Option("--by", help="Only what this person said.")] = None,
    as_json: Json = False,
) -> None:
    """What people said, and what became of it."""
    opened = open_product(product, database=database)
    found = opened.said_by(by) if by else opened.inbox()
    shown = [
        {
            "id": i.id,
            "by": i.by,
            "at": i.at.isoformat(),
            "unit": i.unit,
            "suggestion": i.suggestion,
            "kinds": list(i.kinds),
            "thumb": i.thumb,
            "correction": dict(i.correction),
            "text": i.text,
            "state": i.state,
            "reply": i.reply,
            "learned": i.learned,
            "release": i.learned_in or i.release,
        }
        for i in found
    ]

    def words() -> str:
        if not found:
            return opened.texts.say("cli.inbox_empty")
        return "\n".join(
            f"{opened.texts.day(i.at)}  {i.by or '-'}  {i.unit or '-'}  {', '.join(i.kinds)}  {_words(i)}\n"
            f"    {i.state}{': ' + i.reply if i.reply else ''}"
            for i in found
        )

    say(as_json, shown, words)


def _words(item: FeedbackItem) -> str:
    """What was said, corrections included."""
    mended = [f"{name}: {value}" for name, value in item.correction.items()]
    return " · ".join(part for part in (*mended, item.problem, item.idea, item.comment) if part)
