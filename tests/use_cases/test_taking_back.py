"""Words, thumbs and corrections taken back: nothing is deleted, and nothing of it teaches."""

from __future__ import annotations

import pytest
from tests.channelled import monday

from payoff.errors import Conflict, Unknown
from payoff.use_cases.learn import _lessons
from payoff.use_cases.product import Product


@pytest.fixture
def product() -> Product:
    return monday()


def first(product: Product) -> tuple[str, str]:
    item = product.queue("ana")[0]
    return item.suggestion.id, item.unit


def test_a_thumb_taken_back_has_no_voice_and_its_author_hears_no_news_of_it(product: Product) -> None:
    id, _ = first(product)
    said = product.feedback(id, by="ana", thumb=1)
    assert _lessons(product.workspace).shifts
    product.take_back(said, "ana")
    assert not _lessons(product.workspace).shifts
    (item,) = product.said_by("ana")
    assert item.taken_back and item.thumb == 1, "it stays on the record"
    assert product.unread("ana") == 0
    assert product.groups()[0].waiting == 0


def test_a_corrected_fact_is_as_it_was(product: Product) -> None:
    id, unit = first(product)
    before = dict(product.queue("ana")[0].facts)
    said = product.feedback(id, by="ana", correction={"seats": 99})
    assert next(i for i in product.queue() if i.unit == unit).facts["seats"] == 99
    product.take_back(said, "ana")
    assert dict(next(i for i in product.queue() if i.unit == unit).facts) == before
    product.learn(score=False)
    assert product.facts_now([unit])[unit].get("seats") == before.get("seats")


def test_twice_is_harmless_and_what_others_said_is_theirs(product: Product) -> None:
    id, _ = first(product)
    said = product.feedback(id, by="ana", comment="They moved.")
    for who in ("ben", "payoff"):
        with pytest.raises(Unknown):
            product.take_back(said, who)
    with pytest.raises(Unknown):
        product.take_back(id, "ana")
    product.take_back(said, "ana")
    head = product.storage.log.head()
    product.take_back(said, "ana")
    assert product.storage.log.head() == head


def test_what_was_answered_meanwhile_stays(product: Product) -> None:
    id, _ = first(product)
    said = product.feedback(id, by="ana", idea="Call later.")
    product.give([said], "looked_at", by="ben")
    product.give([said], "used", by="ben", reason="We will.")
    with pytest.raises(Conflict, match="answered meanwhile"):
        product.take_back(said, "ana")
    assert product.said_by("ana")[0].reply == "We will."
    assert product.unread("ana") == 1
