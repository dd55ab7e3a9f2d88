"""Which column is which: guessed by name and content, and not guessed where a name says otherwise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from payoff.audit.table.roles import Look, Named, Roles, assign
from payoff.errors import BadInput

N = 300
RNG = np.random.default_rng(1)
SHARE, YES = RNG.random(N), RNG.random(N) < 0.3


def roles(table: dict[str, Any], *, enough: bool = True, **named: str) -> Roles:
    return assign(Look(pa.table(table)), Named(of=named), enough=enough)


def test_a_score_is_known_by_its_name_or_as_the_only_share() -> None:
    assert roles({"p_churn": SHARE, "churned": YES})["score"] == "p_churn"
    assert roles({"model": SHARE, "churned": YES})["score"] == "model"


@pytest.mark.parametrize("name", ["csat_score", "nps", "propensity_score", "satisfaction"])
def test_a_score_that_people_give_or_a_propensity_is_no_score(name: str) -> None:
    assert roles({name: SHARE, "churned": YES}, enough=False)["score"] == ""


def test_of_two_shares_none_is_guessed() -> None:
    table = {"satisfaction_level": SHARE, "last_evaluation": 1 - SHARE, "left": YES}
    with pytest.raises(BadInput, match="score"):
        roles(table)


def test_a_propensity_is_known_beside_the_score() -> None:
    found = roles({"score": SHARE, "propensity_score": 1 - SHARE, "churned": YES})
    assert (found["score"], found["propensity"]) == ("score", "propensity_score")


def test_people_who_come_often_are_units_and_things_are_not() -> None:
    user, item = RNG.integers(0, 60, N), RNG.integers(0, 60, N)
    found = roles({"userId": user, "movieId": item, "liked": YES}, label="liked")
    assert (found["unit"], found["action"]) == ("userId", "movieId")


def test_nothing_is_guessed_for_a_part_that_was_said_not_to_be_there() -> None:
    found = roles({"p": SHARE, "churned": YES, "treated": RNG.random(N) < 0.5}, treated="")
    assert "treated" not in found
