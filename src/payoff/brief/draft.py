"""A first brief and playbook written from a template, the answers given and the columns seen; comments kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources

from payoff.brief.guess import Guess, Guesses
from payoff.brief.lines import Lines, Path, key, literal
from payoff.brief.schema import OPEN
from payoff.errors import BriefFaults, Fault, Unknown

KEYS = (
    "name",
    "users",
    "problem",
    "workflow",
    "success",
    "unit",
    "outcome",
    "worth",
    "role",
    "industry",
    "capacity",
    "decider",
    "currency",
    "zone",
)
"""What is asked, in this order. `draft` also takes `file`: where the rows come from."""
_SOURCE = "accounts"


def templates() -> list[str]:
    """The templates there are."""
    folder = resources.files("payoff") / "templates"
    return sorted(entry.name for entry in folder.iterdir() if (entry / "payoff.toml").is_file())


def draft(
    answers: Mapping[str, str], guesses: Guesses | None = None, template: str = "retention"
) -> tuple[str, str]:
    """The texts of `payoff.toml` and `playbook.toml`.

    `answers` are by the keys of the interview, and `file` for where the rows come from; an answer left out or
    empty stays open and is marked so. What `guesses` found fills what was not answered, with its reason beside it.
    Metrics that nothing measures yet are only watched until their outcome has a source, so that a first release
    can start. Raises `Unknown` for another key or template, `BriefFaults` for answers that cannot be written down.
    """
    for name in answers:
        if name not in (*KEYS, "file", "title"):
            raise Unknown.among("answer", name, (*KEYS, "file", "title"))
    if template not in templates():
        raise Unknown.among("template", template, templates())
    folder = resources.files("payoff") / "templates" / template
    given = {name: answer.strip() for name, answer in answers.items() if answer.strip() not in ("", "?")}
    _check_answers(given)
    text = (folder / "payoff.toml").read_text("utf-8")
    text = _product(text, given)
    text = _unit(text, given, guesses)
    text = _outcome(text, given, guesses)
    text = _people(text, given)
    text = text.rstrip("\n") + "\n\n" + _source(given, guesses)
    return text, _playbook((folder / "playbook.toml").read_text("utf-8"), guesses)


def short_name(title: str) -> str:
    """A title as a short name: `Acme Retention` → acme-retention."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-").lstrip("0123456789-")[:62] or "retention"


def _check_answers(given: Mapping[str, str]) -> None:
    faults = []
    for name, form in (("worth", float), ("capacity", int)):
        if name in given:
            try:
                form(given[name].replace(",", ""))
            except ValueError:
                faults.append(Fault(f"answer {name}", f"{given[name]!r} is no number", "Give digits alone: 1200."))
    if "currency" in given and not re.fullmatch(r"[A-Za-z]{3}", given["currency"]):
        faults.append(
            Fault("answer currency", f"{given['currency']!r} is no code", "Give one such as USD or EUR.")
        )
    if faults:
        raise BriefFaults("the answers", faults)


def _product(text: str, given: Mapping[str, str]) -> str:
    title = given.get("title", given.get("name", ""))
    if title:
        text = _set(text, ("product", "name"), short_name(given.get("name", title)))
        text = _set(text, ("product", "title"), title)
    if "currency" in given:
        text = _set(text, ("product", "currency"), given["currency"].upper())
    if "zone" in given:
        text = _set(text, ("product", "zone"), given["zone"])
    for name in ("users", "problem", "workflow", "success"):
        if name in given:
            text = _set(text, ("questions", name), given[name])
    if "capacity" in given:
        text = _uncomment(text, "capacity_per_week", int(given["capacity"].replace(",", "")))
    return text


def _unit(text: str, given: Mapping[str, str], guesses: Guesses | None) -> str:
    for name in ("role", "industry", "contact", "owner"):
        guess = getattr(guesses, name) if guesses is not None else None
        column = given.get(name) or (guess.column if guess else "")
        if column:
            text = _set(text, ("unit", name), column)
    if guesses is None:
        return text
    text = _set(text, ("unit", "name"), guesses.unit_name)
    text = text.replace('label = "Accounts ', f'label = "{_plural(guesses.unit_name)} ')
    for name, found in (("protected", guesses.protected), ("ignore", guesses.ignore)):
        if found:
            text = _set(text, ("unit", name), _reasoned(found))
    return _set(text, ("unit", "segments"), [g.column for g in guesses.segments])


def _outcome(text: str, given: Mapping[str, str], guesses: Guesses | None) -> str:
    name = _measured(guesses)
    if "worth" in given:
        text = _uncomment(text, "worth", float(given["worth"].replace(",", "")))
    elif guesses is not None and guesses.money:
        columns = " and ".join(guess.column for guess in guesses.money[:2])
        text = text.replace("(a loss, so below 0)", f"(a loss, so below 0; see {columns})")
    if not (_specified(given, guesses) and _unit_column(given, guesses) and "file" in given):
        return text
    text = _set(text, ("outcomes", name, "source"), _SOURCE)
    if name == "renewed":  # judged by what is measured
        metrics = [metric["name"] for metric in tomllib.loads(text)["metrics"]]
        text = _set(text, ("metrics", metrics.index("churn_rate"), "purpose"), "watch")
        text = _set(text, ("metrics", metrics.index("renewal_rate"), "purpose"), "goal")
    return _watched(text)


def _watched(text: str) -> str:
    """Goals and guardrails whose outcome comes from nowhere yet decide nothing for now, and say so."""
    brief = tomllib.loads(text)
    waiting = {name for name, outcome in brief["outcomes"].items() if outcome["source"] == OPEN}
    judged = [m for m in brief["metrics"] if m.get("purpose", "watch") != "watch" and m.get("outcome") in waiting]
    stops = next(m["name"] for m in brief["metrics"] if m.get("purpose") == "guardrail" and not m.get("outcome"))
    for metric in judged:
        path = ("metrics", brief["metrics"].index(metric), "purpose")
        later = f"{metric['purpose']!r} once {metric['outcome']} has a source".replace("'", '"')
        text = _set(text, path, "watch", later)
    for i, harm in enumerate(brief["harms"]):
        if harm["stopped_by"] in [metric["name"] for metric in judged]:
            later = f'"{harm["stopped_by"]}" once it is measured'
            text = _set(text, ("harms", i, "stopped_by"), stops, later)
    return text


def _people(text: str, given: Mapping[str, str]) -> str:
    name = given.get("decider")
    if not name:
        return text
    start = text.index("# [people.")
    end = text.index("\n\n", start) + 1 if "\n\n" in text[start:] else len(text)
    who = key(short_name(name.split()[0]))
    person = f'[people.{who}]\nname = {literal(name)}\nemail = ""\npermissions = ["manager", "admin"]\n'
    return text[:start] + person + text[end:]


def _source(given: Mapping[str, str], guesses: Guesses | None) -> str:
    """The `[sources]` entry, or an example of one to fill in."""
    unit = _unit_column(given, guesses)
    spec = _specified(given, guesses)
    rows = [
        f"[sources.{_SOURCE}]",
        'as = "units"',
        f"file = {literal(given.get('file', 'accounts.csv'))}",
        f"unit = {literal(unit or 'account_id')}",
        f"outcomes = {literal({_measured(guesses): spec})}" if spec else "outcomes = {}",
    ]
    if guesses is not None and guesses.at:
        rows.insert(4, f"at = {literal(guesses.at.column)}")
    head = "# Where rows come from; every weekly turn reads them again, and every screen says as of when.\n"
    if "file" in given and unit:
        because = guesses.unit.because if guesses and guesses.unit and unit == guesses.unit.column else ""
        rows[3] += f"  # {because}" if because else ""
        return head + "\n".join(rows) + "\n"
    asked = "which column holds the unit's id?" if "file" in given else "where do the rows come from?"
    return head + "\n".join(f"# {row}" for row in rows) + f"  # open: {asked}\n"


def _playbook(text: str, guesses: Guesses | None) -> str:
    """Conditions on facts that no column holds are left out, and named; so is an action that makes no sense
    without its condition."""
    if guesses is None:
        return text
    facts = set(guesses.facts)
    if guesses.contact is None:
        text = text.replace("{contact}", "them")
    head, *actions = text.split("[[actions]]")
    return head + "".join(_action(f"[[actions]]{action}", facts) for action in actions)


def _action(block: str, facts: set[str]) -> str:
    rows, missing = [], []
    for row in block.splitlines():
        if not row.startswith("when = "):
            rows.append(row)
            continue
        conditions = tomllib.loads(row)["when"]
        kept = [condition for condition in conditions if condition["fact"] in facts]
        missing = [condition["fact"] for condition in conditions if condition["fact"] not in facts]
        if kept:
            rows.append(f"when = {literal(kept)}")
        if missing:
            rows.append(f"# {row}  # left out: nothing sends {', '.join(missing)} yet")
    if missing and "needs its condition" in rows[0]:
        name = tomllib.loads(block)["actions"][0]["name"]
        said = f"# “{name}” waits: nothing sends {', '.join(missing)} yet"
        rows = [said, *(row if not row or row.startswith("#") else f"# {row}" for row in rows)]
    return "\n".join(rows) + "\n"


def _specified(given: Mapping[str, str], guesses: Guesses | None) -> str:
    return given.get("outcome") or (guesses.outcome.spec if guesses and guesses.outcome else "")


def _unit_column(given: Mapping[str, str], guesses: Guesses | None) -> str:
    return given.get("unit") or (guesses.unit.column if guesses and guesses.unit else "")


def _measured(guesses: Guesses | None) -> str:
    """Which of the template's outcomes the columns speak of."""
    return "renewed" if guesses and guesses.outcome and guesses.outcome.good else "churned"


class _Written(str):
    """A value that is TOML already."""


def _set(text: str, path: Path, value: object, later: str = "") -> str:
    """Exchange a written value; what marked it as open goes, and `later` says what is open from now on."""
    lines = Lines(text)
    written = value if isinstance(value, _Written) else literal(value)
    changed = lines.replaced(path, written).split("\n")
    row = (lines.line(path) or 1) - 1 + written.count("\n")
    changed[row] = re.sub(r"\s*# open: .*$", "", changed[row])
    changed[row] = re.sub(r"\s{3,}#", "  #", changed[row]) + (f"  # open: {later}" if later else "")
    return "\n".join(changed)


def _uncomment(text: str, name: str, value: object) -> str:
    return re.sub(rf"^# {name} = .*$", f"{name} = {literal(value)}", text, count=1, flags=re.M)


def _reasoned(guesses: Iterable[Guess]) -> _Written:
    """A list with the reason beside each entry."""
    rows = "".join(f"  {literal(guess.column)},  # {guess.because}\n" for guess in guesses)
    return _Written(f"[\n{rows}]")


def _plural(name: str) -> str:
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return plural.capitalize()
