"""The widget's addresses: who may ask, what is kept, and what never leaves."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.worded import LED, SITE, TITLE, TITLE_DE, Site, answers, held, running, suggestion_of, wait

from payoff.errors import Unavailable
from payoff.http import flood, widget
from payoff.http.flood import Flood, TooMany
from payoff.http.script import script
from payoff.http.widget import FLOODS, MOST_BYTES, try_key
from payoff.people import proof
from payoff.people.keys import make_key
from payoff.people.sessions import digest
from payoff.people.signing import Signer
from payoff.ports import Key


@pytest.fixture
def site() -> Site:
    return Site()


def allowed(answer: Any) -> str | None:
    found: str | None = answer.headers.get("access-control-allow-origin")
    return found


def kept(site: Site) -> int:
    return site.product.storage.log.head()


# Who may ask


def test_a_good_proof_shows_the_suggestion_to_the_page_of_the_keys_site(site: Site) -> None:
    answer = site.ask("acct-1", lang="de")
    assert answer.status_code == 200
    assert allowed(answer) == SITE
    assert answer.headers["vary"] == "Origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-credentials" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert (answer.json()["title"], answer.json()["language"]) == (TITLE_DE, "de")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://app.example.com",
        "https://app.example.com.evil.example",
        "https://APP.example.com",
        "http://localhost",
        SITE + "/",
        "null",
        "",
    ],
)
def test_a_page_of_another_site_is_refused_and_may_not_read_why(site: Site, origin: str) -> None:
    before = kept(site)
    body = {"unit": "acct-1", "proof": site.proof("acct-1")}
    answer = site.post("suggestion", body, origin=origin)
    assert answer.status_code == 403
    assert allowed(answer) is None
    assert kept(site) == before


@pytest.mark.parametrize("what", ["suggestion", "answer", "said"])
def test_the_preflight_says_yes_to_the_keys_site_alone(site: Site, what: str) -> None:
    headers = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    address = f"/widget/v1/{what}?key={site.text}"
    ours = site.client.options(address, headers={**headers, "origin": SITE})
    assert ours.status_code == 204
    assert allowed(ours) == SITE
    assert ours.headers["access-control-allow-methods"] == "POST"
    assert ours.headers["access-control-allow-headers"] == "Content-Type"
    assert "access-control-allow-credentials" not in ours.headers
    theirs = site.client.options(address, headers={**headers, "origin": "https://evil.example"})
    assert (theirs.status_code, allowed(theirs)) == (403, None)
    nobody = site.client.options(f"/widget/v1/{what}?key=pk_x", headers={**headers, "origin": SITE})
    assert (nobody.status_code, allowed(nobody)) == (401, None)


def test_keys_that_open_nothing(site: Site) -> None:
    accounts, now = site.product.storage.accounts, site.product.clock.now()
    body = {"unit": "acct-1", "proof": site.proof("acct-1")}
    secret = "sk_1_" + "x" * 40
    accounts.add_key(digest(secret), Key("1", "secret", "server", "ada", now, permissions=("admin",)))
    for key in ("", "pk_", "pk_1_unknown", secret, "try_", "try_x", site.text[:-1]):
        assert site.post("suggestion", body, key=key).status_code in (401, 403), key
    accounts.revoke_key(site.key.id, at=now)
    assert site.post("suggestion", body).status_code == 401


def test_a_publishable_key_opens_nothing_else(site: Site) -> None:
    headers = {"authorization": f"Bearer {site.text}"}
    for method, path in (("GET", "/v1/feedback"), ("POST", "/v1/events"), ("GET", "/v1/releases")):
        answer = site.client.request(
            method, path, headers=headers, json={"events": []} if method == "POST" else None
        )
        assert answer.status_code == 401


def test_a_foreign_page_opens_nothing_but_the_widget(site: Site) -> None:
    for path in ("/desk/x/answer", "/v1/feedback", "/for-you/x", "/widget/try"):
        answer = site.client.post(path, data={"what": "done"}, headers={"origin": SITE})
        assert answer.status_code == 403
        assert allowed(answer) is None


# Proofs


def refused(site: Site, body: dict[str, Any]) -> str:
    before = kept(site)
    answer = site.post("suggestion", body)
    assert answer.status_code == 403, answer.text
    assert allowed(answer) == SITE, "the page may read why"
    assert kept(site) == before
    why: str = answer.json()["why"]
    return why


def test_a_proof_of_another_unit_person_or_key_is_refused(site: Site) -> None:
    good = site.proof("acct-1", "ann")
    assert refused(site, {"unit": "acct-2", "person": "ann", "proof": good}) == "signature"
    assert refused(site, {"unit": "acct-1", "person": "bob", "proof": good}) == "signature"
    assert refused(site, {"unit": "acct-1", "proof": good}) == "signature"
    assert refused(site, {"unit": "acct-1", "proof": ""}) == "form"
    assert refused(site, {"unit": "acct-1\nann", "proof": good}) == "form"
    accounts, now = site.product.storage.accounts, site.product.clock.now()
    other, _ = make_key(accounts, {}, "publishable", "other", by="ada", now=now, origins=[SITE])
    foreign = proof.sign(proof.signing_secret(accounts, other.id), "acct-1", now=now)
    assert refused(site, {"unit": "acct-1", "proof": foreign}) == "signature"


def test_a_proof_can_be_replayed_for_its_unit_while_it_lasts_and_not_after(site: Site) -> None:
    body = {"unit": "acct-1", "proof": site.proof("acct-1")}
    assert site.post("suggestion", body).status_code == 200
    wait(site.product, seconds=proof.GOOD_FOR + proof.SLACK)
    assert site.post("suggestion", body).status_code == 200
    wait(site.product, seconds=1)
    assert refused(site, body) == "expired"
    forever = {"unit": "acct-1", "proof": f"v1.9999999999.{'0' * 64}"}
    assert refused(site, forever) == "signature"


def test_the_unit_of_a_ticket_cannot_be_changed_and_a_ticket_ends(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = site.shown("acct-1")["ticket"]
    value = {**site.product.signer.read("widget", ticket, days=1), "unit": "acct-2"}
    forged = Signer(b"another secret").sign("widget", value)
    other = site.product.signer.sign("customer", value)
    mixed = ".".join([forged.rsplit(".", 2)[0], *ticket.rsplit(".", 2)[1:]])
    for text in ("", "x", forged, other, mixed, ticket[:-1]):
        answer = site.post("answer", {"ticket": text, "what": "yes"})
        assert answer.status_code == 403, text
    monkeypatch.setattr(widget, "TICKET_DAYS", -1)
    assert site.post("answer", {"ticket": ticket, "what": "yes"}).status_code == 403
    assert answers(site.product) == []


def test_a_ticket_of_one_key_is_nothing_under_another(site: Site) -> None:
    ticket = site.shown("acct-1")["ticket"]
    other = Site(site.product, "https://other.example")
    assert other.post("answer", {"ticket": ticket, "what": "yes"}).status_code == 403
    assert answers(site.product) == []


# What is shown and kept


def test_the_holdout_sees_nothing() -> None:
    site = Site(running(n=60))
    assert site.shown(held(site.product)) == {"state": "nothing"}
    assert site.shown("acct-nobody-knows") == {"state": "nothing"}


def test_from_seen_to_undone(site: Site) -> None:
    shown = site.shown("acct-1", "ann")
    assert (shown["state"], shown["title"], shown["label"]) == ("open", TITLE, "A suggestion for you")
    ticket = shown["ticket"]
    for _ in range(2):
        assert site.post("answer", {"ticket": ticket, "what": "shown"}).status_code == 200
    wait(site.product, minutes=1)
    yes = site.post("answer", {"ticket": ticket, "what": "yes"}).json()
    assert (yes["state"], yes["message"]) == ("yes", "Thank you. We will get in touch with you.")
    wait(site.product, minutes=1)
    undone = site.post("answer", {"ticket": ticket, "what": "undo"}).json()
    assert (undone["state"], undone["message"]) == ("open", "Taken back.")
    me = "customer:acct-1/ann"
    assert answers(site.product) == [("shown", "widget", me), ("accepted", "widget", me), ("undone", "widget", me)]


def test_words_are_heard_and_stand_under_your_answers(site: Site) -> None:
    ticket = site.shown("acct-1")["ticket"]
    site.post("answer", {"ticket": ticket, "what": "no"})
    hostile = "<img src=x onerror=alert(1)>"
    said = site.post("said", {"ticket": ticket, "reason": "time", "words": hostile}).json()
    assert said["message"].startswith("Thank you. You will read here")
    assert said["past"][0]["said"] == ["You said: not for us.", f"You wrote: “{hostile}”"]
    assert [i.comment for i in site.product.inbox() if i.comment] == [hostile]
    reason = site.post("said", {"ticket": ticket, "reason": "time"}).json()
    assert reason["message"] == "Thank you. That helps us."


def test_read_is_told_once(site: Site) -> None:
    ticket = site.shown("acct-1")["ticket"]
    site.post("said", {"ticket": ticket, "words": "Why us?"})
    (said,) = site.product.inbox()
    site.product.give([said.id], "declined", by="paula", reason="so")
    assert site.shown("acct-1")["news"] is True
    assert site.post("answer", {"ticket": ticket, "what": "read"}).json() == {}
    assert site.shown("acct-1")["news"] is False


def test_nothing_of_our_inside_leaves(site: Site) -> None:
    shown = site.shown("acct-1")
    ticket = shown.pop("ticket")
    said = next(i.suggestion for i in site.product.queue() if i.unit == "acct-1")
    text = json.dumps(shown)
    staff = [said.say, said.evidence, said.release, *(r.text for r in said.reasons), "Person 1", "acct-2", "ana"]
    assert [word for word in staff if word and word in text] == []
    assert set(shown) == {
        "language", "state", "message", "label", "title", "why", "note", "yes", "link", "later", "no", "undo",
        "ask", "reasons", "words", "send", "missing", "failed", "about", "answers", "past", "news", "rate", "up",
        "down", "thumb",
    }  # fmt: skip
    inside = site.product.signer.read("widget", ticket, days=1)
    assert set(inside) == {"key", "unit", "person", "suggestion", "language", "state", "thumb"}


def test_a_wrong_body_is_refused_with_all_faults(site: Site) -> None:
    before = kept(site)
    answer = site.post("suggestion", {"unit": "", "proof": "x" * 300, "more": 1})
    assert answer.status_code == 422
    assert len(answer.json()["faults"]) == 3
    ticket = site.shown("acct-1")["ticket"]
    for body in (
        {"ticket": ticket, "what": "done"},
        {"ticket": ticket, "what": "yes", "unit": "acct-2"},
        {"ticket": 5, "what": "yes"},
        [],
        "yes",
        None,
    ):
        assert site.post("answer", body).status_code == 422
    assert site.post("said", {"ticket": ticket, "words": ""}).status_code == 422
    assert site.post("said", {"ticket": ticket, "words": "x" * 2001}).status_code == 422
    for content in (b"", b"{", b"\xff", b'{"unit": "\\ud800"}', b"[" * 9000):
        address = f"/widget/v1/suggestion?key={site.text}"
        refused = site.client.post(address, content=content, headers={"origin": SITE})
        assert refused.status_code == 422, content[:20]
        assert allowed(refused) == SITE
    assert answers(site.product) == [] and before == kept(site)


def test_a_large_body_is_not_read(site: Site) -> None:
    ticket = site.shown("acct-1")["ticket"]
    answer = site.post("said", {"ticket": ticket, "words": "x" * MOST_BYTES})
    assert answer.status_code == 413


def test_a_store_that_is_away_is_said_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = site.shown("acct-1")["ticket"]

    def away(_: object) -> None:
        raise Unavailable("the store cannot be reached", mend="Try again.")

    monkeypatch.setattr(site.product.storage.log, "append", away)
    answer = site.post("answer", {"ticket": ticket, "what": "yes"})
    assert (answer.status_code, allowed(answer)) == (503, SITE)
    assert int(answer.headers["retry-after"]) > 0


# Floods


@pytest.mark.parametrize("what", ["suggestion", "answer", "said"])
def test_a_flood_of_one_unit_is_stopped_and_costs_no_other_unit(site: Site, what: str) -> None:
    tickets = {unit: site.shown(unit)["ticket"] for unit in ("acct-1", "acct-2")}

    def send(unit: str) -> Any:
        if what == "suggestion":
            return site.ask(unit)
        return site.post(
            what, {"ticket": tickets[unit], **({"what": "yes"} if what == "answer" else {"words": "x"})}
        )

    most, seconds = FLOODS[what]
    codes = [send("acct-1").status_code for _ in range(most + 1)]
    assert codes.count(200) in (most - 1, most)
    last = send("acct-1")
    assert last.status_code == 429
    assert allowed(last) == SITE
    assert 0 < int(last.headers["retry-after"]) <= seconds
    assert send("acct-2").status_code == 200
    before = kept(site)
    send("acct-1")
    assert kept(site) == before
    wait(site.product, seconds=seconds)
    assert send("acct-1").status_code == 200


def test_bad_proofs_use_up_nothing_of_the_unit_they_name(site: Site) -> None:
    for _ in range(FLOODS["suggestion"][0] + 5):
        site.post("suggestion", {"unit": "acct-1", "proof": "v1.1." + "0" * 64})
    assert site.ask("acct-1").status_code == 200


def test_the_counting_forgets_what_is_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "_REMEMBERED", 3)
    counts = Flood()
    counts.passes(("a",), 1, 60, 0.0)
    with pytest.raises(TooMany) as caught:
        counts.passes(("a",), 1, 60, 45.0)
    assert caught.value.wait == 15
    for name in "bcd":
        counts.passes((name,), 1, 60, 1.0)
    counts.passes(("a",), 1, 60, 2.0)
    counts.passes(("b",), 1, 60, -100.0)  # a clock set back does not lock anybody out


# The script


def test_the_script_is_small_and_any_page_may_load_it(site: Site) -> None:
    answer = site.client.get("/widget.js")
    assert answer.status_code == 200
    assert len(answer.content) < 15_000
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "max-age=300" in answer.headers["cache-control"]
    again = site.client.get("/widget.js", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_pinned_script_never_changes(site: Site) -> None:
    made = script()
    answer = site.client.get(made.address)
    assert "immutable" in answer.headers["cache-control"]
    digest = base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
    assert made.integrity == f"sha384-{digest}"
    assert site.client.get("/widget-0000000000000000.js").status_code == 404


def test_nothing_but_the_script_may_be_loaded_from_elsewhere(site: Site) -> None:
    for path in ("/static/app.css", "/desk", "/v1/healthz", "/static/widget.js"):
        assert site.client.get(path).headers["cross-origin-resource-policy"] == "same-origin"


def test_the_script_builds_no_html_and_keeps_nothing() -> None:
    text = script().content.decode()
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", ".style.",
                 "localStorage", "sessionStorage", "cookie", "importScripts", "XMLHttp"):  # fmt: skip
        assert word not in text


# A look from our own pages


def trying(site: Site, what: str, body: Any, key: str, origin: str = "http://localhost") -> Any:
    return site.post(what, body, key=key, origin=origin)


def test_a_look_keeps_nothing_whatever_is_pressed(site: Site) -> None:
    before = kept(site)
    key = try_key(site.product.signer, action="setup_call")
    shown = trying(site, "suggestion", {"unit": "example", "proof": "try", "lang": "de"}, key).json()
    assert (shown["state"], shown["title"]) == ("open", TITLE_DE)
    states = {"yes": "yes", "later": "later", "no": "no", "hide": "hidden", "off": "stopped", "undo": "open"}
    for what, state in states.items():
        pressed = trying(site, "answer", {"ticket": shown["ticket"], "what": what}, key).json()
        assert pressed["state"] == state
    no = trying(site, "answer", {"ticket": shown["ticket"], "what": "no"}, key).json()
    said = trying(site, "said", {"ticket": no["ticket"], "words": "x"}, key).json()
    assert (said["state"], said["words"]) == ("no", "")
    assert said["message"].startswith("Das war nur eine Ansicht") and said["answers"] in said["message"]
    assert said["past"][0]["said"] == ["Sie sagten: Nichts für uns.", "Sie schrieben: „x“"]
    example = said["past"][-1]
    assert example["title"].startswith("Ein Beispiel") and example["state"].startswith(
        "Wir haben es berücksichtigt"
    )
    thumbed = trying(site, "answer", {"ticket": no["ticket"], "what": "up"}, key).json()
    assert (thumbed["state"], thumbed["thumb"], no["thumb"]) == ("no", 1, -1)
    assert kept(site) == before


def test_a_look_at_a_unit_decides_nothing(site: Site) -> None:
    site.product.facts([{"unit": "new-1", "role": "HR manager", "industry": "care", "contact": "P", "seats": 3}])
    before = kept(site)
    for unit, state in (("acct-1", "open"), ("new-1", "nothing")):
        key = try_key(site.product.signer, unit=unit)
        assert trying(site, "suggestion", {"unit": "x", "proof": "x"}, key).json()["state"] == state
    assert kept(site) == before


def test_a_look_is_for_our_own_pages_and_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    key = try_key(site.product.signer, unit="acct-1")
    body = {"unit": "acct-1", "proof": "try"}
    for origin in (SITE, "", "null", "https://localhost"):
        assert trying(site, "suggestion", body, key, origin).status_code == 403
    ticket = site.shown("acct-1")["ticket"]
    assert trying(site, "answer", {"ticket": ticket, "what": "yes"}, key).status_code == 403
    tried = trying(site, "suggestion", body, key).json()["ticket"]
    assert site.post("answer", {"ticket": tried, "what": "yes"}).status_code == 403, "and is no customer's ticket"
    monkeypatch.setattr(widget, "TRY_DAYS", -1)
    assert trying(site, "suggestion", body, key).status_code in (403, 409)
    assert answers(site.product) == []


def test_one_answer_counts_for_two_servers(site: Site) -> None:
    twin = Site(site.product, "https://twin.example")
    first, second = site.shown("acct-1")["ticket"], twin.shown("acct-1")["ticket"]
    for one, ticket in ((site, first), (twin, second)) * 2:
        one.post("answer", {"ticket": ticket, "what": "shown"})
        one.post("answer", {"ticket": ticket, "what": "yes"})
    assert [what for what, *_ in answers(site.product)] == ["shown", "accepted"]


def test_a_link_of_the_playbook_is_passed_on_only_when_it_leads_to_a_page() -> None:
    assert Site(running(tell=LED)).shown("acct-1")["link"] == "https://guide.example.com/start"
    hostile = 'tell.en = { title = "Hi", link = "javascript:alert(1)" }\n'
    assert Site(running(tell=hostile)).shown("acct-1")["link"] == ""


def test_the_key_is_seen_being_used(site: Site) -> None:
    wait(site.product, hours=1)
    site.ask("acct-1")
    (key,) = site.product.storage.accounts.all_keys()
    assert key.last_used == site.product.clock.now()
    assert suggestion_of(site.product, "acct-1")
    assert key.last_used - key.made_at == timedelta(hours=1)
