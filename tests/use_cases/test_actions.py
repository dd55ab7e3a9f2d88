"""What is known of each action: for how many it is fit, what experts had written, how often it was wrong."""

from __future__ import annotations

from datetime import timedelta

from tests import small


def test_fit_tried_seen_and_called_wrong() -> None:
    product = small.running(40, playbook=small.PLAYBOOK.replace("rank = 1", 'rank = 1\nroles = ["HR manager"]'))
    known = product.actions()
    assert {id: (k.fit, k.units, k.tried) for id, k in known.items()} == {
        "setup_call": (20, 40, 0), "tips_mail": (40, 40, 0),
    }  # fmt: skip
    told = [s for s in product.decide() if s.arm != "holdout" and s.action == "setup_call"]
    for suggestion in told[:6]:
        product.record(suggestion.id, "shown", by="ana")
    for suggestion in told[:2]:
        product.record(suggestion.id, "dismissed", by="ana", why="not this one")
    now = product.actions()["setup_call"]
    assert (now.tried, now.shown, now.wrong, now.learned) == (len(told), 6, 2, None)


def test_what_was_written_before_it_was_first_suggested_is_what_counts() -> None:
    product = small.running(12)
    documents = product.documents
    documents.change_action("setup_call", {"expects": 0.2}, by="elena", base=0, confirmed=True)
    assert product.actions()["setup_call"].expected is None, "nobody was suggested it yet"
    product.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    product.decide()
    product.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    documents.change_action("setup_call", {"expects": 0.05}, by="elena", base=1, confirmed=True)
    expected = product.actions()["setup_call"].expected
    assert expected is not None
    assert (expected.expects, expected.unsure) == (0.2, 0.05)
    assert product.playbook.actions[0].expects == 0.05


def test_the_champions_model_speaks_once_enough_had_it() -> None:
    product = small.running(200)
    said = {s.unit: s for s in product.decide()}
    at = product.clock.now() + timedelta(days=3)
    product.outcomes([(unit, "first_value", float(s.action == "setup_call"), at) for unit, s in said.items()])
    product.clock.advance(timedelta(days=30))  # type: ignore[attr-defined]
    product.create_release("r1", "By effect", {"policy": "effect"}, by="pm", why="try")
    learned = product.actions()["setup_call"].learned
    assert learned is not None
    assert (learned.release, learned.title) == ("r1", "By effect")
    assert learned.n >= 20
    assert learned.low < learned.mean < learned.high
    assert learned.mean > 0.3
    assert product.actions()["tips_mail"].learned is None
    assert product.actions.learned() == {"setup_call": learned}, "what a page may ask of it at any time"
    product.move("r1", "ramp", share=1.0, by="pm", why="try")
    product.rollback("r1", by="pm", why="no")
    assert product.actions.learned() == {"setup_call": learned}, "taken back, and what it learned is not forgotten"


def test_a_retired_action_is_still_known_with_what_was_seen_of_it() -> None:
    product = small.running(40)
    told = [s for s in product.decide() if s.arm != "holdout" and s.action == "tips_mail"] or product.decide()
    for base, expects in enumerate((0.04, 0.03)):
        product.documents.change_action("tips_mail", {"expects": expects}, by="elena", base=base, confirmed=True)
    product.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    product.documents.retire_action("tips_mail", by="elena", base=2, confirmed=True)
    (retired,) = product.actions.retired()
    assert (retired.action.id, retired.action.expects, retired.version) == ("tips_mail", 0.03, 3)
    assert retired.at == product.clock.now()
    assert retired.tried == sum(s.action == "tips_mail" for s in told)
    product.documents.save("playbook.toml", product.documents.then("playbook.toml", 2, "back"), by="elena", base=3)
    assert product.actions.retired() == (), "it is in the playbook again"
