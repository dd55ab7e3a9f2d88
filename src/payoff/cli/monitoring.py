"""What is watched: drift, calibration, fairness, variety, feedback, contact fatigue."""

from __future__ import annotations

import typer

from payoff.cli.output import NO, DatabaseOption, Json, ProductOption, console, say
from payoff.configuration import open_product
from payoff.records.findings import Finding, Health
from payoff.texts import Texts


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.command()(monitor)


def monitor(product: ProductOption = ".", database: DatabaseOption = None, as_json: Json = False) -> None:
    """Is anything going wrong? Exit status 1 when something needs somebody."""
    opened = open_product(product, database=database)
    with console.status(opened.texts.say("health.looking")):
        found = opened.health()
    say(as_json, found.as_dict(), lambda: health_words(found, opened.texts))
    if found.acts:
        raise typer.Exit(NO)


def health_words(found: Health, texts: Texts) -> str:
    """The findings as a person reads them in a terminal, worst first."""
    return "\n".join(_words(finding, texts) for finding in found.findings)


def _words(finding: Finding, texts: Texts) -> str:
    word = texts.say(f"health.word_{finding.severity.replace(' ', '_')}")
    lines = [texts.say("health.line", title=finding.title, word=word, sentence=finding.sentence)]
    if finding.severity in ("act", "look"):
        lines += [f"    {finding.means}", f"    {finding.todo}"]
        lines += [f"    · {line}" for line in finding.details]
    return "\n".join(lines)
