"""The file of columns, by which a nightly audit reads its table the same way every night."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from payoff.audit.preparation import is_bad
from payoff.audit.table.guessing import Guesses
from payoff.audit.table.parts import SEVERAL
from payoff.audit.table.roles import Roles
from payoff.cli.asked import AMOUNTS, CHOICES, FLAGS, NUMBERS, TEXTS, Asked, flag, key_of, value_of
from payoff.errors import BadInput, Fault
from payoff.texts import Texts


def settled(asked: Asked, roles: Roles, guesses: Guesses) -> tuple[Asked, tuple[str, ...]]:
    """Everything as it will be read, and which of it nobody said: columns, and what the outcome's values mean."""
    full, guessed = asked.complete(roles), list(roles.guessed)
    if "label" in roles:
        if "positive" not in asked:
            full = full.having("positive", guesses.yes(roles["label"], None))
            guessed += [] if guesses.plain(roles["label"]) else ["positive"]
        if "want" not in asked:
            full = full.having("want", "less" if is_bad(roles["label"], asked.get("positive")) else "more")
            guessed.append("want")
    if "treated" in roles and "control" not in asked:
        full = full.having("control", guesses.arms(roles["treated"], None)[0])
        guessed += [] if guesses.plain(roles["treated"]) else ["control"]
    return full, tuple(guessed)


def refuse_guesses(full: Asked, guessed: Sequence[str], name: str, texts: Texts) -> None:
    """Raise `BadInput` with everything that would have to be guessed."""
    faults = []
    for key in guessed:
        value = full[key]
        shown = ", ".join(value) if isinstance(value, tuple) else str(value)
        what = texts.say("wizard.strict_what", column=shown)
        faults.append(Fault(key, what, texts.say("wizard.strict_mend", flag=flag(key))))
    if faults:
        raise BadInput(name, faults)


def as_toml(full: Asked, guessed: Sequence[str], name: str, texts: Texts) -> str:
    """A file of columns: everything that was read, each marked as given or guessed."""
    lines = ["# " + " ".join(texts.say("wizard.file_head", name=name).split())]
    for key in FLAGS:
        if key not in full:
            continue
        value = full[key]
        mark = "none" if value in ("", ()) else "guessed" if key in guessed else "given"
        lines.append(f"{f'{key} = {_toml(value)}'.ljust(40)}  # {texts.say(f'wizard.mark_{mark}')}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml(str(k))} = {_toml(v)}" for k, v in value.items()) + " }"
    return repr(value)


def from_toml(path: Path, texts: Texts) -> Asked:
    """A file of columns. Raises `BadInput` with every key that is none and every value of the wrong kind."""
    where = path.name
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise _bad(str(path), "there is no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad(where, f"it is no valid TOML ({error})") from None
    said, faults = {}, []
    for word, value in data.items():
        key = key_of(word)
        if not key:
            faults.append(Fault(where, f"there is no part called {word!r}", f"There is {', '.join(FLAGS)}."))
        elif not _fits(key, value):
            faults.append(Fault(where, f"{word} = {value!r} is of the wrong kind", "Compare --save-columns."))
        elif key in CHOICES or key in TEXTS:
            try:
                said[key] = value_of(key, str(value), (), texts)
            except BadInput as error:
                faults += error.faults
        else:
            said[key] = tuple(value) if isinstance(value, list) else value
    if faults:
        raise BadInput(where, faults)
    return Asked(said)


def _bad(where: str, what: str) -> BadInput:
    return BadInput("--columns", [Fault(where, what, "Make one with --save-columns.")])


def _fits(key: str, value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if key in SEVERAL:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if key == "split":
        return isinstance(value, dict) and all(isinstance(share, (int, float)) for share in value.values())
    if key in NUMBERS:
        return number
    return isinstance(value, str) or ((key in AMOUNTS or key in TEXTS) and number)
