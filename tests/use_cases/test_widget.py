"""What a customer is shown, answers and says, from the first look to the reply."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import worded
from tests.worded import LED, TITLE, TITLE_DE, answers, held, running, suggestion_of, wait

from payoff.brief.schema import Condition
from payoff.errors import BadInput, Refused, Unknown
from payoff.log.customers import answers_of, said_of
from payoff.records.suggestions import Reason
from payoff.use_cases import customer_view
from payoff.use_cases.customer_view import Customer
from payoff.use_cases.product import Product

WHO = Customer("acct-1")


@pytest.fixture
def product() -> Product:
    return running()


def test_it_is_shown_in_the_customers_words_and_language(product: Product) -> None:
    told = product.customers.look(WHO, "de-AT")
    assert told is not None and told.worded is not None
    assert (told.state, told.language, told.worded.title) == ("open", "de", TITLE_DE)
    assert product.customers.look(WHO).worded.title == TITLE  # type: ignore[union-attr]


def test_the_holdout_and_actions_without_words_show_nothing() -> None:
    product = running(n=60)
    assert product.customers.look(Customer(held(product))) is None
    unworded = running(tell="")
    assert all(unworded.customers.look(Customer(f"acct-{i}")) is None for i in range(12))


def test_a_unit_nobody_knows_shows_nothing_and_keeps_nothing(product: Product) -> None:
    head = product.storage.log.head()
    assert product.customers.look(Customer("acct-nobody")) is None
    assert product.storage.log.head() == head


def test_a_unit_without_a_decision_gets_one_while_a_look_that_decides_nothing_gets_none(product: Product) -> None:
    product.facts([{"unit": "new-1", "role": "HR manager", "industry": "care", "contact": "P", "seats": 3}])
    assert product.customers.look(Customer("new-1"), decide=False) is None
    told = product.customers.look(Customer("new-1"))
    assert told is None or told.suggestion == product.storage.log.latest("suggestion", "new-1").id  # type: ignore[union-attr]
    assert product.storage.log.latest("suggestion", "new-1") is not None


def test_seen_counts_once(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    for _ in range(3):
        product.customers.answer(WHO, id, "shown")
        wait(product, hours=1)
    product.customers.answer(Customer("acct-1", "ann"), id, "shown")
    assert answers(product) == [
        ("shown", "widget", "customer:acct-1"),
        ("shown", "widget", "customer:acct-1/ann"),
    ]


def test_yes_is_kept_with_a_thumb_and_stands_on_the_owners_card(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    assert product.customers.answer(WHO, id, "yes").state == "yes"
    assert answers(product)[-1] == ("accepted", "widget", "customer:acct-1")
    (card,) = [item for item in product.queue() if item.unit == "acct-1"]
    assert "accepted" in card.responses
    (said,) = product.inbox()
    assert (said.thumb, said.by) == (1, "customer:acct-1")
    assert product.customers.look(WHO).state == "yes"  # type: ignore[union-attr]


def test_it_tells_the_facts_this_very_suggestion_rests_on(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    (item,) = [item for item in product.queue() if item.unit == "acct-1"]
    association = {r.feature for r in item.suggestion.reasons if r.kind == "association"}
    told = product.customers.follow(WHO, id)
    assert association - set(product.workspace.actions()) <= set(told.facts)
    unit = product.brief.unit
    measured = customer_view._facts(
        product.workspace,
        "setup_call",
        [
            Reason("seats: 3", "seats", 0.4),
            Reason("the playbook says so", "", 0.1, "rule"),
            Reason("measured", "setup_call", 0.1, "effect"),
        ],
    )
    assert measured[0] == "seats" and set(measured) >= {unit.role, unit.industry} - {""}
    asked = next(one for one in product.playbook.actions if one.id == "setup_call")
    conditioned = asked.model_copy(
        update={"when": [Condition(fact="days_since_login", at_least=5.0)], "roles": []}
    )
    product.workspace.playbook = product.playbook.model_copy(update={"actions": [conditioned]})
    assert customer_view._facts(product.workspace, "setup_call") == ("days_since_login",)


def test_pressing_twice_is_harmless(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    for _ in range(3):
        product.customers.answer(WHO, id, "yes")
    assert [what for what, *_ in answers(product)] == ["shown", "accepted"]


def test_a_thumb_alone_is_kept_as_feedback_and_the_newest_counts(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    told = product.customers.answer(WHO, id, "up")
    assert (told.state, told.thumb) == ("open", 1)
    assert product.customers.answer(WHO, id, "up").thumb == 1
    product.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    assert product.customers.answer(WHO, id, "down").thumb == -1
    assert [(said.thumb, said.by) for said in product.inbox()] == [(-1, WHO.author), (1, WHO.author)]
    assert [what for what, *_ in answers(product)] == ["shown"]
    product.customers.answer(WHO, id, "off")
    with pytest.raises(Refused):
        product.customers.answer(WHO, id, "up")


def test_a_thumb_that_came_with_an_answer_goes_with_it_and_an_earlier_one_stands_again(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    product.customers.answer(WHO, id, "up")
    product.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    assert product.customers.answer(WHO, id, "no").thumb == -1
    product.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    assert product.customers.answer(WHO, id, "undo").thumb == 1


def test_not_now_comes_back_and_never_after_the_end(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    told = product.customers.answer(WHO, id, "later")
    assert told.until == product.clock.now() + timedelta(days=7)
    assert product.customers.look(WHO) is None
    wait(product, days=7, seconds=1)
    assert product.customers.look(WHO).state == "open"  # type: ignore[union-attr]
    wait(product, days=6)
    ends = product.storage.log.find(id).at + timedelta(days=14)  # type: ignore[union-attr]
    assert product.customers.answer(WHO, id, "later").until == ends


def test_not_for_us_closes_it_everywhere_and_that_action_is_not_shown_again(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    assert product.customers.answer(WHO, id, "no").state == "no"
    assert "acct-1" not in {item.unit for item in product.queue()}
    assert product.customers.look(WHO) is None, "no other one before the next turn"
    wait(product, days=15)
    product.decide()
    again = product.storage.log.latest("suggestion", "acct-1")
    assert again is not None and again.id != id and again.body["action"] == "setup_call"
    assert product.customers.look(WHO) is None
    assert product.customers.look(Customer("acct-1", "ann")) is not None, "it was not ann who said no"


def test_a_reason_comes_later_and_is_one_answer_with_the_no(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    product.customers.answer(WHO, id, "no")
    wait(product, minutes=1)
    product.customers.say(WHO, id, reason="have", words="Since spring")
    row = product.workspace.tables.arrow("response").to_pylist()[-1]
    assert (row["what"], row["why"]) == ("dismissed", "already: the customer said: not for us")
    assert [item.comment for item in product.inbox() if item.comment] == ["Since spring"]
    product.customers.answer(WHO, id, "undo")
    assert product.customers.look(WHO).state == "open"  # type: ignore[union-attr]


def test_undo_takes_back_the_answer_and_its_thumb(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    for what in ("yes", "no", "later"):
        product.customers.answer(WHO, id, what)  # type: ignore[arg-type]
        wait(product, minutes=1)
        assert product.customers.answer(WHO, id, "undo").state == "open"
    assert {item.state for item in product.inbox() if item.thumb} == {"declined"}
    assert product.customers.look(WHO).answers == ()  # type: ignore[union-attr]
    assert "acct-1" in {item.unit for item in product.queue()}


def test_another_answer_replaces_the_one_before(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    product.customers.answer(WHO, id, "yes")
    wait(product, minutes=1)
    assert product.customers.answer(WHO, id, "later").state == "later"
    wait(product, minutes=1)
    assert product.customers.answer(WHO, id, "undo").state == "open"


def test_what_our_people_closed_has_ended_for_the_customer(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    product.answer(id, "done", "nia")
    assert product.customers.look(WHO) is None
    with pytest.raises(Refused, match="ended"):
        product.customers.answer(WHO, id, "yes")
    wait(product, days=1)
    other = suggestion_of(product, "acct-2")
    wait(product, days=20)
    with pytest.raises(Refused, match="ended"):
        product.customers.answer(Customer("acct-2"), other, "yes")


def test_hidden_and_no_more_are_wishes_that_teach_nothing(product: Product) -> None:
    id, ann = suggestion_of(product, "acct-1"), Customer("acct-1", "ann")
    assert product.customers.answer(ann, id, "hide").state == "hidden"
    assert product.customers.look(ann) is None
    assert product.customers.look(WHO) is not None, "hidden for ann alone"
    assert product.customers.answer(ann, id, "undo").state == "open"
    assert product.customers.answer(ann, id, "off").state == "stopped"
    assert product.customers.look(ann) is None
    assert product.customers.look(WHO) is not None
    product.customers.answer(WHO, id, "off")
    assert product.customers.look(Customer("acct-1", "bob")) is None, "the whole unit wants none"
    product.customers.again("acct-1")
    assert product.customers.look(WHO) is not None
    assert product.inbox() == [] and answers(product) == []


def test_off_lasts_beyond_the_suggestion(product: Product) -> None:
    product.customers.answer(WHO, suggestion_of(product, "acct-1"), "off")
    wait(product, days=40)
    product.decide()
    assert product.customers.look(WHO) is None
    with pytest.raises(Refused, match="nothing to show"):
        product.customers.link("acct-1")


def test_a_reply_of_a_person_is_news_until_it_was_read(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    product.customers.answer(WHO, id, "no")
    product.customers.say(WHO, id, words="Wrong week")
    assert product.customers.look(WHO) is None
    (said,) = [item for item in product.inbox() if item.comment]
    product.give([said.id], "declined", by="paula", reason="we close the books on Fridays")
    told = product.customers.look(WHO)
    assert told is not None and told.worded is None and told.news
    (past,) = told.answers
    assert (past.words, past.reply) == (("Wrong week",), "we close the books on Fridays")
    for _ in range(2):
        product.customers.read(WHO)
        wait(product, hours=1)
    assert product.customers.look(WHO) is None
    fates = product.workspace.tables.arrow("fate").to_pylist()
    assert [f["feedback"] for f in fates if f["state"] == "told"] == [said.id]


def test_a_corrected_reply_is_news_once_more_and_no_word_inside_hides_it(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    product.customers.answer(WHO, id, "no")
    product.customers.say(WHO, id, words="Wrong week")
    (said,) = [item for item in product.inbox() if item.comment]
    product.give([said.id], "declined", by="paula", reason="we close the books on Fridays")
    product.remark(said.id, "ask them", by="paula")
    product.customers.read(WHO)
    assert product.customers.look(WHO) is None
    product.give([said.id], "reply", by="paula", reason="we close them on Thursdays")
    told = product.customers.look(WHO)
    assert told is not None and told.news
    assert told.answers[0].reply == "we close them on Thursdays"
    product.customers.read(WHO)
    assert product.customers.look(WHO) is None


def test_what_the_rules_answer_by_themselves_is_not_read_to_customers(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    product.customers.answer(WHO, id, "yes")
    product.customers.say(WHO, id, words="Please in the morning")
    product.learn()
    (said,) = [one for one in said_of(product.workspace.tables, "acct-1", WHO.author) if one.words]
    assert (said.state, said.reply) == ("used", "")
    assert not product.customers.look(WHO).news  # type: ignore[union-attr]


def test_a_customer_is_a_unit_and_a_person_and_their_names_are_not_run_together() -> None:
    product = running()
    product.facts([{"unit": "acct-1/ann", "role": "HR manager", "industry": "care", "contact": "P", "seats": 3}])
    id = suggestion_of(product, "acct-1")
    ann, other = Customer("acct-1", "ann"), Customer("acct-1/ann")
    assert ann.author == other.author
    product.customers.answer(ann, id, "yes")
    product.customers.say(ann, id, words="ours alone")
    tables = product.workspace.tables
    assert said_of(tables, "acct-1/ann", other.author) == []
    assert answers_of(tables, "acct-1/ann", other.author) == {}
    told = product.customers.look(other)
    assert told is None or told.answers == ()


def test_a_suggestion_of_another_unit_is_unknown(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    for what in ("yes", "shown", "undo", "off"):
        with pytest.raises(Unknown):
            product.customers.answer(Customer("acct-2"), id, what)  # type: ignore[arg-type]
    with pytest.raises(Unknown):
        product.customers.say(Customer("acct-2"), id, words="x")
    with pytest.raises(Unknown):
        product.customers.answer(WHO, "no-such-id", "yes")


def test_what_cannot_be_said_is_refused_with_all_faults(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    with pytest.raises(BadInput) as caught:
        product.customers.say(WHO, id, reason="because", words="x" * 2001)
    assert len(caught.value.faults) == 2
    with pytest.raises(BadInput, match="1 thing"):
        product.customers.say(WHO, id, words="  ")


def test_a_yes_that_leads_somewhere_says_so_to_the_owner() -> None:
    product = running(tell=LED)
    id = suggestion_of(product, "acct-1")
    product.customers.answer(WHO, id, "yes")
    why = product.workspace.tables.arrow("response").to_pylist()[-1]["why"]
    assert why == product.texts.say("widget.why_led") != product.texts.say("widget.why_asked")


def test_a_link_opens_one_suggestion_and_ends_with_it(product: Product) -> None:
    token = product.customers.link("acct-1", "ann", "es")
    who, id, language = product.customers.linked(token)
    assert (who.unit, who.person, who.via, language) == ("acct-1", "ann", "link", "es")
    head = product.storage.log.head()
    assert product.customers.follow(who, id, language).state == "open"
    assert product.storage.log.head() == head, "opening keeps nothing"
    product.customers.answer(who, id, "yes")
    assert answers(product)[-1] == ("accepted", "link", "customer:acct-1/ann")
    wait(product, days=15)
    assert product.customers.follow(who, id, language).state == "ended"
    with pytest.raises(Refused):
        product.customers.linked(token[:-2] + "xx")
    with pytest.raises(Refused):
        product.customers.linked(product.signer.sign("invitation", {"unit": "acct-1"}))


def test_one_voice_counts_once_however_often_it_speaks(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    for _ in range(10):
        product.customers.answer(WHO, id, "yes")
        product.customers.answer(WHO, id, "undo")
        wait(product, minutes=1)
    product.customers.answer(WHO, id, "yes")
    standing = [item for item in product.inbox() if item.state != "declined"]
    assert len(standing) == 1


def test_a_preview_needs_no_unit(product: Product) -> None:
    told = product.customers.preview("setup_call", "de")
    assert told is not None and told.worded is not None and told.worded.title == TITLE_DE
    assert product.customers.preview("tips_mail") is None
    with pytest.raises(Unknown, match="setup_cal"):
        product.customers.preview("setup_cal")


def test_a_release_taken_back_is_shown_to_nobody(product: Product) -> None:
    id = suggestion_of(product, "acct-1")
    product.rollback("r0", by="paula", why="harm")
    assert product.customers.look(WHO) is None
    assert product.customers.follow(WHO, id).state == "ended"


def test_the_words_stand_for_the_units_action_alone() -> None:
    product = running(tell=worded.TELL)
    said = {item.unit: item.suggestion.action for item in product.queue()}
    for unit, action in said.items():
        assert (product.customers.look(Customer(unit)) is not None) == (action == "setup_call")
