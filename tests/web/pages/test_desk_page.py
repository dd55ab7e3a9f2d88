"""The desk as data: who is on it and in which order, what it says, what it never says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.fake_product import FakeProduct, talked
from tests.fake_values import DAY, NOW

from payoff.log.corrections import Corrected
from payoff.people.person import people_of
from payoff.records.money import Money
from payoff.records.releases import Move
from payoff.use_cases.actions import Learned
from payoff.use_cases.answered import Returning
from payoff.web.pages.desk import ME, NOBODY, DeskPage, Filters, desk


def page(product: FakeProduct, who: str = "nia", **filters: Any) -> DeskPage:
    return desk(product, people_of(product.brief.people)[who], Filters(**filters))


def names(shown: DeskPage) -> list[str]:
    return [card.name for card in shown.cards]


def changed(product: FakeProduct, at: int, **changes: Any) -> FakeProduct:
    product.items[at] = replace(product.items[at], **changes)
    return product


def resaid(product: FakeProduct, at: int, **changes: Any) -> FakeProduct:
    return changed(product, at, suggestion=replace(product.items[at].suggestion, **changes))


def test_mine_come_first_then_what_nobody_has_taken_and_ends_soon_then_the_oldest_due() -> None:
    product = changed(FakeProduct(), 4, due=NOW + DAY, owner="")
    product = changed(product, 3, due=NOW + timedelta(hours=40), owner="Tom Berg")
    shown = page(product)
    assert [(group.place, [card.name for card in group.cards]) for group in shown.groups] == [
        ("mine", ["Bluebird Dental"]),
        ("mine", ["Northwind Logistics"]),
        ("urgent", ["Meridian Labs", "Olive & Oak"]),
        ("rest", ["Kestrel Foods"]),
    ]
    assert (shown.headline, shown.others) == ("2 customers wait for you", "and 3 others")


def test_what_somebody_else_has_taken_drops_below_and_says_who_has_it() -> None:
    product = changed(FakeProduct(), 0, taken_by="tom", taken_at=NOW - timedelta(minutes=16))
    shown = page(product)
    assert names(shown)[-1] == "Bluebird Dental"
    card = shown.cards[-1]
    taken = "Tom Berg has been on it since 09:14 · you stay their owner"
    assert (card.taken, card.owner, card.mine, card.free) == (taken, "", False, False)
    assert card.theirs


def test_what_i_have_taken_is_mine_whoever_owns_the_customer() -> None:
    product = changed(FakeProduct(), 4, taken_by="nia", taken_at=NOW - 2 * DAY)
    card = next(c for c in page(product).cards if c.name == "Meridian Labs")
    taken = "You took this one on Sat 21 Nov · Tom Berg stays their owner"
    assert (card.taken, card.mine, card.free, card.owner) == (taken, True, False, "")


@pytest.mark.parametrize(
    ("owner", "words"),
    [("Nia Okafor", ""), ("", " · they have no owner"), ("nia", ""), ("tom", " · Tom Berg stays their owner")],
)
def test_who_is_on_it_and_whose_it_is_never_contradict_each_other(owner: str, words: str) -> None:
    product = changed(FakeProduct(), 0, taken_by="nia", taken_at=NOW - timedelta(minutes=16), owner=owner)
    card = next(c for c in page(product).cards if c.id == "s1")
    assert (card.taken, card.owner) == (f"You took this one at 09:14{words}", "")


def test_a_lapsed_one_is_free_again_and_says_so() -> None:
    card = page(changed(FakeProduct(), 2, lapsed="tom")).cards[-2]
    assert card.free
    assert card.taken.startswith("Tom Berg had taken it and did not answer for three days")


def test_of_those_that_end_on_one_day_the_worthiest_comes_first() -> None:
    product = FakeProduct()
    for at in (0, 1, 3):
        changed(product, at, due=NOW + 5 * DAY + timedelta(hours=at))
    resaid(product, 3, value=Money(99900, "USD"))
    assert names(page(product))[:3] == ["Olive & Oak", "Bluebird Dental", "Northwind Logistics"]


@pytest.mark.parametrize(
    ("owner", "found"),
    [
        ("*", 5),
        (ME, 3),
        ("Tom Berg", 2),
        (NOBODY, 0),
    ],
)
def test_whose_is_a_filter(owner: str, found: int) -> None:
    assert len(page(FakeProduct(), owner=owner).cards) == found


def test_nobodys_are_those_without_an_owner_that_nobody_has_taken() -> None:
    product = changed(changed(FakeProduct(), 0, owner=""), 1, owner="", taken_by="tom", taken_at=NOW)
    assert names(page(product, owner=NOBODY)) == ["Bluebird Dental"]


def test_role_industry_and_reason_filter_and_offer_only_what_there_is() -> None:
    product = FakeProduct()
    reason = replace(product.items[4].suggestion.reasons[0], feature="seats_used_share")
    resaid(product, 4, reasons=(reason,))
    resaid(product, 3, reasons=product.items[3].suggestion.reasons[1:])
    shown = page(product, reason="seats_used_share", industry="health", role="IT admin")
    assert names(shown) == ["Meridian Labs"]
    assert [o.value for o in shown.industries] == ["", "food", "health", "retail", "transport"]
    assert [(o.value, o.label) for o in shown.reasons] == [
        ("", "All"),
        ("days_since_login", "days since login"),
        ("seats_used_share", "seats in use"),
        (":rule", "the playbook alone"),
    ]
    assert names(page(product, reason=":rule")) == ["Olive & Oak"]


@pytest.mark.parametrize("change", [{"arm": "holdout"}, {"action": "nothing"}])
def test_nobody_is_told_of_units_treated_as_today(change: dict[str, str]) -> None:
    assert "Bluebird Dental" not in names(page(resaid(FakeProduct(), 0, **change)))


def test_customers_set_aside_are_a_list_of_their_own_with_the_reason_in_words() -> None:
    product = changed(FakeProduct(), 5, why="nobody answered: on the road")
    shown = page(product, snoozed=True)
    assert names(shown) == ["Sundial Travel"]
    assert shown.cards[0].returns == "comes back on Wed 25 Nov (tried, nobody answered: on the road)"
    assert page(product).aside_words == "Set aside (1)"


def test_worth_is_said_in_words_with_whose_it_is_and_its_range() -> None:
    cards = {card.name: card for card in page(FakeProduct()).cards}
    assert cards["Bluebird Dental"].worth == "Worth about $180 to us ($40 to $320)."
    assert cards["Olive & Oak"].worth.startswith("Perhaps worth about $110 to us, not certain (-$")
    assert cards["Meridian Labs"].worth == "What it is worth has not been measured yet."
    assert cards["Meridian Labs"].worth_means == ()


def test_what_the_money_is_comes_from_the_brief() -> None:
    brief = FakeProduct().brief
    metric = {"name": "first_value", "kind": "outcome_rate", "outcome": "first_value", "purpose": "leading goal"}
    outcome = brief.outcomes["first_value"].model_copy(update={"worth": 600.0})
    valued = brief.model_validate(
        {
            **brief.model_dump(by_alias=True),
            "metrics": [metric],
            "outcomes": {"first_value": outcome.model_dump(by_alias=True)},
        }
    )
    product = FakeProduct(brief=valued)
    said = page(product).cards[0].worth_means
    assert "less what it costs us: one “first value” counts $600 in the brief." in said[0]
    assert said[1].startswith("About $180: 30 of 100 more with “first value”, at $600 each, less $0 for the step.")
    assert said[2].startswith("It is an estimate")
    assert said[3] == "“first value” means: first payroll run within 14 days."
    assert page(resaid(product, 0, value=Money(-500, "USD"))).cards[0].worth_means == ()


def test_an_expected_loss_never_reads_as_a_price() -> None:
    card = page(resaid(FakeProduct(), 0, value=Money(-500, "USD"))).cards[0]
    assert "$" not in card.worth


def test_why_this_for_them_comes_first_and_then_what_stands_out_about_them() -> None:
    product = FakeProduct()
    card = page(product).cards[0]
    assert card.reason.startswith("The playbook says")
    assert card.about == "No log-in for 23 days; usual is 3."
    calm = tuple(replace(r, weight=-r.weight) for r in product.items[0].suggestion.reasons)
    assert page(resaid(product, 0, reasons=calm)).cards[0].about == "", "nothing speaks for it"
    alone = tuple(r for r in FakeProduct().items[0].suggestion.reasons if r.kind == "association")
    card = page(resaid(product, 0, reasons=alone)).cards[0]
    assert (card.reason, card.about) == ("No log-in for 23 days; usual is 3.", "")


def test_an_explored_action_says_that_it_is_a_trial() -> None:
    cards = {card.name: card for card in page(FakeProduct()).cards}
    assert "to learn whether it helps" in cards["Kestrel Foods"].explored
    assert cards["Kestrel Foods"].tried == "being tried"
    assert cards["Bluebird Dental"].tried == cards["Bluebird Dental"].explored == ""


def test_a_trial_is_explained_once() -> None:
    product = FakeProduct()
    evidence = "Nothing is known. " + product.texts.say("policy.exploring")
    card = next(c for c in page(resaid(product, 2, evidence=evidence)).cards if c.tried)
    assert (card.explored, card.evidence) == ("", evidence)


def test_an_answer_leads_to_the_next_card_across_the_parts_of_the_queue() -> None:
    assert [card.after for card in page(FakeProduct()).cards] == ["s2", "s4", "s3", "s5", ""]


def test_a_long_queue_is_shown_in_parts() -> None:
    shown = page(FakeProduct(), limit=2)
    assert (len(shown.cards), shown.left, shown.left_words) == (2, 3, "3 more")


def test_only_first_looks_count_as_exposure() -> None:
    product = changed(FakeProduct(), 0, responses=("shown",))
    assert page(product, owner=ME).fresh == ("s2", "s4")


def test_not_now_names_days_and_takes_any_other_within_a_quarter() -> None:
    cards = {card.id: card for card in page(FakeProduct()).cards}
    assert [day.label for day in cards["s5"].days] == ["tomorrow (Tue)", "Thu 26 Nov", "Fri 27 Nov, its last day"]
    assert cards["s5"].ends.startswith(
        "It is good until Fri 27 Nov. For a later day, your desk reminds you on that day, and the weekly turn "
        "after it (Monday) looks at them afresh"
    )
    assert cards["s1"].days == ()
    assert cards["s1"].ends.startswith("It ends before another working day begins. Name a day")
    assert (cards["s1"].first_day, cards["s1"].last_day) == ("2026-11-24", "2027-02-22")


def test_the_last_day_is_the_same_everywhere_on_a_card() -> None:
    """It ends on Monday at 08:00, before the working day has its morning: the last good day is the Friday."""
    due = NOW + 14 * DAY - timedelta(minutes=90)
    card = next(c for c in page(changed(FakeProduct(), 0, due=due)).cards if c.id == "s1")
    assert card.due == "good until Fri 4 Dec"
    assert card.days[-1].label == "Fri 4 Dec, its last day"
    assert "Fri 4 Dec" in card.ends
    groups = page(changed(FakeProduct(), 0, due=due)).groups
    assert next(g.heading for g in groups if card.id in [c.id for c in g.cards]) == "Yours, good until Fri 4 Dec"


def test_far_from_its_end_a_suggestion_can_wait_two_weeks() -> None:
    card = next(c for c in page(changed(FakeProduct(), 0, due=NOW + 30 * DAY)).cards if c.id == "s1")
    assert [(day.value, day.label) for day in card.days] == [
        ("2026-11-24", "tomorrow (Tue)"),
        ("2026-11-26", "Thu 26 Nov"),
        ("2026-11-30", "next Mon (Mon 30 Nov)"),
        ("2026-12-07", "in two weeks (Mon 7 Dec)"),
    ]
    assert card.ends.startswith("It is good until Tue 22 Dec.")


def test_instead_of_a_wrong_action_only_fit_ones_are_offered() -> None:
    product = resaid(FakeProduct(), 0, candidates={"nothing": 0.0, "setup_call": 9.0, "review": 3.0})
    cards = page(product).cards
    assert [o.value for o in cards[0].instead] == ["review"]
    assert [o.value for o in cards[1].instead] == ["guide", "review"]


def test_protected_facts_and_the_owner_are_no_fields_and_the_used_ones_come_first() -> None:
    facts = page(FakeProduct()).cards[0].facts
    assert [(fact.name, fact.used) for fact in facts][:2] == [("days_since_login", True), ("contact_name", False)]
    assert {"gender", "owner", "name"}.isdisjoint(fact.name for fact in facts)


def test_a_corrected_fact_says_who_did_it_and_when() -> None:
    mended = {"seats": Corrected(12, "tom", NOW - DAY, "f1")}
    product = changed(FakeProduct(), 0, corrected=mended, facts={**FakeProduct().items[0].facts, "seats": 12})
    fact = next(f for f in page(product).cards[0].facts if f.name == "seats")
    assert (fact.value, fact.note) == ("12", "Tom Berg corrected this on Sun 22 Nov.")


def test_a_part_of_a_whole_is_per_cent_and_never_a_bare_fraction() -> None:
    product = FakeProduct()
    changed(product, 0, facts={**product.items[0].facts, "seats_used_share": 0.35})
    fact = next(f for f in page(product).cards[0].facts if f.name == "seats_used_share")
    assert (fact.label, fact.value, fact.given) == ("Seats in use (per cent)", "35%", "35")


def test_a_suggestion_that_ends_soon_says_so() -> None:
    cards = {card.id: card for card in page(FakeProduct()).cards}
    assert cards["s1"].soon
    assert cards["s1"].due == "good until Mon 23 Nov, that is soon"
    assert not cards["s4"].soon


def test_who_said_yes_please_is_marked() -> None:
    assert page(changed(FakeProduct(), 0, wanted=True)).cards[0].wanted == "they asked for this"


def test_new_answers_to_what_one_said_are_counted_until_they_were_read() -> None:
    product = talked(FakeProduct())
    assert page(product).news == ""
    product._feedback = [replace(item, told_at=None) for item in product._feedback]
    assert page(product).news == "1 new answer"
    assert page(product, "tom").news == "1 new answer"


def test_the_line_of_the_answer_just_given_stands_before_the_next_card() -> None:
    product = FakeProduct()
    product.answer("s1", "wrong", "nia", reason="time", comment="holidays")
    nia = people_of(product.brief.people)["nia"]
    line = desk(product, nia, Filters(), answered="s1", after="s2").undo
    assert line is not None
    assert (line.before, line.name, line.words) == ("s2", "Bluebird Dental", "Wrong: wrong time: holidays")
    assert desk(product, nia, Filters(), answered="s2", after="s4").undo is None
    assert desk(product, people_of(product.brief.people)["tom"], Filters(), answered="s1").undo is None


def test_a_card_says_what_was_said_about_the_customer_last_and_by_whom() -> None:
    product = FakeProduct()
    product.feedback("s1", by="tom", comment="They moved house.")
    product.feedback("s1", by="nia", thumb=-1, correction={"risk": "seasonal pause"})
    product.feedback("s2", by="tom", comment="On holiday until December.")
    product.feedback("s3", by="customer:acct-103", comment="Please call in the morning.")
    product.feedback("s4", by="nia", thumb=1)
    said = page(product, limit=50).last_said
    assert said["s1"] == (
        "You said at 09:30: “No need to worry: seasonal pause” That counts in what we learn; by itself "
        "it keeps no suggestion away."
    )
    assert said["s2"] == "Tom Berg said at 09:30: “On holiday until December.”"
    assert said["s3"] == "They said at 09:30: “Please call in the morning.”"
    assert "s4" not in said


def test_set_aside_past_its_end_the_card_and_the_answer_say_what_happens_then() -> None:
    product = changed(
        FakeProduct(), 5, why="after their holidays", snoozed_until=NOW.replace(hour=0, minute=0) + 21 * DAY
    )
    card = page(product, snoozed=True).cards[0]
    assert card.returns == (
        "set aside until Mon 14 Dec, when your desk reminds you; looked at afresh on Mon 14 Dec "
        "(after their holidays)"
    )
    assert card.typed == {"put_off": "after their holidays"}, "another day keeps the reason"


def test_what_was_kept_is_said_on_its_card_or_on_top_where_that_is_not_shown() -> None:
    product = FakeProduct()
    nia = people_of(product.brief.people)["nia"]
    shown = desk(product, nia, Filters(), kept=("facts", "s2"))
    assert [card.id for card in shown.cards if card.kept] == ["s2"]
    assert "next weekly turn looks at them afresh" in next(card.kept for card in shown.cards if card.id == "s2")
    assert shown.notice == ""
    assert desk(product, nia, Filters(limit=1), kept=("facts", "s2")).notice.startswith("Corrected")
    assert desk(product, nia, Filters(), kept=("<b>", "s2")).cards[1].kept == ""


def test_ones_own_thumb_stays_pressed() -> None:
    product = FakeProduct()
    product.feedback("s1", by="nia", thumb=-1)
    assert [card.thumb for card in page(product).cards][:2] == [-1, 0]
    assert page(product, "tom").cards[-1].thumb == 0


def test_what_did_harm_or_nothing_is_marked_where_it_is_offered() -> None:
    def learned(low: float, high: float, randomised: bool = True) -> Learned:
        return Learned("r1", "Effects", 100, (low + high) / 2, low, high, randomised, False)

    product = FakeProduct()
    product.actions.learned = lambda: {
        "setup_call": learned(0.1, 0.2),
        "guide": learned(-0.02, 0.03),
        "review": learned(-0.2, -0.1),
    }
    assert [o.label for o in page(product).cards[0].instead] == [
        "Send the guide (no sure effect so far)",
        "Quarterly review (has done harm so far)",
    ]
    product.actions.learned = lambda: {"review": learned(-0.2, -0.1, randomised=False)}
    assert page(product).cards[0].instead[1].label == "Quarterly review (came out worse so far)"


def test_the_order_is_said_above_the_list() -> None:
    assert page(FakeProduct()).order.startswith("What ends first stands first")


def test_what_chose_the_step_is_told_apart_from_what_stands_out_about_the_customer() -> None:
    product = FakeProduct()
    first = product.items[0]
    assert page(product).cards[0].chosen == "", "six customers are too few to speak of"
    for n in range(9):
        said = replace(first.suggestion, id=f"t{n}", role="payroll lead")
        product.items.append(replace(first, suggestion=said, unit=f"acct-{n}", due=NOW + 9 * DAY))
    card = next(c for c in page(product, limit=50).cards if c.id == "s1")
    assert card.chosen == "Chosen for their role (payroll lead)."
    assert card.chosen_means.startswith("11 of the 11 on this desk with the role payroll lead are suggested this")
    assert [reason.text[:12] for reason in card.why] == ["The playbook", "For 212 simi"]
    assert [reason.text for reason in card.them] == ["No log-in for 23 days; usual is 3."]
    for n in range(2):
        other = replace(product.items[6 + n].suggestion, action="guide")
        product.items[6 + n] = replace(product.items[6 + n], suggestion=other)
    assert next(c for c in page(product, limit=50).cards if c.id == "s1").chosen == ""


def test_what_a_customer_is_stands_below_and_is_no_reason_on_the_card() -> None:
    product = FakeProduct()
    they_are = replace(product.items[0].suggestion.reasons[0], text="They are in health.", feature="industry")
    card = page(resaid(product, 0, reasons=(they_are, *product.items[0].suggestion.reasons[1:]))).cards[0]
    assert card.about == ""
    assert [reason.text for reason in card.them] == ["They are in health."]
    assert "industry" not in [option.value for option in page(product, owner=ME).reasons]


def test_a_reason_that_rests_on_a_corrected_fact_says_that_it_does_not_hold() -> None:
    mended = {"days_since_login": Corrected(2, "nia", NOW, "f1")}
    card = page(changed(FakeProduct(), 0, corrected=mended)).cards[0]
    assert card.about_gone.startswith("You corrected this to 2: the sentence is from before")
    assert card.reason_gone == ""
    assert card.them[0].gone == card.about_gone
    assert card.stale.endswith("worked out afresh with the weekly turn on Mon 30 Nov.")
    mended = {"days_since_login": Corrected(2, "tom", NOW, "f1")}
    assert page(changed(FakeProduct(), 0, corrected=mended)).cards[0].about_gone.startswith("Tom Berg corrected")
    owner = {"owner": Corrected("tom", "tom", NOW, "f1")}
    assert page(changed(FakeProduct(), 0, corrected=owner)).cards[0].stale == ""


def test_a_contract_that_is_up_within_a_week_is_marked_and_comes_first_of_its_day() -> None:
    product = FakeProduct()
    for at, left in ((0, 8), (1, 7), (3, 0)):
        facts = {**product.items[at].facts, "days_to_renewal": left}
        changed(product, at, due=NOW + 5 * DAY, facts=facts)
    cards = page(product).cards
    assert [(card.name, card.renews) for card in cards][:3] == [
        ("Olive & Oak", "contract is up now"),
        ("Northwind Logistics", "contract up in about 7 days"),
        ("Bluebird Dental", ""),
    ]


def test_how_to_reach_the_contact_stands_on_the_card_where_the_source_says_so() -> None:
    product = FakeProduct()
    changed(product, 0, facts={**product.items[0].facts, "phone": "+49 30 1234", "email": "ana@b.example"})
    cards = page(product).cards
    assert cards[0].contacts == (("tel:+49301234", "+49 30 1234"), ("mailto:ana@b.example", "ana@b.example"))
    assert cards[1].contacts == ()


def test_filters_offer_only_what_is_in_the_part_that_is_shown() -> None:
    """What is set aside is no reason to offer a filter that finds nobody."""
    product = FakeProduct()
    reason = replace(product.items[5].suggestion.reasons[0], feature="days_to_renewal")
    resaid(product, 5, reasons=(reason,))
    assert "days_to_renewal" not in [option.value for option in page(product).reasons]
    assert "days_to_renewal" in [option.value for option in page(product, snoozed=True).reasons]


def test_on_the_day_somebody_wanted_to_come_back_the_desk_says_so() -> None:
    product = FakeProduct()
    back = [
        Returning("acct-900", "Call Farah", "they asked for today", NOW.replace(hour=0, minute=0)),
        Returning("acct-901", "Call Tomas", "", NOW.replace(hour=0, minute=0) - 3 * DAY),
        Returning("acct-101", "Call Ana", "", NOW.replace(hour=0, minute=0)),
        Returning("acct-902", "Call Yara", "", NOW.replace(hour=0, minute=0) - 7 * DAY),
    ]
    product.calendars.returning = lambda person: back if person == "nia" else []
    assert page(product).returning == (
        "You wanted to come back to acct-900 on Mon 23 Nov (they asked for today). It was: Call Farah.",
    )
    product.clock = SimpleNamespace(now=lambda: NOW - DAY)
    assert page(product).returning == (
        "You wanted to come back to acct-901 on Fri 20 Nov. It was: Call Tomas. "
        "They are looked at afresh on Mon 23 Nov.",
    )
    assert page(product, "tom").returning == ()


def test_an_empty_desk_says_that_a_release_was_taken_back_today() -> None:
    product = FakeProduct()
    assert page(product).empty == ""
    product.items.clear()
    assert page(product).empty == ""
    moved = Move("rolled back", 0.0, NOW - timedelta(hours=1), "paula", "complaints")
    product.found[1] = replace(product.found[1], stage="rolled back", moves=(*product.found[1].moves, moved))
    assert page(product).empty.startswith("“The right next step” was taken back at 08:30")
    assert "“Most clicked” suggests from here on" in page(product).empty
    product.clock = SimpleNamespace(now=lambda: NOW + DAY)
    assert page(product).empty == ""


def test_what_is_very_long_does_not_push_undo_off_the_screen() -> None:
    product = FakeProduct()
    product.answer("s1", "wrong", "nia", reason="time", comment="holidays " * 300)
    product.feedback("s2", by="tom", comment="moving " * 300)
    nia = people_of(product.brief.people)["nia"]
    shown = desk(product, nia, Filters(limit=50), answered="s1", after="s2")
    assert shown.undo is not None
    assert len(shown.undo.words) < 210 and shown.undo.words.endswith("holidays …")
    assert len(shown.last_said["s2"]) < 260
