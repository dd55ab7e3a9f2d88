"""What an edit of the brief makes of the verdicts that stand on the board, in sentences."""

from __future__ import annotations

from typing import Protocol

from payoff.brief.declarations import Declarations
from payoff.errors import PayoffError
from payoff.gates.redeclared import judged_otherwise
from payoff.records.judgement import Verdict
from payoff.records.releases import SERVED, STREAM, Release
from payoff.texts import Texts
from payoff.web.cards import NotYet, Shown
from payoff.web.pages.comparing import worded
from payoff.web.product import Product


class Figures(Protocol):
    """Where figures come from: `web.cards.Cards`."""

    def shown(self, release: str) -> Shown: ...


def become(
    product: Product, cards: Figures, declared: tuple[Declarations, Declarations] | None
) -> tuple[str, ...]:
    """One sentence a judged release, and one of being in care; none where nothing a verdict rests on changes.

    The newest figures there are are read once more under the changed brief: nothing is counted anew.
    """
    if declared is None or not judged_otherwise(*declared):
        return ()
    texts, then, said = product.texts, declared[1], []
    for release, key in _judged(product):
        title = (
            texts.say("briefpage.of_stream")
            if key == STREAM
            else texts.say("briefpage.of_release", title=release.title)
        )
        try:
            today, changed = product.boards.verdicts(cards.shown(key).card, then)
        except NotYet:
            said.append(texts.say("briefpage.verdict_later", title=title))
            continue
        except PayoffError:
            continue  # it cannot be judged today either
        said.append(_sentence(texts, title, key, today, changed))
    return tuple(said)


def _judged(product: Product) -> list[tuple[Release, str]]:
    """Releases on trial, the one that serves, the stream. Trials that are over keep what they were decided on."""
    found = product.releases()
    serving = [(release, key) for release in found if release.stage == "full" for key in (SERVED, STREAM)]
    return [*((release, release.id) for release in found if release.on_trial), *serving]


def _sentence(texts: Texts, title: str, trial: str, today: Verdict, then: Verdict | None) -> str:
    if then is None:
        return texts.say("briefpage.verdict_anew", title=title)
    word, was = worded(texts, then.word, trial), worded(texts, today.word, trial)
    if then.word == today.word:
        days = then.days_more if then.days_more != today.days_more else None
        key = "briefpage.verdict_stays" if days is None else "briefpage.verdict_stays_days"
        return texts.say(key, title=title, word=word, n=days or 0)
    key = "briefpage.verdict_becomes" if then.days_more is None else "briefpage.verdict_becomes_days"
    return texts.say(key, title=title, word=word, was=was, n=then.days_more or 0)
