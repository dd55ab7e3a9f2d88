"""The widget in a real Chromium, in a page of another site with a strict content security policy."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.http.test_browser import chromium
from tests.http.widget_world import (
    ADDED,
    LOUD,
    ROOMY,
    STRICT,
    TYPED,
    World,
    count,
    focused,
    heard,
    kept,
    until,
    world,
)
from tests.worded import LED, TITLE, TITLE_DE, answers, held, running

pytestmark = pytest.mark.browser
__all__ = ["chromium", "world"]  # the browser and the page all these tests share


@pytest.mark.parametrize("policy", [STRICT, TYPED])
def test_it_works_under_the_strictest_policy_without_a_word_on_the_console(chromium: Any, policy: str) -> None:
    with World(chromium, policy=policy) as world:
        page, faults = world.open(world.element("acct-1"))
        assert heard(page) == [["shown", ""]]
        box = page.get_by_role("region", name=TITLE)
        assert box.get_by_role("heading", level=2).inner_text() == TITLE
        box.get_by_text("Why am I seeing this?").click()
        assert box.get_by_text("how far your set-up is").is_visible()
        box.get_by_role("button", name="Not for us").click()
        box.get_by_label("It does not fit how we work").check()
        box.get_by_label("In your own words").fill("We are three people")
        box.get_by_role("button", name="Send").click()
        box.get_by_text("Under “Your answers”").wait_for()
        assert box.get_by_label("In your own words").count() == 0
        box.get_by_text("Your answers", exact=True).click()
        assert box.get_by_text("You wrote: “We are three people”").is_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('payoff-suggestion')).display") == "block"
        assert count(page, "[style], style") == 0
        assert faults == []
        assert [item.comment for item in world.product.inbox() if item.comment] == ["We are three people"]


def test_it_is_met_only_when_it_is_on_screen(world: World) -> None:
    tall = "<p>" + "tall<br>" * 200 + "</p>"
    page, faults = world.open(tall + world.element("acct-1"))
    page.wait_for_timeout(300)
    assert kept(world) == []
    page.locator("payoff-suggestion").scroll_into_view_if_needed()
    page.keyboard.press("End")
    until(page, lambda: kept(world) == ["shown"])
    page.reload()
    until(page, lambda: heard(page))
    page.keyboard.press("End")
    page.wait_for_timeout(300)
    assert kept(world) == ["shown"]
    assert faults == []


def test_by_keyboard_alone_and_the_focus_is_never_lost(world: World) -> None:
    page, faults = world.open(world.element("acct-1"))
    page.keyboard.press("Tab")
    assert focused(page) == "Yes, please contact me"
    page.keyboard.press("Enter")
    status = page.get_by_role("status")
    page.get_by_text("We will get in touch with you.").first.wait_for()
    assert status.inner_text() == "Thank you. We will get in touch with you."
    assert focused(page) == "Undo"
    page.keyboard.press("Enter")
    page.get_by_text("Taken back.").wait_for()
    assert focused(page) == "Yes, please contact me"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_text("All right, not now.").wait_for()
    for _ in range(3):  # past the two thumbs
        page.keyboard.press("Tab")
    page.keyboard.type("After the holidays")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Under “Your answers”").wait_for()
    assert focused(page) == "Undo"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Not now").wait_for()
    assert focused(page) == "Not now"
    assert [what for what in kept(world) if what != "shown"] == ["accepted", "undone", "snoozed", "undone"]
    assert faults == []


def test_a_thumb_is_pressed_and_a_comment_asked_for(world: World) -> None:
    page, faults = world.open(world.element("acct-1"))
    assert count(page, "textarea") == 0
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_text("If you like, say why below.").wait_for()
    assert focused(page) == "Not helpful"
    assert page.get_by_role("button", name="Not helpful").get_attribute("aria-pressed") == "true"
    page.locator("textarea").fill("It comes too late.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Under “Your answers”").wait_for()
    said = [(one.thumb, one.text) for one in world.product.inbox()]
    assert (-1, "") in said and (None, "It comes too late.") in said
    assert page.get_by_role("button", name="Not now").is_visible()
    assert faults == []


def test_no_more_suggestions_is_two_presses_and_can_be_taken_back(world: World) -> None:
    page, _ = world.open(world.element("acct-1", "ann"))
    page.get_by_text("Why am I seeing this?").click()
    page.get_by_role("button", name="No more suggestions").click()
    page.get_by_text("You will see no more suggestions here.").wait_for()
    assert focused(page) == "Undo"
    again, _ = world.open(world.element("acct-1", "ann"))
    assert heard(again) == [["empty", ""]]
    page.keyboard.press("Enter")
    page.get_by_text("Taken back.").wait_for()
    back, _ = world.open(world.element("acct-1", "ann"))
    assert heard(back) == [["shown", ""]]


def test_a_german_customer_reads_german_from_top_to_bottom(world: World) -> None:
    page, faults = world.open(world.element("acct-1", lang="de-CH"), viewport={"width": 390, "height": 900})
    box = page.get_by_role("region", name=TITLE_DE)
    assert box.get_attribute("lang") == "de"
    assert [b.inner_text() for b in box.get_by_role("button").all()] == [
        "Ja, bitte melden Sie sich",
        "Nicht jetzt",
        "Nichts für uns",
        "Hilfreich",
        "Nicht hilfreich",
    ]
    box.get_by_text("Warum sehe ich das?").click()
    assert "wie weit Ihre Einrichtung ist" in box.inner_text()
    for english in ("Not now", "Why", "suggestion", "Nia"):
        assert english not in box.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == []


def test_without_a_lang_of_its_own_it_speaks_the_pages_language(world: World) -> None:
    element = world.element("acct-1").replace(' lang="en"', "")
    page, _ = world.open(f'<div lang="es">{element}</div>', locale="de-DE")
    assert page.get_by_role("button", name="Ahora no").is_visible()


def test_hostile_words_are_text_wherever_they_come_from(chromium: Any) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    tell = f"tell.en = {{ title = '{hostile}', button = '{hostile}' }}\ntell_why.en = '{hostile}'\n"
    widget = f"[widget]\npublic_facts = ['{hostile}']\nreads = '{hostile}'\nprivacy = 'javascript:alert(3)'\n"
    product = running(tell=tell, widget=widget)
    unit = 'x"><img src=x onerror=alert(4)>'
    product.facts([{"unit": unit, "role": hostile, "industry": hostile, "contact": hostile, "seats": 1}])
    with World(chromium, product) as world:
        page, faults = world.open(world.element("acct-1"))
        assert page.get_by_role("heading", level=2).inner_text() == hostile
        page.get_by_role("button", name="Not now").click()
        page.get_by_label("In your own words").fill(hostile)
        page.get_by_role("button", name="Send").click()
        page.get_by_text("Under “Your answers”").wait_for()
        (said,) = [item for item in product.inbox() if item.comment]
        product.give([said.id], "declined", by="paula", reason=hostile)
        again, more = world.open(world.element("acct-1"))
        assert again.get_by_text(f"because: {hostile}").is_visible()
        assert count(again, "img, script") == 0
        assert faults + more == []
        page.evaluate(ADDED, [unit, world.site.proof(unit), world.site.text])
        until(page, lambda: len(heard(page)) > 1)
        assert faults == []


def test_a_link_that_is_no_page_is_no_link_whatever_the_server_says(world: World) -> None:
    page, faults = world.open(world.element("acct-1"))

    def bent(route: Any) -> None:
        answer = route.fetch()
        data = answer.json()
        data["about"]["privacy_link"] = data["link"] = "javascript:alert(1)"
        route.fulfill(response=answer, json=data)

    page.route("**/widget/v1/suggestion**", bent)
    page.locator("payoff-suggestion").evaluate("e => { e.lang = 'de' }")
    page.get_by_role("button", name="Ja, bitte melden Sie sich").wait_for()
    assert count(page, "a") == 0
    assert faults == []


@pytest.mark.parametrize("more", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 800}}])
def test_axe_finds_nothing_in_any_state(world: World, more: dict[str, Any]) -> None:
    page, _ = world.open(world.element("acct-1"), **more)
    page.get_by_text("Why am I seeing this?").click()

    def clean() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    assert count(page, "button") == 7
    clean()
    for button in ("Not helpful", "Not for us", "Undo", "Yes, please contact me", "Undo", "Not now"):
        page.get_by_role("button", name=button).click()
        until(page, lambda: count(page, "[aria-busy]") == 0)
        clean()


def test_where_there_is_nothing_it_takes_no_room(chromium: Any) -> None:
    product = running(n=60)
    with World(chromium, product) as world:
        page, faults = world.open(world.element(held(product)), style=ROOMY)
        assert heard(page) == [["empty", ""]]
        assert page.locator("payoff-suggestion").evaluate("e => [e.offsetHeight, e.getClientRects().length]") == [
            0,
            0,
        ]
        gap = page.evaluate("document.querySelector('#after').getBoundingClientRect().top")
        page.evaluate("document.querySelector('payoff-suggestion').remove()")
        assert page.evaluate("document.querySelector('#after').getBoundingClientRect().top") == gap
        assert faults == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"proof": "v1.1.00"}, "has not the form of a proof"),
        ({"unit": "acct-2"}, "the signature is not one for this unit"),
        ({"key": "pk_none"}, "among the key's sites, and the server in connect-src?"),
        ({"proof": ""}, "the attribute proof is missing"),
        ({"key": "", "unit": ""}, "the attribute key, unit is missing"),
        ({"server": "http://localhost:9"}, "http://localhost:9 did not answer"),
    ],
)
def test_what_fails_takes_no_room_says_one_line_and_tells_the_page(
    world: World, given: dict[str, str], reason: str
) -> None:
    page, faults = world.open(world.element("acct-1", **given))
    (event,) = heard(page)
    assert event[0] == "error" and reason in event[1]
    ours = [fault for fault in faults if fault.startswith("warning: payoff-suggestion: ")]
    assert len(ours) == 1 and reason in ours[0]
    assert page.locator("payoff-suggestion").evaluate("e => e.getClientRects().length") == 0
    assert kept(world) == []


def test_an_answer_that_does_not_arrive_is_said_and_can_be_tried_again(world: World) -> None:
    page, _ = world.open(world.element("acct-1"))
    page.route("**/widget/v1/answer**", lambda route: route.abort())
    page.get_by_role("button", name="Not now").click()
    page.get_by_text("That did not reach us.").wait_for()
    assert heard(page)[-1][0] == "error"
    assert page.get_by_role("button", name="Not now").is_visible()
    page.unroute("**/widget/v1/answer**")
    page.get_by_role("button", name="Not now").click()
    page.get_by_text("All right, not now.").wait_for()
    assert "snoozed" in kept(world)


def test_it_follows_its_attributes(world: World) -> None:
    page, faults = world.open(world.element("acct-1"))
    element = page.locator("payoff-suggestion")
    element.evaluate("e => { e.lang = 'de' }")
    page.get_by_text(TITLE_DE).wait_for()
    element.evaluate("e => e.setAttribute('heading', '4')")
    until(page, lambda: count(page, "h4") == 1)
    before = len(heard(page))
    element.evaluate("(e, p) => e.setAttribute('proof', p)", world.site.proof("acct-1", seconds=60))
    page.wait_for_timeout(150)
    assert len(heard(page)) == before, "a fresh proof for what stands there already changes nothing"
    element.evaluate(
        "(e, p) => { e.setAttribute('unit', 'acct-2'); e.setAttribute('proof', p) }", world.site.proof("acct-2")
    )
    until(page, lambda: len(heard(page)) > before)
    page.get_by_role("button", name="Nicht jetzt").click()
    page.get_by_text("Gut, nicht jetzt.").wait_for()
    assert ("snoozed", "widget", "customer:acct-2") in answers(world.product)
    assert faults == []


def test_the_page_cannot_dress_it_by_accident_and_can_on_purpose(world: World) -> None:
    style = (
        LOUD
        + " payoff-suggestion { --payoff-accent: rgb(1, 120, 2); --payoff-radius: 3px } "
        + ("payoff-suggestion::part(title) { text-decoration: underline }")
    )
    page, _ = world.open(world.element("acct-1"), style=style)
    button = page.get_by_role("button", name="Yes, please contact me")
    assert button.is_visible()
    look = button.evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).borderRadius]")
    assert look == ["rgb(1, 120, 2)", "3px"]
    assert "underline" in page.get_by_role("heading", level=2).evaluate("e => getComputedStyle(e).textDecoration")


def test_dark_follows_the_system_unless_the_page_says_otherwise(world: World) -> None:
    def ground(**given: str) -> str:
        page, _ = world.open(world.element("acct-1", **given), color_scheme="dark")
        found: str = page.get_by_role("region").evaluate("e => getComputedStyle(e).backgroundColor")
        return found

    assert ground() == "rgb(26, 32, 40)"
    assert ground(theme="light") == "rgb(255, 255, 255)"


def test_a_yes_that_leads_somewhere_is_kept_and_leads_there(chromium: Any) -> None:
    tell = LED.replace("https://guide.example.com/start", "/start")
    with World(chromium, running(tell=tell)) as world:
        page, faults = world.open(world.element("acct-1"))
        world.write("<p>The guide</p>", path="/start")
        page.get_by_role("link", name="Open the guide").click()
        page.wait_for_url("**/start")
        until(page, lambda: "accepted" in kept(world))
        back, _ = world.open(world.element("acct-1"))
        assert back.get_by_role("status").inner_text().startswith("Thank you. You will find the way here")
        assert back.get_by_role("link", name="Open the guide").is_visible()
        assert not back.get_by_role("textbox").is_visible(), "asked once, and then only on request"
        back.get_by_text("In your own words").first.click()
        assert back.get_by_role("textbox").is_visible()
        assert faults == []


def test_a_reply_is_read_under_your_answers_and_told_once(world: World) -> None:
    page, _ = world.open(world.element("acct-1"))
    page.get_by_role("button", name="Yes, please contact me").click()
    page.get_by_label("In your own words").fill("Mornings, please")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Under “Your answers”").wait_for()
    (said,) = [item for item in world.product.inbox() if item.comment]
    world.product.give([said.id], "declined", by="paula", reason="we work from noon")

    def told() -> int:
        return world.product.workspace.tables.arrow("fate")["state"].to_pylist().count("told")

    for _ in range(2):
        later, faults = world.open(world.element("acct-1"))
        later.wait_for_timeout(200)
        later.get_by_text("Your answers", exact=True).click()
        assert later.get_by_text("We are not changing this, because: we work from noon").is_visible()
        until(later, lambda: told() == 1)
        later.wait_for_timeout(150)
        assert told() == 1
        assert faults == []


def test_a_framework_that_keeps_key_to_itself_says_site_key(world: World) -> None:
    page, faults = world.open(world.element("acct-1").replace("key=", "site-key=", 1))
    assert heard(page) == [["shown", ""]]
    assert faults == []


def test_two_of_them_on_one_page_know_nothing_of_each_other(world: World) -> None:
    page, faults = world.open(world.element("acct-1") + world.element("acct-2", lang="de"))
    until(page, lambda: len(heard(page)) == 2)
    page.get_by_role("button", name="Nicht jetzt").click()
    page.get_by_text("Gut, nicht jetzt.").wait_for()
    assert page.get_by_role("button", name="Not now").is_visible()
    assert faults == []
