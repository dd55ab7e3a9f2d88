"""From a click to the item, the rows, the release, and back, on a real small product."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.small import running

from payoff.errors import Unknown


@pytest.fixture
def made():
    """Three things said about three decisions, and one learning."""
    product = running()
    told = [s for s in product.decide() if s.arm != "holdout" and s.action != "nothing"]
    said = {
        "thumb": product.feedback(told[0].id, thumb=-1, by="ana"),
        "risk": product.feedback(told[1].id, correction={"risk": "seasonal pause"}, by="ben"),
        "fact": product.feedback(told[2].id, correction={"seats": 99}, by="ben"),
        "idea": product.feedback(told[3].id, idea="a shorter list", by="ana"),
    }
    product.clock.advance(timedelta(hours=1))
    product.learn()
    return product, told, said


def today(product):
    return product.lineage.refresh(product.releases()[0].artefact)


def next_week(product) -> None:
    product.clock.advance(timedelta(days=15))
    product.decide()
    product.clock.advance(timedelta(days=1))
    product.learn()


def test_a_click_leads_to_its_rows_and_its_release_and_every_row_leads_back(made) -> None:
    product, told, said = made
    for name, place in (("thumb", 0), ("risk", 1)):
        item = next(i for i in product.inbox() if i.id == said[name])
        (taken,) = product.lineage.of(item.id, item.learned)
        assert (taken.artefact, taken.releases, taken.rows) == (item.learned, ("r0",), 1)
        refresh = product.lineage.refresh(taken.artefact)
        assert refresh.serving == ("r0",)
        (row,) = refresh.by(item.id)
        assert (row.row, row.unit) == (told[place].id, told[place].unit)
        assert {i.suggestion for i in product.inbox() if i.id in row.feedback} == {row.row}


def test_an_explained_risk_changes_the_label_while_the_outcome_is_open(made) -> None:
    product, _, said = made
    (row,) = today(product).by(said["risk"])
    assert (row.what, row.before, row.after) == ("risk", None, 0.0)
    assert not today(product).labelled


def test_what_was_measured_stays_measured_and_is_no_longer_called_changed(made) -> None:
    product, told, said = made
    product.outcome(told[1].unit, "left", at=product.clock.now() + timedelta(days=9))
    product.clock.advance(timedelta(days=61))
    product.decide()
    product.learn()
    assert today(product).by(said["risk"]) == ()
    first = next(i.learned for i in product.inbox() if i.id == said["risk"])
    (row,) = product.lineage.refresh(first).by(said["risk"])
    assert row.before is None, "an earlier refresh is shown as it was"


def test_a_thumb_moves_the_place_in_the_order_for_rules_and_the_expectation_for_an_effect_model(made) -> None:
    product, _, said = made
    (row,) = today(product).by(said["thumb"])
    assert (row.what, row.name, row.after) == ("order", "setup_call", pytest.approx(1 / 3))
    product.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    (row,) = product.lineage.refresh(product.releases()[1].artefact).by(said["thumb"])
    assert (row.what, row.before, row.after) == ("expected", 0.15, pytest.approx(0.15 - 0.05 / 3))


def test_praise_does_not_reorder_the_rules_and_is_not_said_to() -> None:
    product = running()
    told = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    said = product.feedback(told.id, thumb=1, by="ana")
    product.clock.advance(timedelta(hours=1))
    product.learn()
    assert product.lineage.of(said, product.inbox()[0].learned) == ()


def test_a_corrected_fact_shows_in_decisions_made_after_it_until_a_source_says_something_new(made) -> None:
    product, told, said = made
    unit = told[2].unit
    item = next(i for i in product.inbox() if i.id == said["fact"])
    assert product.lineage.of(item.id, item.learned) == ()
    next_week(product)
    (taken,) = product.lineage.of(item.id, item.learned)
    (row,) = product.lineage.refresh(taken.artefact).by(item.id)
    assert (row.what, row.name, row.after) == ("fact", "seats", 99)
    assert row.row == product.storage.log.latest("suggestion", unit).id
    product.facts([{"unit": unit, "seats": 40}], source="crm")
    next_week(product)
    (still,) = today(product).by(item.id)
    assert still.row == row.row


def test_the_refresh_that_takes_a_corrected_fact_in_has_not_seen_it_in_any_row() -> None:
    product = running()
    told = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    said = product.feedback(told.id, correction={"seats": 99}, by="ben")
    product.learn()  # at the very moment of the decision
    assert today(product).by(said) == ()


def test_a_fact_a_person_called_used_becomes_a_fact_once(made) -> None:
    product, told, _ = made
    said = product.feedback(told[4].id, correction={"seats": 77}, by="ana")
    product.give([said], "used", by="pm", reason="Thank you.")
    assert product.lineage.of(said) == ()
    product.learn()
    product.facts([{"unit": told[4].unit, "seats": 3}], source="crm")
    product.clock.advance(timedelta(days=1))
    product.learn()
    assert product.storage.log.latest("unit.facts", told[4].unit).body["facts"] == {"seats": 3}


def test_an_idea_changes_no_row_and_a_declined_thumb_none(made) -> None:
    product, told, said = made
    assert today(product).by(said["idea"]) == ()
    mine = product.feedback(told[5].id, thumb=-1, by="cleo")
    product.give([mine], "declined", by="pm", reason="a test")
    product.clock.advance(timedelta(hours=1))
    product.learn()
    assert today(product).by(mine) == ()


def test_who_is_erased_is_gone_from_the_rows(made) -> None:
    product, told, said = made
    assert today(product).by(said["risk"])
    product.storage.log.forget(told[1].unit)
    assert today(product).by(said["risk"]) == ()


def test_a_refresh_that_never_was_is_unknown(made) -> None:
    with pytest.raises(Unknown, match="no refresh"):
        made[0].lineage.refresh("0" * 64)
