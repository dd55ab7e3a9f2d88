"""What is due for one person, as a calendar behind an address of their own."""

from __future__ import annotations

from payoff.brief.channels import served
from payoff.errors import Refused
from payoff.people.permissions import needed
from payoff.people.person import people_of
from payoff.people.signing import Signer
from payoff.use_cases.answered import Returning, returning
from payoff.use_cases.entries import entries
from payoff.use_cases.ordering import in_order
from payoff.use_cases.views import queue
from payoff.use_cases.workspace import Workspace

LINK, LINK_DAYS = "calendar", 3660
MOST = 50
"""Entries one calendar holds: the first of the person's desk."""


class Calendars:
    """The addresses of one product's calendars, what stands behind them, and whose day has come."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    def address(self, person: str) -> str:
        """Where a person subscribes; "" where calendars are not set up for them.

        It ends with every change of their account (an invitation, a password), and when they leave the brief.
        """
        ws = self._ws
        base = ws.brief.channels.public_url.rstrip("/")
        if ws.brief.channels.calendar is None or not base or person not in served(ws.brief, "calendar"):
            return ""
        token = self._signer.sign(LINK, {"person": person, "version": self._version(person)})
        return f"{base}/calendar/{token}.ics"

    def opened(self, token: str) -> bytes:
        """The calendar behind an address. Raises `Refused` for one that opens nothing (any more)."""
        ws, now = self._ws, self._ws.clock.now()
        value = self._signer.read(LINK, token, days=LINK_DAYS)
        id = str(value.get("person"))
        person = people_of(ws.brief.people).get(id) if id in ws.brief.people else None
        good = (
            person is not None
            and ws.brief.channels.calendar is not None
            and id in served(ws.brief, "calendar")
            and value.get("version") == self._version(id)
            and person.may(needed("GET", "/desk") or ())
        )
        if not good or person is None:
            raise Refused("this calendar address opens nothing any more", mend="Take the new one from the desk.")
        writer = ws.channels.calendar
        if writer is None:
            raise ws.channels.faults.get("calendar") or Refused("calendars are not set up here")
        title = ws.texts.say("table.calendar_title", product=ws.brief.product.title or ws.name, name=person.name)
        told = entries(ws, self._mine(id, person.name), now)
        link = f"{ws.brief.channels.public_url.rstrip('/')}/desk" if ws.brief.channels.public_url else ""
        return writer.write(title, list(told.values()), host=f"{ws.name}.payoff", link=link, at=now)

    def returning(self, person: str) -> list[Returning]:
        """Whom the person wanted to come back to on a day that has come."""
        return returning(self._ws, person)

    def _mine(self, id: str, name: str) -> list[str]:
        ws = self._ws
        waiting = queue(ws)
        unowned = ws.brief.channels.unowned == id
        free = {i.suggestion.id for i in waiting if unowned and not i.owner and not i.taken_by}
        placed = in_order(waiting, (id, name), ws.clock.now(), ws.brief.product.zone)
        mine = [item.suggestion.id for place, item in placed if place == "mine" or item.suggestion.id in free]
        return mine[:MOST]

    def _version(self, person: str) -> int:
        account = self._ws.storage.accounts.account(person)
        return account.version if account else 0

    @property
    def _signer(self) -> Signer:
        return Signer(self._ws.storage.accounts.secret("links"))
