"""Health as data: worst first, counted, links only where one may go, and nothing of a stranger's runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from payoff.people.permissions import PERMISSIONS
from payoff.people.person import Person
from payoff.records.findings import Change, Finding, GroupFigure, Health, Limit, Target, WeekFigure
from payoff.texts import Texts
from payoff.web.frame import Frame
from payoff.web.pages.health import HealthPage, health
from payoff.web.render import render

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)
ADA = Person("ada", "Ada Lind", frozenset(PERMISSIONS))
NIA = Person("nia", "Nia Okafor", frozenset({"frontline"}))
TEXTS = Texts()


def weeks(*values: float | None, half: float | None = 0.05) -> tuple[WeekFigure, ...]:
    first, made = date(2026, 1, 5), []
    for i, v in enumerate(values):
        edges = (None, None) if v is None or half is None else (max(0.0, v - half), v + half)
        made.append(WeekFigure(first + timedelta(weeks=i), v, *edges, 120, 120, v is None))
    return tuple(made)


def finding(**more) -> Finding:
    base = Finding(
        id="drift", monitor="drift", severity="fine", title="What comes in", sentence="As it was.",
        means="All is well.", todo="Nothing.", figure="Of 100 accounts", weeks=weeks(0.1, 0.2, 0.31),
        n=120, known=120, total=120, method="Counted.", source="Siddiqi 2006", order=30,
    )  # fmt: skip
    return replace(base, **more)


def page(*findings: Finding, who: Person = ADA, changes: tuple[Change, ...] = (), **more) -> HealthPage:
    return health(TEXTS, who, Health(findings, changes, NOW, NOW), **more)


@pytest.mark.parametrize(
    ("words", "headline"),
    [
        (("act", "look", "fine", "fine", "cannot tell"), "1 to act on, 1 to watch, 1 cannot tell, 2 fine."),
        (("fine", "fine"), "All 2 fine, as far as these figures can tell."),
        (("fine", "cannot tell"), "1 cannot tell, 1 fine."),
        (("cannot tell", "cannot tell"), "Nothing can be said yet."),
    ],
)
def test_the_headline_counts_what_was_found(words, headline: str) -> None:
    assert page(*(finding(severity=w) for w in words)).headline == headline


def test_what_needs_somebody_stands_whole_and_the_rest_is_a_line_each() -> None:
    made = page(*(finding(severity=w) for w in ("act", "look", "cannot tell", "fine")))
    assert [(f.tone, f.open) for f in made.findings] == [
        ("bad", True), ("warn", True), ("quiet", False), ("good", False),
    ]  # fmt: skip


def test_every_finding_has_a_place_of_its_own_whatever_its_id() -> None:
    made = page(*(finding(monitor="fairness", id=f'fairness."><{i}') for i in range(3)))
    assert [f.id for f in made.findings] == ["fairness", "fairness-2", "fairness-3"]


def test_a_link_leads_to_where_it_is_done_filtered_and_only_for_who_may() -> None:
    inbox = Target("inbox", "Read the problems", {"kind": "problem & more"})
    release = Target("releases", "Open it", place="r 1")
    nowhere = Target("nowhere", "Not built")
    made = page(finding(targets=(inbox, release, nowhere))).findings[0]
    assert [x.href for x in made.links] == ["/inbox?kind=problem+%26+more", "/releases#r%201"]
    assert [x.words for x in page(finding(targets=(inbox, release)), who=NIA).findings[0].links] == [
        "Read the problems"
    ]


def test_the_picture_says_the_same_in_a_sentence_and_in_its_table() -> None:
    shown = page(finding()).findings[0].picture
    assert shown is not None
    assert shown.label == "Of 100 accounts. 10 in the week of 5 Jan 2026, 31 in the week of 19 Jan 2026."
    assert (shown.rows[0].when, shown.rows[0].cells) == ("19 Jan 2026", ("31 (26 to 36) · 120",))
    assert shown.up[0].words == "0"


def test_weeks_not_known_yet_are_grey_and_say_so() -> None:
    shown = page(finding(weeks=weeks(0.1, 0.2, 0.2, None, None, None))).findings[0].picture
    assert shown is not None
    assert [s.words for s in shown.spans] == ["not known yet"]
    assert shown.rows[0].cells == ("cannot tell · 120",)


def test_groups_are_lines_and_only_one_band_stands_behind_several() -> None:
    groups = tuple(GroupFigure(f"g{i}", 0.3, weeks=weeks(0.3, 0.4)) for i in range(3))
    shown = page(finding(weeks=(), groups=groups)).findings[0].picture
    assert shown is not None
    assert [(x.name, bool(x.band)) for x in shown.lines] == [("g0", True), ("g1", False), ("g2", False)]
    two = page(finding(weeks=(), groups=groups[:2])).findings[0].picture
    assert two is not None
    assert all(x.band for x in two.lines)


def test_groups_that_show_something_else_have_pictures_of_their_own() -> None:
    other = GroupFigure("problems", 0.1, weeks=weeks(0.1, 0.2), figure="Problems", limits=(Limit(0.3, "alarm"),))
    made = page(finding(groups=(other,))).findings[0]
    assert made.picture is not None
    assert len(made.picture.lines) == 1
    assert [(title, p.rules[0].words) for title, p in made.more] == [("Problems", "alarm")]


def test_numbers_are_not_shown_of_100() -> None:
    shown = page(finding(measure="number", weeks=weeks(1.0, 2.5, half=0.5))).findings[0].picture
    assert shown is not None
    assert shown.rows[0].cells == ("2.5 (2.0 to 3.0) · 120",)


def test_release_changes_are_marked_with_their_day() -> None:
    change = Change(datetime(2026, 1, 12, 8, tzinfo=UTC), "“B” serves everybody")
    shown = page(finding(), changes=(change,)).findings[0].picture
    assert shown is not None
    assert [(m.letter, m.words) for m in shown.markers] == [("A", "12 Jan 2026: “B” serves everybody")]


def test_how_much_is_known_is_said() -> None:
    assert page(finding(known=41, total=120)).findings[0].basis == "120 counted; 41 of 120 are known by now."
    assert page(finding()).findings[0].basis == "120 counted."


def test_while_nothing_is_known_yet_it_says_that_it_is_worked_out() -> None:
    made = health(TEXTS, ADA, None)
    assert made.findings == ()
    assert made.waiting.startswith("This is being worked out for the first time.")


def rendered(made: HealthPage) -> str:
    frame = Frame("p", "en", "Ada", (), (), "", "", "health")
    return render("health", TEXTS, frame, made)


def test_the_page_can_be_drawn_in_every_state_and_says_from_when_it_is() -> None:
    states = (page(finding(severity="act")), page(finding(), renewing=True), health(TEXTS, ADA, None), page())
    pages = [rendered(made) for made in states]
    assert all(html.count("<h1") == 1 for html in pages)
    assert "Worked out 30 Mar 2026, 09:00" in pages[0]
    assert "Newer ones are being worked out." in pages[1]
    assert 'id="drift"' in pages[0]


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"])
def test_a_strangers_words_stay_words(bad: str) -> None:
    groups = (GroupFigure(bad, 0.3, weeks=weeks(0.3, 0.4)),)
    made = page(
        finding(severity="act", title=bad, sentence=bad, means=bad, todo=bad, details=(bad,), figure=bad,
                groups=groups, limits=(Limit(0.2, bad),), targets=(Target("inbox", bad, {"kind": bad}),)),
        changes=(Change(datetime(2026, 1, 12, tzinfo=UTC), bad),),
    )  # fmt: skip
    html = rendered(made)
    assert "<script>alert" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("words", "today"),
    [
        (("act", "look", "fine"), "To do today: “What comes in”."),
        (("look", "fine"), "Nothing has to be done today. Worth a look this week: “What comes in”."),
        (("fine", "cannot tell"), "Nothing has to be done today."),
        (("cannot tell",), ""),
    ],
)
def test_it_says_first_whether_anything_must_be_done_today(words, today: str) -> None:
    assert page(*(finding(severity=w) for w in words)).today == today


def test_the_rest_of_the_day_is_a_link_each_for_those_who_may() -> None:
    made = page(finding(), unanswered=29)
    assert [(link.href, link.words) for link in made.elsewhere] == [
        ("/inbox", "29 things people said wait in the Inbox"),
        ("/notes", "Meetings that are due stand in Notes"),
    ]
    assert [link.href for link in page(finding(), unanswered=0, who=NIA).elsewhere] == []


def test_what_is_of_before_a_change_of_release_says_so() -> None:
    assert page(finding()).before == ""
    assert page(finding(), moved=NOW).before == "This is of before the change of release on 30 Mar 2026, 09:00."
