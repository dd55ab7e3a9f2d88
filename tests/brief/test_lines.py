"""Positions of keys agree with what the standard parser reads."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payoff.brief.draft import draft, templates
from payoff.brief.lines import Lines, key, literal

TEXT = '''# = no key
a = "x # y"   # why
"odd key".b = [1, 2] # odd
[t]
long = """
fake = 1
"""
list = [
  { c = 1 }, # one = 1
  # a comment = 3
  { c = 2, d = "]" },
]
[[t.more]]
e = 1
[[t.more]]
e = 2
[t.more.deep]
f = { g = 3 }
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),
        (("odd key", "b"), 3),
        (("t", "long"), 5),
        (("t", "list", 0, "c"), 9),
        (("t", "list", 1, "d"), 11),
        (("t", "more", 0, "e"), 14),
        (("t", "more", 1, "e"), 16),
        (("t", "more", 1, "deep", "f", "g"), 18),
        (("t", "more", 1, "missing"), 15),
        (("nowhere",), None),
    ],
)
def test_a_key_is_found_on_its_line(path, line):
    assert Lines(TEXT).line(path) == line


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        for i, inner in enumerate(value):
            yield from leaves(inner, (*path, i))
    else:
        yield path, value


def at(data, path):
    for part in path:
        data = data[part]
    return data


@pytest.mark.parametrize("text", [TEXT, *(text for name in templates() for text in draft({}, template=name))])
def test_replacing_any_value_changes_that_value_and_nothing_else(text):
    data = tomllib.loads(text)
    for path, value in leaves(data):
        changed = tomllib.loads(Lines(text).replaced(path, '"changed"'))
        assert at(changed, path) == "changed"
        assert dict(leaves(changed)) | {path: value} == dict(leaves(data))


def test_a_comment_beside_a_replaced_value_stays():
    assert Lines(TEXT).replaced(("a",), "1").splitlines()[1] == "a = 1   # why"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_written_as_toml_reads_back_as_itself(name, value):
    assert tomllib.loads(f"{key(name)} = {literal(value)}") == {name: value}
