"""Notes: plan and record sessions, mark quotes, tie themes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote as escaped

from fastapi import Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from payoff.errors import BadInput, Fault, PayoffError, Unknown
from payoff.http.pages.documents import mark_of, problems_of, status_of
from payoff.http.pages.shared import Field, Given, House_, Person_, Text, back, pages, show
from payoff.http.session import House
from payoff.notes.contacts import contacts
from payoff.notes.records import Answer
from payoff.notes.themes import split
from payoff.people.person import Person
from payoff.use_cases.listening import Wanted
from payoff.web.pages import notes as views
from payoff.web.pages import notes_quotes as quoted
from payoff.web.pages import notes_session as sessions
from payoff.web.pages.notes_words import theme_path
from payoff.web.tables import table as csv_of

router = pages()
Long = Annotated[str, Form(max_length=200_000)]
"""An interview; what is too long for a quote is told in the form."""
Titled = Annotated[str | None, Form(max_length=2000)]
_CAME, _INVITED = "Write how many came: for example 4.", "Write how many to invite: for example 4."
_SAID, _QUESTIONS, _WORDS = "What was said", "Your own questions", "Words somebody said"


def _asked(theme: Text = "", role: Text = "", on: Text = "", stance: Text = "", text: Text = "") -> Wanted:
    """Which quotes the address asks for."""
    return Wanted(theme, role, on, stance, text)


Asked = Annotated[Wanted, Depends(_asked)]


@router.get("/notes")
def notes(
    at: House_,
    who: Person_,
    kind: Text = "",
    role: Text = "",
    theme: Text = "",
    text: Text = "",
    said: Text = "",
) -> HTMLResponse:
    filters = views.Filters(kind, role, theme, text)
    return show(at, who, "notes", views.notes(at.product, who, at.cards.newest, filters), said=said)


@router.get("/notes/agenda")
def agenda(at: House_, who: Person_, plan: Text = "") -> HTMLResponse:
    return show(at, who, "agenda", views.agenda(at.product, plan, at.cards.newest), here="notes")


@router.get("/notes/plan")
def planned(at: House_, who: Person_) -> HTMLResponse:
    return show(at, who, "note_form", views.form(at.product, planning=True, card=at.cards.newest), here="notes")


@router.post("/notes/plan")
def plan(at: House_, who: Person_, given: Given) -> Response:
    """A session to come, with the roles to invite and questions of one's own."""
    found = _contacts(_QUESTIONS, given)
    day, no_day = _day(given)
    invite, no_numbers = _roles(given, _INVITED)
    try:
        at.product.research.plan(
            given.get("about", ""),
            day or date.max,
            by=who.id,
            invite=invite,
            # A number nobody can read invites somebody: that nobody is invited is not said on top of it.
            open_to_all=bool(given.get("open") or no_numbers),
            questions=given.get("text", ""),
            title=given.get("title", ""),
            also=[*no_day, *no_numbers, *found.faults],
        )
    except PayoffError as error:
        return _again(at, who, error, planning=True, values={**given, "confirmed": found.mark})
    return back("/notes", "noted")


@router.get("/notes/new")
def fresh(at: House_, who: Person_, plan: Text = "") -> HTMLResponse:
    return show(at, who, "note_form", views.form(at.product, plan=plan, card=at.cards.newest), here="notes")


@router.post("/notes/new")
def record(at: House_, who: Person_, given: Given) -> Response:
    """A session that took place, or another note; from a plan, with what became of its questions."""
    found = _contacts(_SAID, given)
    day, no_day = _day(given)
    came, no_numbers = _roles(given, _CAME)
    asked = [
        Answer(key.removeprefix("answer."), given.get(f"ask.{key.removeprefix('answer.')}", ""), value)  # type: ignore[arg-type]
        for key, value in given.items()
        if key.startswith("answer.") and value
    ]
    try:
        id = at.product.research.record(
            given.get("about", ""),
            given.get("text", ""),
            by=who.id,
            day=day,
            attended=came,
            title=given.get("title", ""),
            themes=split(given.get("themes", "")),
            release=given.get("release", ""),
            answers=asked,
            plan=given.get("plan", ""),
            also=[*no_day, *no_numbers, *found.faults],
        )
    except PayoffError as error:
        values = {**given, "confirmed": found.mark}
        return _again(at, who, error, plan=given.get("plan", ""), values=values)
    return back(_session(id), "noted")


@router.get("/notes/sessions/{note}")
def session(at: House_, who: Person_, note: str, said: Text = "", gone: Text = "") -> HTMLResponse:
    seen = sessions.session(at.product, who, note, at.cards.newest, gone=gone)
    return show(at, who, "note", seen, here="notes", said=said)


@router.post("/notes/sessions/{note}/quotes")
def mark(
    at: House_,
    who: Person_,
    note: str,
    text: Long,
    code: Field = "",
    themes: Field = "",
    bears: Field = "",
    stance: Field = "",
    confirmed: Field = "",
) -> Response:
    """Words somebody said, under themes, for or against something."""
    found = _contacts(_WORDS, {"text": text, "confirmed": confirmed}, button="Add the quote")
    typed = sessions.Typed(text, code, themes, bears, stance, found.mark)
    try:
        at.product.research.mark(note, text, by=who.id, also=found.faults, **_filing(typed))
    except PayoffError as error:
        return _session_again(at, who, note, error, typed=typed)
    return back(_session(note), "noted", "quotes")


@router.post("/notes/quotes/{quote_id}")
def recode(
    at: House_,
    who: Person_,
    quote_id: str,
    text: Long,
    code: Field = "",
    themes: Field = "",
    bears: Field = "",
    stance: Field = "",
    confirmed: Field = "",
) -> Response:
    """The same words filed anew."""
    research = at.product.research
    old = research.quote(quote_id)
    note, found = old.note, _contacts(_WORDS, {"text": text, "confirmed": confirmed}, old.text)
    typed = sessions.Typed(text, code, themes, bears, stance, found.mark)
    try:
        research.recode(quote_id, by=who.id, text=text, also=found.faults, **_filing(typed))
    except BadInput as error:
        return _session_again(at, who, note, error, typed=typed, anew=quote_id)
    except PayoffError as error:
        return _session_again(at, who, note, error)
    return back(_session(note), "noted", f"q-{quote_id}")


@router.post("/notes/quotes/{quote_id}/remove")
def remove(at: House_, who: Person_, quote_id: str) -> Response:
    """A quote that was marked by mistake, taken out by its author."""
    research = at.product.research
    note = research.quote(quote_id).note
    try:
        research.remove(quote_id, by=who.id)
    except PayoffError as error:
        return _session_again(at, who, note, error)
    return back(_session(note), "quote_removed", "quotes")


@router.post("/notes/sessions/{note}/tasks")
def task(at: House_, who: Person_, note: str, given: Given) -> Response:
    """What each person did with one task of a prototype test."""
    results: dict[str, Any] = {k.removeprefix("did."): v for k, v in given.items() if k.startswith("did.") and v}
    try:
        replaced = at.product.research.task(note, given.get("task", ""), results, by=who.id)
    except PayoffError as error:
        return _session_again(at, who, note, error)
    return back(_session(note), "task_replaced" if replaced else "noted", "tasks")


@router.post("/notes/sessions/{note}/change")
def change(at: House_, who: Person_, note: str, given: Given) -> Response:
    """The note said anew: its title, text, themes, and who came."""
    old = at.product.research.session(note)
    found = _contacts(_QUESTIONS if old.planned else _SAID, given, f"{old.title}\n{old.text}")
    came, no_numbers = _roles(given, _INVITED if old.planned else _CAME)
    try:
        at.product.research.change(
            note,
            by=who.id,
            text=given.get("text"),
            title=given.get("title"),
            themes=split(given["themes"]) if "themes" in given else None,
            attended=came if any(name.startswith("role.") for name in given) else None,
            base=given.get("base", ""),
            also=[*no_numbers, *found.faults],
        )
    except BadInput as error:
        return _session_again(at, who, note, error, changed={**given, "confirmed": found.mark})
    except PayoffError as error:
        # What was typed is not shown again: it may hold words that were taken back meanwhile.
        return _session_again(at, who, note, error)
    return back(_session(note), "noted")


@router.post("/notes/sessions/{note}/drop")
def drop(at: House_, who: Person_, note: str) -> RedirectResponse:
    """A planned session that will not take place."""
    at.product.research.drop(note, by=who.id)
    return back("/notes", "cancelled")


@router.post("/notes/sessions/{note}/withdraw")
def withdraw(
    at: House_, who: Person_, note: str, code: Field = "", text: Long = "", title: Titled = None
) -> Response:
    """Somebody takes their words back: the words go, and are counted apart from those that stand."""
    try:
        if not code:
            raise BadInput("their words", [Fault("Who said it", "nobody is chosen", "Choose whose words go.")])
        at.product.research.withdraw(note, code, by=who.id, text=text, title=title)
    except BadInput as error:
        return _session_again(at, who, note, error, taken=sessions.Taken(code, text, title))
    return back(f"{_session(note)}?gone={escaped(code)}", "")


@router.get("/notes/quotes")
def quotes(at: House_, who: Person_, asked: Asked) -> HTMLResponse:
    return show(at, who, "quotes", quoted.quotes(at.product, asked), here="notes")


@router.get("/notes/quotes.csv")
def table(at: House_, asked: Asked) -> Response:
    """The same as a table no spreadsheet takes for a formula."""
    made = csv_of(*quoted.rows(at.product, asked))
    headers = {"Content-Disposition": 'attachment; filename="quotes.csv"'}
    return Response("\ufeff" + made, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/notes/themes/{theme}")
def theme(at: House_, who: Person_, theme: str, said: Text = "") -> HTMLResponse:
    return show(at, who, "theme", quoted.theme(at.product, who, theme), here="notes", said=said)


@router.post("/notes/themes/{theme}")
def tie(at: House_, who: Person_, theme: str, on: Field = "", why: Field = "") -> Response:
    """The theme bears on something from now on."""
    try:
        at.product.research.tie(theme, on, by=who.id, why=why)
    except BadInput as error:
        seen = quoted.theme(at.product, who, theme, problems=problems_of(error), why=why)
        return show(at, who, "theme", seen, here="notes", status=status_of(error))
    return back(theme_path(theme), "noted")


@router.post("/notes/themes/{theme}/untie")
def untie(at: House_, who: Person_, theme: str, on: Field) -> RedirectResponse:
    """The theme bears on it no longer."""
    at.product.research.untie(theme, on, by=who.id)
    return back(theme_path(theme), "noted")


@router.post("/notes/themes/{theme}/rename")
def rename(at: House_, who: Person_, theme: str, name: Field, join: Field = "") -> Response:
    """Another name; with that of another theme, which is asked about, the two are one from now on."""
    other = at.product.research.joined(theme, name)
    if other and join != other.name:
        return show(at, who, "theme", quoted.theme(at.product, who, theme, other=other), here="notes")
    try:
        new = at.product.research.rename(theme, name, by=who.id)
    except BadInput as error:
        seen = quoted.theme(at.product, who, theme, problems=problems_of(error))
        return show(at, who, "theme", seen, here="notes", status=status_of(error))
    return back(theme_path(new), "noted")


def _session(note: str) -> str:
    return f"/notes/sessions/{escaped(note)}"


def _filing(typed: sessions.Typed) -> dict[str, Any]:
    """How a quote's form files it."""
    return {
        "who": typed.who,
        "themes": split(typed.themes),
        "bears": [typed.on] if typed.on else [],
        "stance": typed.stance,
    }


def _session_again(at: House, who: Person, note: str, error: PayoffError, **more: Any) -> HTMLResponse:
    """The session with what stands in the way, and the words that were typed."""
    if isinstance(error, Unknown):
        raise error
    seen = sessions.session(at.product, who, note, at.cards.newest, problems=problems_of(error), **more)
    return show(at, who, "note", seen, here="notes", status=status_of(error))


class _Found(NamedTuple):
    """Addresses and numbers in what was typed: faults until the form says with their mark that they stay."""

    faults: list[Fault]
    mark: str


def _contacts(label: str, given: Mapping[str, str], before: str = "", button: str = "Keep") -> _Found:
    """Those in a form's title and in its text, which goes by `label`; what stood there `before` was asked once."""
    found = [
        (where, kind, words)
        for where, typed in (("Title", given.get("title", "")), (label, given.get("text", "")))
        for kind, words in contacts(typed)
        if words not in before
    ]
    mark = mark_of(*(words for _, _, words in found)) if found else ""
    mend = f"Leave it out, or press “{button}” once more to keep it as it is."
    asked = bool(found) and given.get("confirmed", "") != mark
    return _Found([Fault(w, f"it holds {kind}, {words}", mend) for w, kind, words in found] if asked else [], mark)


def _day(given: dict[str, str]) -> tuple[date | None, list[Fault]]:
    """The day of a form, or what is wrong with it."""
    typed = given.get("day", "")
    try:
        return date.fromisoformat(typed), []
    except ValueError:
        what = f"“{typed[:40]}” is no day" if typed else "it is empty"
        return None, [Fault("Day", what, "Choose it, or write it like 2026-11-25.")]


def _roles(given: dict[str, str], mend: str) -> tuple[dict[str, int], list[Fault]]:
    """How many of each role, and what is no number; `mend` says what to write."""
    roles, faults = {}, []
    for name, text in given.items():
        role, typed = name.removeprefix("role."), text.strip()
        if role == name or not typed:
            continue
        if typed.isdecimal():
            roles[role] = int(typed)
        else:
            faults.append(Fault(role, f"“{typed[:40]}” is no number of people", mend))
    return roles, faults


def _again(at: House, who: Person, error: PayoffError, **more: Any) -> HTMLResponse:
    """The form with everything that was written, and what stands in the way."""
    seen = views.form(at.product, card=at.cards.newest, problems=problems_of(error), **more)
    return show(at, who, "note_form", seen, here="notes", status=status_of(error))
