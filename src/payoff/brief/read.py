"""`payoff.toml` and `playbook.toml` read: every fault at once, each with its line and its mend."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from payoff.brief.lines import Lines
from payoff.brief.schema import VARIABLE, Brief, Playbook, table_or_nothing
from payoff.errors import BriefFaults, Fault

Model = TypeVar("Model", bound=BaseModel)
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_MAXIMUM_SYNTAX_FAULTS = 20


def read_brief(text: str, where: str = "payoff.toml") -> Brief:
    """The brief in this text. Raises `BriefFaults` with everything wrong in it; `check` looks at what it means."""
    return _read(Brief, text, where)


def read_playbook(text: str, where: str = "playbook.toml") -> Playbook:
    """The playbook in this text. Raises `BriefFaults` with everything wrong in it."""
    return _read(Playbook, text, where)


def _read(model: type[Model], text: str, where: str) -> Model:
    data, faults = _parse(text.removeprefix("\ufeff"), where)
    if faults:
        raise BriefFaults(where, faults)
    try:
        return model.model_validate(data, strict=True)
    except ValidationError as error:
        lines = Lines(text, where)
        raise BriefFaults(where, [_placed(model, detail, lines) for detail in error.errors()]) from None


def _parse(text: str, where: str) -> tuple[dict[str, Any], list[Fault]]:
    """The data, or the faults of the form: a broken line is blanked, so that those after it are found too."""
    faults: list[Fault] = []
    rows = text.replace("\r\n", "\n").split("\n")
    while len(faults) < _MAXIMUM_SYNTAX_FAULTS:
        try:
            data = tomllib.loads("\n".join(rows))
        except tomllib.TOMLDecodeError as error:
            place = _PLACE.search(str(error))
            what = _PLACE.sub("", str(error))
            line = int(place[1]) if place and place[1] else None
            faults.append(_syntax(where, rows, line, what))
            if line is None or not rows[line - 1].strip():
                break  # something was opened and never closed: what follows cannot be told apart
            rows[line - 1] = ""
            continue
        return data, faults
    return {}, faults


def _syntax(where: str, rows: Sequence[str], line: int | None, what: str) -> Fault:
    if line is None:
        return Fault(
            where, "it ends too early", "A quotation mark or a bracket is opened somewhere and never closed."
        )
    shown = rows[line - 1].strip()
    mend = {
        "Illegal character '\\n'": "A quotation mark is missing at its end.",
        "Expected newline or end of document after a statement": "A quotation mark or a comma is out of place.",
        "Expected ']' at the end of a table declaration": "The bracket ] is missing.",
        "Unescaped '\\' in a string": "Write \\\\ for one \\, or put the text in 'single quotation marks'.",
        "Invalid value": 'Write texts in "quotes", truths as true or false, numbers with a point.',
        "Cannot overwrite a value": "The key stands twice; keep one.",
        "Expected '=' after a key in a key/value pair": 'Write it as: key = "value".',
    }.get(what, f"{what}. See toml.io for the form.")
    if what.startswith("Cannot declare"):
        mend = "The table stands twice; put its keys into one."
    return Fault(f"{where} line {line}", f"{shown[:60]!r} cannot be read", mend)


def _placed(model: type[BaseModel], detail: ErrorDetails, lines: Lines) -> Fault:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    return replace(_fault(model, path, detail, lines.at(path)), path=path)


def _fault(model: type[BaseModel], path: tuple[int | str, ...], detail: ErrorDetails, where: str) -> Fault:
    name = str(path[-1]) if path else ""
    kind, context = detail["type"], detail.get("ctx", {})
    seen = detail["input"]
    if kind == "extra_forbidden":
        return Fault(where, f"there is no key {name!r} here", _near(name, _keys_of(model, path[:-1])))
    if kind == "missing":
        meaning = _meaning(model, path)
        return Fault(where, f"{name!r} is missing", f"Add {name} = …{f'  ({meaning})' if meaning else ''}.")
    if kind == "literal_error":
        choices = [*map(str, re.findall(r"'([^']*)'", context.get("expected", "")))]
        return Fault(
            where, f"{seen!r} is not one of the choices", _near(str(seen), choices or [context["expected"]])
        )
    if kind == "string_pattern_mismatch" and context["pattern"] == VARIABLE:  # what stands there may be a secret
        mend = f"Write the name of the variable that holds it, such as {_example(model, path)}."
        return Fault(where, "a key or a password never stands in the brief", mend)
    if kind == "string_pattern_mismatch":
        return Fault(where, f"{seen!r} cannot be the {name}", _form(context["pattern"]))
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        word, bound = _BOUNDS[kind], next(iter(context.values()))
        return Fault(where, f"{seen!r} is out of range", f"Give a number {word} {bound:g}.")
    if kind in ("model_type", "dict_type"):
        return Fault(where, f"{seen!r} stands where a table belongs", f"Write a table: [{name}].")
    wanted = _TYPES.get(kind)
    if wanted:
        return Fault(where, f"{seen!r} is not {wanted[0]}", wanted[1])
    return Fault(
        where, f"{seen!r} cannot be used: {detail['msg'].lower()}", "See docs/brief.md for what it may be."
    )


_BOUNDS = {
    "greater_than": "above",
    "greater_than_equal": "of at least",
    "less_than": "below",
    "less_than_equal": "of at most",
}
_TYPES = {
    "string_type": ("a text", 'Put it in quotes: "…".'),
    "float_type": ("a number", "Write it without quotes, with a point."),
    "int_type": ("a whole number", "Write it without quotes and without a point."),
    "int_from_float": ("a whole number", "Write it without a point."),
    "bool_type": ("true or false", "Write true or false, without quotes."),
    "list_type": ("a list", 'Put it in brackets: ["…"].'),
    "finite_number": ("a finite number", "Give a number; leave the key out where nothing is known."),
}


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    listed = ", ".join(known)
    return f"Did you mean {near[0]!r}? Known: {listed}." if near else f"Known: {listed}."


def _form(pattern: str) -> str:
    if pattern == r"^[A-Z]{3}$":
        return "Give a three-letter code such as USD or EUR."
    return "Use small letters, digits and underscores, beginning with a letter."


def _model_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel] | None:
    """The model a path leads to, through lists and named tables."""
    found: Any = model
    for part in path:
        if get_origin(found) in (list, dict):
            found = get_args(found)[-1]
            continue
        field = _fields(found).get(str(part)) if _is_model(found) else None
        if field is None:
            return None
        found = table_or_nothing(field.annotation)
    return found if _is_model(found) else None


def _is_model(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _keys_of(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    found = _model_at(model, path)
    return list(_fields(found)) if found else []


def _example(model: type[BaseModel], path: Sequence[str | int]) -> str:
    found = _model_at(model, path[:-1])
    return str(_fields(found)[str(path[-1])].default) if found else "PAYOFF_TOKEN"


def _meaning(model: type[BaseModel], path: Sequence[str | int]) -> str:
    found = _model_at(model, path[:-1])
    field = _fields(found).get(str(path[-1])) if found else None
    return (field.description or "") if field is not None else ""
