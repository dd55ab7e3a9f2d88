"""Scorecards for pages: the newest figures there are, at once, while newer ones are worked out behind.

A card reads the whole log, so a page never waits for one if any was ever kept. Figures change with outcomes, which
come by the day: `FRESH` minutes make no decision another one, and spare the log a full reading for every exposure
that is noted. A card that takes long to work out is renewed less often still, so that figures never take more than
a twentieth of the machine. Whoever decides decides on figures worked out at that very moment, whatever stood here.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from payoff.errors import PayoffError, Refused, Unavailable
from payoff.records.judgement import Row
from payoff.records.releases import SERVED, STREAM, Release
from payoff.releases.lifecycle import champion
from payoff.use_cases.agreement import Agreement
from payoff.web.product import Card, Product

FRESH = timedelta(minutes=5)
"""Figures younger than this are not renewed, however much came in."""
OLD = timedelta(hours=1)
"""Older ones are renewed though nothing came in: outcomes mature with time alone."""
DAY = timedelta(days=1)
"""Figures of what is over are renewed so seldom."""
SHARE = 20
"""Working figures out takes at most one part in so many of the time."""
PATIENCE = 5.0
"""Seconds a page waits for figures where there are none at all yet."""
_log = logging.getLogger("payoff.web")
T = TypeVar("T")


class NotYet(Unavailable):
    """The first figures are being worked out; the same page has them in a moment."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as a page shows it: worked out `at`, kept under `key` ("" where it only is in memory).

    `renewing` says that newer figures are being worked out. `changed` is when, and by whom, what is judged was
    changed since: the verdict is then one of a brief that is no longer in use.
    """

    card: Card
    at: datetime
    key: str
    renewing: bool
    changed: tuple[datetime, str] | None = None


@dataclass(slots=True)
class _Known(Generic[T]):
    """What was worked out, or why it could not be; when, from which state of the log, and how long it took."""

    found: T | PayoffError
    at: datetime
    state: tuple[int, int]
    moves: str
    key: str = ""
    took: timedelta = timedelta()

    def value(self) -> T:
        if isinstance(self.found, PayoffError):
            raise self.found
        return self.found


class Cards:
    """The figures of one product's pages. One is worked out at a time, and never one twice at once.

    `patience` of `None` waits for first figures however long they take.
    """

    def __init__(self, product: Product, *, patience: float | None = PATIENCE) -> None:
        self._product, self._patience = product, patience
        self._known: dict[str, _Known[Card]] = {}
        self._agreed: dict[str, _Known[Agreement | None]] = {}
        self._late: dict[str, _Known[tuple[Row, ...]]] = {}
        self._decided: dict[tuple[str, str], Card] = {}
        self._lock = threading.Lock()
        self._working = threading.Lock()
        self._begun: dict[str, tuple[Future[Any], datetime]] = {}

    def __call__(self, release: str) -> Card:
        """The card of a release (`STREAM`: of being in care at all; `SERVED`: of the one that serves, since it
        does), of the log as it is now and of this hour; of a finished trial, the one it was decided on.

        Raises what `product.scorecard` raises, and remembers that too.
        """
        decided = self._stands(release)
        if decided is not None:
            return decided.card
        with self._working:
            known, now = self._known.get(release), self._product.clock.now()
            fresh = known is not None and known.state == self._state() and not self._changed(known)
            if known is None or known.key or not fresh or _hour(known.at) != _hour(now):
                known = self._made(release)
            return known.value()

    def shown(self, release: str) -> Shown:
        """The newest figures there are; newer ones are begun where these are old. A finished trial stands.

        Raises `NotYet` where there are none at all and the first ones take long; and what `product.scorecard`
        raises.
        """
        decided = self._stands(release)
        if decided is not None:
            return decided
        known = self._newest(release)
        if known is None or isinstance(known.found, PayoffError):
            if known is None or known.state != self._state() or self._aged(known) or self._changed(known):
                known = self._first(f"card {release}", lambda: self._made(release))
            return Shown(known.value(), known.at, known.key, False)
        changed = None if self._over(release) else self._changed(known)
        renewing = (changed is not None or self._old(known, over=self._over(release))) and self._renew(
            f"card {release}", lambda: self._made(release), since=changed[0] if changed else None
        )
        return Shown(known.value(), known.at, known.key, renewing, changed)

    def newest(self, release: str) -> Card:
        """The card alone of what `shown` says."""
        return self.shown(release).card

    def agreement(self, release: str) -> Agreement | None:
        """How often a release said the same as its champion. Raises `NotYet` while that is first worked out."""
        with self._lock:
            known = self._agreed.get(release)
        if known is None:
            return self._first(f"agreement {release}", lambda: self._compared(release)).value()
        found = self._release(release)
        if self._old(known, over=found is None or found.stage != "shadow"):
            self._renew(f"agreement {release}", lambda: self._compared(release))
        return known.value()

    def late(self, release: str) -> tuple[Row, ...]:
        """What became known after a finished trial was decided. Raises `NotYet` while that is first worked out."""
        with self._lock:
            known = self._late.get(release)
        if known is None:
            return self._first(f"late {release}", lambda: self._became_known(release)).value()
        if self._old(known, over=True):
            self._renew(f"late {release}", lambda: self._became_known(release))
        return known.value()

    def _stands(self, release: str) -> Shown | None:
        """A finished trial as it was decided; `None` while it runs, and where nothing was kept."""
        if release in (STREAM, SERVED) or self._release(release) is None:
            return None
        kept = self._product.boards.decided(release)
        if kept is None:
            return None
        place = (kept.release, kept.card)
        with self._lock:
            card = self._decided.get(place)
        if card is None:
            card = self._product.boards.card(*place)
            with self._lock:
                self._decided[place] = card
        return Shown(card, kept.at, kept.card, False)

    def _newest(self, release: str) -> _Known[Card] | None:
        """The later of what is in memory and what was kept; nothing of before the release moved on."""
        serving = self._release(release)
        moves = self._moves(release, serving)
        with self._lock:
            known = self._known.get(release)
        if known is not None and known.moves != moves:
            known = None
        if serving is None:
            return known
        kept = self._product.boards.newest(serving.id, trial=release if release in (STREAM, SERVED) else None)
        if kept is None or not kept.card or (known is not None and kept.at <= known.at):
            return known
        card = self._product.boards.card(kept.release, kept.card)
        generation = self._product.storage.log.generation()
        read = _Known(card, kept.at, (kept.seq, generation), moves, kept.card)
        with self._lock:
            self._known[release] = read
        return read

    def _changed(self, known: _Known[Card]) -> tuple[datetime, str] | None:
        """When and by whom what is judged was last changed since the figures were worked out."""
        changes = self._product.boards.brief_changes(known.at)
        return changes[-1] if changes else None

    def _aged(self, known: _Known[T]) -> bool:
        return self._product.clock.now() - known.at > max(OLD, SHARE * known.took)

    def _old(self, known: _Known[T], *, over: bool) -> bool:
        age, grown = self._product.clock.now() - known.at, known.state != self._state()
        if over:
            return grown and age > DAY
        return self._aged(known) or (grown and age > max(FRESH, SHARE * known.took))

    def _over(self, release: str) -> bool:
        """Whether what its card is about has ended: only late news can change it."""
        found = self._release(release)
        if release in (STREAM, SERVED) or found is None:
            return False
        return found.ended is not None or found.stage in ("retired", "rolled back")

    def _state(self) -> tuple[int, int]:
        log = self._product.storage.log
        return log.head(), log.generation()

    def _release(self, release: str) -> Release | None:
        found = self._product.releases()
        if release in (STREAM, SERVED):
            return champion(found)
        return next((r for r in found if r.id == release), None)

    def _made(self, release: str) -> _Known[Card]:
        return self._worked_out(self._known, release, lambda: self._judged(release))

    def _judged(self, release: str) -> Card:
        if release not in (STREAM, SERVED):
            return self._product.scorecard(release)
        serving = self._release(release)
        if serving is None:
            raise Refused("nobody is in care yet", mend="Promote a first release.")
        return self._product.scorecard(serving.id, trial=release)

    def _compared(self, release: str) -> _Known[Agreement | None]:
        return self._worked_out(self._agreed, release, lambda: self._product.boards.agreement(release))

    def _became_known(self, release: str) -> _Known[tuple[Row, ...]]:
        return self._worked_out(self._late, release, lambda: self._product.boards.late(release))

    @staticmethod
    def _moves(release: str, found: Release | None) -> str:
        """What has to be the same for figures to be of the same thing: the stream goes on whoever serves."""
        return "" if found is None or release == STREAM else f"{found.id} {len(found.moves)}"

    def _worked_out(self, where: dict[str, _Known[T]], release: str, work: Callable[[], T]) -> _Known[T]:
        serving, state, at, began = (
            self._release(release),
            self._state(),
            self._product.clock.now(),
            time.monotonic(),
        )
        found: T | PayoffError
        try:
            found = work()
        except Unavailable:
            raise  # the store is away: nothing is known of the figures
        except PayoffError as error:
            found = error
        took = timedelta(seconds=time.monotonic() - began)
        moves = self._moves(release, serving)
        made = _Known(found, at, state, moves, took=took)
        with self._lock:
            where[release] = made
        return made

    def _first(self, name: str, work: Callable[[], _Known[T]]) -> _Known[T]:
        if self._patience is None:
            with self._working:
                return work()
        try:
            return self._begin(name, work).result(self._patience)
        except TimeoutError:
            raise NotYet("the first figures are being worked out", mend="Look again in a moment.") from None

    def _renew(self, name: str, work: Callable[[], _Known[T]], since: datetime | None = None) -> bool:
        """Whether newer figures are on their way. What was begun lately and failed is not tried at every page,
        unless it was begun before `since`."""
        with self._lock:
            begun = self._begun.get(name)
        lately = begun is not None and begun[0].done() and self._product.clock.now() - begun[1] < FRESH
        if begun is not None and lately and (since is None or begun[1] > since):
            return False
        self._begin(name, work)
        return True

    def _begin(self, name: str, work: Callable[[], _Known[T]]) -> Future[_Known[T]]:
        """In a thread of its own, which nobody has to wait for when the server stops."""
        made: Future[_Known[T]] = Future()

        def run() -> None:
            try:
                with self._working:
                    made.set_result(work())
            except Exception as error:
                _log.warning("%s could not be worked out", name, exc_info=error)
                made.set_exception(error)

        with self._lock:
            begun = self._begun.get(name)
            if begun is not None and not begun[0].done():
                return begun[0]
            self._begun[name] = (made, self._product.clock.now())
        threading.Thread(target=run, name=f"payoff {name}", daemon=True).start()
        return made


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
