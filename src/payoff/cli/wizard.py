"""The questions before an audit: which column is which, who chose the treated, what is wanted of the outcome.

The dialogue knows no terminal: it reads lines and writes lines, so that a test can hold it as well as a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from payoff.audit.preparation import is_bad
from payoff.audit.table.guessing import Guesses
from payoff.audit.table.parts import NAMES, SEVERAL
from payoff.audit.table.roles import Roles
from payoff.cli.asked import CHOICES, FLAGS, Asked, key_of, value_of
from payoff.errors import BadInput, PayoffError
from payoff.texts import Texts

_ALWAYS = ("score", "label", "treated", "time", "protected")
_ORDER = (*NAMES[1::-1], *NAMES[2:], *SEVERAL)
_WIDE = {"column": 26, "why": 64, "samples": 40}


class Dialogue:
    """One conversation about one table.

    `read` gives the next line, "" with no line end once there is none; `write` takes one line.
    """

    def __init__(
        self,
        name: str,
        guesses: Guesses,
        asked: Asked,
        texts: Texts,
        read: Callable[[], str],
        write: Callable[[str], None],
    ) -> None:
        self.name, self.guesses, self.asked, self.texts = name, guesses, asked, texts
        self._read, self._write = read, write
        self.over = False

    def run(self) -> Asked:
        """Everything that was said and agreed to; nothing of it is left to guess."""
        self._say("top", n=self.guesses.rows, name=self.name, columns=len(self.guesses.columns),
                  shown=self.texts.number(self.guesses.rows))  # fmt: skip
        roles = self._agreed()
        asked = self.asked
        if "treated" in roles and "assigned" not in asked and not self._treated(roles):
            self.asked = self.asked.having("treated", "")
            roles = self._agreed()
        if "label" in roles and "want" not in self.asked:
            self._want(roles)
        if roles.protected and "protected" not in asked:
            self._protected(roles)
            roles = self._roles()
        return self._complete(roles)

    def _complete(self, roles: Roles) -> Asked:
        """With what was shown and kept: every part, which value counts as yes, and who was left alone."""
        whole = self.asked.complete(roles)
        if "label" in roles and "positive" not in whole:
            whole = whole.having("positive", self.guesses.yes(roles["label"], None))
        if "treated" in roles and "control" not in whole:
            whole = whole.having("control", self.guesses.arms(roles["treated"], None)[0])
        return whole

    def _agreed(self) -> Roles:
        """Show the parts and take changes until they are kept."""
        self._say("intro", example=self._example())
        self._table()
        while True:
            line = self._line()
            if not line:
                try:
                    return self._kept()
                except PayoffError as error:
                    self._wrong(error)
                    if self.over:
                        raise
                    continue
            if line.startswith("?"):
                self._explain(line[1:])
            elif "=" in line:
                self._change(line)
            else:
                self._say("unclear", example=self._example())

    def _kept(self) -> Roles:
        """The parts, if a table can be audited so."""
        roles = self.guesses.roles(self.asked.named)
        if "label" in roles:
            self.guesses.yes(roles["label"], self._text("positive"))
        if "treated" in roles:
            self.guesses.arms(roles["treated"], self._text("control"))
        return roles

    def _roles(self) -> Roles:
        return self.guesses.roles(self.asked.named, enough=False)

    def _text(self, key: str) -> str | None:
        value = self.asked.get(key)
        return None if value is None else str(value)

    def _change(self, line: str) -> None:
        word, _, said = line.partition("=")
        key = key_of(word)
        if not key:
            self._say("no_part", part=word.strip(), parts=", ".join(self._parts()))
            return
        before = self.asked
        try:
            value = value_of(key, said, self.guesses.columns, self.texts)
            self.asked = self.asked.having(key, value)
            self._roles()
            if isinstance(value, str) and value in self.guesses.columns:
                self.guesses.check(key, value)
        except PayoffError as error:
            self.asked = before
            self._wrong(error)
            return
        self._table()

    def _treated(self, roles: Roles) -> bool:
        """Who chose the treated; `False` where the column is none of treatment."""
        alone = self.guesses.arms(roles["treated"], self._text("control"))[0]
        self._say("ask_treated", column=roles["treated"], alone=alone)
        choices = {"y": "random", "yes": "random", "n": "rule", "no": "rule", "none": "",
                   **dict.fromkeys(("", "d", "?", "don't know", "dont know", "unknown"), "unknown")}  # fmt: skip
        chosen = self._choice("ask_treated_how", {**choices, "random": "random", "rule": "rule"})
        if chosen:
            self.asked = self.asked.having("assigned", chosen)
        return bool(chosen)

    def _want(self, roles: Roles) -> None:
        usual = "less" if is_bad(roles["label"], self._text("positive")) else "more"
        self._say("ask_want", outcome=roles["label"])
        chosen = self._choice("ask_want_how", {"": usual, "more": "more", "less": "less"}, usual=usual)
        self.asked = self.asked.having("want", chosen)

    def _protected(self, roles: Roles) -> None:
        self._say("ask_protected", columns=", ".join(roles.protected))
        self._say("ask_protected_how")
        while True:
            line = self._line()
            said = value_of("protected", line, self.guesses.columns, self.texts) if line else roles.protected
            before, self.asked = self.asked, self.asked.having("protected", said)
            try:
                self._roles()
            except PayoffError as error:
                self.asked = before
                self._wrong(error)
                continue
            return

    def _choice(self, how: str, choices: dict[str, str], **words: object) -> str:
        self._say(how, **words)
        while (line := self._line().lower().rstrip(".")) not in choices:
            self._say("not_understood", how=self.texts.say(f"wizard.{how}", **words))
        return choices[line]

    def _explain(self, word: str) -> None:
        key = key_of(word)
        if key in (*NAMES, *SEVERAL, *CHOICES, "positive", "control", "capacity", "threshold"):
            self._say(f"about_{key}")
        elif word.strip():
            self._say("no_part", part=word.strip(), parts=", ".join(self._parts()))
        else:
            settings = ", ".join(key for key in FLAGS if key not in _ORDER)
            self._say("about", parts=", ".join(self._parts()), settings=settings)

    def _parts(self) -> list[str]:
        return [self.texts.say(f"wizard.part_{part}") for part in _ORDER]

    def _example(self) -> str:
        """A change that could be meant: a column that could say who was treated."""
        roles = self._roles()
        free = [c for c in self.guesses.columns if c not in roles.columns]
        few = [c for c in (*roles.segments, *free) if self.guesses.holds(c) in ("two", "few")]
        return f"treated = {[*few, *free, *self.guesses.columns][0]}"

    def _table(self) -> None:
        """Every part with its column, what it holds, and a few of its values."""
        roles, lines = self._roles(), []
        for part in _ORDER:
            if part in SEVERAL:
                lines += self._several(part, roles)
            elif isinstance(self.asked.get(part), float):
                lines.append(
                    (part, self.texts.number(self.asked[part], digits=2), self._words("holds_amount"), "")
                )
            elif part in roles:
                lines.append((part, roles[part], self._why(part, roles), self._samples(roles[part])))
            elif part in _ALWAYS:
                lines.append((part, self._words("nothing"), self._hint(part), ""))
        shown = [(self.texts.say(f"wizard.part_{line[0]}"), *line[1:]) for line in lines]
        rest = [c for c in self.guesses.columns if c not in roles.columns]
        if rest:
            listed = self.texts.say("wizard.looked_at", columns=", ".join(rest))
            shown.append((self._words("not_used"), listed, "", ""))
        self._write("")
        self._grid(shown)
        self._write("")

    def _grid(self, lines: Sequence[tuple[str, str, str, str]]) -> None:
        most = list(_WIDE.values())
        cut = [(line[0], *(_short(cell, w) for cell, w in zip(line[1:], most, strict=True))) for line in lines]
        cut = [line if line[2] or line[3] else (line[0], lines[i][1], "", "") for i, line in enumerate(cut)]
        columns = [c for c in cut if c[2] or c[3]] or cut
        widths = [max(len(line[i]) for line in columns) for i in range(4)]
        widths[0] = max(len(line[0]) for line in cut)
        for line in cut:
            self._write("  " + "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip())

    def _several(self, part: str, roles: Roles) -> list[tuple[str, str, str, str]]:
        found = getattr(roles, part)
        if not found:
            hint = self._hint(part) if part in _ALWAYS else ""
            return [(part, self._words("nothing"), hint, "")] if hint else []
        return [(part, ", ".join(found), "", "")]

    def _hint(self, part: str) -> str:
        return "" if part in self.asked else self._words(f"hint_{part}")

    def _why(self, part: str, roles: Roles) -> str:
        """What the column holds, and how its values are read."""
        column, kind = roles[part], self.guesses.holds(roles[part])
        low, high = self.guesses.range(column) if kind in ("share", "numbers") else (0.0, 0.0)
        words = {"low": f"{low:.3g}", "high": f"{high:.3g}", "n": self.texts.number(self.guesses.count(column))}
        said = [self._words(f"holds_{kind}", **words)]
        try:
            if part == "label":
                said += self._outcome(column)
            elif part == "treated":
                alone = self.guesses.arms(column, self._text("control"))[0]
                said.append(self._words("left_alone", value=alone))
                said += {"random": [self._words("by_chance")], "rule": [self._words("by_rule")]}.get(
                    str(self.asked.get("assigned")), []
                )
        except BadInput as error:
            said += [fault.what for fault in error.faults]
        return "; ".join(said)

    def _outcome(self, column: str) -> list[str]:
        value = self.guesses.yes(column, self._text("positive"))
        want = self.asked.get("want") or ("less" if is_bad(column, self._text("positive")) else "more")
        wanted = self._words("one_to_prevent" if want == "less" else "one_we_want_more")
        return [self._words("counts_as_yes", value=value), wanted]

    def _samples(self, column: str) -> str:
        return ", ".join(self.guesses.values(column))

    def _words(self, key: str, **values: object) -> str:
        return self.texts.say(f"wizard.{key}", **values)

    def _say(self, key: str, **values: object) -> None:
        self._write(self.texts.say(f"wizard.{key}", **values))

    def _wrong(self, error: PayoffError) -> None:
        faults = error.faults if isinstance(error, BadInput) else ()
        for line in [str(fault) for fault in faults] or [str(error)]:
            self._write(f"  {line}")

    def _line(self) -> str:
        """The next line without its end; "" is Enter, and stays so once there are no more lines."""
        line = "" if self.over else self._read()
        self.over = self.over or not line
        return line.strip()


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
