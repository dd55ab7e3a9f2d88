"""Brief and playbook with every version they had."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from payoff.adapters.storage.access import Access
from payoff.adapters.storage.schema import DOCUMENTS
from payoff.errors import Conflict
from payoff.ports import Version
from payoff.records.time import from_micros, to_micros


class SqlDocuments:
    """Implements `ports.DocumentStore`."""

    def __init__(self, access: Access, product: int) -> None:
        self._access = access
        self._product = product

    def save(self, name: str, text: str, *, by: str, at: datetime, after: int | None = None) -> int:
        """See `ports.DocumentStore`. Raises `Conflict` when it has moved on, `Unavailable` when nothing could be
        kept."""
        moment = to_micros(at)
        newest = (
            select(DOCUMENTS.c.version, DOCUMENTS.c.text)
            .where(DOCUMENTS.c.product == self._product, DOCUMENTS.c.name == name)
            .order_by(DOCUMENTS.c.version.desc())
            .limit(1)
        )
        with self._access.writing(self._product) as connection:
            last = connection.execute(newest).first()
            known = 0 if last is None else int(last.version)
            if after not in (None, known):
                raise Conflict(f"{name} is at version {known}, not {after}", mend="Look at it again.")
            if last is not None and last.text == text:
                return known
            row = {
                "product": self._product,
                "name": name,
                "version": known + 1,
                "text": text,
                "by": by,
                "at": moment,
            }
            connection.execute(insert(DOCUMENTS).values(row))
        return known + 1

    def load(self, name: str, version: int | None = None) -> str | None:
        """See `ports.DocumentStore`."""
        query = select(DOCUMENTS.c.text).where(DOCUMENTS.c.product == self._product, DOCUMENTS.c.name == name)
        if version is not None:
            query = query.where(DOCUMENTS.c.version == version)
        with self._access.reading() as connection:
            return connection.execute(query.order_by(DOCUMENTS.c.version.desc()).limit(1)).scalar()

    def history(self, name: str, *, most: int | None = None) -> list[Version]:
        """See `ports.DocumentStore`."""
        query = (
            select(DOCUMENTS.c.version, DOCUMENTS.c.by, DOCUMENTS.c.at)
            .where(DOCUMENTS.c.product == self._product, DOCUMENTS.c.name == name)
            .order_by(DOCUMENTS.c.version.desc())
            .limit(most)
        )
        with self._access.reading() as connection:
            rows = connection.execute(query).all()
        return [Version(int(row.version), row.by, from_micros(row.at)) for row in rows]
