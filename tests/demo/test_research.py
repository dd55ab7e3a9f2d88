"""What the demonstration's people say fits the day they say it."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from payoff.demo.research import _QUOTES, _SESSIONS
from payoff.simulate.world import START, WEEK

MONTHS = list(calendar.month_name)[1:]


def held(place: int) -> date:
    return (START + _SESSIONS[place][0] * WEEK + timedelta(days=3)).date()


def test_nobody_speaks_of_a_month_that_was_not_yet_or_before_there_was_anything() -> None:
    said = [(place, text) for place, (_, _, title, _, text) in enumerate(_SESSIONS) for text in (title, text)]
    said += [(place, words) for place, words, *_ in _QUOTES]
    named = [
        (held(place), MONTHS.index(m) + 1) for place, words in said for m in re.findall("|".join(MONTHS), words)
    ]
    assert named, "somebody names a month"
    assert all(START.month <= month <= day.month for day, month in named), named


def test_everybody_who_is_quoted_came() -> None:
    for place, words, who, *_ in _QUOTES:
        assert int(who.removeprefix("P")) <= sum(_SESSIONS[place][3].values()), words
