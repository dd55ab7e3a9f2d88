"""What was said of a table's columns: by flags, in a file of columns, or in answer to questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from payoff.audit.table.parts import NAMES, SEVERAL
from payoff.audit.table.roles import Named, Roles
from payoff.errors import BadInput, Fault
from payoff.texts import Texts

CHOICES: dict[str, tuple[str, ...]] = {
    "assigned": ("random", "rule", "unknown"),
    "want": ("more", "less"),
    "picked_is": ("good", "bad"),
}
TEXTS = ("positive", "control")
NUMBERS = ("capacity", "threshold")
AMOUNTS = ("value", "cost")
NONE = "none"
FLAGS = (*NAMES, *SEVERAL, *TEXTS, "assigned", *NUMBERS, "split", "want", "picked_is")
"""Everything that can be said, in the order in which it is shown and written."""
_ALIASES = {"outcome": "label", "segment": "segments", "protect": "protected", "picked": "picked_is"}


def flag(key: str) -> str:
    """`acted_at` as it is typed: --acted-at."""
    return "--" + ("segment" if key == "segments" else key.replace("_", "-"))


def key_of(word: str) -> str:
    """What a person calls a part or setting, as we do; "" for neither."""
    key = word.strip().strip("-").lower().replace("-", "_").replace(" ", "_")
    key = _ALIASES.get(key, key)
    return key if key in FLAGS else ""


def value_of(key: str, text: str, columns: Sequence[str], texts: Texts) -> Any:
    """What a text means for a part or setting: a column, several, a number, a choice; "" for *there is none*.

    Raises `BadInput` for one that means nothing. Whether the column exists is not asked here.
    """
    text = text.strip()
    none = text.lower() in ("", NONE, "–") and text not in columns
    if key in SEVERAL:
        return () if none else _several(text, columns)
    if key in AMOUNTS:
        return "" if none else _amount(text, columns)
    if key in NUMBERS:
        return _number(key, text, texts)
    if key == "split":
        return {name: _number(key, share, texts) for name, share in _pairs(text)}
    if key in CHOICES:
        if text.lower() not in CHOICES[key]:
            said = texts.say("wizard.one_of", setting=flag(key), choices=", ".join(CHOICES[key]))
            raise _bad(flag(key), said.rstrip("."))
        return text.lower()
    return text if key in TEXTS else "" if none else text


def _bad(where: str, what: str, mend: str = "See `payoff audit --help`.") -> BadInput:
    return BadInput("audit", [Fault(where, what, mend)])


def _several(text: str, columns: Sequence[str]) -> tuple[str, ...]:
    if text in columns:
        return (text,)
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _amount(text: str, columns: Sequence[str]) -> str | float:
    if text in columns:
        return text
    try:
        return float(text)
    except ValueError:
        return text


def _number(key: str, text: str, texts: Texts) -> float:
    try:
        return float(text)
    except ValueError:
        said = texts.say("wizard.no_number", setting=flag(key), given=text)
        raise _bad(flag(key), said.rstrip(".")) from None


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    for pair in text.split(","):
        name, equals, share = pair.rpartition("=")
        if not equals:
            raise _bad("--split", f"“{pair.strip()}” is no share of an arm", 'Write it as "A=0.5,B=0.5".')
        yield name.strip(), share.strip()


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything said so far, by key: a part's column ("" for none), several columns, an amount, a setting.

    What is absent was not said.
    """

    said: Mapping[str, Any] = field(default_factory=dict)

    def __contains__(self, key: object) -> bool:
        return key in self.said

    def __getitem__(self, key: str) -> Any:
        return self.said[key]

    def get(self, key: str) -> Any:
        return self.said.get(key)

    def having(self, key: str, value: Any) -> Asked:
        return replace(self, said={**self.said, key: value})

    def over(self, other: Asked) -> Asked:
        """Both; what stands here wins."""
        return Asked({**other.said, **self.said})

    @property
    def named(self) -> Named:
        """The columns of it."""
        of = {part: self.said[part] for part in NAMES if isinstance(self.said.get(part), str)}
        return Named(of, self.said.get("segments"), self.said.get("protected"))

    def complete(self, roles: Roles) -> Asked:
        """With every part said, so that nothing is left to guess."""
        parts: dict[str, Any] = {part: roles[part] for part in NAMES}
        return self.over(Asked({**parts, "segments": roles.segments, "protected": roles.protected}))

    def arguments(self) -> dict[str, Any]:
        """As `payoff.audit` takes it."""
        found = {key: value for key, value in self.said.items() if key not in ("want", "picked_is")}
        for part in AMOUNTS:
            if found.get(part) == "":
                del found[part]
        if "want" in self.said:
            found["bad"] = self.said["want"] == "less"
        if "picked_is" in self.said:
            found["picked_good"] = self.said["picked_is"] == "good"
        return found
