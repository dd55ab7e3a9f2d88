"""The brief's people, changed in the file."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from tests.doors import someone

from payoff.brief.read import read_brief
from payoff.errors import BadInput, Unknown
from payoff.people.declared import New, add_people, remove_person

TEXT = """# what we want
schema = 1
[product]
name = "shop"   # short

[people.ana]  # since May
name = "Ana"
permissions = ["frontline"]

[rhythm]
learn_on = "monday"  # early
"""


def added(text: str = TEXT, id: str = "ben", **more: Any) -> str:
    given = {"name": "Ben Ode", "email": "ben@example.com", "permissions": ["admin", "frontline"], **more}
    known = {"ana": someone("ana", "Ana", email="ana@example.com")}
    one = New(given["name"], given["email"], tuple(given["permissions"]), id)
    return add_people(text, known, [one])[0]


def test_somebody_is_added_and_everything_else_stays_as_it_was() -> None:
    text = added()
    person = read_brief(text).people["ben"]
    assert (person.name, person.email, person.permissions) == (
        "Ben Ode",
        "ben@example.com",
        ["frontline", "admin"],
    )
    for line in TEXT.splitlines():
        assert line in text
    assert list(tomllib.loads(text)) == list(tomllib.loads(TEXT))


def test_adding_and_removing_again_leaves_the_file_as_it_was() -> None:
    assert remove_person(added(), "ben").split() == TEXT.split()


@pytest.mark.parametrize(
    "text",
    [
        'schema = 1\n[product]\nname = "x"\n',
        'schema = 1\n[product]\nname = "x"\n[people]\nana = {name = "Ana"}\n',
        'schema = 1\npeople.ana.name = "Ana"\n[product]\nname = "x"\n',
        'schema = 1\n[people.ana]\nname = "Ana"\n[product]\nname = "x"\n[people.eve]\nname = "Eve"\n[rhythm]\n',
    ],
)
def test_any_form_the_brief_may_have_takes_one_more(text: str) -> None:
    before = tomllib.loads(text)
    after = tomllib.loads(added(text))
    assert after["people"].pop("ben")["name"] == "Ben Ode"
    assert after["people"] == before.get("people", {})
    assert after["product"] == before["product"]
    assert "ben" not in tomllib.loads(remove_person(added(text), "ben")).get("people", {})


def test_hostile_names_are_names() -> None:
    name = 'B"]\n[people.eve]\npermissions=["admin"]\\'
    assert read_brief(added(name=name)).people["ben"].name == name
    assert set(read_brief(added(name=name)).people) == {"ana", "ben"}


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        added(id="Ben!", name=" ", email="ben", permissions=["king"])
    assert len(refused.value.faults) == 4
    said = " ".join(map(str, refused.value.faults))
    assert all(word in said for word in ("Ben!", "name is missing", "e-mail", "king"))
    with pytest.raises(BadInput) as refused:
        added(id="ana", email="ANA@example.com", permissions=[])
    assert len(refused.value.faults) >= 2
    assert "ana" in str(refused.value.faults[0])


def test_nobody_is_removed_who_is_not_there() -> None:
    with pytest.raises(Unknown, match="ana"):
        remove_person(TEXT, "anna")


def test_a_file_that_is_no_toml_says_so() -> None:
    with pytest.raises(BadInput, match="1 thing to mend"):
        added("schema = ")
