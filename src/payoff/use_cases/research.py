"""What people told us: plan a session, record it, mark words, tie themes, take words back, ask what is open.

The log is only ever added to: a change says everything anew about the note or quote it names (`of`). Words that
somebody withdraws are the exception; they are forgotten, and the count of them stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

from payoff.errors import BadInput, Conflict, Fault, Refused, Unknown
from payoff.notes.records import (
    ANSWERS,
    DID,
    KINDS,
    OWN,
    SESSIONS,
    STANCES,
    Answer,
    Did,
    Quote,
    Session,
    Stance,
    Task,
    Theme,
)
from payoff.notes.standing import standing
from payoff.notes.themes import plain
from payoff.records.time import day_of, to_micros
from payoff.use_cases.listening import Listening, Wanted
from payoff.use_cases.notes import written
from payoff.use_cases.withdrawing import still_there, tombstone, wordings

MOST_PEOPLE = 200
LONGEST_QUOTE = 2000


class Research(Listening):
    """What a researcher reads and writes, over one product."""

    def plan(
        self,
        about: str,
        day: date,
        *,
        by: str,
        invite: Mapping[str, int] | None = None,
        open_to_all: bool = False,
        questions: str = "",
        title: str = "",
        also: Sequence[Fault] = (),
    ) -> str:
        """A session to come; `questions` are own ones, a line each. Somebody is invited, or it is open to all.

        Raises `BadInput` with all faults at once; `also` were found while the form was read.
        """
        now, zone = self._ws.clock.now(), self._ws.brief.product.zone
        coming = {role: n for role, n in (invite or {}).items() if n}
        faults = [*also, *_people_faults(coming)]
        if not coming and not open_to_all:
            mend = "Write a number beside at least one role, or choose that everybody may come."
            faults.append(Fault("Whom to invite", "nobody is invited", mend))
        if about not in SESSIONS:
            faults.append(
                Fault("What it will be", f"{about!r} cannot be planned", f"There is: {', '.join(SESSIONS)}.")
            )
        if day < day_of(now, zone):
            mend = "Choose a day from today on; record a session that took place as a note."
            faults.append(Fault("Day", "it is over", mend))
        self._enforce("the plan", faults)
        body = self._body(about, questions.strip(), self._noon(day), title, coming)
        return self._append_note({**body, "planned": True}, by=by)

    def drop(self, plan: str, *, by: str) -> None:
        """A plan nobody will hold. Raises `Refused` for a session that took place."""
        found = self.session(plan)
        if not found.planned:
            raise Refused("it took place", where=f"note {plan}", mend="A note is kept as it was said.")
        self._append_note({**self._as_body(found), "of": plan, "dropped": True}, by=by)

    def record(
        self,
        about: str,
        text: str,
        *,
        by: str,
        day: date | None = None,
        attended: Mapping[str, int] | None = None,
        title: str = "",
        themes: Sequence[str] = (),
        release: str = "",
        answers: Sequence[Answer] = (),
        plan: str = "",
        at: datetime | None = None,
        also: Sequence[Fault] = (),
    ) -> str:
        """A session that took place, or a note of another kind; with `plan` in the place of that plan.

        `at` is for a history brought from elsewhere. Raises `BadInput` with all faults at once, `also` among them.
        """
        ws, came = self._ws, {role: n for role, n in (attended or {}).items() if n}
        now = at or ws.clock.now()
        held = self._noon(day) if day else now
        faults = [*also, *_people_faults(came)]
        if about not in KINDS:
            faults.append(Fault("What it was", f"{about!r} is no kind of note", f"There is: {', '.join(KINDS)}."))
        if day and day > day_of(now, ws.brief.product.zone):
            faults.append(Fault("Day", "it is still to come", "Plan the session, or give the day it was."))
        if not text.strip() and not answers:
            faults.append(Fault("What was said", "it is empty", "Write what was said."))
        faults += [
            Fault("What to ask", f"{a.state!r} is no answer", f"There is: {', '.join(ANSWERS)}.")
            for a in answers
            if a.state not in ANSWERS
        ]
        if release and release not in [r.id for r in ws.releases()]:
            known = ", ".join(r.id for r in ws.releases()) or "none yet"
            faults.append(Fault("Release it is about", f"there is no release {release!r}", f"There is: {known}."))
        if plan and not self.session(plan).planned:
            raise Refused(
                "this session was recorded already", where=f"note {plan}", mend="Open it, and add to it."
            )
        self._enforce("the note", faults)
        body = {
            **self._body(about, text.strip(), min(held, now), title, came),
            "themes": self._spelled(themes),
            "release": release or None,
            "answers": [asdict(answer) for answer in answers],
            "of": plan or None,
        }
        id = self._append_note(body, by=by, at=at)
        return plan or id

    def change(
        self,
        note: str,
        *,
        by: str,
        text: str | None = None,
        title: str | None = None,
        themes: Sequence[str] | None = None,
        attended: Mapping[str, int] | None = None,
        base: str = "",
        also: Sequence[Fault] = (),
    ) -> None:
        """Say a note anew; what is not given stays. Who said something keeps their code.

        Raises `BadInput` with all faults at once, `also` among them, and `Conflict` where the note's `version` is
        no longer `base`: a form that was opened before somebody's words were withdrawn would bring them back.
        """
        old = self.session(note)
        if base and base != self.version(note):
            mend = "Look at it as it is now, and write your change into that."
            raise Conflict("somebody changed this note meanwhile", where=f"note {note}", mend=mend)
        # Those written down first stay first: codes follow the order of the roles.
        came = (
            old.attended
            if attended is None
            else {r: attended[r] for r in [*old.attended, *attended] if r in attended}
        )
        new = replace(
            old,
            text=old.text if text is None else text.strip(),
            title=old.title if title is None else title.strip(),
            themes=old.themes if themes is None else tuple(self._spelled(themes)),
            attended={role: n for role, n in came.items() if n},
        )
        faults = [*also, *_people_faults(new.attended)]
        if not new.text and not new.planned and not new.answers:
            faults.append(Fault("What was said", "it is empty", "Write what was said."))
        used = {q.who: q.role for q in self.quotes(Wanted(note=note)) if q.who not in ("", OWN)}
        used |= {code: old.role_of(code) for task in old.tasks for code in task.results}
        for code, role in sorted(used.items()):
            if new.role_of(code) != role:
                now = new.role_of(code) or "nobody"
                what = f"{code} spoke as {role}, and would be {now} with these numbers"
                faults.append(Fault("Who came", what, "Add people to the last role only, or leave the numbers."))
        self._enforce("the note", faults)
        self._append_note({**self._as_body(new), "of": note}, by=by)

    def version(self, note: str) -> str:
        """A short mark of a note as it stands now."""
        said = json.dumps(self._as_body(self.session(note)), sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def task(self, note: str, task: str, results: Mapping[str, Did], *, by: str) -> bool:
        """What people (by code) did with one task of a prototype test: did, help, no; who is not among them did
        not try it. The same task again replaces what was kept of it; returns whether it did."""
        old, name = self.session(note), " ".join(task.split())
        faults = []
        if old.about != "prototype test" or old.planned:
            faults.append(
                Fault("The task", "only a prototype test that took place has tasks", "Record one first.")
            )
        if not name:
            faults.append(Fault("The task", "it is empty", "Write what they were asked to do."))
        if not results:
            faults.append(
                Fault(
                    "What each person did", "nobody tried it", "Say of at least one person what they did with it."
                )
            )
        codes = [p.code for p in old.people]
        for code, did in results.items():
            if code not in codes:
                faults.append(
                    Fault(
                        "What each person did", f"nobody was {code}", f"There is: {', '.join(codes) or 'nobody'}."
                    )
                )
            if did not in DID:
                faults.append(Fault(code, f"{did!r} is no result", f"There is: {', '.join(DID)}."))
        self._enforce("the task", faults)
        kept = [t for t in old.tasks if " ".join(t.task.split()).casefold() != name.casefold()]
        made = Task(name, dict(results))
        self._append_note({**self._as_body(replace(old, tasks=(*kept, made))), "of": note}, by=by)
        return len(kept) < len(old.tasks)

    def mark(
        self,
        note: str,
        text: str,
        *,
        by: str,
        who: str = "",
        themes: Sequence[str] = (),
        bears: Sequence[str] = (),
        stance: str = "",
        at: datetime | None = None,
        also: Sequence[Fault] = (),
    ) -> str:
        """Mark words somebody said; returns the quote's id. The same words of the same person count once.

        `who` is a code of the session, so that they can be taken back, or `OWN`: one's own observation.
        """
        body = self._quote_body(note, text, who, themes, bears, stance, also)
        for quote in self.quotes(Wanted(note=note)):
            if (quote.text, quote.who) == (body["text"], who) and not quote.withdrawn:
                return quote.id
        made = written(self._ws, "quote", body, by=by, at=at)
        self._ws.storage.log.append([made])
        return made.id

    def recode(
        self,
        quote: str,
        *,
        by: str,
        text: str,
        who: str = "",
        themes: Sequence[str] = (),
        bears: Sequence[str] = (),
        stance: str = "",
        also: Sequence[Fault] = (),
    ) -> None:
        """File a quote anew. Raises `Refused` for one that was withdrawn or taken out."""
        old = self._standing(quote)
        body = self._quote_body(old.note, text, who, themes, bears, stance, also)
        self._ws.storage.log.append([written(self._ws, "quote", {**body, "of": quote}, by=by)])

    def remove(self, quote: str, *, by: str) -> None:
        """Take out a quote that was marked by mistake: it counts nowhere, and stays on the record as taken out.

        Raises `Refused` for anybody but its author.
        """
        old = self._standing(quote)
        if old.by != by:
            author = self._ws.brief.people.get(old.by)
            name = author.name if author else old.by
            mend = f"Ask {name}, or file it anew."
            raise Refused(f"only {name}, who marked it, takes it out", where="the quote", mend=mend)
        body = {
            "note": old.note,
            "text": old.text,
            "who": old.who or None,
            "role": old.role or None,
            "themes": list(old.themes),
            "bears": list(old.bears),
            "against": None if not old.stance else old.stance == "against",
            "of": quote,
            "removed": True,
        }
        self._ws.storage.log.append([written(self._ws, "quote", body, by=by)])

    def tie(self, theme: str, on: str, *, by: str, why: str = "", at: datetime | None = None) -> None:
        """A theme bears on something from now on. Raises `Unknown` for either, `BadInput` for nothing chosen."""
        name = self.theme(theme).name
        if not on:
            raise BadInput("the tie", [Fault("What it bears on", "nothing is chosen", "Choose it from the list.")])
        known = [t.on for t in self.targets()]
        if on not in known:
            raise Unknown.among("thing to tie a theme to", on, known)
        self._theme_event({"theme": name, "bears": [on], "why": why.strip() or None}, by=by, at=at)

    def untie(self, theme: str, on: str, *, by: str) -> None:
        """A theme bears on something no longer."""
        self._theme_event({"theme": self.theme(theme).name, "untied": [on]}, by=by)

    def rename(self, theme: str, name: str, *, by: str) -> str:
        """Another name; with the name of another theme the two are one from now on. Returns the name."""
        new = plain(name)
        if not new:
            raise BadInput("the theme", [Fault("Its name", "it is empty", "Write a few letters.")])
        self._theme_event({"theme": self.theme(theme).name, "name": new}, by=by)
        return new

    def joined(self, theme: str, name: str) -> Theme | None:
        """The other theme that goes by this name already: with it, the two would be one."""
        kept, mine = self.kept(), self.theme(theme).name
        today = kept.names(plain(name))
        return next((t for t in kept.themes() if t.name == today != mine), None)

    def words_of(self, note: str, who: str) -> tuple[str, ...]:
        """Everything that was marked as said by one person of a session, in every wording."""
        return wordings(self._ws, [q for q in self._all_of(note) if q.who == who])

    def withdraw(self, note: str, who: str, *, by: str, text: str, title: str | None = None) -> int:
        """Somebody takes their words back: their quotes are forgotten, with every earlier wording of the note.

        What stays is `text` as the note's new text, and one entry for each quote with its themes and stance, to
        be counted apart. Returns how many quotes lost their words. Doing it again is harmless.

        Raises `BadInput` while any of the words would still be read: in the text, the title, or in a quote of the
        session that names nobody.
        """
        old = self.session(note)
        session = old if title is None else replace(old, title=title.strip())
        if not session.role_of(who):
            raise Unknown.among("person in this session", who, [p.code for p in session.people])
        every = self._all_of(note)
        said = self.words_of(note, who)
        self._enforce("their words", still_there(said, session, text, every))
        mine = [q for q in every if q.who == who or (q.removed and standing(said, q.text))]
        left = [tombstone(self._ws, q, by) for q in mine if not q.withdrawn]
        body = {**self._as_body(replace(session, text=text.strip())), "of": note}
        kept = written(self._ws, "note", body, by=by)
        gone = [*self._events_of("note", [note]), *self._events_of("quote", [q.id for q in mine])]
        # First what stays, then the forgetting: a stop in between loses nothing, and it can be done again.
        self._ws.storage.log.append([*left, kept])
        for unit in gone:
            self._ws.storage.log.forget(unit)
        return sum(q.counts for q in mine)

    # Within

    def _all_of(self, note: str) -> list[Quote]:
        """Every quote of a session, those taken out as well."""
        kept = self.kept()
        return [q for q in (*kept.quotes, *kept.removed) if q.note == note]

    def _standing(self, quote: str) -> Quote:
        """A quote that can still be filed anew. Raises `Refused`."""
        old = self.quote(quote)
        if old.withdrawn:
            raise Refused("its words were withdrawn", where=f"quote {quote}", mend="Only their count is kept.")
        if old.removed:
            raise Refused("it was taken out", where=f"quote {quote}", mend="Mark the words again.")
        return old

    def _noon(self, day: date) -> datetime:
        return datetime.combine(day, clock_time(12), ZoneInfo(self._ws.brief.product.zone))

    def _body(
        self, about: str, text: str, held: datetime, title: str, attended: Mapping[str, int]
    ) -> dict[str, Any]:
        return {
            "about": about,
            "text": text,
            "title": title.strip() or None,
            "held_us": to_micros(held),
            "attended": dict(attended),
        }

    def _as_body(self, s: Session) -> dict[str, Any]:
        return {
            **self._body(s.about, s.text, s.held, s.title, s.attended),
            "themes": list(s.themes),
            "release": s.release or None,
            "planned": s.planned or None,
            "answers": [asdict(a) for a in s.answers],
            "tasks": [asdict(t) for t in s.tasks],
            "decision": s.decision or None,
        }

    def _quote_body(
        self,
        note: str,
        text: str,
        who: str,
        themes: Sequence[str],
        bears: Sequence[str],
        stance: str,
        also: Sequence[Fault],
    ) -> dict[str, Any]:
        session, words = self.session(note), text.strip()
        known = {t.on for t in self.targets()}
        faults = [*also]
        if session.planned:
            faults.append(Fault("The session", "it is still to come", "Record it first."))
        if not words:
            faults.append(Fault("Words somebody said", "nothing was said", "Write the words as they were said."))
        if len(words) > LONGEST_QUOTE:
            mend = f"Mark up to {LONGEST_QUOTE:,}; several quotes are easier to find than a long one."
            faults.append(Fault("Words somebody said", f"{len(words):,} characters", mend))
        if not who:
            mend = "Choose somebody of the session, or that it is your own observation."
            faults.append(Fault("Who said it", "nobody is chosen, so nobody could take it back", mend))
        elif who != OWN and not session.role_of(who):
            there = ", ".join(p.code for p in session.people) or "nobody"
            faults.append(Fault("Who said it", f"nobody in this session was {who}", f"There is: {there}."))
        faults += [
            Fault("Bears on", f"there is no {on!r}", "Choose one from the list.")
            for on in bears
            if on not in known
        ]
        if stance not in STANCES:
            faults.append(Fault("For or against it", f"{stance!r} is none", "Choose for, against, or neither."))
        elif stance and not bears:
            faults.append(Fault("Bears on", f"it is {stance} nothing", "Choose what it bears on."))
        self._enforce("the quote", faults)
        side: Stance = stance  # type: ignore[assignment]
        return {
            "note": note,
            "text": words,
            "who": who,
            "role": session.role_of(who) or None,
            "themes": self._spelled(themes),
            "bears": list(dict.fromkeys(bears)),
            "against": None if not side else side == "against",
        }

    def _events_of(self, kind: str, roots: Sequence[str]) -> list[str]:
        """The units under which every wording of these notes or quotes can be forgotten."""
        rows = self._ws.tables.arrow(kind).select(["id", "of", "unit"]).to_pylist()
        return [row["unit"] for row in rows if row["unit"] and (row["of"] or row["id"]) in roots]

    def _spelled(self, themes: Sequence[str]) -> list[str]:
        """Themes in the spelling they have already."""
        known = {theme.name.casefold(): theme.name for theme in self.themes()}
        wanted = [plain(name) for name in themes]
        return list(dict.fromkeys(known.get(name.casefold(), name) for name in wanted if name))

    def _append_note(self, body: Mapping[str, Any], *, by: str, at: datetime | None = None) -> str:
        made = written(self._ws, "note", body, by=by, at=at)
        self._ws.storage.log.append([made])
        return made.id

    def _theme_event(self, body: Mapping[str, Any], *, by: str, at: datetime | None = None) -> None:
        self._ws.storage.log.append([self._ws.event("theme", body, at=at or self._ws.clock.now(), actor=by)])

    @staticmethod
    def _enforce(what: str, faults: Sequence[Fault]) -> None:
        if faults:
            raise BadInput(what, faults)


def _people_faults(attended: Mapping[str, int]) -> list[Fault]:
    faults = [
        Fault(role or "role", f"{n} people", f"Give a number from 0 to {MOST_PEOPLE}.")
        for role, n in attended.items()
        if not 0 <= n <= MOST_PEOPLE
    ]
    if any(n and not role.strip() for role, n in attended.items()):
        faults.append(Fault("role", "it has no name", "Name the role of their job."))
    return faults
