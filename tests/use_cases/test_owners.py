"""Customers given over when somebody leaves: all at once, at once, and until a source says something new."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from tests import small
from tests.http.house import PEOPLE

from payoff.errors import Refused, Unknown
from payoff.use_cases.owners import hand_over, owned
from payoff.use_cases.product import Product

BRIEF = small.BRIEF + PEOPLE.replace("nia", "ana").replace("tom", "ben")


def running(n: int = 40, brief: str = BRIEF) -> Product:
    made = small.running(n, brief=brief)
    made.decide()
    made.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    return made


def owners(product: Product) -> Counter[str]:
    return Counter(item.owner for item in product.queue())


def test_all_of_somebodys_customers_are_somebody_elses_at_once() -> None:
    product = running()
    before, told = owners(product), len(product.inbox())
    assert len(owned(product.workspace, "ana")) == 20
    assert hand_over(product.workspace, "ana", "ben", by="ada") == 20
    assert owned(product.workspace, "ana") == []
    assert owners(product) == {"ben": before["ana"] + before["ben"]}
    assert len(product.inbox()) == told, "nobody has to answer for it"
    assert hand_over(product.workspace, "ana", "ben", by="ada") == 0
    assert hand_over(product.workspace, "ben", "", by="ada") == 40
    assert set(owners(product)) == {""}


def test_every_other_fact_stays_and_so_does_the_suggestion() -> None:
    product = running()
    before = {item.unit: item for item in product.queue()}
    hand_over(product.workspace, "ana", "ben", by="ada")
    for item in product.queue():
        was = before[item.unit]
        assert item.suggestion.id == was.suggestion.id
        assert {**item.facts, "owner": ""} == {**was.facts, "owner": ""}
        assert product.suggest(item.unit).id == was.suggestion.id
    last = product.storage.log.latest("unit.facts", "acct-0")
    assert last is not None and (last.actor, last.body["source"]) == ("ada", "handed over")


def test_it_holds_through_learning_until_a_source_says_something_new() -> None:
    product = running()
    hand_over(product.workspace, "ana", "ben", by="ada")
    product.learn()
    assert owned(product.workspace, "ana") == []
    product.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    product.facts([{"unit": "acct-0", "owner": "ana"}])
    assert owned(product.workspace, "ana") == ["acct-0"]


def test_what_somebody_else_handed_to_them_and_nothing_has_learned_yet_goes_with_it() -> None:
    product = running()
    item = next(item for item in product.queue() if item.owner == "ben")
    product.answer(item.suggestion.id, "wrong", "ben", reason="owner", instead="ana")
    assert item.unit in owned(product.workspace, "ana")
    product.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    hand_over(product.workspace, "ana", "ada", by="ada")
    assert {i.owner for i in product.queue() if i.unit == item.unit} == {"ada"}
    product.learn()
    assert owned(product.workspace, "ana") == []
    assert item.unit in owned(product.workspace, "ada")


def test_where_the_fact_holds_full_names_it_goes_on_holding_them() -> None:
    product = running()
    product.facts([{"unit": "acct-3", "owner": product.brief.people["ana"].name}])
    hand_over(product.workspace, "ana", "ben", by="ada")
    last = product.storage.log.latest("unit.facts", "acct-3")
    assert last is not None and last.body["facts"]["owner"] == product.brief.people["ben"].name


def test_who_is_no_longer_a_customer_is_nobodys_to_hand_over() -> None:
    product = running()
    item = next(item for item in product.queue() if item.owner == "ana")
    product.answer(item.suggestion.id, "wrong", "ana", reason="gone", comment="closed")
    assert item.unit not in owned(product.workspace, "ana")


def test_without_an_owner_fact_or_for_nobody_known_it_is_refused() -> None:
    with pytest.raises(Unknown, match="zed"):
        hand_over(running().workspace, "ana", "zed", by="ada")
    bare = running(brief=BRIEF.replace('owner = "owner"\n', ""))
    assert owned(bare.workspace, "ana") == []
    with pytest.raises(Refused, match="owner"):
        hand_over(bare.workspace, "ana", "ben", by="ada")


def test_thousands_go_at_once() -> None:
    product = small.product(brief=BRIEF)
    product.facts([{"unit": f"u{i}", "owner": "ana", "role": "boss"} for i in range(3000)])
    assert hand_over(product.workspace, "ana", "ben", by="ada") == 3000
