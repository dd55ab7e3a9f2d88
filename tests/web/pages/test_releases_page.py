"""The rail as data: where a release is, what it waits for, who may move it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.fake_boards import judgement, looked_back
from tests.fake_product import FakeProduct, talked, undone, won
from tests.fake_values import NOW, Decision

from payoff.notes.records import Counted
from payoff.people.person import people_of
from payoff.records.judgement import Verdict
from payoff.records.releases import SERVED, Move
from payoff.use_cases.changes import Changes
from payoff.web.cards import Cards
from payoff.web.pages.releases import Rail, ReleasesPage, releases

DAY = timedelta(days=1)


def page(product: FakeProduct, who: str = "paula") -> ReleasesPage:
    return releases(product, people_of(product.brief.people)[who], Cards(product))


def rail(product: FakeProduct, id: str, who: str = "paula") -> Rail:
    shown = page(product, who)
    return next(r for r in (*shown.rails, *shown.older) if r.id == id)


def test_the_one_on_trial_stands_first_and_ended_ones_last() -> None:
    shown = page(FakeProduct())
    assert [r.id for r in shown.rails] == ["r1", "r0", "r3"]
    assert [r.id for r in shown.older] == ["r2"]


def test_the_rail_marks_past_present_and_future_with_their_days() -> None:
    steps = rail(FakeProduct(), "r1").steps
    assert [s.state for s in steps] == ["past", "past", "past", "now", "next"]
    assert steps[3].when == "since 9 Nov 2026"
    assert steps[2].share == "10% in the trial"


def test_the_next_step_says_what_it_waits_for_and_until_when() -> None:
    shown = rail(FakeProduct(), "r1")
    assert shown.next_step == "Next: everyone"
    assert shown.waits[:2] == ("its least time here, until 7 Dec 2026", "79 of 120 renewals are still open")
    assert shown.choose_by == "By 26 Dec 2026 a person must choose."


def test_a_release_that_skipped_steps_shows_them_as_not_taken() -> None:
    assert [s.state for s in rail(FakeProduct(), "r2").steps] == ["next", "next", "past", "next", "next"]


def test_the_policy_is_told_in_plain_words_with_its_goal() -> None:
    what = rail(FakeProduct(), "r1").what
    assert what[0].startswith("It suggests the action expected to be worth most")
    assert what[1:] == (
        "It is meant to move: first payroll run within 14 days.",
        "It is compared with Most clicked.",
    )


def test_refreshes_name_the_feedback_they_used() -> None:
    refresh = rail(FakeProduct(), "r1").refreshes[0]
    assert refresh.rows == "learned from 1,240 rows"
    assert "acct-88: seasonal pause (Nia Okafor)" in refresh.changed


def test_a_refresh_says_only_what_the_one_before_had_not_said() -> None:
    product = FakeProduct()
    older, newer = ("a: 1", "b: 2"), ("a: 1", "c: 3")
    product.learned = [replace(r, changed=c) for r, c in zip(product.learned, (newer, older), strict=True)]
    first, second = rail(product, "r1").refreshes
    assert (first.changed, first.same) == (("c: 3",), "1 line as the time before")
    assert (second.changed, second.same) == (older, "")


def test_only_who_decides_may_revert_and_only_what_serves() -> None:
    assert rail(FakeProduct(), "r1").may_revert
    assert not rail(FakeProduct(), "r1", "dev").may_revert
    assert not rail(FakeProduct(), "r3").may_revert
    assert rail(FakeProduct(), "r3").start is not None
    assert rail(FakeProduct(), "r3", "dev").start is None


def test_a_rolled_back_release_keeps_who_did_it_and_why() -> None:
    shown = rail(talked(FakeProduct()), "r2")
    assert shown.over
    assert shown.decisions[0].why == "Complaints went up."


def test_the_next_step_names_a_day_and_who_may_take_it() -> None:
    shown = rail(FakeProduct(), "r1")
    assert shown.who == "May take it: Paula Stein · Ada Lind"
    assert shown.when == "About 7 Dec 2026, if it goes on as it does", "not before its least time is over"
    assert shown.decide == "/board?release=r1"
    assert rail(FakeProduct(), "r1", "dev").decide == ""
    assert rail(FakeProduct(), "r0").who == ""


def test_the_day_is_never_promised_past_the_deadline() -> None:
    product = FakeProduct(verdict=Verdict("hold", "not enough evidence yet", "wait", (), 90))
    assert rail(product, "r1").when == "About 26 Dec 2026, if it goes on as it does"


def test_a_plan_that_is_over_asks_for_a_choice_now() -> None:
    product = FakeProduct()
    old = product.found[1]
    moves = tuple(replace(move, at=move.at - 60 * DAY) for move in old.moves)
    product.found[1] = replace(old, moves=moves)
    shown = rail(product, "r1")
    assert shown.choose_by == "The plan ended on 27 Oct 2026: a person must choose now, on the board."


def test_a_release_in_shadow_may_be_taken_on_and_early_only_by_name() -> None:
    product = FakeProduct()
    way = product.found[3]
    moves = (*way.moves, replace(way.moves[0], stage="shadow", at=NOW - 2 * DAY))
    product.found[3] = replace(way, stage="shadow", moves=moves)
    early = rail(product, "r3").start
    assert early is not None
    assert (early.label, early.early, early.named) == ("Take the next step: named people", True, True)
    assert "the record will say that it was early" in early.note
    assert rail(product, "r3").when == "Not before 28 Nov 2026"
    product.found[3] = replace(way, stage="shadow", moves=(*way.moves, replace(moves[1], at=NOW - 14 * DAY)))
    late = rail(product, "r3").start
    assert late is not None
    assert not late.early
    assert rail(product, "r3").when == "It may be taken from now on"


def test_reverting_says_what_happens_next_and_to_whom() -> None:
    product = FakeProduct()
    assert rail(product, "r1").revert_then.startswith("Every customer it serves is served by “Most clicked”")
    assert rail(product, "r0").revert_then.startswith("Nothing served before it")
    now = product.clock.now()
    before, tried = product.found[:2]
    won = replace(tried, stage="full", moves=(*tried.moves, Move("full", 1.0, now, "paula", "won")))
    over = replace(before, stage="retired", moves=(*before.moves, Move("retired", 0.0, now, "paula", "won")))
    product.found = [over, won, *product.found[2:]]
    assert rail(product, "r1").revert_then.startswith("“Most clicked” serves everybody")
    kept = judgement(3, -0.07, 0.02, release="r0", trial=SERVED)
    product.boards.kept = [kept]
    waiting = sum(item.suggestion.release == "r1" for item in product.queue())
    assert waiting > 1
    said = rail(product, "r1").revert_then
    assert (
        f"The {waiting} open suggestions of “The right next step” leave the desk. At once “Most clicked”" in said
    )
    assert "When “Most clicked” last served: first payroll run within 14 days -7.0 points" in said
    product.found[1] = replace(won, stage="shadow")
    assert rail(product, "r1").revert_then.startswith("It is no longer asked.")


def test_a_step_that_was_passed_over_is_not_ahead() -> None:
    product = FakeProduct()
    gone = replace(product.found[1], stage="rolled back", moves=product.found[1].moves[:2])
    product.found[1] = gone
    words = [step.state_words for step in rail(product, "r1").steps]
    assert "ahead" not in words
    assert "skipped" in words


def test_where_nothing_is_on_its_way_the_page_says_so_and_how_a_new_one_begins() -> None:
    product = FakeProduct()
    assert releases(product, people_of(product.brief.people)["paula"], Cards(product)).idle == ""
    product.found = [r for r in product.found if r.stage in ("full", "retired", "rolled back")]
    page = releases(product, people_of(product.brief.people)["paula"], Cards(product))
    assert page.idle.startswith("Nothing is on its way")
    assert [r.anew for r in page.rails] == ["Most clicked, once more"]
    seen = releases(product, people_of(product.brief.people)["rui"], Cards(product))
    assert {r.anew for r in (*seen.rails, *seen.older)} == {""}, "who may not decide makes none"


def test_what_changed_in_how_it_chooses_is_told_against_the_one_before() -> None:
    product = FakeProduct()
    r0, r1, *others = product.found
    product.found = [
        replace(r0, recipe={"policy": "clicks", "goal": "renewed", "params": {"share": 0.2, "old": 1}}),
        replace(
            r1, recipe={"policy": "constant", "goal": "first_value", "action": "guide", "params": {"share": 0.3}}
        ),
        *others,
    ]
    changes = rail(product, "r1").changes
    assert changes.title == "What is new against “Most clicked”"
    assert changes.choice == (
        "It chooses the same action for everybody it fits, where the other chose what people are most likely to "
        "accept.",
        "goal: first payroll run within 14 days instead of renewed.",
        "action: Send the guide; the other had none.",
        "share: 0.30 instead of 0.20.",
        "old: none; the other had 1.",
    )
    same = replace(r1, recipe=r0.recipe)
    product.found = [r0, same, *others]
    assert rail(product, "r1").changes.choice == ("The same recipe: only what it learned differs.",)


def test_what_changed_in_the_data_names_facts_and_rows() -> None:
    product = looked_back(FakeProduct())
    assert rail(product, "r1").changes.data == (
        "Both learn from the same rows every week (1,240 by now): the data make no difference between them.",
        "It looks at what “Most clicked” did not: seats.",
        "It does not look at what “Most clicked” did: plan tier.",
    )
    product.boards.new = Changes("r0", 1240, NOW, 900, NOW - 30 * DAY)
    assert rail(product, "r1").changes.data == (
        "It has learned from 1,240 rows by now; “Most clicked” learned last on 24 Oct 2026, from 900.",
    )
    product.boards.new = None
    assert rail(product, "r1").changes.data[0].startswith("It has not learned anything yet")


def test_the_first_release_and_one_not_on_trial_yet_know_what_they_are_set_against() -> None:
    product = FakeProduct()
    assert rail(product, "r0").changes.choice == ()
    assert rail(product, "r3").changes.title == "What is new against “Most clicked”"


def test_feedback_a_refresh_took_in_leads_into_the_inbox() -> None:
    newest, older = rail(looked_back(FakeProduct()), "r1").refreshes
    assert (newest.feedback, newest.href) == ("3 new things people said are in it", "/inbox?learned=learned-key")
    assert (older.feedback, older.href) == ("", "")


def test_agreement_is_told_in_hundreds_with_counts_and_says_that_it_is_sameness() -> None:
    shown = rail(looked_back(FakeProduct()), "r1").agreement
    assert shown is not None
    assert shown.lead == "The same action as “Most clicked” for 71 of 100 accounts (292 of 412)."
    assert shown.between == "Between 66 and 75 of 100, for whom both decided at the same moment."
    assert shown.parts == (
        "Where it differs, most often “Send the guide” instead of “Set-up call”: 60 of 120.",
        "It differs more for the role IT admin: 60 of 100, mostly “Send the guide” instead of “Set-up call”.",
    )
    assert shown.silent == (
        "1,236 silent answers in those days, more than one for some accounts; each account counts once above, "
        "with the newest pair. 95 of 100 within 3 ms each, none of them the safe fallback."
    )
    assert shown.note.startswith("From its days in shadow, 3 Oct 2026 to 17 Oct 2026"), (
        "its days, not its answers'"
    )


def test_below_twenty_agreement_cannot_be_told() -> None:
    product = looked_back(FakeProduct())
    assert product.boards.agreed is not None
    product.boards.agreed = replace(product.boards.agreed, n=12, same=12, low=None, high=None)
    shown = rail(product, "r1").agreement
    assert shown is not None
    assert shown.lead == "Cannot tell: both decided for 12 accounts only; it takes 20."
    assert (shown.between, shown.parts) == ("", ())


def test_one_that_was_never_in_shadow_says_nothing_of_agreement() -> None:
    shown = rail(looked_back(FakeProduct()), "r0")
    assert (shown.agreement, shown.unagreed) == (None, "")


def test_words_from_interviews_are_counted_where_there_are_any() -> None:
    product = FakeProduct()
    assert rail(product, "r1").quotes == ""
    product.research.about = lambda on: Counted(2, 4) if on == "release:r1" else Counted()
    shown = rail(product, "r1")
    assert shown.quotes == "6 quotes bear on it: 2 for, 4 against"
    assert shown.quotes_href == "/notes/quotes?on=release%3Ar1"
    assert rail(product, "r0").quotes == ""


def test_what_was_taken_back_by_itself_stands_on_top_of_the_releases_too() -> None:
    product = FakeProduct()
    product.decided.append(Decision("r2", "roll back", "roll back", "because", "payoff", NOW - DAY, "card"))
    assert len(page(product).taken_back) == 1


def test_a_trial_that_was_won_is_told_as_it_stood_and_not_as_the_verdict_of_today() -> None:
    product = FakeProduct(verdict=Verdict("promote", "gain and no harm", "It is better."))
    won(product)
    shown = rail(product, "r1")
    assert shown.verdict == "Its trial, as it stood when it was decided: promote. It is better."
    assert shown.compared.startswith("“The right next step” against “Most clicked”, in its trial")
    assert shown.worked_out == "Figures worked out on 23 Nov 2026, 09:30.", "nothing was kept here"
    product.boards.rested = {"r1": judgement(5, 0.1, 0.08)}
    product.boards.cards["card-5"] = product.scorecard("r1")
    assert rail(product, "r1").worked_out == "Figures of 18 Nov 2026, 09:30, as it was decided on them."
    undone(product)
    assert rail(product, "r1").verdict == (
        "Its trial, as it stood when it was decided: promote. Since then it was taken back."
    )
    assert rail(product, "r1").tone == "quiet"


def test_its_days_in_shadow_are_those_of_the_stage_whenever_it_was_made() -> None:
    product = looked_back(FakeProduct())
    r0, r1, *others = product.found
    began = r1.moves[1].at
    moves = (replace(r1.moves[0], at=began), *r1.moves[1:])
    product.found = [r0, replace(r1, moves=moves), *others]
    shown = rail(product, "r1").agreement
    assert shown is not None
    assert shown.note.startswith("From its days in shadow, 3 Oct 2026 to 17 Oct 2026")


def test_one_that_came_back_says_since_when_it_serves_again() -> None:
    product = FakeProduct()
    won(product)
    undone(product)
    back = rail(product, "r0")
    assert back.steps[-1].when == "again since 22 Nov 2026"
    assert back.revert_then.startswith("Nothing served before it")


def test_taking_one_back_says_how_long_ago_the_one_that_follows_last_learned() -> None:
    product = FakeProduct()
    won(product)
    product.refreshes = lambda release, /: product.learned if release == "r0" else []  # type: ignore[method-assign]
    assert rail(product, "r1").revert_then.endswith(
        "“Most clicked” last learned on 21 Nov 2026; it goes on learning from the next weekly turn."
    )
    assert rail(product, "r1").revert_sure == "Take back “The right next step” now"


def test_a_trial_of_which_what_is_judged_was_changed_says_so_here_too() -> None:
    product = FakeProduct()
    won(product)
    product.boards.edits = [(NOW - 20 * DAY, "paula"), (NOW - DAY, "paula")]
    assert len(rail(product, "r1").brief_changed) == 1, "what was changed after its end is not its trial's"
