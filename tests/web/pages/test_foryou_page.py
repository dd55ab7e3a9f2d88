"""What a customer reads, as data: one language, sentences of ours, nothing of our inside."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from tests.small import BRIEF
from tests.worded import PEOPLE, WIDGET

from payoff.brief.read import read_brief
from payoff.brief.wording import Worded
from payoff.use_cases.customer_view import Customer, Past, State, Told
from payoff.web.pages.foryou import for_you, nothing_for_you, shown

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
READ = read_brief(BRIEF + PEOPLE + WIDGET)
PAST = Past(AT, "Set up", "no", (), None, False, False, "", "", False)
TOLD = Told("en", "open", "s1", Worded("en", "Set up with us", "It is quick", "", ""), False, None, ())
WHO = Customer("acct-1")


def line(**more: object) -> str:
    told = replace(TOLD, answers=(replace(PAST, **more),))  # type: ignore[arg-type]
    return shown(told, WHO, READ).past[0].state


def test_a_team_is_spoken_to_unless_a_person_is_named() -> None:
    assert shown(TOLD, WHO, READ).label == "A suggestion for your team"
    assert shown(TOLD, Customer("acct-1", "ann"), READ).label == "A suggestion for you"


def test_the_button_says_what_it_does() -> None:
    assert shown(TOLD, WHO, READ).yes == "Yes, please contact me"
    led = replace(TOLD, worded=Worded("en", "A guide", "", "", "https://a.example"))
    assert shown(led, WHO, READ).yes == "Yes, show me"
    named = replace(TOLD, worded=Worded("en", "A guide", "", "Read it", "https://a.example"))
    assert (shown(named, WHO, READ).yes, shown(named, WHO, READ).link) == ("Read it", "https://a.example")


def test_why_names_facts_readers_and_the_page_about_data() -> None:
    about = shown(TOLD, WHO, READ).about
    assert about.facts == () and about.rest.endswith("weighed, too, such as: how far your set-up is.")
    assert about.reads == "Nia, who looks after you, reads what you answer."
    assert about.privacy_link == "https://example.com/privacy"
    plain = shown(replace(TOLD, language="es"), WHO, READ).about
    assert plain.facts == () and plain.text.endswith("cómo usan nuestro producto.")
    assert plain.reads.startswith("Las personas"), "a sentence in another language is not borrowed"


WORDS = "[widget.facts]\nsetup_steps_done = 'how far your set-up is'\nmrr = { de = 'was Sie zahlen' }\n"


def test_what_counted_for_this_one_is_named_in_their_words_or_by_its_own_name() -> None:
    brief = read_brief(BRIEF + PEOPLE + WIDGET + WORDS)
    told = replace(TOLD, facts=("setup_steps_done", "mrr"))
    about = shown(told, WHO, brief).about
    assert about.facts == ("how far your set-up is", "MRR")
    assert about.text == "A program chose this, not a person. What counted for you:"
    assert about.rest == "Whatever else is known about you here was weighed, too.", (
        "named once, not as the rest too"
    )
    assert "was Sie zahlen" in shown(replace(told, language="de"), WHO, brief).about.facts


def test_being_tried_is_said_in_words() -> None:
    assert "to find out whether it helps" in shown(replace(TOLD, explored=True), WHO, READ).note
    assert shown(TOLD, WHO, READ).note == ""


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("open", ""),
        ("yes", "Thank you. We will get in touch with you."),
        ("no", "All right, not for you. We will not show you this again."),
        ("hidden", "Hidden. It will not come back."),
        ("stopped", "You will see no more suggestions here."),
    ],
)
def test_each_state_says_itself(state: State, message: str) -> None:
    assert shown(replace(TOLD, state=state), WHO, READ).message == message


def test_later_names_the_day_as_the_language_writes_it() -> None:
    later = replace(TOLD, state="later", until=AT)
    assert "before November 23, 2026" in shown(later, WHO, READ).message
    assert "vor dem 23. November 2026" in shown(replace(later, language="de"), WHO, READ).message
    assert "antes del 23 de noviembre de 2026" in shown(replace(later, language="es"), WHO, READ).message


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"what": "yes"}, "We will get in touch with you."),
        ({"what": "yes", "led": True}, ""),
        ({"what": "yes", "done": True}, "Done."),
        ({"what": "later", "until": AT}, "We will not ask again before November 23, 2026."),
        ({"what": "no"}, "We do not show it to you any more."),
        ({"words": ("Hm",), "state": "new"}, "Nobody has read your words yet."),
        ({"words": ("Hm",), "state": "looked_at"}, "We have read it and are thinking about it."),
        ({"words": ("Hm",), "state": "used"}, "Your words are with the people who run this."),
        ({"words": ("Hm",), "state": "declined"}, "We have read it, and leave things as they are."),
        ({"state": "declined", "reply": "it is"}, "We are not changing this, because: it is"),
        ({"state": "used", "reply": "we ask later"}, "We have taken it into account: we ask later"),
    ],
)
def test_what_became_of_an_answer_is_a_sentence(more: dict[str, object], state: str) -> None:
    assert line(**more) == state


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_nobody_reads_the_words_of_the_trade(language: str) -> None:
    told = [replace(TOLD, language=language, state=state, until=AT) for state in ("open", "yes", "later", "no")]
    told += [
        replace(TOLD, language=language, answers=(replace(PAST, words=("x",), state=state, reply=reply),))
        for state in ("new", "looked_at", "used", "declined")
        for reply in ("", "r")
    ]
    text = " ".join(str(asdict(shown(one, WHO, READ))) for one in told).lower()
    for word in (
        "declin",
        "abgelehnt",
        "rechaz",
        "payoff",
        "release",
        "holdout",
        "model",
        "risk",
        "risiko",
        "riesgo",
    ):
        assert word not in text, word


def test_what_was_sent_is_not_asked_for_again() -> None:
    no = replace(TOLD, state="no")
    assert shown(no, WHO, READ).words
    for message in ("sent", "sent_reason"):
        assert shown(no, WHO, READ, message=message).words == ""


def test_news_has_no_suggestion() -> None:
    news = Told("en", "ended", answers=(replace(PAST, reply="so", state="used", news=True),))
    page = shown(news, WHO, READ)
    assert (page.state, page.title, page.label) == ("news", "What became of your answer", "")


def test_hostile_words_stay_words() -> None:
    hostile = "{0.__class__} <script>alert(1)</script> {reply}"
    said = shown(replace(TOLD, answers=(replace(PAST, words=(hostile,), reply=hostile, state="used"),)), WHO, READ)
    assert hostile in said.past[0].said[-1]
    assert hostile in said.past[0].state


def test_the_page_of_a_link_speaks_the_languages_of_the_brief() -> None:
    page = for_you(replace(TOLD, language="de"), WHO, READ, "tok")
    assert [(c.language, c.chosen) for c in page.languages] == [("en", False), ("de", True), ("es", False)]
    assert page.action == "/for-you/tok?lang=de"
    assert page.sentence.startswith("Es wird nichts gespeichert")
    assert page.title == "Ein Vorschlag von small"


def test_a_path_of_the_operators_product_leads_nowhere_from_an_e_mail() -> None:
    page = for_you(replace(TOLD, worded=Worded("en", "A guide", "", "", "/start")), WHO, READ, "tok")
    assert page.shown is not None
    assert (page.shown.link, page.shown.yes) == ("", "Yes, please contact me")


def test_an_ended_link_and_a_broken_one_say_so() -> None:
    assert for_you(replace(TOLD, state="ended"), WHO, READ, "tok").title == "This suggestion has ended."
    assert nothing_for_you("broken", "de").title == "Dieser Link öffnet nichts"
    assert nothing_for_you("failed", "xx").title == "That did not reach us"
