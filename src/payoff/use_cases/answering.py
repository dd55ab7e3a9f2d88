"""One way to answer a suggestion, whatever it is pressed on: the desk, Slack, a page from an e-mail, a table."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from payoff.brief.schema import Brief
from payoff.errors import BadInput, Fault, Refused, Unknown
from payoff.feedback.fates import final_id
from payoff.log.claims import Claim
from payoff.log.corrections import GONE
from payoff.log.responses import FINAL, Answer, answer_of, reason_of, reasoned, said, standing
from payoff.records import days
from payoff.records.envelope import Event
from payoff.records.time import day_of, from_micros
from payoff.texts import Texts
from payoff.use_cases import claiming, record
from payoff.use_cases.taking_back import taken_back
from payoff.use_cases.waiting import desk
from payoff.use_cases.workspace import Workspace

What = Literal["done", "earlier", "no_answer", "not_now", "wrong", "undo", "take", "give_back"]
Wrong = Literal["need", "action", "time", "facts", "already", "gone", "owner"]
_SPACE = uuid.UUID("a1d2b2c9-52e0-5a57-9e6b-0d1a53b8c7f1")
_CLOCKS = timedelta(minutes=5)
"""So much two machines' clocks may differ."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was kept. `words` say it to the person; `closed`: nobody needs to do anything about it any more.

    `until` is when a "not now" comes back, `shortened` that it could not be as late as was asked. `again` says
    that the same answer was there already with the same words, and nothing was kept. `feedback` is the item that
    the words beside it were kept as just now.
    """

    suggestion: str
    unit: str
    what: What
    at: datetime
    closed: bool
    words: str
    until: datetime | None = None
    shortened: bool = False
    again: bool = False
    feedback: str = ""


def answer(
    ws: Workspace,
    suggestion: str,
    what: What,
    by: str,
    *,
    reason: str = "",
    instead: str | None = None,
    until: date | datetime | None = None,
    comment: str = "",
    via: str = "",
    at: date | datetime | None = None,
    dry: bool = False,
) -> Answered:
    """Keep what a person answers, and say what was kept.

    what
        `done`: now, or at `at`; a free one is taken by it. `earlier`: it was done on the day `at`; before the
        suggestion was made (or without a day) it is kept as a no with the reason "already", so that it never
        counts as an effect of the suggestion, and a `done` of such a day is kept so, too. `no_answer`: tried,
        nobody answered; back on the next working day. `not_now`: back on the day `until` (the next working day
        without one). A day past the suggestion's end holds, too, for a quarter at most: the unit is told nothing
        before it and is then decided for afresh, and the answer says so. `wrong`: with a `reason`. `undo`: takes
        back what this person last answered on it, with all that came with it. `take`, `give_back`: see
        `claiming`.
    reason
        For `wrong` one of `need` (does not need this), `action`, `time`, `facts`, `already` (the same as
        `earlier` without a day), `gone` (no longer a customer: everything about them stops until a manager says
        otherwise), `owner` (not mine: no answer to the suggestion, it stays open). For `not_now` the person's own
        words, if any; a new day without words keeps those it was put off with before.
    instead
        `wrong`: what one would do instead, an action of the playbook, or words for one that is not there;
        `wrong` + `owner`: whose it is, by the id of one of the brief's people, or "" for nobody.
    until, at
        A day is one in the product's zone; a moment has a zone.
    comment
        Words of the person's own; they hear what becomes of them.
    via
        Where it was pressed ("slack", "email", …); "" is the desk.
    dry
        Say what would be kept, and keep nothing (for every answer but `take` and `give_back`).

    Pressing the same twice is harmless (`again`), at once, too; words that are new beside it are kept. The
    latest answer counts, all are kept. Raises `Unknown` for a suggestion nobody was told, `claiming.Taken` (a
    `Conflict`) when somebody else has taken it, `BadInput` for what cannot be understood, `Refused` where there
    is nothing to take back.
    """
    if what not in get_args(What):
        raise Unknown.among("answer", what, get_args(What))
    if not by:
        raise BadInput("the answer", [Fault("by", "nobody gave it", "Name the person who answers.")])
    now = ws.clock.now()
    told = claiming.told(ws, suggestion)
    if what == "take":
        claiming.claim(ws, suggestion, by)
        return Answered(suggestion, str(told.unit), what, now, False, ws.texts.say("desk.kept_take"))
    if what == "give_back":
        claiming.give_back(ws, suggestion, by)
        return Answered(suggestion, str(told.unit), what, now, False, ws.texts.say("desk.kept_give_back"))
    given = _Given(ws, told, tuple(ws.storage.log.about(suggestion)), by, via, comment.strip(), now, dry)
    if what == "undo":
        return _undone(given)
    if what == "done":
        return _done(given, None) if at is None else _earlier(given, at)
    if what == "earlier":
        return _earlier(given, at)
    if what == "no_answer":
        return _put_off(given, what, None, reasoned("nobody"))
    if what == "not_now":
        return _put_off(given, what, until, reason.strip())
    return _wrong(given, reason, instead)


@dataclass(frozen=True, slots=True)
class _Given:
    """Who answers what, from where, when; `events` are all that name the suggestion so far."""

    ws: Workspace
    told: Event
    events: tuple[Event, ...]
    by: str
    via: str
    comment: str
    now: datetime
    dry: bool = False

    @property
    def zone(self) -> str:
        return self.ws.brief.product.zone

    @property
    def answers(self) -> list[Answer]:
        return [answer_of(e) for e in self.events if e.kind == "response"]

    @property
    def spoken(self) -> list[Event]:
        """What this person said beside it."""
        return [e for e in self.events if e.kind == "feedback" and e.actor == self.by]

    @property
    def held(self) -> Claim:
        return claiming.held_by(self.events, self.now)

    def response(self, what: str, *, at: datetime, why: str = "", until: datetime | None = None) -> Event:
        """The answer, under an id that two presses at once work out alike: the log keeps the first of them."""
        before = sum(a.by == self.by and a.what != "shown" for a in self.answers)
        ends = until.isoformat() if until else ""
        return self.event(what, _id(self.ws, self.told.id, self.by, what, why, ends, before), at, why, until)

    def event(self, what: str, id: str, at: datetime, why: str = "", until: datetime | None = None) -> Event:
        unit = {self.told.id: str(self.told.unit)}
        return record.response(
            self.ws, self.told.id, what, at=at, by=self.by, why=why, until=until, via=self.via, units=unit, id=id
        )

    def feedback(self, beside: str, at: datetime, since: datetime | None = None, **words: Any) -> list[Event]:
        """What is said `beside` an answer, as one item; none where nothing is, or where it was said `since` then
        and nobody has declined it."""
        kept = {name: value for name, value in {**words, "comment": self.comment}.items() if value}
        same = [e for e in self.spoken if kept.items() <= _words(e).items()]
        if not kept or (since and any(e.at >= since and not self.declined(e) for e in same)):
            return []
        id = _id(self.ws, beside, _written(kept), len(same))
        return [record.said(self.ws, self.told.id, by=self.by, at=at, via=self.via, id=id, **kept)]

    def declined(self, said: Event) -> bool:
        fate = self.ws.storage.log.find(final_id(said.id))
        return fate is not None and fate.body["state"] == "declined"

    def answered(
        self,
        what: What,
        first: Event,
        key: str,
        words: Mapping[str, Any] | None = None,
        taking: Sequence[Event] = (),
        **more: Any,
    ) -> Answered:
        """Keep an answer with the words beside it; of one that stands already only the words that are new."""
        stands = _same(answer_of(first), self.answers)
        if stands is not None:
            said = self.feedback(stands.id, self.now, stands.at, **(words or {}))
            return self.keep(what, said, key, answer=stands, **more)
        said = self.feedback(first.id, first.at, **(words or {}))
        return self.keep(what, [first, *said, *taking], key, answer=answer_of(first), **more)

    def keep(
        self, what: What, made: Sequence[Event], key: str, *, answer: Answer | None = None, **more: Any
    ) -> Answered:
        """Keep the events in one transaction. `answer` is the one that stands then."""
        states = self.ws.storage.log.append(made) if made and not self.dry else ["stored"] * len(made)
        new = [event for event, state in zip(made, states, strict=True) if state == "stored"]
        said = {"day": "", "name": "", **more.pop("said", {})}
        return Answered(
            suggestion=self.told.id,
            unit=str(self.told.unit),
            what=what,
            at=answer.at if answer else self.now,
            closed=answer is not None and answer.what in FINAL,
            words=self.ws.texts.say(f"desk.kept_{key}", **said),
            again=not any(event.kind != "claim" for event in new),
            feedback="" if self.dry else next((e.id for e in new if e.kind == "feedback"), ""),
            **more,
        )


def _same(fresh: Answer, before: Sequence[Answer]) -> Answer | None:
    """The very same answer, where it is the one that stands already."""
    last = next(iter(standing(before)[::-1]), None)
    mine = (fresh.by, fresh.what, fresh.why, fresh.until)
    return last if last is not None and (last.by, last.what, last.why, last.until) == mine else None


def _words(said: Event) -> dict[str, Any]:
    return {name: said.body[name] for name in ("correction", "idea", "comment") if said.body.get(name)}


def _written(words: Mapping[str, Any]) -> str:
    return json.dumps(words, sort_keys=True)


def _done(given: _Given, wanted: datetime | None) -> Answered:
    now, moment = given.now, wanted or given.now
    # Whoever put it off before and says now that it was done then is believed: this is the later word.
    newest = max((a.at for a in said(given.answers)), default=moment)
    moment = min(max(moment, newest), max(now, newest))
    first = given.response("done", at=moment)
    day = day_of((_same(answer_of(first), given.answers) or answer_of(first)).at, given.zone)
    key = "done" if wanted is None or day == day_of(wanted, given.zone) else "done_day"
    # Somebody else being quicker with the taking is no matter: what is done stays done, whoever had it.
    held = given.held
    taking = [] if held.by else claiming.taking(given.ws, given.told, held, given.by, moment)
    return given.answered("done", first, key, taking=taking, said={"day": given.ws.texts.near_day(day)})


def _earlier(given: _Given, at: date | datetime | None) -> Answered:
    """Before the suggestion it was nobody's effect; from its day on it is done on that day."""
    moment = at if isinstance(at, datetime) else None
    day = day_of(moment, given.zone) if moment else at
    if day is not None and (day > day_of(given.now, given.zone) or (moment and moment > given.now + _CLOCKS)):
        fault = Fault("at", f"{given.ws.texts.day(day)} has not come yet", "Give today or an earlier day.")
        raise BadInput("the answer", [fault])
    if day is None or day < day_of(given.told.at, given.zone):
        return _before(given, day)
    return _done(given, min(max(moment or days.midday(day, given.zone), given.told.at), given.now))


def _before(given: _Given, day: date | None, words: Mapping[str, Any] | None = None) -> Answered:
    why = reasoned("already", day.isoformat() if day else "")
    return given.answered("earlier", given.response("dismissed", at=given.now, why=why), "earlier", words)


def _put_off(given: _Given, what: What, until: date | datetime | None, why: str) -> Answered:
    ends = from_micros(given.told.body["expires_us"])
    if ends <= given.now:
        day = given.ws.texts.day(ends)
        raise Refused(f"it was good until {day} and cannot be put off", mend="Say whether it was done.")
    wanted = until or days.next_working_day(given.now, given.zone)
    back = wanted if isinstance(wanted, datetime) else days.morning(days.working_day(wanted), given.zone)
    if back <= given.now:
        raise BadInput("the answer", [Fault("until", "that day is over", "Give a day that is still to come.")])
    last = days.last_day(given.now, given.zone, ends)
    if until is None and last is None:
        kept, key = ends, "ends"
    else:
        kept = min(back, days.morning(days.farthest(given.now, given.zone), given.zone))
        short = kept != back
        beyond = kept >= ends or (
            not isinstance(wanted, datetime) and (last is None or day_of(kept, given.zone) > last)
        )
        key = "farthest" if short else "beyond" if beyond else what
    first = given.response("snoozed", at=given.now, why=why or _why_before(given), until=kept)
    said = afterwards(given.ws.brief, given.ws.texts, given.now, ends, kept)
    return given.answered(what, first, key, until=kept, shortened=kept != back, said=said)


def _why_before(given: _Given) -> str:
    """The words it was put off with before, where another day is given without any; the desk shows them itself."""
    if not given.via:
        return ""
    before = next((a for a in reversed(standing(given.answers)) if a.by == given.by), None)
    return before.why if before is not None and before.what == "snoozed" and not reason_of(before.why)[0] else ""


def afterwards(brief: Brief, texts: Texts, now: datetime, ends: datetime, until: datetime) -> dict[str, str]:
    """What happens to a suggestion put off past its end, for the sentence that says it: the `day` it is put off
    to, the last good day before its `end`, and the weekly turn that looks at the unit `fresh`."""
    zone = brief.product.zone
    return {
        "day": texts.near_day(until),
        "end": texts.near_day(days.good_until(now, zone, ends)),
        "fresh": texts.near_day(days.weekday_from(day_of(until, zone), brief.rhythm.learn_on)),
    }


def _wrong(given: _Given, reason: str, instead: str | None) -> Answered:
    if reason not in get_args(Wrong):
        raise Unknown.among("reason", reason, get_args(Wrong))
    if reason == "owner":
        return _handed(given, instead or "")
    other, actions = (instead or "").strip(), given.ws.actions()
    words: dict[str, Any] = {}
    if reason == "gone":
        gone = given.comment or given.ws.texts.say("desk.gone_unsaid")
        words = {"correction": {GONE: gone}, "idea": actions.get(other, other)}
    elif other in actions:
        words = {"correction": {"action": other}}
    else:
        words = {"idea": other}
    if reason == "already":
        return _before(given, None, words)
    first = given.response("dismissed", at=given.now, why=reasoned(reason, given.comment))
    return given.answered("wrong", first, "gone" if reason == "gone" else "wrong", words)


def _handed(given: _Given, to: str) -> Answered:
    """Not mine: the owner is corrected, and whoever it is finds the suggestion as it was."""
    ws, fact = given.ws, given.ws.brief.unit.owner
    if not fact:
        mend = "Name the fact under [unit] as `owner`."
        raise Refused("the brief does not say which fact holds the owner", mend=mend)
    if to and to not in ws.brief.people:
        raise Unknown.among("person", to, ws.brief.people)
    name = ws.brief.people[to].name if to else ""
    latest = ws.storage.log.latest("unit.facts", str(given.told.unit))
    before = (latest.body["facts"] if latest else {}).get(fact)
    by_name = before in [person.name for person in ws.brief.people.values()]
    new = name if by_name else to
    stands = _handed_before(given, fact)
    if stands is not None and stands.body["correction"][fact] == new:
        made = given.feedback(stands.id, given.now, stands.at)
    else:
        beside = _id(ws, given.told.id, given.by, fact, len(given.spoken))
        made = given.feedback(beside, given.now, correction={fact: new})
        if given.held.by == given.by:
            made.append(claiming.giving(ws, given.told, given.held, given.by, given.now))
    return given.keep("wrong", made, "owner" if to else "owner_nobody", said={"name": name})


def _handed_before(given: _Given, fact: str) -> Event | None:
    """This person's hand-over on this very suggestion, where it is the one that counts."""
    with given.ws.tables.looking:
        view = desk(given.ws)
        view.gone(given.now)  # it catches up with the log
        counts = view.corrections.of(str(given.told.unit)).get(fact)
    return next((e for e in given.spoken if counts is not None and e.id == counts.feedback), None)


def _undone(given: _Given) -> Answered:
    """Back to how it stood before this person's last answer, with what came with that answer."""
    ws = given.ws
    made: list[Event] = []
    mine = [a for a in said(given.answers) if a.by == given.by]
    last = mine[-1] if mine else None
    spoken = given.spoken
    handed = [e for e in spoken if ws.brief.unit.owner and ws.brief.unit.owner in (e.body.get("correction") or {})]
    handed = [e for e in handed if ws.storage.log.find(final_id(e.id)) is None]
    if handed and (last is None or (handed[-1].at, handed[-1].seq) > last.order):
        spoken = handed[-1:]
    elif last is not None:
        spoken = [e for e in spoken if e.at == last.at or _beside(given, e, last)]
        made.append(given.event("undone", _id(ws, last.id), max(given.now, last.at)))
        if given.held.by == given.by and given.held.at == last.at:  # taken by this very answer
            made.append(claiming.giving(ws, given.told, given.held, given.by, given.now))
    else:
        mend = ws.texts.say("desk.nothing_to_undo_mend")
        raise Refused(ws.texts.say("desk.nothing_to_undo"), where="undo", mend=mend)
    made += [taken_back(ws, event, given.by) for event in spoken]
    return given.keep("undo", made, "undo")


def _beside(given: _Given, said: Event, answer: Answer) -> bool:
    """Whether words were added to that answer later."""
    written = _written(_words(said))
    return any(said.id == _id(given.ws, answer.id, written, n) for n in range(len(given.spoken)))


def _id(ws: Workspace, *parts: object) -> str:
    """The same for whoever presses twice, so that it counts once."""
    return str(uuid.uuid5(_SPACE, json.dumps((ws.name, *parts))))
