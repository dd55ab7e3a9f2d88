"""Reading a brief: every fault at once, each with its line and its mend."""

import pytest

from payoff.brief.read import read_brief, read_playbook
from payoff.errors import BriefFaults

EIGHT = """schema = 1
[product]
name = "Bad Name"
currency = "usd"
people_at_stake = "yes"
[unit]
segmnts = ["a"]
[outcomes.churned]
window_days = 0
[[metrics]]
name = "churn"
[release]
steps = [
  { stage = "shadow", days = 7 },
  { stage = "canarry", share = 2 },
]
"""


def faults_of(text, read=read_brief):
    with pytest.raises(BriefFaults) as caught:
        read(text)
    return caught.value.faults


def test_eight_faults_are_reported_as_eight_each_with_its_own_line():
    faults = faults_of(EIGHT)
    assert [fault.where.split(" ")[2] for fault in faults] == ["3", "4", "5", "7", "9", "10", "15", "15"]
    assert all(fault.mend for fault in faults)


def test_an_unknown_key_names_the_nearest_known_one():
    fault = next(fault for fault in faults_of(EIGHT) if "segmnts" in fault.where)
    assert "Did you mean 'segments'?" in fault.mend


def test_a_misspelt_choice_names_the_nearest():
    assert any("Did you mean 'canary'?" in fault.mend for fault in faults_of(EIGHT))


def test_a_missing_key_is_told_with_what_it_means():
    (fault,) = faults_of('schema = 1\n[product]\nname = "a"\n[[harms]]\nwho = "x"\nshows = "y"\n')
    assert fault.where == "payoff.toml line 4 (harms.1.stopped_by)"
    assert "the metric that stops it" in fault.mend


def test_a_missing_table_is_told_by_the_file():
    (fault,) = faults_of("schema = 1\n")
    assert fault.where == "payoff.toml (product)"


def test_a_text_where_a_number_belongs_is_not_quietly_read_as_one():
    (fault,) = faults_of('[product]\nname = "a"\n[release]\ndays = "56"\n')
    assert "'56' is not a whole number" in fault.what


def test_every_broken_line_is_reported_not_only_the_first():
    faults = faults_of('[product]\nname = oops\ntitle "x"\nzone = "UTC"\nlanguage = \n')
    assert [fault.where for fault in faults] == [f"payoff.toml line {n}" for n in (2, 3, 5)]


def test_a_key_that_stands_twice_is_a_fault_with_its_line():
    (fault,) = faults_of('[product]\nname = "a"\nname = "b"\n')
    assert fault.where == "payoff.toml line 3"
    assert "twice" in fault.mend


def test_a_string_that_never_closes_is_a_fault_and_not_a_hang():
    assert faults_of('[product]\nname = """never\n')


def test_a_byte_order_mark_does_not_matter():
    assert read_brief('\ufeffschema = 1\n[product]\nname = "a"\n').product.name == "a"


def test_the_playbook_is_read_the_same_way():
    faults = faults_of('[[actions]]\nid = "Call"\nsay = "Call"\ncosts = 3\n', read_playbook)
    assert [fault.where for fault in faults] == [
        "playbook.toml line 2 (actions.1.id)",
        "playbook.toml line 4 (actions.1.costs)",
    ]


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ('title = "Ledger\n', "A quotation mark is missing at its end."),
        ('title = "Ledger" too\n', "A quotation mark or a comma is out of place."),
        ("[product\n", "The bracket ] is missing."),
    ],
)
def test_a_broken_line_is_told_in_plain_words(text: str, mend: str) -> None:
    with pytest.raises(BriefFaults) as refused:
        read_brief(text)
    fault = refused.value.faults[0]
    assert (fault.where, fault.mend) == ("payoff.toml line 1", mend)
    assert "TOML" not in fault.what
