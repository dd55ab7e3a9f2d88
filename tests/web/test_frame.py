"""What stands around every page: whom one can look as."""

from __future__ import annotations

from typing import Any

from payoff.people.person import Person
from payoff.texts import Texts
from payoff.web.frame import views


def person(id: str, *permissions: Any) -> Person:
    return Person(id, id.title(), frozenset(permissions))


PEOPLE = {
    p.id: p
    for p in (
        person("ana", "frontline"),
        person("ben", "frontline"),
        person("maya", "manager"),
        person("ines", "researcher"),
        person("olu", "admin"),
    )
}


def labels(people: dict[str, Person], who: str = "ana") -> list[str]:
    return [view.label for view in views(Texts(), people[who], people, "demo")]


def test_the_demo_offers_everybody_first_one_of_each() -> None:
    assert labels(PEOPLE) == [
        "Frontline (Ana)", "Manager (Maya)", "Researcher (Ines)", "Admin (Olu)", "Frontline (Ben)",
    ]  # fmt: skip


def test_nobody_disappears_when_somebody_else_gets_a_permission_of_theirs() -> None:
    more = {**PEOPLE, "ana": person("ana", "frontline", "researcher"), "maya": person("maya", "admin", "manager")}
    assert sorted(view.person for view in views(Texts(), more["ana"], more, "demo")) == sorted(more)
    assert labels(more)[:2] == ["Frontline, Researcher (Ana)", "Admin (Maya)"]
    none = {**PEOPLE, "ben": person("ben")}
    assert labels(none)[-1] == "No permission (Ben)"


def test_the_one_who_looks_is_chosen() -> None:
    assert [view.person for view in views(Texts(), PEOPLE["ben"], PEOPLE, "demo") if view.chosen] == ["ben"]
    assert views(Texts(), PEOPLE["ben"], {"ben": PEOPLE["ben"]}, "local") == ()
