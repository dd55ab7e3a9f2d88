"""A line over time as geometry: inside its picture, in order, with gaps where nothing is known."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payoff.texts import Texts
from payoff.web.render import _environment
from payoff.web.series import HEIGHT, MOST, WIDTH, Line, Marker, Point, Rule, Series, Span, series

FIRST = date(2026, 1, 5)


def days(n: int) -> list[date]:
    return [FIRST + timedelta(weeks=i) for i in range(n)]


def line(*values: float | None, name: str = "", half: float | None = None) -> Line:
    def edge(v: float | None, by: float) -> float | None:
        return None if v is None or half is None else v + by

    points = zip(days(len(values)), values, strict=True)
    return Line(name, tuple(Point(d, v, edge(v, -(half or 0)), edge(v, half or 0)) for d, v in points))


def drawn(*lines: Line, **more) -> Series:
    made = series(lines, label="a line", value=lambda v: f"{v:g}", day=date.isoformat, **more)
    assert made is not None
    return made


def numbers(path: str) -> list[float]:
    return [float(x) for x in re.findall(r"-?[\d.]+(?:e-?\d+)?", path)]


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=60),
    st.floats(0, 1e6),
    st.lists(st.floats(-1e9, 1e9), max_size=3),
)
def test_everything_stays_inside_the_picture(values, half, rules) -> None:
    made = series(
        [line(*values, half=half)],
        label="",
        value=lambda v: f"{v:.3g}",
        day=date.isoformat,
        rules=[Rule(r, "limit") for r in rules],
        markers=[Marker(d, "m") for d in days(len(values) + 4)],
    )
    if made is None:
        assert all(v is None for v in values)
        return
    (one,) = made.lines
    assert all(0 <= x <= WIDTH for x in numbers(one.path)[::2] + numbers(one.band)[::2])
    assert all(0 <= y <= HEIGHT for y in numbers(one.path)[1::2] + numbers(one.band)[1::2])
    assert len(one.dots) == sum(v is not None for v in values)
    assert [t.at for t in made.up] == sorted((t.at for t in made.up), reverse=True)
    assert all(made.left <= m.x <= WIDTH for m in made.markers)
    assert all(0 <= r.y <= HEIGHT for r in made.rules)


def test_higher_is_higher_and_later_is_further_right() -> None:
    (one,) = drawn(line(1, 3, 2)).lines
    assert [d.x for d in one.dots] == sorted(d.x for d in one.dots)
    assert one.dots[1].y < one.dots[2].y < one.dots[0].y


def test_a_week_without_a_figure_is_a_gap() -> None:
    (one,) = drawn(line(1, 2, None, 3, half=0.5)).lines
    assert one.path.count("M") == 2
    assert one.band.count("Z") == 2
    assert len(one.dots) == 3


def test_no_figure_draws_nothing() -> None:
    assert series([line(None, None)], label="", value=str, day=str) is None
    assert series([], label="", value=str, day=str) is None


def test_a_scale_does_not_run_past_what_can_be_and_takes_in_what_it_is_told() -> None:
    ticks = [float(t.words) for t in drawn(line(0.9, 0.97, half=0.2), least=0.0, most=1.0, holds=(0.0,)).up]
    assert ticks[0] == 0.0
    assert ticks[-1] == 1.0
    assert 3 <= len(ticks) <= 6


def test_one_point_and_one_value_can_be_drawn() -> None:
    made = drawn(line(5.0, half=0.0))
    assert len(made.along) == 1
    assert made.lines[0].dots[0].x > made.left


def test_the_line_a_rule_draws_lies_where_a_point_of_that_value_lies() -> None:
    made = drawn(line(1, 2, 3), rules=[Rule(2.0, "limit", "bad")])
    assert made.rules[0].y == made.lines[0].dots[1].y
    assert made.rules[0].tone == "bad"


def test_words_of_two_lines_close_together_do_not_touch_each_other_or_the_letters() -> None:
    made = drawn(line(0, 100), rules=[Rule(99.0, "limit"), Rule(97.0, "usual")], markers=[Marker(FIRST, "begin")])
    a, b = sorted(r.words_y for r in made.rules)
    assert b - a >= 12
    assert a > made.top


def test_words_stand_at_the_end_where_no_mark_is() -> None:
    rising = drawn(line(*range(20)), rules=[Rule(18.0, "limit")]).rules[0]
    falling = drawn(line(*range(20, 0, -1)), rules=[Rule(18.0, "limit")]).rules[0]
    assert (rising.anchor, falling.anchor) == ("start", "end")


def test_markers_are_lettered_in_order_and_one_day_shares_a_letter() -> None:
    marks = [Marker(FIRST + timedelta(days=d), w) for d, w in ((140, "c"), (0, "a"), (1, "b"), (900, "too late"))]
    made = drawn(line(*range(26)), markers=marks)
    assert [(m.letter, m.words) for m in made.markers] == [("A", "a · b"), ("B", "c")]


def test_moments_and_days_lie_on_one_axis() -> None:
    noon = datetime(2026, 1, 12, 12, tzinfo=UTC)
    made = drawn(line(1, 2, 3), markers=[Marker(noon, "noon")])
    xs = [d.x for d in made.lines[0].dots]
    assert xs[1] < made.markers[0].x < xs[2]


def test_grey_covers_the_weeks_it_names_and_drops_words_that_do_not_fit() -> None:
    made = drawn(line(1, 2, None, None), spans=[Span(days(4)[2], days(4)[3], "not known yet")])
    (grey,) = made.spans
    assert grey.x > made.lines[0].dots[-1].x
    assert grey.words == "not known yet"
    narrow = drawn(line(*range(25), None), spans=[Span(days(26)[25], days(26)[25], "not known yet")])
    assert narrow.spans[0].words == ""


def test_several_lines_have_marks_of_their_own_and_the_table_has_them_all() -> None:
    lines = [line(i, i + 1, name=f"n{i}") for i in range(MOST + 2)]
    made = drawn(*lines, when="week")
    assert len({x.mark for x in made.lines}) == len(made.lines) == MOST
    assert made.columns == tuple(f"n{i}" for i in range(MOST + 2))
    assert [r.when for r in made.rows] == ["2026-01-12", "2026-01-05"]
    assert made.rows[0].cells[3] == "4"


def rendered(made: Series) -> str:
    text = '{% from "series.html" import series with context %}{{ series(page) }}'
    return _environment().from_string(text).render(page=made, say=Texts().say)


def test_the_macro_draws_what_the_geometry_says_and_tells_it_in_words() -> None:
    html = rendered(drawn(line(1, 2, half=0.1, name="a"), line(2, 1, name="b"), rules=[Rule(1.5, "limit")]))
    assert 'role="img" aria-label="a line"' in html
    assert html.count('class="line circle"') == html.count('class="line square"') == 2  # key and line
    assert "<details" in html
    assert '<th scope="col">a</th><th scope="col">b</th>' in html
    assert "style=" not in html


@pytest.mark.parametrize("bad", ['"><script>alert(1)</script>', "' onload='x", "{{ 7 * 7 }}"])
def test_hostile_words_stay_words(bad: str) -> None:
    made = series(
        [line(1, 2, name=bad), line(2, 1, name="b")],
        label=bad,
        value=lambda v: bad,
        day=lambda d: bad,
        rules=[Rule(1.5, bad)],
        markers=[Marker(FIRST, bad)],
        spans=[Span(FIRST, FIRST + timedelta(weeks=1), bad)],
    )
    assert made is not None
    html = rendered(made)
    assert "<script>" not in html
    assert "onload='x" not in html
    assert ("{{ 7 * 7 }}" in html) is (bad == "{{ 7 * 7 }}")


def test_words_of_a_line_keep_off_the_marks_at_both_ends_where_below_it_there_is_room() -> None:
    made = drawn(line(0.93, 0.4, 0.93), rules=[Rule(0.9, "nearly all")], least=0.0, most=1.0)
    (rule,) = made.rules
    ends = [d for d in made.lines[0].dots if d is not made.lines[0].dots[1]]
    assert all(abs(d.y - (rule.words_y - 4)) >= 10 for d in ends)
    assert rule.words_y > rule.y
