"""What a link for people outside shows: everything that was asked for, nobody's name, nothing of the house."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fake_boards import looked_back
from tests.fake_product import FakeProduct, talked, undone, won
from tests.fake_values import NOW, Decision, Trust

from payoff.errors import Refused
from payoff.use_cases.sharing import Share
from payoff.web.pages.shared_board import address, gone, shared

DAY = timedelta(days=1)


def product(**more: object) -> FakeProduct:
    made = looked_back(talked(FakeProduct(**more)))  # type: ignore[arg-type]
    made.decided.append(Decision("r1", "hold", "hold", "Nia asked for it", "paula", NOW - 6 * DAY, "card-6"))
    return made


def link(made: FakeProduct, *, reasons: bool = False, key: str = "") -> str:
    card = made.boards.card("r1", key) if key else made.scorecard("r1")
    return token(made, made.boards.share(card, by="paula", reasons=reasons))


def token(made: FakeProduct, share: Share) -> str:
    return address(made, share).removeprefix("/shared/")


def test_it_tells_verdict_levels_history_trust_decisions_and_words() -> None:
    made = product()
    html = shared(made, link(made))
    for told in (
        "Harbor Payroll",
        "Is it winning? Cannot tell yet.",
        "Hold: not enough evidence yet",
        "The split came out as planned",
        "First payroll run within 14 days",
        "+11.1 points",
        "How it came about",
        "Since 10 Nov 2026 the range went from",
        "hold, when the verdict was “hold”",
        "Business",
        "People who use it",
        "Technical",
        "Simulated: no real customer stands behind these figures.",
        "Words on this page",
        "This page can be read until 23 Dec 2026.",
        "Measured, and not known yet: accuracy of risk",
    ):
        assert told in html, told
    assert html.index("came out as planned") < html.index("+11.1 points (")


def test_it_calls_the_groups_as_the_board_does_and_says_what_is_compared() -> None:
    made = product()
    html = shared(made, link(made))
    assert "“The right next step” against “Most clicked”, in its trial" in html
    for name in ("The right next step", "Most clicked", "Left alone"):
        assert f"<dt>{name}</dt>" in html
    for other in ("treated as today", "this release", "the one before"):
        assert other not in html


def test_of_a_finished_trial_it_shows_how_it_ended_and_names_nobody() -> None:
    made = product()
    won(made, days=7)
    undone(made, days=6)
    made.boards.edits = [(NOW - 8 * DAY, "paula")]
    html = shared(made, link(made))
    assert "It won its trial on 16 Nov 2026, and was taken back by a person on 17 Nov 2026." in html
    assert "Is it winning? Cannot tell yet." not in html
    assert "Is it winning? Taken back." in html
    assert "On 15 Nov 2026, 09:30, while this trial was running, what it is judged by was changed" in html
    assert "Paula" not in html


def test_nobodys_name_and_no_reason_is_in_it_unless_reasons_were_asked_for() -> None:
    made = product()
    html = shared(made, link(made))
    for person in made.brief.people.values():
        for name in person.name.split():
            assert not re.search(rf"\b{name}\b", html), name
    assert "asked for it" not in html
    assert "Nia asked for it" in shared(made, link(made, reasons=True))


def test_it_runs_nothing_fetches_nothing_and_leads_nowhere() -> None:
    made = product()
    html = shared(made, link(made))
    assert not re.search(r"<script|<a\b|<img|<link\b|<form|@import|https?://|url\(", html)
    assert "default-src 'none'" in html


def test_it_does_not_change_when_things_go_on() -> None:
    made = product()
    given = link(made, key="card-6")
    before = shared(made, given)
    made.decided.append(Decision("r1", "roll back", "roll back", "later", "paula", NOW + DAY, "x"))
    made.rollback("r1", by="paula", why="later")
    assert shared(made, given) == before


def test_a_void_comparison_is_said_before_any_figure() -> None:
    made = product(trust=Trust(False, "The split is broken."))
    html = shared(made, link(made))
    assert html.index("The split is broken.") < html.index("How it came about")


def test_a_link_of_something_else_ended_or_cut_off_opens_nothing() -> None:
    made = product()
    share = made.boards.share(made.scorecard("r1"), by="paula")
    good = token(made, share)
    assert shared(made, good)
    value = {"share": share.id, "release": share.release, "card": share.card}
    cases = (
        good[:-1],
        made.signer.sign("suggestion", value),
        made.signer.sign("board", {**value, "card": "card-6"}),
        made.signer.sign("board", {**value, "release": "r0"}),
        made.signer.sign("board", {"release": "r1", "card": share.card}),
    )
    for given in cases:
        with pytest.raises(Refused):
            shared(made, given)
    made.boards.withdraw(share.id, by="ada")
    with pytest.raises(Refused):
        shared(made, good)


def test_a_signature_outlives_no_link() -> None:
    made = product()
    share = made.boards.share(made.scorecard("r1"), by="paula")
    made.boards.links = [replace(share, at=NOW - 31 * DAY)]
    with pytest.raises(Refused):
        shared(made, token(made, share))


def test_what_a_dead_link_says_tells_nothing_of_the_product() -> None:
    made = product()
    html = gone(made.texts, Refused("this link is no longer good", mend="Ask for a new one."))
    assert "This link is no longer good. Ask for a new one." in html
    assert "Harbor" not in html
    assert not re.search(r"<a\b|<script", html)


def test_hostile_words_stay_words() -> None:
    hostile = "<script>alert(1)</script>"
    made = product()
    made.decided[-1] = replace(made.decided[-1], why=hostile)
    html = shared(made, link(made, reasons=True))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
