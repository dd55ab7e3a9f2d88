"""Brief and playbook with every version they had."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from payoff.adapters.storage.access import Access
from payoff.adapters.storage.schema import DOCUMENTS
from payoff.records.time import to_micros


class SqlDocuments:
    """Implements `ports.DocumentStore`."""

    def __init__(self, access: Access, product: int) -> None:
        self._access = access
        self._product = product

    def save(self, name: str, text: str, *, by: str, at: datetime) -> int:
        """See `ports.DocumentStore`. Raises `Unavailable` when nothing could be kept."""
        moment = to_micros(at)
        newest = (
            select(DOCUMENTS.c.version, DOCUMENTS.c.text)
            .where(DOCUMENTS.c.product == self._product, DOCUMENTS.c.name == name)
            .order_by(DOCUMENTS.c.version.desc())
            .limit(1)
        )
        with self._access.writing(self._product) as connection:
            last = connection.execute(newest).first()
            if last is not None and last.text == text:
                return int(last.version)
            version = 1 if last is None else int(last.version) + 1
            row = {
                "product": self._product,
                "name": name,
                "version": version,
                "text": text,
                "by": by,
                "at": moment,
            }
            connection.execute(insert(DOCUMENTS).values(row))
        return version

    def load(self, name: str, version: int | None = None) -> str | None:
        """See `ports.DocumentStore`."""
        query = select(DOCUMENTS.c.text).where(DOCUMENTS.c.product == self._product, DOCUMENTS.c.name == name)
        if version is not None:
            query = query.where(DOCUMENTS.c.version == version)
        with self._access.reading() as connection:
            return connection.execute(query.order_by(DOCUMENTS.c.version.desc()).limit(1)).scalar()
