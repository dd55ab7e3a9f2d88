"""A parcel as a mail to read: plain text and HTML, the same words in both.

The HTML is built as a tree, so that every text is text. Mail programs know no style sheets of ours: the few
colours are those of the light tokens, and all else is left to the reader's program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode
from xml.etree import ElementTree as Tree

from payoff.records.deliveries import Entry, Parcel
from payoff.texts import Texts

ANSWERS = ("done", "not_now", "wrong")
"""What each entry offers a link for; the page it leads to asks once more before anything is kept."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:16px;line-height:1.55"
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#0b5cad;color:#ffffff;"
    "text-decoration:none;font-weight:600"
)
_LINK = "display:inline-block;padding:10px 16px 10px 0;color:#0b5cad"
_MUTED = "margin:0;color:#525c69;font-size:14px"
_ENTRY = "padding:16px 0;border-top:1px solid #d8d9d6;margin-top:16px"


def plain(texts: Texts, parcel: Parcel) -> str:
    """The mail without any form."""
    say, n = texts.say, len(parcel.entries)
    lines = [parcel.headline, "", say("channels.mail_all", n=n), parcel.link, ""]
    for number, entry in enumerate(parcel.entries, 1):
        lines += [f"{number}. {entry.headline}", f"   {entry.customer}"]
        lines += [f"   {line}" for line in (entry.why, entry.worth, entry.good_until) if line]
        lines += [f"   {say(f'channels.{what}')}: {link(parcel, entry, what)}" for what in ANSWERS]
        lines.append("")
    lines.append(_ending(texts, parcel))
    return "\n".join(_clean(line) for line in lines) + "\n"


def page(texts: Texts, parcel: Parcel) -> str:
    """The mail as HTML."""
    say = texts.say
    root = Tree.Element("html", lang=texts.language)
    head = Tree.SubElement(root, "head")
    Tree.SubElement(head, "meta", charset="utf-8")
    Tree.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _text(head, "title", parcel.headline)
    body = Tree.SubElement(root, "body", style=f"margin:0;padding:24px 16px;{_FONT}")
    main = Tree.SubElement(body, "div", style="max-width:640px;margin:0 auto")
    _text(main, "h1", parcel.headline, style="margin:0 0 16px;font-size:22px;line-height:1.3")
    button = Tree.SubElement(main, "p", style="margin:0 0 8px")
    _text(button, "a", say("channels.mail_all", n=len(parcel.entries)), href=parcel.link, style=_BUTTON)
    for number, entry in enumerate(parcel.entries, 1):
        _entry(texts, Tree.SubElement(main, "div", style=_ENTRY), number, parcel, entry)
    _text(main, "p", _ending(texts, parcel), style=f"{_MUTED};padding-top:16px;border-top:1px solid #d8d9d6")
    return "<!doctype html>\n" + Tree.tostring(root, encoding="unicode", method="html")


def link(parcel: Parcel, entry: Entry, what: str) -> str:
    """The page that answers, with this answer chosen already; nothing is kept by opening it."""
    return f"{parcel.link}?{urlencode({'choose': what, 'on': entry.suggestion})}#s-{entry.suggestion}"


def _entry(texts: Texts, box: Tree.Element, number: int, parcel: Parcel, entry: Entry) -> None:
    _text(box, "h2", f"{number} · {entry.headline}", style="margin:0;font-size:18px;line-height:1.35")
    _text(box, "p", entry.customer, style="margin:0 0 4px")
    for line in (entry.why, entry.worth, entry.good_until):
        if line:
            _text(box, "p", line, style=_MUTED)
    row = Tree.SubElement(box, "p", style="margin:4px 0 0")
    for what in ANSWERS:
        _text(row, "a", texts.say(f"channels.{what}"), href=link(parcel, entry, what), style=_LINK)


def _ending(texts: Texts, parcel: Parcel) -> str:
    return texts.say("channels.mail_ending", name=parcel.to.name)


def _text(parent: Tree.Element, tag: str, words: str, **attributes: str) -> Tree.Element:
    made = Tree.SubElement(parent, tag, attrib=_kept(attributes))
    made.text = _clean(words)
    return made


def _kept(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: _clean(value) for name, value in attributes.items()}


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)
