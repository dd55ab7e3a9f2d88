"""Intervals as geometry."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from payoff.audit import charts
from payoff.records.judgement import Estimate
from payoff.web.pictures import WIDTH, difference, levels
from payoff.web.reports.pictures import svg

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@given(value=numbers, half=st.floats(0, 1e5), margin=st.floats(0, 1e5), up=st.booleans())
def test_everything_stays_inside_the_picture_and_in_order(
    value: float, half: float, margin: float, up: bool
) -> None:
    estimate = Estimate(value, half / 2, value - half, value + half)
    shown = difference(estimate, direction="up" if up else "down", margin=margin, tone="good", label="")
    assert shown is not None
    (bar,) = shown.bars
    assert 0 <= bar.x1 <= bar.x <= bar.x2 <= WIDTH
    assert shown.zero is not None
    assert shown.margin is not None
    assert 0 <= min(shown.zero, shown.margin) <= max(shown.zero, shown.margin) <= WIDTH
    assert shown.margin <= shown.zero if up else shown.margin >= shown.zero


def test_a_difference_without_an_interval_is_not_drawn() -> None:
    assert difference(Estimate(0.1), direction="up", margin=None, tone="", label="") is None
    assert difference(None, direction="up", margin=None, tone="", label="") is None


def test_arms_share_one_scale_with_the_target() -> None:
    shown = levels([("a", Estimate(0.4, 0.1, 0.3, 0.5)), ("b", Estimate(0.6))], target=0.5, label="")
    assert shown is not None
    first, second = shown.bars
    assert first.x < second.x
    assert first.x2 == shown.target
    assert second.y > first.y


def test_arms_without_values_draw_nothing() -> None:
    assert levels([("a", Estimate(None))], target=0.5, label="") is None


def test_a_control_sign_in_a_name_does_not_end_the_process() -> None:
    rows = [{"who": "a\x00b\x1bc", "value": 3.0, "shown": "3\x07", "ours": True}]
    drawn = svg(charts.bars(rows))
    assert "\x00" not in drawn and "\x1b" not in drawn
