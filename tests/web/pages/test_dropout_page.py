"""Where people drop out, in words."""

from __future__ import annotations

from tests.fake_product import FakeProduct

from payoff.use_cases.dropout import Dropped, Steps
from payoff.web.pages.dropout import DropoutPage, dropout

NOBODY = Steps("", 0, 0, 0, 0)


def page(team: Steps, *, customers: Steps = NOBODY, **more: tuple[Steps, ...]) -> DropoutPage:
    product = FakeProduct()
    product.boards.dropped = Dropped(
        team, more.get("roles", ()), more.get("releases", ()), customers, more.get("customer_roles", ())
    )
    return dropout(product)


def test_the_headline_names_the_step_at_which_most_are_lost() -> None:
    assert page(Steps("", 1200, 300, 250, 200)).lead == "Most are lost before anybody looks: 900 of 1,200."
    assert page(Steps("", 1200, 1100, 250, 200)).lead.startswith(
        "Most are lost after the first look: 850 of 1,100"
    )
    assert page(Steps("", 1200, 1150, 1100, 200)).lead.startswith("Most are lost between the answer and the deed")
    assert page(Steps("", 30, 30, 30, 30)).lead.startswith("Nobody drops out")
    assert page(Steps("", 3, 1, 0, 0)).lead.startswith("Too few suggestions yet")


def test_every_step_has_its_share_of_what_was_made_and_what_was_lost_before_it() -> None:
    steps = page(Steps("", 200, 150, 150, 50)).team
    assert [(s.name, s.count, s.share, s.width, s.lost) for s in steps] == [
        ("Suggested", "200", "100%", 100, ""),
        ("Looked at", "150", "75%", 75, "50 lost"),
        ("Answered", "150", "75%", 75, ""),
        ("Done", "50", "25%", 25, "100 lost"),
    ]


def test_small_groups_have_no_shares_and_releases_are_called_by_their_titles() -> None:
    shown = page(
        Steps("", 200, 150, 150, 50),
        roles=(Steps("founder", 190, 150, 150, 50), Steps("", 10, 1, 0, 0)),
        releases=(Steps("r1", 200, 150, 150, 50),),
    )
    (by_role, roles), (by_release, releases) = shown.groups
    assert (by_role, by_release) == ("By the role of the contact", "By release")
    assert [(g.name, bool(g.steps), g.few) for g in roles] == [
        ("founder", True, ""),
        ("no role known", False, "10 suggestions: too few to say."),
    ]
    assert releases[0].name == "The right next step"


def test_customers_have_steps_of_their_own_and_a_product_without_a_widget_says_so() -> None:
    shown = page(Steps("", 200, 150, 150, 50), customers=Steps("", 40, 40, 10, 8))
    assert [(s.name, s.count) for s in shown.customers] == [("Shown", "40"), ("Answered", "10"), ("Said yes", "8")]
    assert shown.customers_none == ""
    assert page(Steps("", 200, 150, 150, 50)).customers_none.startswith("Nothing was shown to a customer yet")
