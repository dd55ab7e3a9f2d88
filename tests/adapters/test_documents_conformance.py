"""What every store of the brief and the playbook must do, whatever keeps the rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from payoff.adapters.storage.database import Database
from payoff.errors import Conflict
from payoff.ports import DocumentStore, Storage, Version

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def documents(storage: Storage) -> DocumentStore:
    return storage.documents


def test_the_history_says_who_wrote_what_when_newest_first(documents: DocumentStore) -> None:
    assert documents.history("brief") == []
    documents.save("brief", "one", by="file", at=NOON)
    documents.save("brief", "one", by="ben", at=NOON + DAY)
    documents.save("brief", "two", by="ana", at=NOON + 2 * DAY)
    documents.save("playbook", "calls", by="ana", at=NOON)
    kept = [Version(2, "ana", NOON + 2 * DAY), Version(1, "file", NOON)]
    assert documents.history("brief") == kept
    assert documents.history("brief", most=1) == kept[:1]
    assert documents.load("brief", kept[1].number) == "one"


def test_a_text_made_from_a_version_that_has_passed_is_not_kept(documents: DocumentStore) -> None:
    assert documents.save("brief", "one", by="ana", at=NOON, after=0) == 1
    assert documents.save("brief", "two", by="ana", at=NOON, after=1) == 2
    with pytest.raises(Conflict, match="version 2"):
        documents.save("brief", "three", by="ben", at=NOON, after=1)
    with pytest.raises(Conflict):
        documents.save("brief", "two", by="ben", at=NOON, after=0)
    assert documents.load("brief") == "two"
    assert len(documents.history("brief")) == 2
    assert documents.save("brief", "three", by="ben", at=NOON) == 3


def test_products_share_no_history(opened: Callable[[str], Storage]) -> None:
    shop, clinic = opened("shop").documents, opened("clinic").documents
    shop.save("brief", "ours", by="ana", at=NOON)
    assert clinic.history("brief") == []
    assert clinic.save("brief", "theirs", by="eve", at=NOON, after=0) == 1


def test_of_many_who_save_at_once_from_one_version_one_is_kept(url: str) -> None:
    one, two = Database.open(url), Database.open(url)
    stores = [one.storage("shop").documents, two.storage("shop").documents]
    stores[0].save("brief", "one", by="ana", at=NOON)
    answers: list[str] = []

    def save(place: int) -> None:
        try:
            stores[place % 2].save("brief", f"by {place}", by=str(place), at=NOON, after=1)
            answers.append("kept")
        except Conflict:
            answers.append("conflict")

    threads = [threading.Thread(target=save, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["conflict"] * 5 + ["kept"]
    assert [v.number for v in stores[1].history("brief")] == [2, 1]
    one.close()
    two.close()
