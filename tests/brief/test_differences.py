"""Two texts compared for people, and three brought together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from payoff.brief.differences import difference, merged

BASE = "a = 1\nb = 2\nc = 3\nd = 4\n"
TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n", "e\n"]), max_size=8).map("".join)


def test_what_went_and_what_came_with_a_little_around_it() -> None:
    old = "".join(f"line {i}\n" for i in range(20))
    lines = difference(old, old.replace("line 10\n", "line ten\n"))
    assert [(line.kind, line.text) for line in lines[3:6]] == [
        ("same", "line 9"), ("removed", "line 10"), ("added", "line ten"),
    ]  # fmt: skip
    assert (lines[0].kind, lines[4].before, lines[4].after, lines[5].after) == ("gap", 11, None, 11)
    assert len(lines) == 9
    assert difference(old, old) == []


def test_changes_of_other_lines_come_together() -> None:
    mine, theirs = BASE.replace("2", "20"), BASE.replace("4", "40")
    assert merged(BASE, mine, theirs) == "a = 1\nb = 20\nc = 3\nd = 40\n"
    assert merged(BASE, BASE.replace("b = 2\n", ""), theirs) == "a = 1\nc = 3\nd = 40\n"


def test_the_same_line_changed_both_ways_is_nobodys() -> None:
    assert merged(BASE, BASE.replace("2", "20"), BASE.replace("2", "21")) is None
    assert merged(BASE, BASE + "e = 5\n", BASE + "f = 6\n") is None
    assert merged(BASE, "a = 1\nd = 4\n", BASE.replace("3", "33")) is None
    assert merged(BASE, BASE.replace("b = 2\nc = 3\n", "x\n"), BASE.replace("b = 2\n", "b = 2\nnew\n")) is None


@given(TEXTS, TEXTS)
def test_with_one_side_unchanged_the_other_is_the_answer(base: str, other: str) -> None:
    assert merged(base, other, base) == other
    assert merged(base, base, other) == other
    assert merged(base, other, other) == other
