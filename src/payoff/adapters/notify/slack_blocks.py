"""A list of suggestions as a Slack message, and the forms behind its buttons (Block Kit).

Everything a customer or a colleague wrote goes into plain and rich text, where Slack reads no markup: no name can
mention a channel, hide a link or pretend to be ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from payoff.records.deliveries import Addressee, Entry, Press
from payoff.texts import Texts

MOST = 10
"""Entries a message holds; Slack allows 50 blocks, an entry takes four."""
EVENT = "payoff_list"
"""What our messages are called in their metadata, by which one can be found again."""
REASONS = ("need", "action", "time", "facts", "already", "gone", "owner")
_MORE = ("no_answer", "ask_earlier", "ask_say")
_LINE, _LONG, _OPTION = 300, 2900, 75
_WORDS = 2000

Block = dict[str, Any]


def message(texts: Texts, headline: str, entries: Sequence[Entry]) -> list[Block]:
    """All blocks of one message."""
    blocks: list[Block] = [{"type": "header", "text": _plain(headline, 150)}]
    for n, entry in enumerate(entries, 1):
        blocks += [{"type": "divider"}, *(_answered(texts, n, entry) if entry.said else _open(texts, n, entry))]
    return blocks


def summary(headline: str, entries: Sequence[Entry]) -> str:
    """The line a notification shows; escaped, because it alone is read as markup."""
    first = f"{headline}: {entries[0].headline}" if entries else headline
    return escaped(_cut(first, _LINE))


def escaped(text: str) -> str:
    """As text where Slack would read markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def metadata(entries: Sequence[Entry]) -> dict[str, Any]:
    """Nobody sees it; it says which suggestions stand in the message."""
    return {"event_type": EVENT, "event_payload": {"suggestions": [entry.suggestion for entry in entries]}}


def _open(texts: Texts, n: int, entry: Entry) -> list[Block]:
    about = " · ".join(part for part in (entry.worth, entry.good_until) if part)
    words = [_plain(line, _LINE) for line in (entry.why, about) if line]
    return [
        _rich((f"{n} · {entry.headline}", True), (f"\n{entry.customer}", False)),
        {"type": "context", "elements": words},
        {"type": "actions", "block_id": entry.suggestion, "elements": _controls(texts, entry)},
    ]


def _answered(texts: Texts, n: int, entry: Entry) -> list[Block]:
    undo = _button(texts.say("channels.undo"), "undo", entry.suggestion)
    return [
        _rich((f"{n} · {entry.said}", True), (f"\n{entry.headline} · {entry.customer}", False)),
        {"type": "actions", "block_id": entry.suggestion, "elements": [undo]},
    ]


def _controls(texts: Texts, entry: Entry) -> list[Block]:
    say, id = texts.say, entry.suggestion
    controls = [_button(say("channels.done"), "done", id, style="primary")]
    if entry.offers:
        days = [_option(offer.words, f"{id} {offer.day.isoformat()}") for offer in entry.offers]
        controls.append(_select(say("channels.not_now"), "not_now", days))
    controls.append(_button(say("channels.wrong"), "ask_wrong", id))
    more = [_option(say(f"channels.more_{name}"), f"{id} {name}") for name in _MORE]
    controls.append(_select(say("channels.more"), "more", more))
    return controls


# Forms


def form(
    texts: Texts, press: Press, entry: Entry, people: Sequence[Addressee], actions: Mapping[str, str]
) -> dict[str, Any]:
    """The form that asks for what a press alone does not say."""
    kind = press.what.removeprefix("ask_")
    asked = {"wrong": _wrong(texts, people, actions), "earlier": _earlier(texts), "say": _say(texts)}[kind]
    kept = {"suggestion": press.suggestion, "ref": press.ref, "reply": press.reply}
    return {
        "type": "modal",
        "callback_id": kind,
        "private_metadata": json.dumps(kept),
        "title": _plain(texts.say(f"channels.form_{kind}"), 24),
        "submit": _plain(texts.say("channels.form_send"), 24),
        "close": _plain(texts.say("channels.form_close"), 24),
        "blocks": [
            {"type": "context", "elements": [_plain(f"{entry.headline} · {entry.customer}", _LINE)]},
            *asked,
        ],
    }


def _wrong(texts: Texts, people: Sequence[Addressee], actions: Mapping[str, str]) -> list[Block]:
    say = texts.say
    reasons = [_option(say(f"channels.wrong_{name}"), name) for name in REASONS]
    others = [_option(name, id) for id, name in list(actions.items())[:100]]
    owners = [_option(person.name, person.id) for person in people[:100]]
    blocks = [_input("reason", say("channels.form_reason"), {"type": "radio_buttons", "options": reasons})]
    if others:
        blocks.append(_input("instead", say("channels.form_instead"), _choice(others), optional=True))
    blocks.append(_input("idea", say("channels.form_idea"), _field(200), optional=True))
    if owners:
        blocks.append(_input("owner", say("channels.form_owner"), _choice(owners), optional=True))
    return [*blocks, _input("comment", say("channels.form_comment"), _field(_WORDS, long=True), optional=True)]


def _earlier(texts: Texts) -> list[Block]:
    day = _input("day", texts.say("channels.form_day"), {"type": "datepicker"}, optional=True)
    words = _input("comment", texts.say("channels.form_comment"), _field(_WORDS, long=True), optional=True)
    return [day, words]


def _say(texts: Texts) -> list[Block]:
    return [_input("comment", texts.say("channels.form_words"), _field(_WORDS, long=True))]


# Pieces


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": _cut(text, most) or "–", "emoji": False}


def _rich(*parts: tuple[str, bool]) -> Block:
    """Text without markup; the second of a part says whether it is bold."""
    pieces = [
        {"type": "text", "text": _cut(text, _LONG), **({"style": {"bold": True}} if bold else {})}
        for text, bold in parts
        if text.strip()
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": pieces}]}


def _button(words: str, action: str, value: str, style: str = "") -> Block:
    made = {"type": "button", "action_id": action, "text": _plain(words, _OPTION), "value": value}
    return {**made, "style": style} if style else made


def _option(words: str, value: str) -> Block:
    return {"text": _plain(words, _OPTION), "value": value}


def _select(words: str, action: str, options: list[Block]) -> Block:
    return {"type": "static_select", "action_id": action, "placeholder": _plain(words, 150), "options": options}


def _choice(options: list[Block]) -> Block:
    return {"type": "static_select", "options": options}


def _field(most: int, *, long: bool = False) -> Block:
    return {"type": "plain_text_input", "multiline": long, "max_length": most}


def _input(name: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label, 2000),
        "element": {**element, "action_id": name},
        "optional": optional,
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
