"""What a customer is shown: what their unit was suggested, in the playbook's words for customers; how it stands.

Nothing else: no words of our own people, no figures, nobody else's data. Units of the holdout are shown nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from payoff.brief.wording import CUSTOMER, Worded, named, plain, worded
from payoff.errors import Refused, Unknown
from payoff.log.customers import Said, answers_of, author, said_of, wishes
from payoff.log.responses import FINAL, Answer, answer_of, current, standing
from payoff.records.envelope import Event
from payoff.records.suggestions import NOTHING, Reason, Suggestion
from payoff.texts import FALLBACK, languages
from payoff.use_cases.suggest import read_suggestion, suggest, withdrawn
from payoff.use_cases.workspace import Workspace

State = Literal["open", "yes", "later", "no", "hidden", "stopped", "ended"]
KEPT = {"yes": "accepted", "later": "snoozed", "no": "dismissed"}
"""What a customer says, and the response it is kept as."""
PAST = 5
"""Answers a customer is reminded of, the newest ones."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Whoever a proof or a link speaks for: a unit and, where the operator names one, a person. `via` is where."""

    unit: str
    person: str = ""
    via: str = "widget"

    @property
    def author(self) -> str:
        return author(self.unit, self.person)


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier answer. `what` is yes, later, no or "" (words alone); `state` and `reply` are what became of it;
    `done` says that our people took care, `led` that a yes leads somewhere by itself, `news` that there is a reply
    the customer has not read."""

    at: datetime
    title: str
    what: str
    words: tuple[str, ...]
    until: datetime | None
    done: bool
    led: bool
    state: str
    reply: str
    news: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer is shown. Without `worded` there is no suggestion, only what became of earlier answers."""

    language: str
    state: State
    suggestion: str = ""
    worded: Worded | None = None
    explored: bool = False
    until: datetime | None = None
    answers: tuple[Past, ...] = ()
    facts: tuple[str, ...] = ()
    """Names of the facts this very suggestion rests on; the rest was weighed and is no reason."""
    thumb: int = 0
    """The customer's own: 1, -1, or 0 for none."""

    @property
    def news(self) -> bool:
        return any(past.news for past in self.answers)


def now_for(ws: Workspace, who: Customer, language: str = "", *, decide: bool = True) -> Told | None:
    """What to show now; `None`: nothing. An answered suggestion is followed by no other before the next turn.

    With `decide`, a unit without a suggestion that still stands gets one.
    """
    off, _ = wishes(ws.tables, who.unit, who.person)
    said = None if off else _newest(ws, who.unit, decide)
    if off or (said is not None and said.arm == "holdout"):
        return None
    told = told_of(ws, who, said, language) if said is not None else None
    if told is not None and told.state in ("open", "yes"):
        return told
    spoken = told.language if told else _spoken(ws, language)
    answers = _past(ws, who, spoken)
    return Told(spoken, "ended", answers=answers) if any(past.news for past in answers) else None


def told_of(ws: Workspace, who: Customer, said: Suggestion, language: str = "") -> Told:
    """One suggestion in whatever state it is by now."""
    words = _words(ws, said.action, language)
    spoken = words.language if words else _spoken(ws, language)
    state, until = _state(ws, who, said, words)
    answers, facts = _past(ws, who, spoken), _facts(ws, said.action, said.reasons)
    thumb = thumb_of(ws, who, said.id)
    return Told(spoken, state, said.id, words, said.explored, until, answers, facts, thumb)


def own(ws: Workspace, who: Customer, id: str) -> Suggestion:
    """A suggestion of this customer's unit. Raises `Unknown` for any other."""
    found = ws.storage.log.find(id)
    if found is None or found.kind != "suggestion" or found.unit != who.unit or found.body["mode"] != "answer":
        raise Unknown("no such suggestion", mend="Load the page again.")
    return _read(found)


def mine(ws: Workspace, who: Customer, suggestion: str) -> list[Answer]:
    """This customer's answers to one suggestion that stand."""
    return standing(a for a in _answers(ws, suggestion) if a.by == who.author)


def thumb_of(ws: Workspace, who: Customer, suggestion: str) -> int:
    """This customer's newest thumb on one suggestion that stands: 1, -1, or 0 for none."""
    given = said_of(ws.tables, who.unit, who.author)
    mine = [s.thumb for s in given if s.suggestion == suggestion and s.thumb and s.state != "taken_back"]
    return mine[-1] if mine else 0


def unread(ws: Workspace, who: Customer) -> list[Said]:
    """What the customer said that has a final reply they have not read."""
    said = said_of(ws.tables, who.unit, who.author)
    return [one for one in said if one.reply and not one.told and one.state in ("used", "declined")]


def preview(ws: Workspace, action: str, language: str = "") -> Told | None:
    """One action as a customer would read it; `None` where none would."""
    found = next((a for a in ws.playbook.actions if a.id == action), None)
    if found is None:
        raise Unknown.among("action", action, [a.id for a in ws.playbook.actions])
    words = worded(ws.brief, found, language)
    return Told(words.language, "open", worded=words, facts=_facts(ws, action)) if words else None


def _facts(ws: Workspace, action: str, reasons: Sequence[Reason] = ()) -> tuple[str, ...]:
    """What counted: facts that go with the unit's risk, those the playbook asks for, and the role and the industry
    by which an effect was measured."""
    unit, actions = ws.brief.unit, {one.id: one for one in ws.playbook.actions}
    found = []
    for reason in reasons:
        if reason.kind == "effect" or reason.feature in actions:
            found += [unit.role, unit.industry]
        else:
            found.append(reason.feature)
    if action in actions:
        asked = actions[action]
        found += [condition.fact for condition in asked.when]
        found += [unit.role] if asked.roles else []
        found += [unit.industry] if asked.industries else []
    return tuple(name for name in dict.fromkeys(found) if name)


def _newest(ws: Workspace, unit: str, decide: bool) -> Suggestion | None:
    last = ws.storage.log.latest("suggestion", unit)
    if last is not None and last.body["mode"] == "answer":
        said = _read(last)
        counts = current(_answers(ws, said.id))
        if said.expires > ws.clock.now() and (not decide or (counts is not None and counts.what in FINAL)):
            return said
    try:
        return suggest(ws, unit) if decide else None
    except (Unknown, Refused):  # nothing is known of the unit, or no release serves anybody
        return None


def _state(ws: Workspace, who: Customer, said: Suggestion, words: Worded | None) -> tuple[State, datetime | None]:
    off, hidden = wishes(ws.tables, who.unit, who.person)
    given = mine(ws, who, said.id)
    own_word = given[-1].what if given else ""
    if off:
        return "stopped", None
    if said.id in hidden:
        return "hidden", None
    now, counts = ws.clock.now(), current(_answers(ws, said.id))
    over = said.expires <= now or said.release in withdrawn(ws)
    if over or words is None or said.arm == "holdout" or said.action in _unwanted(ws, who, said.id):
        return "ended", None
    if own_word == "dismissed":
        return "no", None
    if counts is not None and counts.what in FINAL:
        return "ended", None
    if own_word == "accepted":  # our own people putting it off changes nothing of it
        return "yes", None
    if counts is not None and counts.until is not None and counts.until > now:
        return "later", counts.until
    return "open", None


def _unwanted(ws: Workspace, who: Customer, but: str) -> set[str]:
    """Actions this customer wants no more of: they said no to a suggestion of them."""
    given = answers_of(ws.tables, who.unit, who.author)
    no = [id for id, some in given.items() if id != but and any(a.what == "dismissed" for a in standing(some))]
    return set(ws.storage.log.find_many("suggestion", no)["action"].to_pylist()) if no else set()


def _answers(ws: Workspace, suggestion: str) -> list[Answer]:
    return [answer_of(event) for event in ws.storage.log.about(suggestion) if event.kind == "response"]


def _words(ws: Workspace, action: str, language: str) -> Worded | None:
    found = next((a for a in ws.playbook.actions if a.id == action), None) if action != NOTHING else None
    return worded(ws.brief, found, language) if found else None


def _spoken(ws: Workspace, language: str) -> str:
    wanted = (plain(language), *named(ws.brief))
    return next((one for one in wanted if one in languages(CUSTOMER)), FALLBACK)


def _past(ws: Workspace, who: Customer, language: str) -> tuple[Past, ...]:
    """The newest answers, each with what became of it, in one language."""
    given = {id: standing(some) for id, some in answers_of(ws.tables, who.unit, who.author).items()}
    said: dict[str, list[Said]] = {}
    for one in said_of(ws.tables, who.unit, who.author):
        if (one.words or one.reply) and one.state != "taken_back":
            said.setdefault(one.suggestion, []).append(one)
    about = {id for id, some in given.items() if some} | said.keys()
    found = [_one(ws, id, given.get(id, []), said.get(id, []), language) for id in about]
    return tuple(sorted(found, key=lambda past: past.at, reverse=True)[:PAST])


def _one(ws: Workspace, id: str, given: Sequence[Answer], said: Sequence[Said], language: str) -> Past:
    event = ws.storage.log.find(id)
    words = _words(ws, event.body["action"], language) if event and event.kind == "suggestion" else None
    last, counts = (given[-1] if given else None), current(_answers(ws, id))
    replied = next((one for one in reversed(said) if one.reply and one.state in ("used", "declined")), None)
    shown = replied or next((one for one in reversed(said) if one.words), None)
    return Past(
        at=max([a.at for a in given] + [one.at for one in said]),
        title=words.title if words and words.language == language else "",
        what=next((what for what, kept in KEPT.items() if last and last.what == kept), ""),
        words=tuple(one.words for one in said if one.words),
        until=last.until if last else None,
        done=counts is not None and counts.what == "done",
        led=bool(words and words.link),
        state=shown.state if shown else "",
        reply=replied.reply if replied else "",
        news=any(one.reply and not one.told and one.state in ("used", "declined") for one in said),
    )


def _read(event: Event) -> Suggestion:
    return read_suggestion({**event.body, "id": event.id, "unit": event.unit, "at": event.at})
