"""What one version of the brief or the playbook changed, in words: "Set-up call: expected +12 → +10 points"."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from payoff.brief.conditions import written
from payoff.brief.editing import BRIEF, PLAYBOOK
from payoff.brief.read import read_brief, read_playbook
from payoff.brief.schema import OPEN, Brief, Playbook, PlaybookAction
from payoff.errors import BriefFaults
from payoff.records.money import Money
from payoff.texts import Texts
from payoff.use_cases.consequences import figure
from payoff.web.pages.desk import words

_SHOWN = 6
"""Changes of one version that are named; of more, how many more."""
_LONGEST = 160
_WORD = 40
"""Longer texts are sentences: they are not set beside each other."""


def changed(texts: Texts, name: str, before: str, after: str, *, currency: str) -> tuple[str, ...]:
    """What one text changed against the one before it ("" for the first); words for one that cannot be read."""
    try:
        if not before:
            return (
                texts.say(f"documents.first_{'playbook' if name == PLAYBOOK else 'brief'}", n=_many(name, after)),
            )
        if name == PLAYBOOK:
            said = list(_playbook(texts, _playbooks(before), _playbooks(after), currency))
        else:
            said = list(_brief(texts, _briefs(before), _briefs(after)))
    except BriefFaults:
        return (texts.say("documents.unreadable"),)
    if not said:
        return (texts.say("documents.only_form" if before != after else "documents.nothing"),)
    rest = len(said) - _SHOWN
    return (*said[:_SHOWN], *([texts.say("documents.and_more", n=rest)] if rest > 0 else []))


def _many(name: str, text: str) -> int:
    return len(_playbooks(text).actions if name == PLAYBOOK else _briefs(text).metrics)


@functools.lru_cache(256)
def _playbooks(text: str) -> Playbook:
    return read_playbook(text, PLAYBOOK)


@functools.lru_cache(64)
def _briefs(text: str) -> Brief:
    return read_brief(text, BRIEF)


def _playbook(texts: Texts, old: Playbook, new: Playbook, currency: str) -> Iterator[str]:
    say = texts.say
    before, after = ({a.id: a for a in one.actions} for one in (old, new))
    for id, action in after.items():
        name = action.name or words(id)
        if id not in before:
            yield say("documents.c_new", name=name)
            continue
        for field in PlaybookAction.model_fields:
            was, now = getattr(before[id], field), getattr(action, field)
            if was == now:
                continue
            if field in ("tell", "tell_why"):
                yield say("documents.c_tell", name=name)
                continue
            if field in ("say", "why"):
                yield _words(texts, name, say(f"documents.c_{field}"), was, now)
                continue
            shown = [_of_action(texts, field, value, currency) for value in (was, now)]
            yield say(
                "documents.c_of", name=name, what=say(f"documents.c_{field}"), before=shown[0], after=shown[1]
            )
    for id, action in before.items():
        if id not in after:
            yield say("documents.c_retired", name=action.name or words(id))


def _of_action(texts: Texts, field: str, value: Any, currency: str) -> str:
    if field in ("expects", "unsure") and value is not None:
        digits = 0 if abs(value * 100 - round(value * 100)) < 1e-9 else 1
        return texts.points(value, digits=digits, sign=field == "expects")
    if field == "cost":
        return texts.money(Money.of(value, currency))
    if field == "when":
        return "; ".join(written(value)) or texts.say("documents.c_everybody")
    if field in ("roles", "industries"):
        return ", ".join(value) or texts.say("documents.c_all")
    return _plain(texts, value)


def _brief(texts: Texts, old: Brief, new: Brief) -> Iterator[str]:
    yield from _metrics(texts, old, new)
    for part in Brief.model_fields:
        if part in ("metrics", "schema_"):
            continue
        yield from _part(texts, part, getattr(old, part), getattr(new, part))


def _metrics(texts: Texts, old: Brief, new: Brief) -> Iterator[str]:
    say = texts.say
    before, after = ({m.name: m for m in one.metrics} for one in (old, new))
    for name, metric in after.items():
        label = metric.label or words(name)
        if name not in before:
            yield say("documents.c_new", name=label)
            continue
        for field in type(metric).model_fields:
            was, now = getattr(before[name], field), getattr(metric, field)
            if was == now:
                continue
            if field in ("target", "margin"):
                shown = [figure(texts, one, m, v) for one, m, v in ((old, before[name], was), (new, metric, now))]
                what = say(f"briefpage.{field}")
            else:
                shown, what = [_plain(texts, value) for value in (was, now)], words(field)
            yield say("documents.c_of", name=label, what=what, before=shown[0], after=shown[1])
    for name, metric in before.items():
        if name not in after:
            yield say("documents.c_gone", name=metric.label or words(name))


def _part(texts: Texts, part: str, was: Any, now: Any) -> Iterator[str]:
    """One table of the brief; a table of tables by its entries, anything deeper by its name alone."""
    say, key = texts.say, f"documents.p_{part}"
    name = say(key) if texts.knows(key) else words(part)
    if was == now:
        return
    if isinstance(now, BaseModel) and isinstance(was, BaseModel):
        for field in type(now).model_fields:
            one, other = getattr(was, field), getattr(now, field)
            if one != other and (part, field) == ("policy", "explore"):
                shown = [texts.say("briefpage.of_100", n=f"{value * 100:g}") for value in (one, other)]
                what = _label(texts, part, field)
                yield say("documents.c_of", name=name, what=what, before=shown[0], after=shown[1])
            elif one != other:
                yield _said(texts, name, _label(texts, part, field), one, other)
    elif isinstance(now, Mapping) and isinstance(was, Mapping):
        for entry in dict.fromkeys([*was, *now]):
            one, other = was.get(entry), now.get(entry)
            titled = say("documents.c_entry", part=name, entry=getattr(other or one, "name", "") or words(entry))
            if one is None or other is None:
                yield say("documents.c_gone" if other is None else "documents.c_new", name=titled)
            elif one != other:
                yield from _part_of(texts, titled, one, other)
    else:
        yield say("documents.c_other", name=name)


def _part_of(texts: Texts, titled: str, was: Any, now: Any) -> Iterator[str]:
    if not isinstance(now, BaseModel):
        yield texts.say("documents.c_other", name=titled)
        return
    for field in type(now).model_fields:
        one, other = getattr(was, field), getattr(now, field)
        if one != other:
            yield _said(texts, titled, words(field), one, other)


def _label(texts: Texts, part: str, field: str) -> str:
    key = f"documents.p_{part}_{field}"
    return texts.say(key) if texts.knows(key) else words(field)


def _said(texts: Texts, name: str, what: str, was: Any, now: Any) -> str:
    if isinstance(was, str) and isinstance(now, str) and max(len(was), len(now)) > _WORD:
        return _words(texts, name, what, "" if was == OPEN else was, "" if now == OPEN else now)
    flat = all(value is None or isinstance(value, (str, int, float, list)) for value in (was, now))
    if not flat or any(isinstance(v, list) and any(isinstance(e, BaseModel) for e in v) for v in (was, now)):
        return texts.say("documents.c_other", name=f"{name}, {what}")
    return texts.say("documents.c_of", name=name, what=what, before=_plain(texts, was), after=_plain(texts, now))


def _words(texts: Texts, name: str, what: str, was: str, now: str) -> str:
    """Sentences people wrote: what was added to them, or how they read now."""
    added = bool(was.strip()) and now.startswith(was.rstrip())
    text = now[len(was.rstrip()) :].lstrip(" .;,\n").rstrip() if added else now
    if not text.strip():
        return texts.say("documents.c_taken", name=name, what=what)
    return texts.say(
        "documents.c_added" if added else "documents.c_now", name=name, what=what, text=_plain(texts, text)
    )


def _plain(texts: Texts, value: Any) -> str:
    """A value as people read it."""
    if value is None or value in ("", [], OPEN):
        return texts.say("documents.c_nothing")
    if isinstance(value, bool):
        return texts.say("page.yes" if value else "page.no")
    if isinstance(value, (int, float)):
        return f"{value:g}"
    shown = (
        ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
    )
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST].rstrip()} …"
