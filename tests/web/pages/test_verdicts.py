"""The brief's page says what an edit makes of the verdicts that stand on the board."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from tests.gates.test_judge import BOTH, GOOD, UNHURT, _card

from payoff.errors import Refused
from payoff.gates.redeclared import judged_otherwise, verdict_then
from payoff.records.releases import SERVED, STREAM
from payoff.texts import Texts
from payoff.web.cards import NotYet
from payoff.web.pages.verdicts import become

CARD = _card(GOOD, UNHURT)
NARROW = replace(BOTH, metrics=tuple(replace(m, margin=0.0001) if m.margin else m for m in BOTH.metrics))


class Cards:
    """Figures by release; an error stands for figures there are none of."""

    def __init__(self, **found: Any) -> None:
        self.found = found

    def shown(self, release: str) -> Any:
        found = self.found[release]
        if isinstance(found, Exception):
            raise found
        return SimpleNamespace(card=found)


def product(*releases: tuple[str, str]) -> Any:
    made = [SimpleNamespace(id=id, title=id.upper(), stage=s, on_trial=s == "ramp") for id, s in releases]
    boards = SimpleNamespace(
        verdicts=lambda card, then: (verdict_then(card, BOTH, BOTH), verdict_then(card, BOTH, then))
    )
    return SimpleNamespace(texts=Texts(), releases=lambda: made, boards=boards)


def test_every_living_release_and_the_stream_say_what_becomes_of_them() -> None:
    two = product(("r1", "full"), ("r2", "ramp"))
    said = become(two, Cards(r2=CARD, **{SERVED: CARD, STREAM: CARD}), (BOTH, NARROW))
    assert len(said) == 3
    assert said[0].startswith("The verdict on “R2” becomes “hold”")
    assert said[0].endswith("today it is “promote”.")
    assert said[1].startswith("The verdict on “R1” becomes “not shown yet”")
    assert said[1].endswith("today it is “keep it”.")
    assert said[2].startswith("The verdict on being in care at all becomes “not shown yet”")


def test_nothing_is_said_of_words_and_what_stays_is_said_to_stay() -> None:
    one = product(("r2", "ramp"))
    worded = replace(BOTH, metrics=tuple(replace(m, label="other") for m in BOTH.metrics))
    assert become(one, Cards(r2=CARD), (BOTH, worded)) == ()
    assert become(one, Cards(r2=CARD), None) == ()
    wide = replace(BOTH, metrics=tuple(replace(m, margin=0.5) if m.margin else m for m in BOTH.metrics))
    assert become(one, Cards(r2=CARD), (BOTH, wide)) == ("The verdict on “R2” stays “promote”.",)


def test_figures_that_are_not_there_yet_or_would_be_others_are_said_to_be_so() -> None:
    one = product(("r2", "ramp"))
    later = become(one, Cards(r2=NotYet("first figures")), (BOTH, NARROW))
    assert "is not known yet" in later[0]
    longer = replace(BOTH, plan=replace(BOTH.plan, days=90))
    assert "cannot be said beforehand" in become(one, Cards(r2=CARD), (BOTH, longer))[0]
    assert become(one, Cards(r2=Refused("nobody is in care")), (BOTH, NARROW)) == ()


def test_another_worth_makes_other_money_and_is_not_judged_beforehand() -> None:
    def paid(worth: float) -> Any:
        return replace(BOTH, metrics=tuple(replace(m, measure="money", worth=worth) for m in BOTH.metrics))

    assert judged_otherwise(paid(200.0), paid(2000.0))
    assert verdict_then(CARD, paid(200.0), paid(2000.0)) is None
    shares = replace(BOTH, metrics=tuple(replace(m, worth=2000.0) for m in BOTH.metrics))
    assert not judged_otherwise(BOTH, shares), "a share stays the same share"
