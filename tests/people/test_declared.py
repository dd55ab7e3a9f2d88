"""The brief's people, changed in the file."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from tests.doors import someone

from payoff.brief.read import read_brief
from payoff.errors import BadInput, Unknown
from payoff.people.declared import NOTHING, Change, New, add_people, change_people, people_in, remove_person

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


def test_a_change_leaves_comments_and_everybody_else_alone() -> None:
    text = added()
    known = {
        "ana": someone("ana", "Ana", "frontline"),
        "ben": someone("ben", "Ben Ode", "frontline", "admin", email="ben@example.com"),
    }
    changed = change_people(text, known, {"ana": Change("ana@example.com", ("expert", "frontline"))})
    people = read_brief(changed).people
    assert (people["ana"].email, people["ana"].permissions) == ("ana@example.com", ["frontline", "expert"])
    assert people["ben"] == read_brief(text).people["ben"]
    assert "[people.ana]  # since May" in changed
    same = change_people(text, known, {"ben": Change("ben@example.com", ("admin", "frontline"))})
    assert same == text


def test_all_faults_of_a_change_are_told_at_once() -> None:
    known = {"ana": someone("ana", "Ana", email="ana@example.com"), "ben": someone("ben", "Ben")}
    with pytest.raises(BadInput) as refused:
        change_people(
            TEXT, known, {"ben": Change("ANA@example.com", ("king",)), "ana": Change("ana@example.com", ())}
        )
    assert [(fault.where, fault.what) for fault in refused.value.faults] == [
        ("Ben", "ANA@example.com is the address of Ana"),
        ("Ben", "there is no permission 'king'"),
    ]
    with pytest.raises(Unknown, match="ben"):
        change_people(TEXT, known, {"ben": Change("", ())})


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("Ana Ruiz, ana@example.com", "Ana Ruiz", "ana@example.com"),
        ("Ana Ruiz <ana@example.com>", "Ana Ruiz", "ana@example.com"),
        ("Ana Ruiz; ana@example.com ", "Ana Ruiz", "ana@example.com"),
        ("  Ana Ruiz", "Ana Ruiz", ""),
        ("Ana Ruiz\tana@example.com", "Ana Ruiz", "ana@example.com"),
        ("Ruiz, Ana <ana@example.com>;", "Ruiz, Ana", "ana@example.com"),
        ("Ana Ruiz,", "Ana Ruiz", ""),
        ("Ana Ruiz, ana", "Ana Ruiz", "ana"),
        ("ana@example.com", "", "ana@example.com"),
    ],
)
def test_a_line_names_a_person(line: str, name: str, email: str) -> None:
    assert people_in(f"\n{line}\r\n\n", ["expert"]) == [New(name, email, ("expert",), line=2)]


@pytest.mark.parametrize(
    "email", ["gia@ledgerline", "gia-at-ledgerline", "gia@", "@x.de", "g@x..de", "g@x.d", "g@x.de."]
)
def test_a_wrong_address_is_told_with_its_line(email: str) -> None:
    with pytest.raises(BadInput) as refused:
        add_people(TEXT, {}, people_in(f"Ben Ode, ben@x.example\n\nGia Novak, {email}", ["expert"]))
    (fault,) = refused.value.faults
    assert (fault.where, fault.path) == ("line 3, Gia Novak", ("people",))
    assert fault.what == f"{email!r} is no e-mail address"


@pytest.mark.parametrize(
    "email", ["ana@example.com", "a.b+c@mail.example.co.uk", "ana@münchen.example", "a@x.xn--p1ai"]
)
def test_usual_addresses_are_addresses(email: str) -> None:
    assert email in add_people(TEXT, {}, people_in(f"Ben Ode, {email}", ["expert"]))[0]


def test_what_all_of_a_form_lack_is_said_once() -> None:
    with pytest.raises(BadInput) as refused:
        add_people(TEXT, {}, people_in("Ben Ode\nGia Novak", []))
    assert [(f.where, f.what, f.path) for f in refused.value.faults] == [
        ("all of them", NOTHING, ("permissions",))
    ]


def test_nobody_is_left_without_a_permission_but_who_has_none_by_the_file_stops_nobody_else() -> None:
    known = {"ana": someone("ana", "Ana"), "ben": someone("ben", "Ben", "expert", email="ben@intern")}
    with pytest.raises(BadInput) as refused:
        change_people(added(), known, {"ben": Change("ben@intern", ())})
    assert [(f.where, f.what, f.path) for f in refused.value.faults] == [("Ben", NOTHING, ("permissions", "ben"))]
    same = {"ana": Change("", ()), "ben": Change("ben@intern", ("admin",))}
    assert read_brief(change_people(added(), known, same)).people["ben"].permissions == ["admin"]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Ana Ruiz", "ana-ruiz"),
        ("Zoë Ünal", "zoe"),
        ("  ben  ode ", "ben"),
        ("李伟", "person-2"),
        ("4711", "person-2"),
        ("Ana", "ana-2"),
    ],
)
def test_a_short_name_is_made_from_the_name(name: str, id: str) -> None:
    assert add_people(TEXT, {"ana": someone("ana", "Ana")}, [New(name, "", ("expert",))])[1] == [id]


def test_several_of_one_name_get_several_short_names() -> None:
    new = [New("Ana Ruiz", "", ("expert",))] * 3
    text, ids = add_people(TEXT, {"ana": someone("ana", "Ana")}, new)
    assert ids == ["ana-ruiz", "ana-ruiz-2", "ana-ruiz-3"]
    assert set(read_brief(text).people) == {"ana", *ids}
