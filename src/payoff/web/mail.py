"""A parcel as a mail: subject, plain text, and HTML that says the same without a picture or a style."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from payoff.records.deliveries import Parcel
from payoff.texts import Texts
from payoff.web.render import render

Write = Callable[[Parcel], tuple[str, str, str]]
ANSWERS = ("done", "not_now", "wrong")
"""What each entry offers a link for; the page it leads to asks once more before anything is kept."""


def writer(texts: Texts) -> Write:
    """What the mail channel is given to word its mails with."""

    def write(parcel: Parcel) -> tuple[str, str, str]:
        links = {
            (e.suggestion, what): link(parcel, e.suggestion, what) for e in parcel.entries for what in ANSWERS
        }
        html = render("mail", texts, None, parcel, links=links, answers=ANSWERS)  # type: ignore[arg-type]
        return parcel.headline, text(parcel, texts), html

    return write


def text(parcel: Parcel, texts: Texts) -> str:
    """The plain form: what screen readers and small devices get."""
    say = texts.say
    parts = [parcel.headline, f"{say('channels.mail_all', n=len(parcel.entries))}:\n{parcel.link}"]
    for n, entry in enumerate(parcel.entries, 1):
        lines = [f"{n}. {entry.customer}", entry.headline, entry.why, entry.worth, entry.good_until]
        parts.append("\n   ".join(line for line in lines if line))
    parts.append(say("channels.mail_ending", name=parcel.to.name))
    return "\n\n".join(parts) + "\n"


def link(parcel: Parcel, suggestion: str, what: str) -> str:
    """The page that answers, at one suggestion with one panel open; opening it keeps nothing."""
    return f"{parcel.link}?{urlencode({'choose': what, 'on': suggestion})}#s-{suggestion}"
