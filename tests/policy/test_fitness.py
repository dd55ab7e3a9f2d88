from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from payoff.brief.schema import Condition, Playbook
from payoff.features.batch import Batch
from payoff.policy.fitness import fit, holds

FACTS = pa.table(
    {
        "seats": ["5", "10", None, "25.5"],
        "active": [True, False, None, True],
        "plan": ["free", "team", "pro", None],
        "level": [1, 2, 3, None],
    }
)
BATCH = Batch(
    ("a", "b", "c", "d"),
    FACTS,
    np.array(["admin", "sales", "", "admin"], object),
    np.array(["care", "care", "retail", ""], object),
    np.full(4, "", object),
    datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ({"fact": "seats", "at_least": 10}, [False, True, False, True]),
        ({"fact": "seats", "at_most": 10}, [True, True, False, False]),
        ({"fact": "seats", "at_least": 6, "at_most": 20}, [False, True, False, False]),
        ({"fact": "active", "among": [True]}, [True, False, False, True]),
        ({"fact": "active", "at_least": 1}, [True, False, False, True]),
        ({"fact": "plan", "among": ["free", "pro"]}, [True, False, True, False]),
        ({"fact": "plan", "not_among": ["free"]}, [False, True, True, False]),
        ({"fact": "level", "among": [1, 3]}, [True, False, True, False]),
        ({"fact": "nobody_sent_this", "at_least": 0}, [False] * 4),
        ({"fact": "nobody_sent_this", "not_among": ["x"]}, [False] * 4),
    ],
)
def test_a_condition_holds_where_the_fact_is_known_and_as_it_says(
    condition: dict[str, object], wanted: list[bool]
) -> None:
    assert holds(BATCH, Condition.model_validate(condition)).tolist() == wanted


def test_an_action_is_fit_for_the_roles_and_industries_it_names() -> None:
    playbook = Playbook.model_validate(
        {
            "actions": [
                {"id": "any", "say": "Do"},
                {"id": "admins", "say": "Do", "roles": ["admin"]},
                {"id": "care_admins", "say": "Do", "roles": ["admin"], "industries": ["care"]},
            ]
        }
    )
    assert fit(BATCH, playbook).astype(int).tolist() == [
        [1, 1, 1, 1],
        [1, 1, 0, 0],
        [1, 1, 0, 0],
        [1, 1, 1, 0],
    ]
