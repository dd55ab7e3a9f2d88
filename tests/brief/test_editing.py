"""One place of a text changed: the rest stays, byte for byte, and what was put in reads back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payoff.brief.editing import as_toml, with_action, with_new_action, with_values, without_action
from payoff.brief.read import read_brief, read_playbook
from payoff.errors import BriefFaults, Unknown

DEMO = Path(__file__).parents[2] / "src" / "payoff" / "demo" / "product"
BRIEF, PLAYBOOK = (DEMO / "payoff.toml").read_text("utf-8"), (DEMO / "playbook.toml").read_text("utf-8")
SMALL = """# ours
schema = 1

[[actions]]
id = "call" # keep this
say = "Call"  # and this
expects = 0.1

# about the mail
[[actions]]
id = "mail"
say = "Mail"
[[actions.when]]
fact = "seats"
at_least = 3
"""
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def changed_lines(before: str, after: str) -> list[str]:
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old]


def test_a_value_changes_its_line_alone_and_keeps_its_comment() -> None:
    text = with_action(SMALL, "call", {"say": "Ring", "expects": 0.1})
    assert text == SMALL.replace('say = "Call"  #', 'say = "Ring"  #')


def test_values_of_the_brief_in_their_places() -> None:
    text = with_values(
        BRIEF,
        {("questions", "users"): "six people", ("metrics", 0, "target"): 0.6, ("rhythm", "focus_group_days"): 7},
    )
    assert changed_lines(BRIEF, text) == ['users = "six people"', "target = 0.6", "focus_group_days = 7"]
    brief = read_brief(text)
    assert (brief.metrics[0].target, brief.rhythm.focus_group_days) == (0.6, 7)


def test_a_key_goes_and_a_table_that_is_missing_is_made() -> None:
    text = with_values(BRIEF, {("outcomes", "left", "worth"): None, ("widget", "privacy"): "/privacy"})
    assert read_brief(text).outcomes["left"].worth is None
    assert read_brief(text).widget.privacy == "/privacy"
    assert with_values(text, {("nowhere", "at", "all"): None}) == text


def test_conditions_that_did_not_change_keep_their_form() -> None:
    same = {"say": "Write", "when": [{"fact": "seats", "at_least": 3}]}
    assert with_action(SMALL, "mail", same) == SMALL.replace('"Mail"', '"Write"')
    other = with_action(SMALL, "mail", {"when": [{"fact": "seats", "at_least": 4}]})
    assert read_playbook(other).actions[1].when[0].at_least == 4
    assert read_playbook(with_action(SMALL, "mail", {"when": None})).actions[1].when == []


@pytest.mark.parametrize(
    "text", [SMALL, "schema = 1\n", "schema = 1\nactions = []\n", PLAYBOOK, SMALL.rstrip("\n")]
)
def test_a_new_action_stands_at_the_end_after_an_empty_line(text: str) -> None:
    made = with_new_action(text, {"id": "visit", "say": "Visit", "cost": 3.0, "roles": ["founder"], "why": None})
    assert made.endswith('\n\n[[actions]]\nid = "visit"\nsay = "Visit"\ncost = 3.0\nroles = ["founder"]\n')
    assert read_playbook(made).actions[-1].roles == ["founder"]
    assert len(read_playbook(made).actions) == len(read_playbook(text).actions) + 1


def test_an_action_in_an_inline_list_stays_in_one() -> None:
    text = 'schema = 1\nactions = [{id = "a", say = "A"}]\n'
    assert [a.id for a in read_playbook(with_new_action(text, {"id": "b", "say": "B"})).actions] == ["a", "b"]


def test_an_action_that_goes_leaves_the_others_as_they_were() -> None:
    left = without_action(SMALL, "call")
    assert [a.id for a in read_playbook(left).actions] == ["mail"]
    assert "# ours" in left
    assert read_playbook(without_action(left, "mail")).actions == []


def test_names_that_lead_nowhere_are_told() -> None:
    with pytest.raises(Unknown, match="cal"):
        with_action(SMALL, "cal", {"say": "x"})
    with pytest.raises(Unknown, match=r"metrics\.100"):
        with_values(BRIEF, {("metrics", 99, "target"): 0.5})
    with pytest.raises(BriefFaults):
        with_values("schema = [1", {("questions", "users"): "x"})


@given(WORDS, WORDS)
def test_any_words_read_back_as_they_were(say: str, why: str) -> None:
    text = with_action(SMALL, "call", {"say": say, "why": why})
    kept = tomllib.loads(text)["actions"][0]
    assert (kept["say"].replace("\r\n", "\n"), kept.get("why", "").replace("\r\n", "\n")) == (
        say.replace("\r\n", "\n"), why.replace("\r\n", "\n"),
    )  # fmt: skip
    made = tomllib.loads(with_new_action(SMALL, {"id": "x", "say": say}))["actions"][-1]
    assert made["say"].replace("\r\n", "\n") == say.replace("\r\n", "\n")
    assert "# and this" in text


def test_a_brief_without_a_text_gets_one() -> None:
    assert read_brief(as_toml(read_brief(BRIEF))) == read_brief(BRIEF)
    assert read_playbook(as_toml(read_playbook(PLAYBOOK))) == read_playbook(PLAYBOOK)
