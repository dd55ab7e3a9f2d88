"""Who it is for: the brief's answers where there are any, else whom to ask what."""

from __future__ import annotations

import numpy as np
import pytest

import payoff
from payoff.audit.report import Report
from payoff.audit.sections.monday import Monday
from payoff.audit.sections.who import QUESTIONS, Who, answers

ANSWERED = {
    "users": "Care team",
    "problem": "Leavers are seen too late",
    "workflow": ["A list", "calls"],
    "success": "Renewals",
}


def frame(**more: object) -> dict[str, object]:
    rng = np.random.default_rng(1)
    score = rng.random(400)
    return {"p": score, "churned": (rng.random(400) < score).astype(int), **more}


def audited(table: dict[str, object], **options: object) -> Report:
    return payoff.audit(table, catalogue=(Who(), Monday()), **{"score": "p", "label": "churned", **options})  # type: ignore[arg-type]


def asked(report: Report) -> str:
    return " ".join(cell for line in report.section("who").tables[0].cells for cell in line)


def test_with_nobody_asked_there_is_a_guide_of_eight_to_ten_questions_for_three_kinds_of_people() -> None:
    section = audited(frame()).section("who")
    guide = section.tables[0]
    assert 8 <= len(guide.cells) <= 10
    assert len({row["whom"] for row in guide.rows}) == 3
    assert all(cell.strip() for line in guide.cells for cell in line)
    assert [f.key for f in section.findings] == ["who_open"]
    assert section.findings[0].evidence["open"] == list(QUESTIONS)
    assert section.answer == "nobody asked yet"


def test_every_question_is_open_and_about_what_was_done() -> None:
    for row in audited(frame(sex=["f", "m"] * 200)).section("who").tables[0].rows:
        assert "?" in row["ask"] or row["ask"].startswith("Tell me")
        assert not {"would", "could", "like", "want"} & set(row["ask"].lower().split())


def test_questions_name_the_outcome_and_what_the_table_holds() -> None:
    plain = asked(audited(frame()))
    assert "“churned”" in plain and "“p”" in plain
    assert "what happened next, and who did it?" in plain
    logged = asked(audited(frame(acted=np.arange(400) % 2), done="acted"))
    assert "what happened next, and who did it?" not in logged


def test_a_file_of_decisions_asks_what_made_the_difference() -> None:
    rng = np.random.default_rng(1)
    table = {"hired": rng.integers(0, 2, 400), "sex": rng.choice(["f", "m"], 400)}
    report = audited(table, score="", label="", decision="hired")
    assert "the last three you did not (“hired”)" in asked(report)
    assert "ended in" not in asked(report)


def test_the_group_picked_out_most_often_is_to_be_asked_itself() -> None:
    sex = np.array(["f", "m"] * 200)
    picked = np.where(sex == "f", np.arange(400) % 10 < 8, np.arange(400) % 10 < 3).astype(int)
    report = audited(frame(sex=sex, picked=picked), decision="picked", protected=["sex"])
    shares = {s: round(100 * picked[sex == s].mean()) for s in ("f", "m")}
    most = max(shares, key=lambda s: shares[s])
    told = f"“sex” is “{most}”, picked out {shares[most]} times of 100, others as seldom as"
    assert f"{told} {min(shares.values())}" in asked(report)


def test_a_group_too_small_to_tell_is_not_singled_out() -> None:
    sex = np.array(["f"] * 20 + ["m"] * 380)
    picked = np.where(sex == "f", 1, np.arange(400) % 2)
    report = audited(frame(sex=sex, picked=picked), decision="picked", protected=["sex"])
    assert "“sex”" not in asked(report)


def test_answers_of_the_brief_are_shown_and_nothing_is_asked() -> None:
    section = audited(frame(), brief=ANSWERED).section("who")
    assert section.findings == () and section.tables == ()
    assert section.answer == "answered"
    assert "How they do it today, and where it hurts: A list; calls" in section.said
    assert [s for s in section.said if "Care team" in s]


def test_what_is_open_in_the_brief_is_named_and_only_that() -> None:
    section = audited(frame(), brief={**ANSWERED, "success": "?", "problem": " "}).section("who")
    assert section.findings[0].evidence["open"] == ["problem", "success"]
    assert "which problem of theirs it solves, what success is to them" in section.findings[0].text
    assert section.answer == "2 of 4 open"
    assert sum("not said yet" in said for said in section.said) == 2
    assert section.tables


@pytest.mark.parametrize("brief", [None, {}, {"questions": {}}, {"questions": {"users": "?"}}, {"users": []}])
def test_blanks_and_question_marks_are_open(brief: dict[str, object] | None) -> None:
    assert answers(brief) == {}


def test_a_whole_brief_is_read_as_well_as_its_answers_alone() -> None:
    assert answers({"product": {"name": "x"}, "questions": ANSWERED}) == answers(ANSWERED)


@pytest.mark.parametrize(
    ("name", "proxy"), [("clicked", True), ("visit", True), ("renewed", False), ("churned", False)]
)
def test_an_outcome_that_is_only_near_the_goal_is_told_apart_by_its_name(name: str, proxy: bool) -> None:
    table = frame()
    table[name] = table.pop("churned")
    report = audited(table, label=name)
    found = [f for f in report.all_findings if f.key == "who_proxy"]
    assert bool(found) == proxy
    if proxy:
        assert "out of curiosity" in found[0].text
        assert found[0].basis is not None and "name alone" in found[0].basis.method
