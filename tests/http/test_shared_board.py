"""A copy for people outside over HTTP: made and ended by managers, opened by anybody, kept by nobody."""

from __future__ import annotations

import base64
import hashlib
import re

from fastapi.testclient import TestClient
from tests.fake_boards import looked_back
from tests.fake_product import FakeProduct, talked

from payoff.http.app import create_app
from payoff.http.session import COOKIE


def client(product: FakeProduct, who: str = "") -> TestClient:
    made = TestClient(create_app(product, mode="demo"), base_url="http://localhost", follow_redirects=False)
    if who:
        made.cookies.set(COOKIE, who)
    return made


def made() -> tuple[FakeProduct, str]:
    """A product, and the path of a link somebody just made on its board."""
    product = looked_back(talked(FakeProduct()))
    manager = client(product, "paula")
    answer = manager.post("/board/r1/share", data={})
    assert answer.status_code == 303
    (share,) = product.boards.links
    assert answer.headers["location"] == f"/board?release=r1&said=shared#link-{share.id}"
    page = manager.get("/board?release=r1").text
    found = re.search(r'value="http://localhost(/shared/[^"]+)"', page)
    assert found
    return product, found[1]


def test_a_link_opens_without_signing_in_and_leaves_no_trace() -> None:
    product, path = made()
    answer = client(product).get(path)
    assert answer.status_code == 200
    assert "Is it winning?" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers


def test_the_policy_lets_its_own_style_sheet_and_nothing_else() -> None:
    product, path = made()
    answer = client(product).get(path)
    policy = answer.headers["content-security-policy"]
    found = re.search(r"<style>(.*?)</style>", answer.text, re.S)
    assert found
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "unsafe" not in policy
    assert "style=" not in answer.text


def test_an_ended_link_is_gone_for_everybody() -> None:
    product, path = made()
    (share,) = product.boards.links
    answer = client(product, "ada").post(f"/board/links/{share.id}/withdraw", data={"release": "r1"})
    assert answer.headers["location"] == "/board?release=r1&said=withdrawn#links"
    gone = client(product, "paula").get(path)
    assert gone.status_code == 410
    assert "This link opens nothing any more" in gone.text
    assert "Harbor" not in gone.text
    assert gone.headers["x-robots-tag"] == "noindex, nofollow"
    assert "/shared/" not in client(product, "paula").get("/board?release=r1").text


def test_a_made_up_link_is_gone_too() -> None:
    assert client(FakeProduct()).get("/shared/x.y.z").status_code == 410


def test_what_is_shared_are_the_figures_of_the_page_it_was_made_on() -> None:
    product = looked_back(talked(FakeProduct()))
    manager = client(product, "paula")
    answer = manager.post("/board/r1/share", data={"card": "card-13", "reasons": "yes"})
    assert answer.headers["location"].startswith("/board/r1/as-of/card-13?said=shared")
    (share,) = product.boards.links
    assert share.reasons
    assert product.boards.cards[share.card] is product.boards.cards["card-13"]
    assert manager.post("/board/r1/share", data={"card": "nothing"}).status_code == 404


def test_the_board_as_it_stood_is_a_page_without_a_form_to_decide() -> None:
    product = looked_back(talked(FakeProduct()))
    answer = client(product, "paula").get("/board/r1/as-of/card-6")
    assert answer.status_code == 200
    assert "This is the board as it stood on 17 Nov 2026, 09:30." in answer.text
    assert "/decide" not in answer.text
    assert client(product, "paula").get("/board/r1/as-of/nothing").status_code == 404


def test_a_next_step_takes_units_by_hand_and_early_only_if_asked() -> None:
    product = FakeProduct()
    started: list[tuple[object, bool]] = []
    product.start = lambda id, /, *, by, why, named=None, early=False: started.append((named, early))  # type: ignore[method-assign] # noqa: A006
    manager = client(product, "paula")
    manager.post("/releases/r3/start", data={"why": "now"})
    manager.post("/releases/r3/start", data={"why": "now", "named": "a, b\nc\n\n a", "early": "yes"})
    assert started == [(None, False), (["a", "b", "c"], True)]
