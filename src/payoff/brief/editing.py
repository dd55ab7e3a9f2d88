"""A brief or a playbook changed in one place: comments, order and the rest of the file stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import tomlkit
from pydantic import BaseModel
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Item, Table

from payoff.brief.lines import Path
from payoff.brief.schema import PlaybookAction
from payoff.errors import BriefFaults, Fault, Unknown

BRIEF, PLAYBOOK = "payoff.toml", "playbook.toml"


def with_values(text: str, values: Mapping[Path, Any]) -> str:
    """The text with each value in its place; `None` takes a key out. Tables that are missing are made.

    A list counts from 0. Raises `Unknown` for an entry of a list that is not there, `BriefFaults` for a text that
    cannot be edited by parts.
    """
    document = _parsed(text)
    for path, value in values.items():
        _put(document, path, value)
    return _written(document)


def with_action(text: str, id: str, fields: Mapping[str, Any]) -> str:
    """The playbook with the fields of one action as given; those that are not named stay, `None` takes one out."""
    document = _parsed(text)
    table = _actions(document)[_place(document, id)]
    for name, value in fields.items():
        if name in table and _plain(table[name]) == value:
            continue  # what did not change keeps its form
        if name not in table and value == PlaybookAction.model_fields[name].default:
            continue  # nor is said what goes without saying
        _put(table, (name,), value)
    return _written(document)


def with_new_action(text: str, fields: Mapping[str, Any]) -> str:
    """The playbook with one more action, at its end."""
    document = _parsed(text)
    given = {name: value for name, value in fields.items() if value is not None}
    actions = document.get("actions")
    if isinstance(actions, list) and not isinstance(actions, AoT) and actions:
        actions.append(_item(given))
        return _written(document)
    if not actions:
        document.pop("actions", None)
    made, table = tomlkit.aot(), tomlkit.table()
    for name, value in given.items():
        table.add(name, _item(value))
    made.append(table)
    return f"{_written(document).rstrip()}\n\n{tomlkit.dumps({'actions': made}).strip()}\n"


def without_action(text: str, id: str) -> str:
    """The playbook without one action."""
    document = _parsed(text)
    del _actions(document)[_place(document, id)]
    return _written(document)


def as_toml(model: BaseModel) -> str:
    """A brief or playbook that has no text yet, as one: only what was said, nothing that is a default."""
    said = model.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    return tomlkit.dumps({"schema": 1, **said})


def _parsed(text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text.removeprefix("\ufeff"))
    except TOMLKitError as error:
        mend = "Edit it as a file, and mend that line."
        raise BriefFaults("the file", [Fault("file", f"it cannot be edited by parts ({error})", mend)]) from None


def _written(document: tomlkit.TOMLDocument) -> str:
    text = tomlkit.dumps(document)
    return text if text.endswith("\n") else text + "\n"


def _put(at: Any, path: Path, value: Any) -> None:
    for i, part in enumerate(path[:-1]):
        at = _entry(at, part, path[: i + 1]) if isinstance(part, int) else _table(at, part, make=value is not None)
        if at is None:
            return
    last = path[-1]
    if isinstance(last, int) or not isinstance(at, MutableMapping):
        raise _missing(path)
    if value is None:
        at.pop(last, None)
        return
    new, old = _item(value), at.get(last)
    if isinstance(old, Item) and isinstance(new, Item) and not isinstance(new, (Table, AoT)):
        new.trivia.indent, new.trivia.comment_ws = old.trivia.indent, old.trivia.comment_ws
        new.trivia.comment, new.trivia.trail = old.trivia.comment, old.trivia.trail
    at[last] = new


def _table(at: Any, name: str, *, make: bool) -> Any:
    if not isinstance(at, MutableMapping):
        raise _missing((name,))
    if name not in at:
        if not make:
            return None
        at[name] = tomlkit.table()
    return at[name]


def _entry(at: Any, number: int, path: Sequence[str | int]) -> Any:
    if not isinstance(at, list) or not 0 <= number < len(at):
        raise _missing(path)
    return at[number]


def _missing(path: Sequence[str | int]) -> Unknown:
    shown = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return Unknown(f"there is no {shown} in the file any more", mend="Open the page again.")


def _actions(document: tomlkit.TOMLDocument) -> Any:
    return document.get("actions") or []


def _place(document: tomlkit.TOMLDocument, id: str) -> int:
    ids = [str(action.get("id")) for action in _actions(document)]
    if id not in ids:
        raise Unknown.among("action", id, ids)
    return ids.index(id)


def _item(value: Any) -> Any:
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        for name, inner in value.items():
            table.append(name, _item(inner))
        return table
    if isinstance(value, (list, tuple)):
        array = tomlkit.array()
        for inner in value:
            array.append(_item(inner))
        return array
    return tomlkit.item(value)


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item
