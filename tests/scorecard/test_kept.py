"""A kept card reads back as it was."""

from __future__ import annotations

import json

import numpy as np
from tests.judged_world import COMPLAINTS, R0, R1, VALUE, day, declarations, played

from payoff.gates.judge import judge
from payoff.scorecard.build import build
from payoff.scorecard.kept import read_card, read_verdict

BOTH = declarations(VALUE, COMPLAINTS)


def test_card_and_verdict_survive_their_json(rng: np.random.Generator) -> None:
    card = build(played(rng, units=400).tables(), BOTH, R1, (R0, R1), day(80))
    assert card.final, "past its deadline it carries the rows of the deadline, too"
    assert card.trust.srm_p is not None
    kept = json.loads(json.dumps(card.as_dict(), sort_keys=True))
    assert read_card(kept) == card
    verdict = judge(card, BOTH)
    assert read_verdict(json.loads(json.dumps(verdict.as_dict()))) == verdict


def test_a_card_of_before_a_field_was_there_reads_without_it(rng: np.random.Generator) -> None:
    card = build(played(rng, units=200).tables(), BOTH, R1, (R0, R1), day(30))
    old = card.as_dict()
    for name in ("final", "segments", "open_questions", "design"):
        del old[name]
    assert read_card(old) == card
