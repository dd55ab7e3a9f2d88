"""Of two who take one suggestion one is first, in one process or in two."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tests import small

from payoff.adapters.storage.database import Database
from payoff.use_cases.claiming import Taken
from payoff.use_cases.product import Product

DAY = timedelta(days=1)


def desk(**more: object) -> tuple[Product, str]:
    made = small.running(12, **more)
    return made, next(s for s in made.decide() if s.arm != "holdout" and s.action != "nothing").id


def test_the_second_is_told_who_has_it_and_since_when() -> None:
    product, s = desk()
    product.claim(s, "ana")
    product.workspace.clock.advance(DAY)  # type: ignore[attr-defined]
    with pytest.raises(Taken, match="ana took this one on Mon 5 Jan at 09:00") as refused:
        product.claim(s, "ben")
    assert (refused.value.by, refused.value.since) == ("ana", small.START)
    assert product.claim(s, "ana").at == small.START, "taking it twice changes nothing"


def test_given_back_anybody_may_take_it() -> None:
    product, s = desk()
    product.claim(s, "ana")
    with pytest.raises(Taken):
        product.give_back(s, "ben")
    product.give_back(s, "ana")
    product.give_back(s, "ana")
    assert product.claim(s, "ben").by == "ben"
    product.give_back(s, "ben")
    assert product.claim(s, "ana").turns == 2


def test_without_an_answer_for_three_days_it_is_free_and_the_desk_says_who_had_it() -> None:
    product, s = desk()
    product.claim(s, "ana")
    product.workspace.clock.advance(3 * DAY)  # type: ignore[attr-defined]
    item = next(i for i in product.queue() if i.suggestion.id == s)
    assert (item.taken_by, item.lapsed) == ("", "ana")
    assert product.claim(s, "ben").by == "ben"
    item = next(i for i in product.queue() if i.suggestion.id == s)
    assert (item.taken_by, item.lapsed) == ("ben", "")


def test_taken_or_not_stands_on_the_desk() -> None:
    product, s = desk()
    product.claim(s, "ana")
    item = next(i for i in product.queue() if i.suggestion.id == s)
    assert (item.taken_by, item.taken_at, item.owner) == ("ana", small.START, item.facts["owner"])


@pytest.mark.parametrize("lapsed", [False, True])
def test_of_many_at_once_over_two_databases_exactly_one_gets_it(tmp_path: Path, lapsed: bool) -> None:
    address = tmp_path / "p.db"
    first = Database.open(address)
    product, s = desk(storage=first.storage("small"))
    if lapsed:
        product.claim(s, "zoe")
        product.workspace.clock.advance(3 * DAY)  # type: ignore[attr-defined]
    others = [Database.open(address) for _ in range(2)]
    desks = [small.product(storage=other.storage("small")) for other in others]
    for one in desks:
        one.workspace.clock.set(product.clock.now() + timedelta(seconds=1))  # type: ignore[attr-defined]
    start, got, told = threading.Barrier(12), [], []

    def press(number: int) -> None:
        who = f"cs-{number}"
        start.wait()
        try:
            got.append(desks[number % 2].claim(s, who).by)
        except Taken as error:
            told.append(error.by)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert told == got * 11, "everybody else is told who"
    for database in (first, *others):
        database.close()
