"""What a researcher does: plan, record, mark, tie, rename, take back; what was kept is added to, or forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests import small

from payoff.errors import BadInput, Conflict, Refused, Unknown
from payoff.notes.records import OWN, Answer
from payoff.use_cases.listening import Wanted
from payoff.use_cases.product import Product
from payoff.use_cases.research import Research

TODAY = date(2026, 1, 5)


@pytest.fixture
def product() -> Product:
    return small.running(12)


@pytest.fixture
def research(product: Product) -> Research:
    return product.research


def held(research: Research, **more: object) -> str:
    came = {"payroll lead": 2, "HR manager": 1}
    return research.record("focus group", "They said many things.", by="rui", attended=came, **more)  # type: ignore[arg-type]


def test_a_plan_is_recorded_in_its_place_and_answers_close_its_questions(
    product: Product, research: Research
) -> None:
    plan = research.plan(
        "focus group", date(2026, 1, 9), by="rui", invite={"HR manager": 4}, questions="Why?\n\nHow?"
    )
    assert [i.question for i in research.agenda(plan) if i.key.startswith("own")] == ["Why?", "How?"]
    assert research.next().planned == research.session(plan)
    product.clock.advance(timedelta(days=5))  # type: ignore[attr-defined]
    said = [Answer("brief.harms", "?", "answered"), Answer("own.Why?", "Why?", "partly")]
    id = held(research, plan=plan, day=date(2026, 1, 9), answers=said)
    assert id == plan
    assert research.next().planned is None
    assert research.next().due == date(2026, 1, 23)
    assert "brief.harms" not in [i.key for i in research.agenda()]
    with pytest.raises(Refused, match="recorded already"):
        held(research, plan=plan)


def test_a_plan_nobody_will_hold_is_gone_and_a_session_that_was_is_kept(research: Research) -> None:
    plan = research.plan("interview", TODAY, by="rui", open_to_all=True)
    research.drop(plan, by="rui")
    assert research.kept().sessions == ()
    with pytest.raises(Refused):
        research.drop(held(research), by="rui")


def test_all_faults_of_a_session_are_told_at_once(research: Research) -> None:
    with pytest.raises(BadInput) as refused:
        research.record(
            "chat", " ", by="rui", day=date(2026, 2, 1), attended={"founder": -1, "": 2}, release="r9",
            answers=[],
        )  # fmt: skip
    assert {f.where for f in refused.value.faults} == {
        "founder", "role", "What it was", "Day", "What was said", "Release it is about",
    }  # fmt: skip
    with pytest.raises(BadInput) as refused:
        research.plan("idea", date(2026, 1, 4), by="rui")
    assert {f.where for f in refused.value.faults} == {"What it will be", "Day", "Whom to invite"}
    assert research.kept().sessions == ()


def test_a_quote_is_found_by_every_filter_and_the_same_words_count_once(research: Research) -> None:
    note = held(research)
    against = {"bears": ["release:r0"], "stance": "against"}
    first = research.mark(note, "I never answer calls.", by="rui", who="P3", themes=["Calls"], **against)  # type: ignore[arg-type]
    assert research.mark(note, " I never answer calls.", by="eve", who="P3") == first
    research.mark(note, "Lovely calls", by="rui", who="P1", themes=["calls", "tone"])
    assert [q.role for q in research.quotes(Wanted(text="never CALLS"))] == ["HR manager"]
    for wanted, n in (
        (Wanted(theme="CALLS"), 2), (Wanted(role="payroll lead"), 1), (Wanted(on="release:r0"), 1),
        (Wanted(stance="neither"), 1), (Wanted(stance="against"), 1), (Wanted(note="nobody"), 0),
        (Wanted(theme="tone", stance="against"), 0),
    ):  # fmt: skip
        assert len(research.quotes(wanted)) == n, wanted
    counted = research.about("release:r0")
    assert (counted.favour, counted.against, counted.neither) == (0, 1, 0)
    assert [(t.name, len(t.quotes)) for t in research.themes()] == [("Calls", 2), ("tone", 1)]


def test_all_faults_of_a_quote_are_told_at_once(research: Research) -> None:
    note = held(research)
    with pytest.raises(BadInput) as refused:
        research.mark(note, " ", by="rui", who="P9", bears=["release:r9"], stance="maybe")
    assert {f.where for f in refused.value.faults} == {
        "Words somebody said", "Who said it", "Bears on", "For or against it",
    }  # fmt: skip
    with pytest.raises(BadInput, match="quote"):
        research.mark(note, "x", by="rui", who="P1", stance="for")
    with pytest.raises(BadInput):
        research.mark(note, "x" * 2001, by="rui", who="P1")
    plan = research.plan("interview", TODAY, by="rui", open_to_all=True)
    with pytest.raises(BadInput):
        research.mark(plan, "x", by="rui", who=OWN)


def test_who_said_it_is_asked_and_nobody_in_particular_is_a_choice(research: Research) -> None:
    note = held(research)
    with pytest.raises(BadInput, match="quote") as refused:
        research.mark(note, "they whispered", by="rui")
    assert [f.where for f in refused.value.faults] == ["Who said it"]
    quote = research.mark(note, "they whispered", by="rui", who=OWN)
    assert (research.quote(quote).who, research.quote(quote).role) == (OWN, "")
    research.change(note, by="rui", attended={"payroll lead": 2, "HR manager": 2})


def test_a_quote_marked_by_mistake_is_taken_out_by_its_author_alone(product: Product, research: Research) -> None:
    note = held(research)
    against = {"themes": ["calls"], "bears": ["release:r0"], "stance": "against"}
    quote = research.mark(note, "no calls", by="rui", who="P1", **against)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="who marked it"):
        research.remove(quote, by="eve")
    research.remove(quote, by="rui")
    assert research.quotes() == []
    assert research.about("release:r0").quotes == 0
    assert research.themes() == ()
    assert [h.quotes for h in research.coverage() if h.role == "payroll lead"] == [0]
    (kept,) = research.kept().removed
    assert (kept.id, kept.text, kept.by, kept.filed) == (quote, "no calls", "rui", product.clock.now())
    for again in (lambda: research.remove(quote, by="rui"), lambda: research.recode(quote, by="rui", text="x")):
        with pytest.raises(Refused, match="taken out"):
            again()
    assert research.withdraw(note, "P1", by="rui", text="They said less.") == 0
    assert [q.text for q in research.kept().removed] == [""], "what is on the record can be taken back, too"


def test_filed_anew_a_quote_keeps_its_place_and_the_log_keeps_both(product: Product, research: Research) -> None:
    quote = research.mark(held(research), "calls!", by="rui", who="P1", themes=["calls"])
    research.recode(
        quote, by="eve", text="Calls!", who="P3", themes=["tone"], bears=["action:setup_call"], stance="for"
    )
    (kept,) = research.quotes()
    assert (kept.id, kept.by, kept.text, kept.role, kept.themes) == (
        quote,
        "rui",
        "Calls!",
        "HR manager",
        ("tone",),
    )
    assert len(product.workspace.tables.arrow("quote")) == 2


def test_a_theme_is_tied_renamed_merged_and_found_by_its_old_name(product: Product, research: Research) -> None:
    note = held(research)
    for theme in ("calls", "phone"):
        research.mark(note, theme, by="rui", who="P1", themes=[theme])
    product.hold("r0", by="pm", why="wait")
    decision = next(t for t in research.targets() if t.group == "decision")
    research.tie("calls", decision.on, by="rui", why="it came up")
    assert research.rename("calls", " Phone ", by="rui") == "Phone"
    theme = research.theme("calls")
    assert (theme.name, len(theme.quotes), [t.on for t in theme.ties]) == ("Phone", 2, [decision.on])
    assert research.about(decision.on).themes == ("Phone",)
    research.untie("Phone", decision.on, by="rui")
    assert research.theme("phone").ties == ()
    for wrong in (lambda: research.tie("phone", "release:r9", by="rui"), lambda: research.theme("nothing")):
        with pytest.raises(Unknown):
            wrong()
    with pytest.raises(BadInput):
        research.rename("phone", " , ", by="rui")


def test_words_taken_back_are_nowhere_and_the_counts_stay(product: Product, research: Research) -> None:
    note = research.record("interview", "P1 said SECRET.", by="rui", attended={"founder": 2})
    against = {"bears": ["release:r0"], "stance": "against"}
    quote = research.mark(note, "SECRET", by="rui", who="P1", themes=["money"], **against)  # type: ignore[arg-type]
    research.recode(quote, by="rui", text="SECRET!", who="P1", themes=["money"], **against)  # type: ignore[arg-type]
    research.mark(note, "fine", by="rui", who="P2")
    research.change(note, by="rui", title="A talk")
    assert research.withdraw(note, "P1", by="rui", text="P1 took it back.") == 1
    kept = "".join(str(product.workspace.tables.arrow(kind).to_pylist()) for kind in ("note", "quote"))
    assert "SECRET" not in kept
    assert research.session(note).text == "P1 took it back."
    assert research.session(note).title == "A talk"
    counted = research.about("release:r0")
    assert (counted.against, counted.quotes, counted.withdrawn) == (0, 0, 1)
    assert [(h.quotes, h.withdrawn) for h in research.coverage() if h.role == "founder"] == [(1, 1)]
    assert [(q.who, q.text, q.withdrawn) for q in research.quotes()] == [("P2", "fine", False), ("P1", "", True)][
        ::-1
    ]
    assert research.withdraw(note, "P1", by="rui", text="P1 took it back.") == 0, "again is harmless"
    with pytest.raises(Refused):
        research.recode(quote, by="rui", text="SECRET")
    with pytest.raises(Unknown):
        research.withdraw(note, "P9", by="rui", text="")


def test_words_taken_back_may_not_stand_in_what_is_left(product: Product, research: Research) -> None:
    text = "P1 was cross: “They   called at NOON. I hung up, and\nthen I cried.” P2 was not."
    note = research.record(
        "interview", text, by="rui", title="I hung up and then I cried", attended={"founder": 2}
    )
    quote = research.mark(note, "They called at eleven.", by="rui", who="P1")
    research.recode(quote, by="rui", text="They called at noon. I hung up and then I cried!", who="P1")
    unnamed = research.mark(note, "they called at noon", by="rui", who=OWN)
    with pytest.raises(BadInput) as refused:
        research.withdraw(note, "P1", by="rui", text=text)
    assert [f.where for f in refused.value.faults] == ["The note", "The title", "A quote"]
    assert "“They called at noon. I hung up" in str(refused.value)
    assert research.session(note).text == text, "nothing was kept of it"
    assert research.quote(quote).counts
    with pytest.raises(BadInput, match="2 things"):
        research.withdraw(note, "P1", by="rui", text="He said: they called at eleven", title="A talk")
    research.remove(unnamed, by="rui")
    with pytest.raises(BadInput, match="1 thing"):
        research.withdraw(note, "P1", by="rui", text="He said: they called at eleven", title="A talk")
    assert research.withdraw(note, "P1", by="rui", text="P2 was calm.", title="A talk") == 1
    kept = research.session(note)
    assert (kept.text, kept.title) == ("P2 was calm.", "A talk")
    logged = "".join(str(product.workspace.tables.arrow(kind).to_pylist()) for kind in ("note", "quote"))
    assert "hung up" not in logged
    assert "at noon" not in logged, "nor as a quote that was taken out"
    assert "eleven" not in logged


def test_an_older_form_does_not_bring_withdrawn_words_back(research: Research) -> None:
    note = research.record("interview", "The price was absurd.", by="ines", attended={"payroll lead": 1})
    research.mark(note, "The price was absurd.", by="ines", who="P1")
    opened = research.version(note)
    research.withdraw(note, "P1", by="ines", text="They spoke of costs.")
    with pytest.raises(Conflict, match="meanwhile"):
        research.change(note, by="ben", text="The price was absurd.", title="Costs", base=opened)
    research.change(note, by="ben", title="Costs", base=research.version(note))
    assert (research.session(note).title, research.session(note).text) == ("Costs", "They spoke of costs.")


def test_withdrawn_words_stand_in_no_task_and_in_no_part_that_was_marked_alone(research: Research) -> None:
    note = research.record("prototype test", "We watched.", by="ines", attended={"payroll lead": 2})
    research.mark(note, "The price was absurd and I left.", by="ines", who="P1")
    part = research.mark(note, "price was absurd", by="ines", who=OWN)
    research.task(note, "The price was absurd and I left.", {"P2": "no"}, by="ines")
    with pytest.raises(BadInput) as error:
        research.withdraw(note, "P1", by="ines", text="We watched.")
    assert {fault.where for fault in error.value.faults} == {"A task", "A quote"}
    assert research.quote(part).text == "price was absurd"


def test_who_came_may_grow_and_nobody_changes_their_code(research: Research) -> None:
    note = held(research)
    research.mark(note, "calls", by="rui", who="P3")
    research.change(note, by="rui", attended={"payroll lead": 2, "HR manager": 2})
    assert len(research.session(note).people) == 4
    with pytest.raises(BadInput) as refused:
        research.change(note, by="rui", attended={"payroll lead": 3, "HR manager": 2}, text="")
    assert {f.where for f in refused.value.faults} == {"Who came", "What was said"}
    assert research.session(note).role_of("P3") == "HR manager"


def test_a_task_is_kept_by_code_and_replaced_by_its_newest_result(research: Research) -> None:
    note = research.record("prototype test", "They looked.", by="rui", attended={"founder": 3})
    assert not research.task(note, "find Undo", {"P1": "no", "P2": "did"}, by="rui")
    assert research.session(note).tasks[0].untried(["P1", "P2", "P3"]) == ("P3",)
    assert research.task(note, " Find  undo ", {"P1": "help", "P2": "did", "P3": "did"}, by="rui")
    (task,) = research.session(note).tasks
    assert (task.count("did"), task.count("help"), task.count("no")) == (2, 1, 0)
    with pytest.raises(BadInput) as refused:
        research.task(note, "", {"P9": "did", "P1": "maybe"}, by="rui")  # type: ignore[dict-item]
    assert len(refused.value.faults) == 3
    with pytest.raises(BadInput) as refused:
        research.task(held(research), "find Undo", {}, by="rui")
    assert {f.where for f in refused.value.faults} == {"The task", "What each person did"}


def test_the_agenda_is_drawn_from_what_is_open(product: Product, research: Research) -> None:
    said = next(s for s in product.decide() if s.arm != "holdout" and s.action != "nothing")
    product.feedback(said.id, by="nia", problem="no phone number")
    found = {i.key.partition(".")[0]: i for i in research.agenda()}
    assert "no phone number" in found["feedback"].question
    assert {"brief", "feedback", "metric"} <= set(found)
    assert all(i.because for i in found.values())


def test_roles_are_known_from_the_facts_before_anybody_was_asked(research: Research) -> None:
    assert [(h.role, h.customers, h.last) for h in research.coverage()] == [
        ("HR manager", 6, None), ("payroll lead", 6, None),
    ]  # fmt: skip


def test_notes_kept_the_short_way_are_found_here_too(product: Product, research: Research) -> None:
    id = product.note("interview", "they like it", by="rui", themes=["praise"], release="r0")
    assert research.session(id).themes == ("praise",)
    (note,) = product.notes("praise")
    assert (note.id, note.release, note.text) == (id, "r0", "they like it")
    with pytest.raises(Unknown):
        product.note("gossip", "x", by="rui")
