"""Labels on a real small product: one list for everybody, blind, lessons for what two agree on, and their way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests import small

from payoff.errors import BadInput, Conflict, Refused, Unknown
from payoff.feedback.annotations import CANNOT_SAY, NEITHER, Answer, Case
from payoff.use_cases.label_agreement import measure, per_action, together

BRIEF = small.BRIEF.replace('contact = "contact"', 'contact = "contact"\nprotected = ["seats"]')


@pytest.fixture
def product():
    made = small.running(60, brief=BRIEF)
    made.create_release("r1", "Effects", {"policy": "effect"}, by="ds", why="try")
    made.decide()
    return made


def label_all(product, who: str, choose) -> None:
    for case in product.annotating.mine(who):
        product.annotating.answer(case.suggestion, choose(case), by=who)


def first(case) -> str:
    return case.actions[0]


def test_the_list_is_the_same_for_everybody_all_week_and_another_one_the_week_after(product) -> None:
    mine, theirs = product.annotating.mine("ana"), product.annotating.mine("ben")
    assert {c.suggestion for c in mine} == {c.suggestion for c in theirs}
    assert [c.suggestion for c in mine] != [c.suggestion for c in theirs], "each in their own order"
    assert 2 <= len(mine) <= 12
    head = product.storage.log.head()
    product.clock.advance(timedelta(days=2))
    product.decide()
    after = product.storage.log.head()
    assert {c.suggestion for c in product.annotating.batch()} == {c.suggestion for c in mine}
    assert product.storage.log.head() == after > head - 1
    product.clock.advance(timedelta(days=14))
    product.decide()
    later = product.annotating.batch()
    assert not {c.unit for c in later} & {c.unit for c in mine}, "nobody is asked about so soon again"


def test_no_holdout_and_nothing_protected_is_shown() -> None:
    product = small.running(60, brief=BRIEF.replace("holdout = 0.1", "holdout = 0.5"))
    held = {s.id for s in product.decide() if s.arm == "holdout"}
    assert len(held) > 20
    for case in product.annotating.batch():
        assert case.suggestion not in held
        shown = product.annotating.about(case)
        assert "seats" not in shown.facts
        assert not {"contact", "owner", "unit"} & set(shown.facts)
        assert "days_since_login" in shown.facts


def test_sides_are_a_matter_of_chance_and_the_models_choice_is_not_among_them(product) -> None:
    desk = product.annotating
    sides = {desk.pair(case, who)[0] for case in desk.batch() for who in ("ana", "ben", "cem", "dan")}
    assert sides == {"setup_call", "tips_mail"}


def test_the_newest_answer_counts_until_the_other_can_be_seen(product) -> None:
    desk = product.annotating
    case = desk.mine("ana")[0]
    desk.answer(case.suggestion, NEITHER, by="ana")
    label_all(product, "ana", first)
    assert product.storage.log.head() > 0
    assert all(c.first["ana"].label == first(c) for c in desk.batch()), "one may go back and change"
    desk.answer(case.suggestion, "tips_mail", by="ben")
    with pytest.raises(Conflict, match="you have seen"):
        desk.answer(case.suggestion, CANNOT_SAY, by="ana")
    desk.answer(case.suggestion, "setup_call", by="ben")  # still blind: the rest of the list is to do


def test_nobody_sees_another_answer_before_their_own_list_is_done(product) -> None:
    desk = product.annotating
    label_all(product, "ana", first)
    one = desk.mine("ben")[0]
    desk.answer(one.suggestion, first(one), by="ben")
    (case,) = [c for c in desk.batch() if len(c.first) > 1]
    assert desk.seen(case, "ana")
    assert not desk.seen(case, "ben")
    product.clock.advance(timedelta(days=7))
    assert desk.seen(case, "ben"), "the week is over"


def test_where_two_agree_it_is_a_lesson_that_says_so_and_can_be_followed(product) -> None:
    desk = product.annotating
    for who in ("ana", "ben"):
        label_all(product, who, lambda c: "tips_mail")
    product.clock.advance(timedelta(hours=1))
    report = product.learn()
    n = len(desk.batch())
    assert f"{n} hard cases are labelled alike by now, and speak for what the experts chose." in report.changed
    made = product.lineage.refresh(product.releases()[1].artefact)
    assert {t.name for t in made.traces} == {"tips_mail"}
    (a, *_) = made.traces
    assert (a.before, a.after) == (0.02, pytest.approx(0.02 + 0.05 * 2 / 3))
    ids = {label.id for c in desk.batch() for label in c.first.values()}
    assert {id for t in made.traces for id in t.labels} == ids
    became = desk.became("ana")
    assert [(one.release, one.artefact, one.n) for one in became.lessons] == [("r1", made.artefact, n)]
    assert (became.open, became.waiting, became.apart) == (0, 0, 0)


def test_before_the_next_learning_and_with_one_voice_it_says_what_it_waits_for(product) -> None:
    desk = product.annotating
    label_all(product, "ana", first)
    n = len(desk.batch())
    assert desk.became("ana").waiting == n
    label_all(product, "ben", first)
    assert desk.became("ana").open == n
    assert desk.became("ana").lessons == ()


def test_a_difference_teaches_once_it_is_settled_and_stays_in_the_measure(product) -> None:
    desk = product.annotating
    label_all(product, "ana", lambda c: "setup_call")
    label_all(product, "ben", lambda c: "tips_mail")
    assert product.lineage is not None
    assert len(desk.disagreements("ana")) == len(desk.batch())
    assert desk.disagreements() == [], "the present week is no matter for a session yet"
    case = desk.batch()[0]
    with pytest.raises(BadInput, match="nobody said"):
        desk.settle(case.suggestion, NEITHER, by="ben")
    desk.settle(case.suggestion, "setup_call", by="ben")
    after = next(c for c in desk.batch() if c.suggestion == case.suggestion)
    assert (after.agreed, after.first["ben"].label) == ("setup_call", "tips_mail")
    assert measure(desk.everything()).same == 0
    product.clock.advance(timedelta(days=7))
    assert case.suggestion not in [c.suggestion for c in desk.disagreements()]
    assert len(desk.disagreements()) == len(desk.everything()) - 1


def test_what_cannot_be_answered(product) -> None:
    desk = product.annotating
    case = desk.batch()[0]
    with pytest.raises(BadInput) as refused:
        desk.answer(case.suggestion, "dance", by="ana", instead="setup_call")
    assert len(refused.value.faults) == 2
    with pytest.raises(Unknown, match="not on the list"):
        desk.answer("nobody", NEITHER, by="ana")
    with pytest.raises(Conflict, match="nothing to settle"):
        desk.settle(case.suggestion, NEITHER, by="ana")


def test_people_at_stake_are_labelled_only_where_the_brief_says_what_is_protected_and_who_could_be_hurt() -> None:
    brief = small.BRIEF.replace('currency = "EUR"', 'currency = "EUR"\npeople_at_stake = true')
    silent = small.running(60, brief=brief)
    silent.decide()
    with pytest.raises(Refused, match="protected") as refused:
        silent.annotating.batch()
    assert "who could be hurt" in str(refused.value)
    harms = '\n[[harms]]\nwho = "applicants"\nshows = "fewer calls"\nstopped_by = "left_60d"\n'
    spoken = brief.replace('contact = "contact"', 'contact = "contact"\nprotected = ["seats"]') + harms
    open_ = small.running(60, brief=spoken)
    open_.decide()
    assert open_.annotating.batch() == [], "a case that is still open is nobody's to label"
    open_.clock.advance(timedelta(days=15))
    (case, *_) = open_.annotating.batch()
    assert open_.annotating.about(case).name == ""


def test_who_is_erased_is_on_no_list(product) -> None:
    desk = product.annotating
    case = desk.batch()[0]
    product.storage.log.forget(case.unit)
    assert case.suggestion not in [c.suggestion for c in desk.everything()]


def test_agreement_is_counted_against_what_luck_would_give(product) -> None:
    desk = product.annotating
    cases = desk.mine("ana")
    label_all(product, "ana", lambda c: "setup_call")
    odd = {c.suggestion for c in cases[:1]}
    label_all(product, "ben", lambda c: NEITHER if c.suggestion in odd else "setup_call")
    (pair,) = together(desk.everything(), "ben")
    n = len(cases)
    assert (pair.people, pair.n, pair.same) == (("ben", "ana"), n, n - 1)
    assert pair.luck == pytest.approx((n - 1) / 2), "one of two by a toss of a coin, as often as both say one"
    told = measure(desk.everything())
    assert not told.enough
    assert told.alpha == pytest.approx(1 - (1 / n) / (1 - (2 * n - 1) ** 2 / (2 * n) ** 2 / 2), abs=0.1)
    assert {(p.action, p.n, p.same) for p in per_action(desk.everything())} == {
        ("setup_call", n, n - 1), ("tips_mail", n, n - 1),
    }  # fmt: skip


def test_two_who_toss_coins_agree_no_more_than_luck_however_many_actions_there_are() -> None:
    luck = np.random.default_rng(2)
    pairs = [tuple(sorted(luck.choice(["a", "b", "c", "d", "e", "f"], 2, replace=False))) for _ in range(400)]
    asked = []
    for i, pair in enumerate(pairs):
        case = Case(f"s{i}", f"u{i}", date(2026, 1, 5), i, pair, "boss")
        said = {who: Answer(f"{who}{i}", i, small.START, who, str(luck.choice(pair))) for who in ("ana", "ben")}
        asked.append(replace(case, first=said))
    told = measure(asked)
    (pair,) = together(asked)
    assert told.low is not None and told.high is not None
    assert told.low < 0 < told.high, "counted over the names of six actions it would look like 0.4"
    assert told.alpha == pytest.approx((pair.same - pair.luck) / (pair.n - pair.luck), abs=0.01), "one luck"


def test_what_became_of_answers_counts_what_is_listed_and_tells_nothing_before_its_time(product) -> None:
    desk = product.annotating
    label_all(product, "ana", lambda c: "setup_call")
    one, two, *_ = desk.mine("ben")
    desk.answer(one.suggestion, "tips_mail", by="ben")
    desk.answer(two.suggestion, "setup_call", by="ben")
    told = desk.became("ben")
    assert (told.blind, told.apart, told.open) == (2, 0, 0)
    assert desk.disagreements("ben") == []
    for case in desk.mine("ben")[2:]:
        desk.answer(case.suggestion, "tips_mail", by="ben")
    n = len(desk.batch())
    assert (desk.became("ben").apart, len(desk.disagreements("ben"))) == (n - 1, n - 1)
    first, second, *_ = desk.disagreements("ben")
    desk.settle(first.suggestion, "setup_call", by="ben")
    desk.settle(second.suggestion, "tips_mail", by="ben")
    told = desk.became("ben")
    assert (told.apart, told.kept, told.open) == (n - 3, 1, 2)
    assert len(desk.disagreements("ben")) == n - 3
    assert {c.suggestion for c in desk.settled("ben")} == {first.suggestion, second.suggestion}
    label_all(product, "cy", lambda c: "setup_call")
    told = desk.became("ben")
    assert (told.apart, told.kept, told.outvoted) == (0, 0, n - 2)
    assert desk.disagreements("ben") == []


def test_the_last_answer_can_be_changed_until_others_have_been_heard(product) -> None:
    desk = product.annotating
    assert desk.last("ben") is None
    mine = desk.mine("ben")
    assert desk.next("ben") == mine[0]
    for case in mine[:2]:
        desk.answer(case.suggestion, NEITHER, by="ben")
        product.clock.advance(timedelta(seconds=1))
    assert desk.last("ben").suggestion == mine[1].suggestion
    desk.answer(mine[0].suggestion, CANNOT_SAY, by="ben")
    assert desk.last("ben").suggestion == mine[0].suggestion
    label_all(product, "ana", first)
    assert desk.last("ben") is not None, "ben's own list is not done"
    label_all(product, "ben", first)
    assert desk.last("ben") is None
    assert desk.next("ben") is None
