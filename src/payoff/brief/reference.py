"""`docs/brief.md`, written from the schema, so that it says what the reader really takes."""

from __future__ import annotations

import re
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from payoff.brief.lines import literal
from payoff.brief.schema import Brief, Playbook, table_or_nothing

_HEAD = """# The brief and the playbook

<!-- Written by payoff.brief.reference from the schema; a test fails when it is out of date. -->

`payoff.toml` says who the product is for, what success is and what may not be harmed; `playbook.toml` says
what can be done. `payoff init` writes both, `payoff check` reports everything wrong or unanswered at once, with
the line.
A `"?"` is a question nobody answered yet: it is allowed, counted and shown.
"""


def reference() -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD]
    for title, model in (("payoff.toml", Brief), ("playbook.toml", Playbook)):
        parts.append(f"## {title}\n")
        parts.append(_section("top level", model, title))
        parts += _sections(model, "")
    return "\n".join(parts).rstrip() + "\n"


def _sections(model: type[BaseModel], prefix: str) -> list[str]:
    parts = []
    for name, field in model.model_fields.items():
        inner, form = _inner(field.annotation)
        if inner is None:
            continue
        path = f"{prefix}{field.alias or name}"
        header = {"list": f"[[{path}]]", "dict": f"[{path}.NAME]", "": f"[{path}]"}[form]
        if prefix and form == "list":
            header = f"{path}, a list of tables"
        parts.append(_section(header, inner, header, field.description or ""))
        parts += _sections(inner, f"{path}.{'NAME.' if form == 'dict' else ''}")
    return parts


def _section(header: str, model: type[BaseModel], title: str, about: str = "") -> str:
    rows = [
        f"| `{field.alias or name}` | {_type(field)} | {_default(field)} | {_cell(field.description or '')} |"
        for name, field in model.model_fields.items()
        if _inner(field.annotation)[0] is None
    ]
    if not rows:
        return ""
    shown = header if header == "top level" else f"`{title}`"
    said = [f"{about[0].upper()}{about[1:]}.\n"] if about else []
    return "\n".join(
        [f"### {shown}\n", *said, "| key | what | default | meaning |", "| --- | --- | --- | --- |", *rows, ""]
    )


def _inner(annotation: Any) -> tuple[type[BaseModel] | None, str]:
    """The table a field holds, and whether it holds one, a list of them, or some by name."""
    annotation = table_or_nothing(annotation)
    origin = get_origin(annotation)
    form = {list: "list", dict: "dict"}.get(origin, "") if origin else ""
    found = get_args(annotation)[-1] if form else annotation
    return (found, form) if isinstance(found, type) and issubclass(found, BaseModel) else (None, "")


def _type(field: FieldInfo) -> str:
    words = _words(field.annotation)
    bounds = [
        f"{word} {value:g}"
        for rule in field.metadata
        for name, word in (("gt", "above"), ("ge", "from"), ("lt", "below"), ("le", "to"))
        if (value := getattr(rule, name, None)) is not None
    ]
    return f"{words} {' '.join(bounds)}".strip()


def _words(annotation: Any) -> str:
    plain = {str: "text", float: "number", int: "whole number", bool: "true or false"}
    if annotation in plain:
        return plain[annotation]
    options = [option for option in get_args(annotation) if option is not type(None)]
    origin = get_origin(annotation)
    if origin is list:
        return f"list of {_words(options[0])}"
    if origin is dict:
        return f"table of {_words(options[-1])}"
    if options and all(isinstance(option, (str, int)) for option in options):
        return ", ".join(f"`{literal(option)}`" for option in options)
    return " or ".join(_words(option) for option in options) if options else "any value"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    return "" if value in (None, "", [], {}) else f"`{literal(value)}`"


def _cell(text: str) -> str:
    return re.sub(r"\|", r"\\|", text)
