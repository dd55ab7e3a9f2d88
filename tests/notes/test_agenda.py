"""The agenda: what is open, said aloud, each with where it comes from; what was answered is not asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from payoff.notes.agenda import Apart, Doubted, Openings, Said, Unclear, agenda
from payoff.notes.records import Answer, AnswerState, Session
from payoff.texts import Texts

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OPEN = Openings(
    brief=["success"],
    said=[Said("f1", "no phone number", declined=False), Said("f2", "too many mails", declined=True)],
    unclear=[Unclear("r1", "The right next step", "left", "Left within 60 days", "41 of 120 outcomes known")],
    doubted=[Doubted("call", "Set-up call", 12, 80)],
    own=["What surprised you?"],
)


def asked(state: AnswerState, *, days: int = 0, planned: bool = False, key: str = "action.call") -> Session:
    at = NOON + timedelta(days=days)
    said = (Answer(key, "?", state),)
    return Session("s", "focus group", "", "t", "i", at, at, answers=said, planned=planned)


def keys(*sessions: Session, open_: Openings = OPEN) -> list[str]:
    return [item.key for item in agenda(open_, sessions, Texts())]


def test_every_question_says_where_it_comes_from_and_leads_there() -> None:
    found = {item.key: item for item in agenda(OPEN, [], Texts())}
    assert next(iter(found)) == "own.What surprised you?"
    said = "“Set-up call” was answered with a no 12 times in 80 that were seen; thumbs are counted apart."
    assert found["action.call"].because == said
    assert found["action.call"].href == "/playbook#a-call"
    assert "too many mails" in found["feedback.f2"].question
    assert found["feedback.f2"].because != found["feedback.f1"].because
    assert found["metric.r1.left"].href == "/board?release=r1"
    assert "41 of 120" in found["metric.r1.left"].because
    assert found["brief.success"].question.endswith("?")


def test_what_was_answered_is_not_asked_again_and_what_was_partly_is() -> None:
    assert "action.call" not in keys(asked("answered"))
    partly = {i.key: i.before for i in agenda(OPEN, [asked("partly")], Texts())}
    assert partly["action.call"] == "partly"
    assert "action.call" in keys(asked("not asked"))
    assert "action.call" in keys(asked("answered", planned=True)), "a plan answers nothing"


def test_the_newest_word_on_a_question_holds() -> None:
    assert "action.call" in keys(asked("partly", days=3), asked("answered"))
    assert "action.call" not in keys(asked("answered", days=3), asked("partly"), asked("not asked", days=9))


def test_only_those_who_come_are_asked_what_their_role_could_answer() -> None:
    apart = [
        Apart(("call", "mail"), ("Call", "Mail"), "IT admin", ("IT admin",)),
        Apart(("call", "mail"), ("Call", "Mail"), "everybody"),
    ]
    open_ = Openings(apart=apart, doubted=[Doubted("call", "Call", 9, 20, ("founder", "HR manager"))])

    def coming(*roles: str) -> list[str]:
        return [item.key for item in agenda(open_, [], Texts(), roles)]

    assert len(coming()) == 3, "open to all: everything is asked"
    assert coming("payroll lead", "Founder") == ["action.call", "label.call.mail.everybody"]
    assert coming("IT admin") == ["label.call.mail.IT admin", "label.call.mail.everybody"]


def test_an_hour_is_short() -> None:
    many = Openings(said=[Said(f"f{i}", str(i), declined=False) for i in range(9)], own=[str(i) for i in range(9)])
    found = keys(open_=many)
    assert sum(key.startswith("feedback") for key in found) == 3
    assert sum(key.startswith("own") for key in found) == 9, "what somebody wrote themselves is all asked"
