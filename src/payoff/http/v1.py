"""The addresses programs use, under `/v1`. They say the same as the pages, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator

from payoff.errors import BadInput, Fault
from payoff.http.pages.board import choose
from payoff.http.session import Forbidden, House, house, permitted, person
from payoff.people.person import Person
from payoff.records.releases import Release
from payoff.use_cases.pressing import may_answer
from payoff.web.product import Decision

router = APIRouter(prefix="/v1", dependencies=[Depends(permitted)])
House_ = Annotated[House, Depends(house)]
Person_ = Annotated[Person, Depends(person)]
MOST_UNITS = 500
MOST_EVENTS = 1000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Units(_Body):
    """`unit` for one, `units` for many."""

    unit: str | None = Field(None, min_length=1, max_length=500)
    units: list[str] | None = Field(None, min_length=1, max_length=MOST_UNITS)

    @model_validator(mode="after")
    def one_of_them(self) -> Units:
        if (self.unit is None) == (self.units is None):
            raise ValueError("give `unit` for one, or `units` for many")
        return self


class Events(_Body):
    """A batch; every item is answered for itself."""

    events: list[dict[str, Any]] = Field(max_length=MOST_EVENTS)


class Chosen(_Body):
    """A decision on a release, with its reason."""

    chosen: Literal["promote", "ship unproven", "hold", "roll back"]
    why: str = Field(min_length=1, max_length=2000)


class Said(_Body):
    """Feedback on a suggestion or a unit."""

    suggestion: str | None = None
    unit: str | None = None
    thumb: Literal[-1, 1] | None = None
    correction: dict[str, str | int | float | bool | None] | None = None
    problem: str | None = Field(None, max_length=4000)
    idea: str | None = Field(None, max_length=4000)
    comment: str | None = Field(None, max_length=4000)


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(at: House_) -> dict[str, Any]:
    """The log answers too; 503 otherwise."""
    return {"status": "ready", "product": at.product.name, "head": at.product.storage.log.head()}


@router.post("/suggestions")
def suggestions(at: House_, body: Units) -> dict[str, Any]:
    """One suggestion for each unit, already in the log."""
    if body.unit is not None:
        return at.product.suggest(body.unit).as_dict()
    return {"suggestions": [said.as_dict() for said in at.product.decide(body.units or [])]}


@router.post("/events")
def events(at: House_, body: Events) -> dict[str, Any]:
    """Each event answered: stored, duplicate, conflict or refused (with why). Kept when this returns."""
    answers = at.product.events(body.events)
    return {"answers": [{"id": key, "state": state, "why": why} for key, state, why in answers]}


@router.get("/scorecards/{release}")
def scorecard(at: House_, release: str) -> dict[str, Any]:
    """All three levels and the verdict; `stream` for being in care at all."""
    made = at.cards(release)
    return {**made.card.as_dict(), "verdict": made.verdict.as_dict()}


@router.get("/releases")
def releases(at: House_) -> dict[str, Any]:
    """Every release with its way so far and what was decided on it."""
    decided = at.product.decisions()
    return {"releases": [_release(r, [d for d in decided if d.release == r.id]) for r in at.product.releases()]}


@router.post("/releases/{release}/decisions")
def decide(at: House_, who: Person_, release: str, body: Chosen) -> dict[str, Any]:
    """Promote, ship unproven, hold or roll back; the reason is kept for good."""
    choose(at, who, release, body.chosen, body.why)
    now = next(r for r in at.product.releases() if r.id == release)
    return _release(now, at.product.decisions(release))


@router.get("/feedback")
def feedback(at: House_, state: str = "", kind: str = "", limit: int = 100) -> dict[str, Any]:
    """What people said, newest first, each with its fate."""
    shown = [i for i in at.product.inbox() if state in ("", i.state) and kind in ("", *i.kinds)]
    return {"feedback": [{**asdict(i), "kind": i.kind} for i in shown[: max(0, min(limit, 1000))]]}


@router.post("/feedback", status_code=201)
def say(at: House_, who: Person_, body: Said) -> dict[str, str]:
    """Keep what somebody said; under its id they hear what became of it. Who may not answer corrects nothing."""
    if body.correction and not may_answer(who):
        raise Forbidden(
            f"{who.name} may not correct what is known", where="correction", mend="Say it in words: `comment`."
        )
    if body.suggestion is None and body.unit is None:
        raise BadInput("feedback", [Fault("unit", "about nothing", "Give a suggestion or a unit.")])
    given = body.model_dump(exclude={"suggestion"})
    return {"id": at.product.feedback(body.suggestion, by=who.id, **given)}


def _release(release: Release, decided: list[Decision] | Any) -> dict[str, Any]:
    return {
        "id": release.id,
        "title": release.title,
        "stage": release.stage,
        "share": release.share,
        "against": release.against,
        "unproven": release.unproven,
        "recipe": dict(release.recipe),
        "moves": [{**asdict(m), "at": _iso(m.at)} for m in release.moves],
        "decisions": [
            {"chosen": d.chosen, "word": d.word, "why": d.why, "by": d.by, "at": _iso(d.at)} for d in decided
        ],
    }


def _iso(at: datetime) -> str:
    return at.isoformat()
