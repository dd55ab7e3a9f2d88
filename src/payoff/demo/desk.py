"""The last morning of the story, so that whoever opens the desk finds it lived in: colleagues have taken a few,
put some off with a reason, changed their mind, corrected facts and handed a customer over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from payoff.demo.clock import StoryClock
from payoff.records.time import DAY, day_of
from payoff.simulate.company import OWNERS
from payoff.use_cases.claiming import claim
from payoff.use_cases.product import Product
from payoff.use_cases.views import QueueItem

_STEP = timedelta(minutes=4)
_UNREAD = 4
"""The newest things everybody said; of what came before they have read the answers."""
LASTS = timedelta(hours=1)
"""So long before the story's end the morning begins."""


def morning(product: Product, clock: StoryClock, end: datetime) -> None:
    """What people do in the hour before the story ends; the clock walks along."""
    free = _Free(product)
    ana, ben, chloe, dev, elif_, femi = OWNERS
    zone = product.brief.product.zone
    answer = product.answer
    acts: list[tuple[str, Callable[[QueueItem], object]]] = [
        (elif_, lambda item: claim(product.workspace, item.suggestion.id, dev, at=item.since + DAY)),
        (ana, lambda item: product.claim(item.suggestion.id, ben)),
        (chloe, lambda item: product.claim(item.suggestion.id, ana)),
        (ana, lambda item: product.claim(item.suggestion.id, ana)),
        (femi, lambda item: product.claim(item.suggestion.id, femi)),
        (ana, lambda item: answer(item.suggestion.id, "not_now", ana, reason="payroll week",
                                  until=day_of(clock.now() + 3 * DAY, zone))),
        (dev, lambda item: answer(item.suggestion.id, "not_now", dev, reason="their bookkeeper is on holiday")),
        (femi, lambda item: answer(item.suggestion.id, "no_answer", femi)),
        (elif_, lambda item: (answer(item.suggestion.id, "done", elif_),
                              answer(item.suggestion.id, "undo", elif_))),
        (ben, lambda item: answer(item.suggestion.id, "wrong", ben, reason="action", instead=_other(item),
                                  comment="they read, they do not pick up the phone")),
        (chloe, lambda item: answer(item.suggestion.id, "wrong", chloe, reason="gone",
                                    comment="merged into another company")),
        (dev, lambda item: answer(item.suggestion.id, "wrong", dev, reason="owner", instead=femi)),
        (ana, lambda item: answer(item.suggestion.id, "earlier", ana, at=day_of(item.since - 3 * DAY, zone))),
        (ana, lambda item: product.feedback(item.suggestion.id, by=ana,
                                            correction={"seats": int(item.facts.get("seats") or 10) + 4})),
        (femi, lambda item: product.feedback(item.suggestion.id, by=femi, correction={"contact": "Nadia Frei"})),
    ]  # fmt: skip
    for owner in OWNERS:
        product.told(product.said_by(owner)[_UNREAD:], owner)
    for number, (owner, act) in enumerate(acts):
        clock.set(end - LASTS + number * _STEP)
        lapsed = number == 0  # the first was taken days ago, and nobody heard of it since
        item = free.next(owner, old=lapsed)
        if item is not None:
            act(item)


class _Free:
    """Open suggestions nobody has touched this morning, by owner."""

    def __init__(self, product: Product) -> None:
        self._items = product.queue()
        self._now = product.clock.now()

    def next(self, owner: str, *, old: bool = False) -> QueueItem | None:
        for item in self._items:
            if item.owner == owner and item.state == "open" and (not old or self._now - item.since > 5 * DAY):
                self._items.remove(item)
                return item
        return None


def _other(item: QueueItem) -> str:
    return next((a for a in item.suggestion.candidates if a not in ("nothing", item.suggestion.action)), "")
