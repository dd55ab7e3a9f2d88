"""Commands that set a product up: the demonstration, the interview, the check, imports, the plan, serving."""

from __future__ import annotations

import re
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from payoff.brief.check import check as check_brief
from payoff.brief.compile import requirements
from payoff.brief.draft import short_name, templates
from payoff.brief.guess import Guesses
from payoff.brief.interview import questions
from payoff.brief.read import read_brief, read_playbook
from payoff.brief.schema import SourceEntry
from payoff.cli.output import MISUSE, DatabaseOption, Json, ProductOption, console, say, stderr
from payoff.cli.tables import answers_from
from payoff.configuration import open_product
from payoff.configuration.extending import name_outcomes
from payoff.configuration.opening import BRIEF, PLAYBOOK, find_folder, read_texts
from payoff.configuration.starting import Started, look, read_table, start_product
from payoff.errors import BadInput, Fault
from payoff.metrics.catalogue import KIND_INFO
from payoff.texts import Texts
from payoff.use_cases.importing import Imported

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.")]


def add(app: typer.Typer) -> None:
    """Register this file's commands."""
    app.command()(demo)
    app.command()(init)
    app.command()(check)
    app.command("import")(import_)
    app.command()(plan)
    app.command()(serve)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play the story, print what happened, serve nothing.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Another seed is another company.")] = 7,
    accounts: Annotated[int, typer.Option(help="Accounts of the company.", min=100, max=20000)] = 1500,
    weeks: Annotated[int, typer.Option(help="Weeks to play.", min=1, max=104)] = 26,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    browse: Annotated[bool, typer.Option("--open", help="Open the browser.")] = False,
    as_json: Json = False,
) -> None:
    """A simulated company, 26 weeks through the real code, then its desk, board, releases and inbox."""
    from payoff.demo.screen import show
    from payoff.http.serve import check_host, check_port

    check_host(host)
    if not once:
        check_port(host, port)
    with tempfile.TemporaryDirectory(prefix="payoff-demo-", ignore_cleanup_errors=True) as folder:
        product, played = show(Path(folder) / "demo", seed=seed, accounts=accounts, weeks=weeks, console=stderr)
        if as_json or once:
            say(as_json, played.as_dict(), lambda: "")
        if not once:
            from payoff.http.app import create_app
            from payoff.http.serve import serve as listen

            address = f"http://{host}:{port}/"
            stderr.print(Texts().say("cli.serving", address=address), markup=False)
            if browse:
                webbrowser.open(address)
            listen(create_app(product, mode="demo"), host, port)
        product.close()


def init(
    name: Annotated[str, typer.Argument(help="The product's name; its folder is made here.")],
    template: Annotated[str, typer.Option(help="What to start from.")] = "retention",
    source: Annotated[
        Path | None, typer.Option("--from", help="A table of your units: CSV, Parquet, JSON lines.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="The column with the unit's id.")] = None,
    outcome: Annotated[
        str | None, typer.Option(help='The outcome: "column" or "column=value that means yes".')
    ] = None,
    answer: Annotated[list[str] | None, typer.Option(help="key=answer of the interview; may be repeated.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; leave open what is not known.")] = False,
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Start a product: a short interview, or flags alone."""
    if template not in templates():
        raise typer.BadParameter(f"there is: {', '.join(templates())}", param_hint="--template")
    if source is not None and not source.exists():
        raise BadInput("init", [Fault("--from", f"there is no file {source}", "Give the path of a table.")])
    guesses = look(source, unit=unit, outcome=outcome) if source else None
    given = {key.strip(): text for key, _, text in (pair.partition("=") for pair in answer or [])}
    given["name"] = short_name(name)
    if unit:
        given["unit"] = unit
    if outcome:
        given["outcome"] = outcome
    if not yes and not as_json and console.is_terminal:
        given |= _interview(given, guesses)
    with console.status("Setting it up …"):
        started = start_product(
            Path(name), given, source=source, guesses=guesses, template=template, database=database
        )
    say(as_json, started.as_dict(), lambda: _started(started))


def _interview(given: dict[str, str], guesses: Guesses | None) -> dict[str, str]:
    texts = Texts()
    answers: dict[str, str] = {}
    console.print(texts.say("cli.interview"), markup=False)
    for question in questions(texts, name=given["name"], guesses=guesses):
        if question.key in given:
            continue
        console.print(f"\n{question.ask}", markup=False)
        console.print(f"  {question.because or question.why}", markup=False, style="dim")
        said = typer.prompt("", default=question.default or "?", prompt_suffix="> ").strip()
        if said and said != "?":
            answers[question.key] = said
    return answers


def _started(started: Started) -> str:
    texts = started.product.texts
    lines = [texts.say("cli.started", folder=started.folder)]
    lines += [f"  {what}: {column} ({why})" for what, column, why in started.guesses]
    lines += [f"  · {line}" for line in started.waiting]
    for done in started.imported:
        lines += [_imported(texts, done), *(f"  · {note}" for note in done.notes)]
    if started.learned and started.learned.scores:
        s = started.learned.scores
        lines.append(
            texts.say(
                "cli.risk_scores",
                auc=texts.number(s.auc, digits=3),
                calibration=texts.share(s.calibration_error, digits=1),
                base=texts.share(s.base_rate, digits=1),
                n=texts.number(s.n),
            )
        )
    if started.report.open:
        lines.append(texts.say("cli.open_questions", n=len(started.report.open)))
        lines += [f"  ? {question}" for question in started.report.open]
    lines.append(texts.say("cli.next", folder=started.folder))
    return "\n".join(lines)


def check(product: ProductOption = ".", as_json: Json = False) -> None:
    """Everything wrong or unanswered in the brief and the playbook, at once. Status 2 when it does not hold."""
    folder = find_folder(product)
    text, actions = read_texts(folder)
    brief, playbook = read_brief(text, where=BRIEF), read_playbook(actions, where=PLAYBOOK)
    report = check_brief(brief, playbook, KIND_INFO, brief_text=text, playbook_text=actions)

    def words() -> str:
        texts = Texts(brief.product.language, brief.product.zone)
        lines = [f"  ✗ {fault}" for fault in report.faults]
        lines += [f"  ? {question}" for question in report.open]
        lines += [f"  · {note}" for note in report.notes]
        if report.holds:
            from payoff.brief.compile import compile_brief

            lines.append(texts.say("cli.compiled"))
            lines += [f"  {one.wish} → {one.whole}" for one in requirements(compile_brief(brief, KIND_INFO))]
        head = "cli.check_holds" if report.holds else "cli.check_fails"
        return "\n".join([texts.say(head, faults=len(report.faults), open=len(report.open)), *lines])

    say(as_json, report.as_dict(), words)
    if not report.holds:
        raise typer.Exit(MISUSE)


def import_(
    file: Annotated[Path, typer.Argument(help="CSV, Parquet or JSON lines.")],
    as_: Annotated[
        str,
        typer.Option("--as", help="units, outcomes, events, log (a trial run elsewhere), answers (to the desk)."),
    ],
    unit: Annotated[str | None, typer.Option(help="The column with the unit's id.")] = None,
    at: Annotated[str | None, typer.Option(help="The column with the moment.")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help='name, or name="column=value"; may be repeated.')
    ] = None,
    action: Annotated[str, typer.Option(help="log: the column with the action.")] = "action",
    propensity: Annotated[str, typer.Option(help='log: a column, or one number for all ("1/3").')] = "propensity",
    control: Annotated[str | None, typer.Option(help="log: the action that means doing nothing.")] = None,
    name: Annotated[str | None, typer.Option(help="How to call it; the file's name otherwise.")] = None,
    by: Annotated[str, typer.Option("--by", help="answers: who gives them.", envvar="PAYOFF_BY")] = "",
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """Bring a table in. All of it or nothing; every coercion is said."""
    if as_ == "answers":
        answers_from(open_product(product, database=database), file, by, as_json)
        return
    source = name or re.sub(r"[^a-z0-9_]+", "_", file.stem.lower()).strip("_")
    wanted = dict(_outcome(spec) for spec in outcome or [])
    if as_ not in ("units", "outcomes", "events", "log"):
        raise typer.BadParameter("say units, outcomes, events, log or answers", param_hint="--as")
    if as_ == "log":
        reading = read_table(file)
        if control is None:
            raise BadInput(
                "import", [Fault("--control", "it is missing", "Name the action that means doing nothing.")]
            )
        added = name_outcomes(find_folder(product), wanted, reading.table)
        opened = open_product(product, database=database)
        done = opened.import_trial(
            source, reading, unit=unit, action=action, propensity=propensity, outcomes=wanted, control=control
        )
        notes = [*added, *done.notes]
    elif as_ == "events":
        opened = open_product(product, database=database)
        done = opened.import_events(source, read_table(file))
        notes = list(done.notes)
    else:
        entry = SourceEntry.model_validate(
            {"as": as_, "file": str(file.resolve()), "unit": unit or "unit", "at": at or "", "outcomes": wanted}
        )
        opened = open_product(product, database=database)
        done = opened.import_source(source, entry)
        notes = list(done.notes)
    say(
        as_json,
        {**done.as_dict(), "notes": notes},
        lambda: "\n".join([_imported(opened.texts, done), *(f"  · {note}" for note in notes)]),
    )


def _outcome(spec: str) -> tuple[str, str]:
    """`visit` → (visit, visit); `left="Churn=Yes"` → (left, Churn=Yes)."""
    name, eq, rest = spec.partition("=")
    key = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return (key, rest) if eq and "=" in rest else (key, spec)


def _imported(texts: Texts, done: Imported) -> str:
    return texts.say(
        "cli.imported", source=done.source, units=done.units, facts=done.facts, outcomes=done.outcomes
    )


def plan(
    units: Annotated[int | None, typer.Option(help="Reckon with so many units instead of those known.")] = None,
    base: Annotated[
        float | None, typer.Option(help="The share without help, if you know it.", min=0, max=1)
    ] = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
    as_json: Json = False,
) -> None:
    """What these units can show in the plan's time, before the first day."""
    opened = open_product(product, database=database)
    made = opened.plan(units=units, base=base)
    texts = opened.texts

    def words() -> str:
        lines = [
            texts.say(
                "cli.plan", units=texts.number(made.units), days=made.days, holdout=texts.share(made.holdout)
            )
        ]
        for p in made.promises:
            lines.append(
                texts.say(
                    "cli.promise" if p.base_known else "cli.promise_blind",
                    label=p.label,
                    base=texts.share(p.base, digits=1),
                    release=texts.points(p.release, sign=False) if p.release < 1 else "–",
                    stream=texts.points(p.stream, sign=False) if p.stream < 1 else "–",
                    wanted=texts.points(p.wanted, sign=False),
                    needed=texts.number(p.needed),
                )
            )
        return "\n".join(lines)

    say(as_json, made.as_dict(), words)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            help="Let other machines in, under this address: https://payoff.example.com. May be repeated.",
            envvar="PAYOFF_ORIGIN",
        ),
    ] = None,
    behind_proxy: Annotated[
        list[str] | None,
        typer.Option(help="Address or network of your proxy: its X-Forwarded headers are believed. Repeatable."),
    ] = None,
    product: ProductOption = ".",
    database: DatabaseOption = None,
) -> None:
    """Desk, board, releases and inbox of this product, and its HTTP address."""
    from payoff.http.app import create_app
    from payoff.http.serve import check_host, check_port, unencrypted
    from payoff.http.serve import serve as listen

    opened = open_product(product, database=database)
    proxies, administered = behind_proxy or (), bool(opened.people.admins())
    origins = check_host(host, origins=origin or (), proxies=proxies, administered=administered)
    check_port(host, port)
    texts, address = opened.texts, origins[0] if origins else f"http://{host}:{port}/"
    stderr.print(texts.say("cli.serving", address=address), markup=False)
    for address in unencrypted(origins):
        stderr.print(texts.say("people.cli_unencrypted", address=address), markup=False, style="yellow")
    listen(create_app(opened, mode="local", origins=origins, proxies=proxies), host, port)
