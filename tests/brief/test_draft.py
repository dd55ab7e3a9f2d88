"""From a table and a few answers to a brief that reads, checks and compiles."""

import pyarrow as pa
import pytest

from payoff.adapters.sources import open_source
from payoff.brief.check import check
from payoff.brief.compile import compile_brief
from payoff.brief.draft import KEYS, draft
from payoff.brief.guess import guess
from payoff.brief.interview import questions
from payoff.brief.read import read_brief, read_playbook
from payoff.brief.rows import units
from payoff.brief.schema import SourceEntry
from payoff.errors import BriefFaults, Unknown
from payoff.metrics.catalogue import KIND_INFO
from payoff.texts import Texts

ANSWERS = {
    "name": "Acme Kunden",
    "users": 'CS people; they say "the list"\nevery morning',
    "problem": "they call the wrong accounts",
    "worth": "-1,200",
    "capacity": "40",
    "decider": "Ann O'Hara",
    "currency": "eur",
    "zone": "Europe/Berlin",
}


@pytest.mark.data
def test_telco_goes_from_table_to_declarations_and_its_rows_come_in(data):
    entry = SourceEntry.model_validate({"as": "units", "file": "telco_churn/telco.parquet"})
    reading = open_source(entry, data).read()
    assert reading.notes == ("telco.parquet: TotalCharges: 11 blanks among numbers, read as missing",)
    found = guess(reading.table)
    texts = draft({"name": "telco", "file": "telco_churn/telco.parquet"}, found)
    brief, playbook = map(lambda read, text: read(text), (read_brief, read_playbook), texts)
    report = check(brief, playbook, KIND_INFO, facts=found.facts)
    assert report.faults == []
    assert any(line.startswith("Not measured until you connect") for line in report.open)
    judged = [metric for metric in compile_brief(brief, KIND_INFO).metrics if metric.purpose != "watch"]
    assert judged[0].name == "churn_rate"
    assert all(metric.missing_source == "" for metric in judged)
    source = brief.sources["accounts"]
    rows = units(open_source(source, data).read(), source)
    assert len(rows.units) == 7043
    assert sum(amount for _, _, amount in rows.outcomes) == 1869


def test_what_was_answered_is_written_and_the_rest_is_marked_open():
    text, _ = draft(ANSWERS)
    brief = read_brief(text)
    assert brief.product.name == "acme-kunden"
    assert (brief.product.currency, brief.product.zone) == ("EUR", "Europe/Berlin")
    assert brief.questions.users == ANSWERS["users"]
    assert brief.outcomes["churned"].worth == -1200
    assert brief.policy.capacity_per_week == 40
    assert brief.people["ann"].name == "Ann O'Hara"
    marked = [line for line in text.splitlines() if line.startswith(("workflow", "success"))]
    assert all('"?"  # open: ' in line for line in marked)
    assert "# open: who uses it" not in text


def test_every_question_mark_in_a_draft_says_what_is_open():
    text, _ = draft({})
    assert all("# open: " in line for line in text.splitlines() if line.endswith('"?"') or '"?" ' in line[:20])
    assert text.count("# open: ") >= 8


def test_a_good_outcome_becomes_the_goal():
    table = pa.table({"account_id": ["a", "b", "c"], "renewed": ["yes", "no", "yes"]})
    brief = read_brief(draft({"file": "a.csv"}, guess(table))[0])
    assert [metric.name for metric in brief.metrics if metric.purpose == "goal"] == ["renewal_rate"]
    assert brief.sources["accounts"].outcomes == {"renewed": "renewed=yes"}


def test_a_table_without_an_id_gives_a_brief_that_holds_and_asks_for_it():
    table = pa.table({"churn": ["T", "F", "F"], "x": [1.5, 2.5, 2.5]})
    text, _ = draft({"file": "a.csv"}, guess(table))
    assert "# open: which column holds the unit's id?" in text
    brief = read_brief(text)
    assert brief.sources == {}
    assert check(brief, read_playbook(draft({})[1]), KIND_INFO).faults == []


def test_conditions_on_facts_that_exist_stay_and_others_are_left_out_by_name():
    table = pa.table({"account_id": ["a", "b"], "churned": ["yes", "no"], "seats": [3, 4]})
    _, text = draft({"file": "a.csv"}, guess(table))
    actions = {action.id: action for action in read_playbook(text).actions}
    assert [condition.fact for condition in actions["training"].when] == ["seats"]
    assert actions["setup_call"].when == []
    assert "left out: nothing sends setup_steps_done yet" in text
    assert "{contact}" not in text


def test_answers_that_cannot_be_written_are_refused_together():
    with pytest.raises(BriefFaults) as caught:
        draft({"worth": "much", "capacity": "many", "currency": "euros"})
    assert len(caught.value.faults) == 3
    with pytest.raises(Unknown, match="worht"):
        draft({"worht": "3"})
    with pytest.raises(Unknown, match="retention"):
        draft({}, template="retenton")


def test_the_interview_asks_every_key_and_offers_what_it_saw():
    table = pa.table({"account_id": ["a", "b"], "churned": ["yes", "no"]})
    asked = {question.key: question for question in questions(Texts(), guesses=guess(table))}
    assert tuple(asked) == KEYS
    assert asked["outcome"].default == "churned=yes"
    assert asked["outcome"].because
    assert all(question.ask and question.why for question in asked.values())
