"""What was learned and the scorecards that were kept, by the SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from payoff.adapters.storage.access import Access
from payoff.adapters.storage.schema import ARTEFACTS
from payoff.errors import Conflict, Unknown
from payoff.ports import Artefact


class SqlArtefacts:
    """Implements `ports.ArtefactStore`. The same bytes are kept once, as what they were first said to be."""

    def __init__(self, access: Access, product: int) -> None:
        self._access = access
        self._product = product

    def put(self, kind: str, payload: bytes, about: Mapping[str, Any]) -> str:
        """See `ports.ArtefactStore`. Raises `Unavailable` when nothing could be kept."""
        key = hashlib.sha256(payload).hexdigest()
        text = json.dumps(about, ensure_ascii=False, allow_nan=False)
        same = [ARTEFACTS.c.product == self._product, ARTEFACTS.c.key == key]
        with self._access.writing(self._product) as connection:
            if connection.execute(select(ARTEFACTS.c.key).where(*same)).first() is None:
                row = {"product": self._product, "key": key, "kind": kind, "about": text, "payload": payload}
                connection.execute(insert(ARTEFACTS).values(**row, created=self._access.now()))
        return key

    def get(self, key: str) -> Artefact:
        """See `ports.ArtefactStore`. Raises `Conflict` when the bytes are no longer those the key names."""
        mine = ARTEFACTS.c.product == self._product
        with self._access.reading() as connection:
            row = connection.execute(select(ARTEFACTS).where(mine, ARTEFACTS.c.key == key)).first()
            if row is None:
                raise Unknown.among(
                    "artefact", key, connection.execute(select(ARTEFACTS.c.key).where(mine)).scalars()
                )
        payload = bytes(row.payload)
        if hashlib.sha256(payload).hexdigest() != key:
            raise Conflict(f"artefact {key[:12]} was changed after it was kept", mend="Restore a backup.")
        return Artefact(key, row.kind, json.loads(row.about), payload)
