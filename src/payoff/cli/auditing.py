"""The audit of any model, from a file of its predictions and what came of them."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from payoff.audit.catalogue import ordered
from payoff.audit.report import Report
from payoff.audit.run import audit as audit_frame
from payoff.audit.table.guessing import guesses
from payoff.cli.asked import Asked, value_of
from payoff.cli.columns_file import as_toml, from_toml, refuse_guesses, settled
from payoff.cli.files import writable, write
from payoff.cli.output import NO, Json, say, stderr
from payoff.cli.steps import Steps
from payoff.cli.wizard import Dialogue
from payoff.configuration.auditing import Opened, opened_for_audit, questions
from payoff.configuration.plugins import load
from payoff.texts import Texts
from payoff.web.reports.audit import audit_html

_COLUMNS, _TREATED, _USE, _PEOPLE = "Columns", "Treatment", "What came of it", "People and money"
_FILES, _REPORT = "Columns in a file", "Report"
Column = str | None


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.command()(audit)


def _column(help: str, panel: str = _COLUMNS) -> Any:
    return typer.Option(help=help, rich_help_panel=panel, show_default=False)


def audit(
    file: Annotated[Path, typer.Argument(help="One row a prediction: CSV, Parquet or JSON lines, of any size.")],
    score: Annotated[Column, _column("The score, higher for more likely.")] = None,
    label: Annotated[Column, _column("What came of it, yes or no.")] = None,
    challenger: Annotated[Column, _column("Another model's score.")] = None,
    unit: Annotated[Column, _column("Who each row is about.")] = None,
    time: Annotated[Column, _column("When it was predicted.")] = None,
    positive: Annotated[Column, _column("The outcome's value that counts as yes.")] = None,
    want: Annotated[
        Literal["more", "less"] | None, _column("Whether you want more or less of the outcome.")
    ] = None,
    treated: Annotated[Column, _column("Who was called, mailed or helped.", _TREATED)] = None,
    control: Annotated[Column, _column("Its value for those left alone.", _TREATED)] = None,
    assigned: Annotated[
        Literal["random", "rule", "unknown"] | None, _column("Who chose the treated.", _TREATED)
    ] = None,
    propensity: Annotated[Column, _column("The probability of the treatment given.", _TREATED)] = None,
    split: Annotated[Column, _column('The planned share of each way: "A=0.5,B=0.5".', _TREATED)] = None,
    decision: Annotated[Column, _column("What was decided, yes or no.", _USE)] = None,
    seen: Annotated[Column, _column("Who saw it.", _USE)] = None,
    done: Annotated[Column, _column("Who acted on it.", _USE)] = None,
    acted_at: Annotated[Column, _column("When somebody acted.", _USE)] = None,
    outcome_at: Annotated[Column, _column("When the outcome was known.", _USE)] = None,
    feedback: Annotated[Column, _column("Thumbs, up or down.", _USE)] = None,
    action: Annotated[Column, _column("What was recommended.", _USE)] = None,
    segment: Annotated[
        list[str] | None, _column("Groups to look at apart; repeat it, or use commas.", _PEOPLE)
    ] = None,
    protected: Annotated[
        list[str] | None, _column("Groups you must not harm; repeat it, or use commas.", _PEOPLE)
    ] = None,
    picked_is: Annotated[
        Literal["good", "bad"] | None, _column("What being picked means for the person.", _PEOPLE)
    ] = None,
    value: Annotated[Column, _column("What an outcome is worth: an amount or a column.", _PEOPLE)] = None,
    cost: Annotated[Column, _column("What acting on a row costs: an amount or a column.", _PEOPLE)] = None,
    capacity: Annotated[Column, _column("How many rows you can act on; below 1 a share.", _PEOPLE)] = None,
    threshold: Annotated[Column, _column("The score from which on the model says yes.", _PEOPLE)] = None,
    brief: Annotated[Path | None, _column("A payoff.toml or its folder: who it is for.", _PEOPLE)] = None,
    columns: Annotated[Path | None, _column("Read the columns from this file; flags win.", _FILES)] = None,
    save_columns: Annotated[
        Path | None, _column("Keep the columns as they were read in this file.", _FILES)
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse to guess anything.", rich_help_panel=_FILES)
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.", rich_help_panel=_FILES)] = False,
    html: Annotated[Path | None, _column("Write the report as one page to this file.", _REPORT)] = None,
    md: Annotated[Path | None, _column("Write it as Markdown to this file.", _REPORT)] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Print the whole report, not one screen.", rich_help_panel=_REPORT)
    ] = False,
    fail_on: Annotated[
        Literal["stop", "costs", "never"],
        typer.Option(help="End with status 1 on such a finding, or a graver one.", rich_help_panel=_REPORT),
    ] = "never",
    as_json: Json = False,
) -> None:
    """An honest product report on a model you already have. No set-up.

    Columns nobody names are found by name and content, and the report says which. "none" says that there is none.
    Exit status: 0 report written, 1 a finding of --fail-on, 2 misuse.
    """
    texts = Texts()
    flags = {
        "score": score, "label": label, "challenger": challenger, "unit": unit, "time": time, "acted_at": acted_at,
        "outcome_at": outcome_at, "treated": treated, "propensity": propensity, "decision": decision, "seen": seen,
        "done": done, "feedback": feedback, "action": action, "value": value, "cost": cost,
        "segments": None if segment is None else ",".join(segment), "positive": positive, "control": control,
        "protected": None if protected is None else ",".join(protected), "assigned": assigned,
        "capacity": capacity, "threshold": threshold, "split": split, "want": want, "picked_is": picked_is,
    }  # fmt: skip
    kept = from_toml(columns, texts) if columns else Asked()
    answers = questions(brief) if brief else None
    writable(file, [path for path in (html, md, save_columns) if path])
    asking = not (yes or as_json or columns) and all(s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr))
    with Steps(texts, file.name) as steps, opened_for_audit(file) as opened:
        asker = steps if asking else None
        asked, saved = _asked(file, opened, flags, kept, texts, asker, strict=strict, keep=bool(save_columns))
        report = audit_frame(
            opened.table,
            **asked.arguments(),
            brief=answers,
            name=file.stem,
            texts=texts,
            catalogue=ordered(load("payoff.audit_sections")),
            progress=steps,
        )
    outputs: list[tuple[Path | None, Callable[[], str]]] = [
        (html, lambda: audit_html(report)), (md, report.as_markdown), (save_columns, lambda: saved)
    ]  # fmt: skip
    written = [(path, text) for path, text in outputs if path]
    for path, text in written:
        write(path, text())
    _tell(report, opened, as_json=as_json, full=full)
    paths = ", ".join(str(path) for path, _ in written)
    if paths and sys.stderr.isatty():
        stderr.print(texts.say("wizard.written", paths=paths), markup=False)
    grave = {"never": (), "stop": ("stop",), "costs": ("stop", "costs")}[fail_on]
    if any(finding.kind in grave for finding in report.all_findings):
        raise typer.Exit(NO)


def _asked(
    file: Path,
    opened: Opened,
    flags: Mapping[str, str | None],
    kept: Asked,
    texts: Texts,
    asker: Steps | None,
    *,
    strict: bool,
    keep: bool,
) -> tuple[Asked, str]:
    """What was said by flags, file and person, and the same as a file of columns."""
    with guesses(opened.table, texts) as found:
        given = {key: value_of(key, text, found.columns, texts) for key, text in flags.items() if text is not None}
        asked = Asked(given).over(kept)
        if asker:
            with asker.paused():
                asked = Dialogue(file.name, found, asked, texts, _read, _show).run()
        roles = found.roles(asked.named)
        if not (strict or keep):
            return asked, ""
        whole, guessed = settled(asked, roles, found)
        if strict:
            refuse_guesses(whole, guessed, file.name, texts)
        return asked, as_toml(whole, guessed, file.name, texts)


def _read() -> str:
    stderr.print("  > ", end="", markup=False)
    return sys.stdin.readline()


def _show(line: str) -> None:
    stderr.print(_safe(line), markup=False, emoji=False)


def _tell(report: Report, opened: Opened, *, as_json: bool, full: bool) -> None:
    if as_json:
        say(True, {**report.as_dict(), "notes": list(opened.notes)}, str)
        return
    shown = report.as_text() if full else report.as_summary()
    notes = "".join(f"· {note}\n" for note in opened.notes)
    sys.stdout.write(_safe(shown + notes))


def _safe(text: str) -> str:
    """Without signs that would move a terminal's cursor: names and values come from strangers."""
    return "".join("�" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)
