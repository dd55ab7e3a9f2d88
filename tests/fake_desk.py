"""The desk of the plain product: answers are kept in a list, and the same rules say which of them stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from payoff.errors import Refused, Unknown
from payoff.feedback.items import FINAL, FeedbackItem
from payoff.log.responses import Answer, current, reasoned, said
from payoff.records.days import morning
from payoff.use_cases.answered import GivenAnswer, _fate
from payoff.use_cases.answering import Answered
from payoff.use_cases.claiming import Taken

_WHAT = {
    "earlier": "dismissed",
    "no_answer": "snoozed",
    "not_now": "snoozed",
    "wrong": "dismissed",
    "undo": "undone",
}


class FakeDesk:
    """For `FakeProduct`, which has `items`, `clock`, `recorded`, `feedback` and `_feedback`."""

    def answer(self: Any, suggestion: str, what: str, by: str, /, **more: Any) -> Answered:
        self.storage.log.head()
        at = next((i for i, item in enumerate(self.items) if item.suggestion.id == suggestion), None)
        if at is None:
            raise Unknown(f"no suggestion {suggestion!r}", mend="Use the id that `suggest` returned.")
        item, now = self.items[at], self.clock.now()
        if what == "take" and item.taken_by not in ("", by):
            raise Taken(f"{item.taken_by} took this one", by=item.taken_by, since=now, mend="It stays with them.")
        if what in ("take", "give_back"):
            self.items[at] = replace(item, taken_by=by if what == "take" else "", taken_at=now)
            return Answered(suggestion, item.unit, what, now, False, "")  # type: ignore[arg-type]
        if what == "wrong" and more.get("reason") == "owner":
            id = self.feedback(suggestion, by=by, correction={"owner": more.get("instead") or ""})
            return Answered(suggestion, item.unit, what, now, False, "", feedback=id)  # type: ignore[arg-type]
        kept = said(self.answers[suggestion])
        if what == "undo" and not [a for a in kept if a.by == by]:
            raise Refused("there is nothing of yours to take back here", mend="Answer it first.")
        until = more.get("until")
        back = morning(until, "UTC") if isinstance(until, date) and not isinstance(until, datetime) else until
        code = {"wrong": more.get("reason"), "earlier": "already", "no_answer": "nobody"}.get(what)
        why = reasoned(code, more.get("comment", "")) if code else more.get("reason", "")
        self._number += 1
        seq = self._number
        made = Answer(f"a{seq}", seq, now, _WHAT.get(what, what), by, why, back or now + timedelta(days=1))
        self.answers[suggestion].append(made)
        self.answered.append((suggestion, what, by, {k: v for k, v in more.items() if v}))
        return Answered(suggestion, item.unit, what, now, made.what in ("done", "dismissed"), "", made.until)  # type: ignore[arg-type]

    def standing(self: Any, suggestion: str) -> str:
        """What counts now: done, dismissed, snoozed, accepted or nothing."""
        counts = current(self.answers[suggestion])
        return counts.what if counts else ""

    def answers_by(self: Any, person: str, /) -> list[GivenAnswer]:
        say = {item.suggestion.id: (item.unit, item.suggestion.say) for item in self.items}
        found = []
        for key, given in self.answers.items():
            for answer in given:
                if answer.by == person and answer.what != "undone":
                    fate, last, by = _fate(answer, given)
                    found.append(
                        GivenAnswer(
                            key, *say[key], answer.what, answer.why, answer.until, answer.at, fate, last, by
                        )
                    )
        return found[::-1]

    def told(self: Any, items: Sequence[FeedbackItem], by: str, /) -> int:
        fresh = {i.id for i in items if i.by == by and i.state in FINAL and i.told_at is None}
        now = self.clock.now()
        self._feedback = [replace(f, told_at=now) if f.id in fresh else f for f in self._feedback]
        return len(fresh)

    def take_back(self: Any, feedback: str, by: str, /) -> None:
        at = next(i for i, f in enumerate(self._feedback) if f.id == feedback and f.by == by)
        words, now = "You took this back yourself.", self.clock.now()
        gone = {"state": "declined", "reply": words, "decided_by": by, "decided_at": now}
        self._feedback[at] = replace(self._feedback[at], **gone)

    def unread(self: Any, person: str, /) -> int:
        return sum(f.by == person and f.state in FINAL and f.told_at is None for f in self._feedback)

    def thumbs(self: Any, person: str, /) -> Mapping[str, int]:
        return {f.suggestion: f.thumb for f in self._feedback if f.by == person and f.thumb}

    def last_words(self: Any, units: Sequence[str], /) -> Mapping[str, FeedbackItem]:
        said = [f for f in self._feedback if f.unit in units and (f.text or f.correction)]
        return {item.unit: item for item in said}

    def facts_now(self: Any, units: Sequence[str], /) -> Mapping[str, Mapping[str, Any]]:
        return {item.unit: item.facts for item in self.items if item.unit in units}


def no_answers() -> dict[str, list[Answer]]:
    return defaultdict(list)
