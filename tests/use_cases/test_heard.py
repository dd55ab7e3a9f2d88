"""The newest thing anybody said about a unit: lately, in words, and not taken back."""

from __future__ import annotations

from tests.channelled import monday, wait

from payoff.use_cases.product import Product


def first(product: Product) -> tuple[str, str]:
    item = product.queue("ana")[0]
    return item.suggestion.id, item.unit


def words(product: Product, unit: str) -> str:
    found = product.last_words([unit, "nobody"]).get(unit)
    return found.text or str(dict(found.correction)) if found else ""


def test_the_newest_words_count_whoever_said_them() -> None:
    product = monday()
    id, unit = first(product)
    assert words(product, unit) == ""
    product.feedback(id, by="ana", comment="They moved.")
    assert words(product, unit) == "They moved."
    wait(product, hours=1)
    product.feedback(id, by="ben", correction={"risk": "seasonal pause"})
    assert words(product, unit) == "{'risk': 'seasonal pause'}"


def test_a_thumb_alone_and_whose_they_are_are_no_words_about_them() -> None:
    product = monday()
    id, unit = first(product)
    product.feedback(id, by="ana", comment="They moved.")
    wait(product, hours=1)
    product.feedback(id, by="ana", thumb=-1)
    product.feedback(id, by="ana", correction={"owner": "ben"})
    assert words(product, unit) == "They moved."


def test_what_its_author_took_back_gives_way_to_what_was_said_before() -> None:
    product = monday()
    id, unit = first(product)
    product.feedback(id, by="ben", comment="They moved.")
    wait(product, hours=1)
    product.answer(id, "wrong", "ana", reason="need", comment="They need nothing.")
    assert words(product, unit) == "They need nothing."
    product.answer(id, "undo", "ana")
    assert words(product, unit) == "They moved."


def test_what_others_declined_was_said_all_the_same() -> None:
    product = monday()
    id, unit = first(product)
    said = product.feedback(id, by="ana", problem="The number is dead.")
    product.give([said], "declined", by="ben", reason="Handed on.")
    assert words(product, unit) == "The number is dead."


def test_after_eight_weeks_it_is_history() -> None:
    product = monday()
    id, unit = first(product)
    product.feedback(id, by="ana", comment="They moved.")
    wait(product, days=55)
    assert words(product, unit) == "They moved."
    wait(product, days=2)
    assert words(product, unit) == ""
    assert product.last_words([]) == {}


def test_the_reply_to_no_need_to_worry_names_the_customer_and_says_what_the_rule_does() -> None:
    product = monday()
    id, unit = first(product)
    product.facts([{"unit": unit, "name": "Coral Roofing", "owner": "ana"}])
    said = product.feedback(id, by="ana", correction={"risk": "seasonal pause"})
    product.learn(score=False)
    reply = next(item.reply for item in product.said_by("ana") if item.id == said)
    assert "Coral Roofing" in reply and unit not in reply
    assert "does not stop new suggestions" in reply and "until it is known how things went" in reply
