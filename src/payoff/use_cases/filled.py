"""A filled table as answers: first as it would be kept, then kept. The same table twice keeps nothing twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

from payoff.errors import PayoffError, Unknown
from payoff.log.corrections import GONE
from payoff.log.responses import CODES, answer_of, current
from payoff.people.person import find, people_of
from payoff.records.deliveries import Entry
from payoff.records.envelope import Event
from payoff.records.time import day_of, from_micros
from payoff.use_cases import answering, claiming, record
from payoff.use_cases.entries import entries
from payoff.use_cases.tables import Row, rows_of, waiting, written
from payoff.use_cases.workspace import Workspace

VIA = "table"
Group = Literal["new", "already", "blank", "odd"]
GROUPS: tuple[Group, ...] = get_args(Group)
_WRONG = get_args(answering.Wrong)
_LONG, _NEAR = timedelta(days=366), timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it was understood. `words` say what it answers, `said` repeats what somebody wrote beside it;
    `odd` ones say what is wrong and what mends it.

    `note` says what somebody should know before it is kept.
    """

    row: int
    group: Group
    suggestion: str = ""
    customer: str = ""
    action: str = ""
    words: str = ""
    said: str = ""
    note: str = ""
    fault: str = ""
    mend: str = ""
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filled:
    """All rows. Once kept, `new` are the rows that were kept just now."""

    lines: tuple[Line, ...]
    kept: bool = False

    def of(self, group: Group) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.group == group)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        shown = [
            {
                "row": line.row,
                "group": line.group,
                "suggestion": line.suggestion,
                "words": line.words,
                "said": line.said,
                **({"fault": line.fault, "mend": line.mend} if line.fault else {}),
            }
            for line in self.lines
        ]
        return {"kept": self.kept, **{group: len(self.of(group)) for group in GROUPS}, "rows": shown}


class Odd(Exception):
    """A row that cannot be understood: what is wrong with it, and what mends it."""

    def __init__(self, fault: str, mend: str) -> None:
        self.fault, self.mend = fault, mend
        super().__init__(fault)


def understood(ws: Workspace, rows: Sequence[Row], by: str) -> Filled:
    """What the rows answer, as `by`; nothing is kept."""
    seen: dict[str, int] = {}
    told = entries(ws, [row.get("id") for row in rows], ws.clock.now())
    lines = []
    for row in rows:
        id = row.get("id")
        entry = told.get(id)
        line = Line(row.number, "odd", id, entry.customer if entry else row.get("customer"), row.get("action"))
        try:
            if id in seen:
                raise Odd(_say(ws, "odd_twice", row=seen[id]), _say(ws, "mend_twice"))
            seen[id] = row.number
            lines.append(_line(ws, row, line, by))
        except Odd as odd:
            lines.append(replace(line, fault=odd.fault, mend=odd.mend))
    return Filled(tuple(lines))


def kept(ws: Workspace, rows: Sequence[Row], by: str) -> Filled:
    """Keep what the rows answer; one that cannot be kept says why, and costs the others nothing."""
    lines = []
    for line in understood(ws, rows, by).lines:
        if line.group != "new":
            lines.append(line)
            continue
        try:
            lines.append(_kept(ws, line, by))
        except PayoffError as error:
            lines.append(replace(line, group="odd", fault=error.what, mend=error.mend))
    return Filled(tuple(lines), kept=True)


def _kept(ws: Workspace, line: Line, by: str) -> Line:
    given = dict(line.given)
    what, comment = given.pop("what"), given.get("comment", "")
    if what == "say":
        record.feedback(ws, line.suggestion, comment=comment, by=by, via=VIA)
        return line
    done = answering.answer(ws, line.suggestion, what, by, via=VIA, **given)
    if what == "undo" and comment:
        record.feedback(ws, line.suggestion, comment=comment, by=by, via=VIA)
    return replace(line, words=done.words)


def _line(ws: Workspace, row: Row, line: Line, by: str) -> Line:
    if row.more:
        raise Odd(_say(ws, "odd_more"), _say(ws, "mend_more"))
    given = row.get("answer")
    others = [name for name in ("done_on", "until", "reason", "instead") if row.get(name)]
    if not given and not others and not row.get("comment"):
        return replace(line, group="blank")
    try:
        said = claiming.told(ws, line.suggestion)
    except Unknown:
        raise Odd(_say(ws, "odd_id"), _say(ws, "mend_id")) from None
    if not given and others:
        raise Odd(_say(ws, "odd_no_answer", column=others[0]), _say(ws, "mend_answer"))
    meant, words = _meant(ws, row, said)
    events = ws.storage.log.about(line.suggestion)
    comment = row.get("comment")
    if meant["what"] == "undo" and _undone(events, by):
        meant = {"what": "say"}
    if comment:
        meant["comment"] = comment
    line = replace(
        line, words=words, said=" · ".join(word for word in (meant.get("comment"), _own_reason(meant)) if word)
    )
    if meant["what"] == "say":
        stands, note = not comment or _said_before(events, by, comment), ""
    else:
        stands, line, note = _tried(ws, line, meant, by)
    if stands:
        return replace(line, group="already")
    note = " ".join(word for word in (note, _note(ws, events, by)) if word)
    return replace(line, group="new", given=meant, note=note)


def _own_reason(meant: dict[str, Any]) -> str:
    return str(meant.get("reason") or "") if meant["what"] == "not_now" else ""


def _tried(ws: Workspace, line: Line, meant: dict[str, Any], by: str) -> tuple[bool, Line, str]:
    """Whether it stands already, the day it really comes back, and what else is to be known: asked of the very
    function that will keep it."""
    given = dict(meant)
    try:
        told = answering.answer(ws, line.suggestion, given.pop("what"), by, via=VIA, dry=True, **given)
    except PayoffError as error:
        raise Odd(error.what, error.mend) from None
    zone, wanted = ws.brief.product.zone, meant.get("at")
    if told.what == "done" and wanted is not None and day_of(told.at, zone) != wanted:
        return told.again, line, told.words
    if meant["what"] != "not_now":
        return told.again, line, ""
    day = ws.texts.near_day(told.until) if told.until else ""
    plain = told.words == ws.texts.say("desk.kept_not_now", day=day)
    return told.again, replace(line, words=_say(ws, "words_until", day=day)), "" if plain else told.words


def _meant(ws: Workspace, row: Row, said: Event) -> tuple[dict[str, Any], str]:
    """The arguments of the answer, and what it says in words."""
    what = _answer(ws, row.get("answer"))
    today = day_of(ws.clock.now(), ws.brief.product.zone)
    texts = ws.texts
    if what == "say":
        return {"what": "say"}, _say(ws, "words_say")
    if what in ("done", "earlier"):
        day = _day(ws, row, "done_on", (today - _LONG, today), likely=(today - _NEAR, today))
        if day is None or (what == "done" and day == today):
            key = "words_done" if what == "done" else "words_earlier"
            return {"what": what}, _say(ws, key)
        return {"what": "earlier", "at": day}, _say(ws, "words_done_on", day=texts.near_day(day))
    if what == "not_now":
        ends = from_micros(said.body["expires_us"])
        if ends <= ws.clock.now():
            raise Odd(_say(ws, "odd_over", day=texts.day(ends)), _say(ws, "mend_over"))
        first, end = today + timedelta(days=1), day_of(ends, ws.brief.product.zone)
        until = _day(ws, row, "until", (first, today + _LONG), likely=(first, end + _NEAR))
        return {"what": "not_now", "until": until, "reason": row.get("reason")}, ""
    if what == "wrong":
        return _wrong(ws, row)
    return {"what": what}, _say(ws, f"words_{what}")


def _answer(ws: Workspace, given: str) -> str:
    """Which answer a cell names, in our own words or in those on screen."""
    if not given:
        return "say"
    folded = _folded(given)
    for what in ("done", "earlier", "no_answer", "not_now", "wrong", "undo"):
        spoken = [_folded(word) for word in _say(ws, f"answer_{what}").split(",")]
        if folded in (_folded(what), *spoken):
            return what
    raise Odd(_say(ws, "odd_answer", given=given[:40]), _say(ws, "mend_answer"))


def _wrong(ws: Workspace, row: Row) -> tuple[dict[str, Any], str]:
    reason, instead = _reason(ws, row), row.get("instead")
    words = ws.texts.say(f"channels.wrong_{reason}")
    if reason == "action":
        ids = {_folded(name): id for id, name in ws.actions().items()} | {_folded(id): id for id in ws.actions()}
        known = ids.get(_folded(instead), instead)
        shown = ws.actions().get(known, known)
        spoken = _say(ws, "words_instead", words=words, instead=shown) if shown else words
        return {"what": "wrong", "reason": reason, "instead": known or None}, spoken
    if reason == "owner":
        people = people_of(ws.brief.people)
        names = [p for p in people.values() if _folded(p.name) == _folded(instead)]
        whose = (names[0] if len(names) == 1 else find(people, instead)) if instead else None
        if instead and whose is None:
            raise Odd(_say(ws, "odd_owner", given=instead[:40]), _say(ws, "mend_owner"))
        spoken = _say(ws, "words_owner", words=words, name=whose.name) if whose else words
        return {"what": "wrong", "reason": reason, "instead": whose.id if whose else None}, spoken
    return {"what": "wrong", "reason": reason}, words


def _reason(ws: Workspace, row: Row) -> str:
    given = _folded(row.get("reason"))
    if not given and row.get("instead"):
        return "action"
    for name in _WRONG:
        if given and given in (name, _folded(CODES[name]), _folded(ws.texts.say(f"channels.wrong_{name}"))):
            return str(name)
    listed = ", ".join(_WRONG)
    if not given:
        raise Odd(_say(ws, "odd_why"), _say(ws, "mend_reason", reasons=listed))
    raise Odd(_say(ws, "odd_reason", given=row.get("reason")[:40]), _say(ws, "mend_reason", reasons=listed))


def _day(
    ws: Workspace, row: Row, column: str, allowed: tuple[date, date], *, likely: tuple[date, date]
) -> date | None:
    """A day as people and spreadsheets write one. 1/2/2026 may be two: then the likely one, where only one is."""
    given = row.get(column)
    if not given:
        return None
    readings = _readings(given)
    fitting = [day for day in readings if allowed[0] <= day <= allowed[1]]
    if len(fitting) > 1:
        fitting = [day for day in fitting if likely[0] <= day <= likely[1]] or fitting
    if len(fitting) == 1:
        return fitting[0]
    key = "odd_day" if not readings else "odd_day_two" if fitting else "odd_day_far"
    raise Odd(_say(ws, key, column=column, given=given[:40]), _say(ws, "mend_day"))


def _readings(given: str) -> list[date]:
    text = given.split("T", maxsplit=1)[0].strip()
    forms = (
        (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", ((1, 2, 3),)),
        (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", ((3, 2, 1),)),
        (r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", ((3, 2, 1), (3, 1, 2))),
    )
    found: list[date] = []
    for form, orders in forms:
        match = re.fullmatch(form, text, re.ASCII)
        for year, month, day in orders if match else ():
            try:
                found.append(date(int(match[year]), int(match[month]), int(match[day])))  # type: ignore[index]
            except ValueError:
                continue
    return list(dict.fromkeys(found))


def _said_before(events: Sequence[Event], by: str, comment: str) -> bool:
    return any(e.kind == "feedback" and e.actor == by and comment in _words(e) for e in events)


def _words(event: Event) -> tuple[str, ...]:
    body = event.body
    gone = (body.get("correction") or {}).get(GONE)
    return tuple(str(word) for word in (body.get("comment"), gone) if word)


def _undone(events: Sequence[Event], by: str) -> bool:
    """Whether taking something back was the last this person answered."""
    mine = [answer_of(e) for e in events if e.kind == "response" and e.actor == by]
    return bool(mine) and max(mine, key=lambda a: a.order).what == "undone"


def _note(ws: Workspace, events: Sequence[Event], by: str) -> str:
    """Somebody else's answer that counts until now."""
    answer = current(answer_of(e) for e in events if e.kind == "response")
    if answer is None or answer.by == by or answer.what not in ("done", "dismissed", "snoozed"):
        return ""
    name = ws.brief.people[answer.by].name if answer.by in ws.brief.people else answer.by
    return _say(ws, f"note_{answer.what}", name=name, day=ws.texts.near_day(answer.at))


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().casefold())


def _say(ws: Workspace, key: str, **values: object) -> str:
    return ws.texts.say(f"table.{key}", **values)


class Tables:
    """The desk as a table, out and in."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    def waiting(self, person: str = "") -> list[Entry]:
        """What waits: a person's own where they have any, else everybody's."""
        return waiting(self._ws, person)

    def written(self, person: str = "", only: Sequence[str] | None = None) -> str:
        """What waits, as CSV to fill in: a person's own where they have any, else everybody's; or `only` these."""
        return written(self._ws, person, only)

    def look(self, text: str, by: str) -> Filled:
        """What a filled table answers, as `by`; nothing is kept. Raises `BadInput` for a text that is no table."""
        return understood(self._ws, rows_of(text), by)

    def keep(self, text: str, by: str) -> Filled:
        """Keep it; the same table twice keeps nothing twice."""
        return kept(self._ws, rows_of(text), by)
