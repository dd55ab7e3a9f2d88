"""What a version of the brief or the playbook changed, in words."""

from __future__ import annotations

from tests import small

from payoff.brief.editing import BRIEF, PLAYBOOK
from payoff.texts import Texts
from payoff.web.pages.versions import changed


def told(name: str, before: str, after: str) -> tuple[str, ...]:
    return changed(Texts(), name, before, after, currency="EUR")


def test_an_action_field_by_field() -> None:
    after = small.PLAYBOOK.replace("expects = 0.15", "expects = 0.1").replace("cost = 10.0", "cost = 12.0")
    assert after != small.PLAYBOOK
    assert told(PLAYBOOK, small.PLAYBOOK, after) == (
        "Set-up call: costs €10 → €12",
        "Set-up call: expected +15 points → +10 points",
    )
    fewer = small.PLAYBOOK.replace("cost = 10.0", 'cost = 10.0\nwhen = [{ fact = "seats", at_least = 5 }]')
    assert told(PLAYBOOK, small.PLAYBOOK, fewer) == ("Set-up call: must hold no condition → seats at least 5",)


def test_sentences_say_what_came_to_them() -> None:
    bare = small.PLAYBOOK.replace('why = "', 'why = "" # "', 1)
    why = bare.replace('why = ""', 'why = "it is quick"')
    more = why.replace("it is quick", "it is quick. They asked for it.")
    assert told(PLAYBOOK, bare, why) == ("Set-up call: why is now “it is quick”",)
    assert told(PLAYBOOK, why, more) == ("Set-up call: why, added “They asked for it.”",)
    assert told(PLAYBOOK, why, bare) == ("Set-up call: why taken out",)


def test_aims_are_told_in_their_own_unit() -> None:
    after = small.BRIEF.replace("target = 0.5", "target = 0.6").replace("margin = 0.05", "margin = 0.02")
    found = told(BRIEF, small.BRIEF, after)
    assert any("Target 50 of 100 → 60 of 100" in line for line in found)
    assert any("Tolerable loss 5 of 100 → 2 of 100" in line for line in found)
    tried = small.BRIEF.replace("[policy]", "[policy]\nexplore = 0.02", 1)
    assert told(BRIEF, small.BRIEF, tried) == ("How it works: tried in order to learn 0.5 of 100 → 2 of 100",)


def test_the_beginning_comments_and_what_cannot_be_read() -> None:
    assert told(PLAYBOOK, "", small.PLAYBOOK) == ("The beginning: 2 actions.",)
    assert told(BRIEF, "", small.BRIEF)[0].startswith("The beginning: ")
    assert told(PLAYBOOK, small.PLAYBOOK, "# ours\n" + small.PLAYBOOK) == (
        "Only how the file is written: comments, or the order of its lines.",
    )
    assert told(PLAYBOOK, small.PLAYBOOK, "nonsense") == (
        "This version was written for an older Payoff; its lines can be looked at.",
    )
