"""A whole week without the desk: Monday's five arrive, all are answered there, everything is kept once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler
from fastapi.testclient import TestClient
from itsdangerous import TimestampSigner
from tests.adapters.notify.slack_standin import SECRET, SlackStandIn, signed
from tests.channelled import answers, monday, shown, wait

from payoff.adapters.notify.email import Email, Server
from payoff.adapters.notify.slack import Slack
from payoff.http.app import create_app
from payoff.use_cases.product import Product

HOST = "http://localhost"


class Slacker:
    """Ben at work in Slack; the server stands behind it."""

    def __init__(self, standin: SlackStandIn) -> None:
        self.standin = standin
        self.product = monday()
        slack = Slack("xoxb-1", SECRET, self.product.texts, address=standin.url, hooks=standin.url)
        self.product = monday(slack)
        self.client = TestClient(create_app(self.product), base_url=HOST)

    def post(self, body: bytes, **proof: Any) -> int:
        answer = self.client.post("/slack/actions", content=body, headers=signed(body, **proof))
        return answer.status_code

    def press(self, what: str, suggestion: str, member: str = "UBEN", **more: str) -> int:
        return self.post(self.standin.click(member, what, suggestion, **more))


@pytest.fixture
def slacker() -> Iterator[Slacker]:
    with SlackStandIn({"ana@small.example": "UANA", "stranger@elsewhere.example": "UEVE"}) as standin:
        yield Slacker(standin)


def test_a_week_in_slack(slacker: Slacker) -> None:
    s, product = slacker.standin, slacker.product
    assert not product.send().problems
    mine = s.buttons("UBEN", "done")
    assert len(mine) == 5 and len(s.buttons("UANA", "done")) == 5
    assert slacker.press("done", mine[0]) == 200
    wait(product, days=1)
    assert slacker.press("not_now", mine[1], day="2026-01-08") == 200
    slacker.press("ask_wrong", mine[2])
    slacker.post(s.submit("UBEN", reason="action", instead="tips_mail", comment="too early"))
    slacker.press("no_answer", mine[3])
    slacker.press("ask_earlier", mine[4])
    slacker.post(s.submit("UBEN", day="2026-01-02"))
    assert answers(product) == [
        ("done", "ben", "slack"),
        ("snoozed", "ben", "slack"),
        ("dismissed", "ben", "slack"),
        ("snoozed", "ben", "slack"),
        ("dismissed", "ben", "slack"),
    ]
    assert sorted(shown(product)) == [("ana", "slack")] * 5 + [("ben", "slack")] * 5
    (said,) = [item for item in product.said_by("ben") if item.correction]
    assert said.correction == {"action": "tips_mail"}
    assert s.buttons("UBEN", "done") == []
    assert sorted(s.buttons("UBEN", "undo")) == sorted(mine)
    assert all(words["text"] for words in s.told)


def test_undo_in_slack_puts_the_buttons_back(slacker: Slacker) -> None:
    slacker.product.send(person="ben")
    one = slacker.standin.buttons("UBEN", "done")[0]
    slacker.press("done", one)
    assert one in slacker.standin.buttons("UBEN", "undo")
    wait(slacker.product, minutes=1)
    slacker.press("undo", one)
    assert one in slacker.standin.buttons("UBEN", "done")


def test_pressing_twice_is_harmless(slacker: Slacker) -> None:
    slacker.product.send(person="ben")
    one = slacker.standin.buttons("UBEN", "done")[0]
    for _ in range(3):
        assert slacker.press("done", one) == 200
    assert answers(slacker.product) == [("done", "ben", "slack")]


def test_strangers_and_colleagues_keep_nothing(slacker: Slacker) -> None:
    product, s = slacker.product, slacker.standin
    product.send(person="ben")
    one = s.buttons("UBEN", "done")[0]
    head = product.storage.log.head()
    for member in ("UEVE", "UNOBODY", "UANA"):
        slacker.press("done", one, member)
    assert product.storage.log.head() == head
    assert len(s.told) == 3
    assert "does not know you" in s.told[0]["text"] and "not sent to you" in s.told[2]["text"]


@pytest.mark.parametrize("proof", [{"secret": "another"}, {"age": 600}])
def test_a_forged_or_old_signature_is_refused(slacker: Slacker, proof: dict[str, Any]) -> None:
    slacker.product.send(person="ben")
    body = slacker.standin.click("UBEN", "done", slacker.standin.buttons("UBEN", "done")[0])
    head = slacker.product.storage.log.head()
    assert slacker.post(body, **proof) == 401
    good = signed(body)
    changed = slacker.client.post("/slack/actions", content=body + b"&x=1", headers=good)
    assert changed.status_code == 401
    assert slacker.client.post("/slack/actions", content=body).status_code == 401
    assert slacker.product.storage.log.head() == head


def test_a_page_elsewhere_gets_no_further_than_the_signature(slacker: Slacker) -> None:
    answer = slacker.client.post(
        "/slack/actions", content=b"payload={}", headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 401


# E-mail


class Post(Handler):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


class Mailed:
    """Ana with Monday's mail; her browser sends no cookie of ours."""

    def __init__(self, product: Product, mails: list[Any]) -> None:
        self.product, self.mails = product, mails
        self.client = TestClient(create_app(product), base_url=HOST)
        text = mails[0].get_payload()[0].get_payload(decode=True).decode()
        link = re.findall(r"https://payoff\.small\.example(/answer/[^\s?#]+)", text)[0]
        self.path = str(link)
        self.ids = re.findall(r'id="s-([^"]+)"', self.client.get(self.path).text)

    def send(self, **given: str) -> Any:
        """The one form of the page, with these fields: `what_0` is the answer to the first suggestion."""
        sent = {f"what.{id}": "" for id in self.ids}
        for name, value in given.items():
            field, _, n = name.rpartition("_")
            sent[f"{field}.{self.ids[int(n)]}"] = value
        return self.client.post(self.path, data=sent, headers={"origin": HOST})


@pytest.fixture
def mailed() -> Iterator[Mailed]:
    post = Post()
    server = Controller(post, hostname="127.0.0.1", port=0)
    # port=0 lets the system choose; aiosmtpd's own check for a started server needs the number
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    server.start()
    try:
        texts = monday().texts
        channel = Email(Server.read(f"smtp://127.0.0.1:{server.port}"), "Payoff <payoff@small.example>", texts)
        product = monday(channel)
        report = product.send(person="ana")
        assert not report.problems
        yield Mailed(product, post.mails)
    finally:
        server.stop()


def test_a_week_by_mail(mailed: Mailed) -> None:
    (mail,) = mailed.mails
    assert mail["to"] == "Ana Silva <ana@small.example>" and mail["auto-submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.get_payload()] == ["text/plain", "text/html"]
    wait(mailed.product, days=1)
    page = mailed.send(
        what_0="done", words_0="went well",
        what_1="not_now", until_1="2026-01-08", words_1="on holiday",
        what_2="wrong", reason_2="action", other_2="visit them",
        what_3="no_answer",
        what_4="done", on_4="2026-01-02",
    )  # fmt: skip
    assert page.status_code == 200 and "5 answers kept" in page.text
    assert "Kept: done" in page.text and "Done: Ana Silva" in page.text
    kept = {id: answers(mailed.product, id) for id in mailed.ids}
    assert [[what for what, *_ in kept[id]] for id in mailed.ids] == [
        ["done"], ["snoozed"], ["dismissed"], ["snoozed"], ["dismissed"],
    ]  # fmt: skip
    assert {(by, via) for said in kept.values() for _, by, via in said} == {("ana", "email")}
    assert {i.text for i in mailed.product.said_by("ana")} == {"went well", "visit them"}
    assert mailed.product.send(person="ana").sent == []


def test_some_now_and_some_later_and_words_alone(mailed: Mailed) -> None:
    page = mailed.send(what_1="done", words_2="they moved")
    assert "2 answers kept" in page.text
    assert answers(mailed.product) == [("done", "ana", "email")]
    assert [i.text for i in mailed.product.said_by("ana")] == ["they moved"]
    assert "Nothing was chosen" in mailed.send().text
    assert len(answers(mailed.product)) == 1


def test_sending_twice_and_undo_on_the_page(mailed: Mailed) -> None:
    one = mailed.ids[0]
    mailed.send(what_0="done")
    mailed.send(what_0="done")
    assert answers(mailed.product, one) == [("done", "ana", "email")]
    wait(mailed.product, minutes=1)
    assert "Taken back" in mailed.send(what_0="undo").text
    again = mailed.send(what_0="undo")
    assert again.status_code == 422 and "There is nothing of yours to take back" in again.text


def test_one_that_cannot_be_kept_costs_the_others_nothing_and_loses_no_words(mailed: Mailed) -> None:
    page = mailed.send(what_0="wrong", words_0="<b>because</b>", what_1="done", what_2="not_now", until_2="soon")
    assert page.status_code == 422
    assert "1 answer kept" in page.text and "What is marked below was not kept yet" in page.text
    assert "Say what is wrong with it." in page.text and "&lt;b&gt;because&lt;/b&gt;</textarea>" in page.text
    assert answers(mailed.product) == [("done", "ana", "email")]
    assert mailed.product.said_by("ana") == []


def test_a_link_of_the_mail_has_its_answer_chosen_and_not_given(mailed: Mailed) -> None:
    head, one = mailed.product.storage.log.head(), mailed.ids[2]
    page = mailed.client.get(f"{mailed.path}?choose=wrong&on={one}").text
    assert mailed.product.storage.log.head() == head
    chosen = re.findall(r'name="what\.([^"]+)" value="([^"]+)" checked', page)
    assert chosen == [(one, "wrong")]
    assert "checked" not in re.sub(
        r'value="" checked', "", mailed.client.get(f"{mailed.path}?choose=gone&on={one}").text
    )


def test_opening_the_link_keeps_nothing_and_tells_nobody(mailed: Mailed) -> None:
    head = mailed.product.storage.log.head()
    for method in ("GET", "HEAD", "GET"):
        page = mailed.client.request(method, mailed.path)
    assert mailed.product.storage.log.head() == head
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in page.headers
    assert "You answer as Ana Silva" in page.text
    for word in ("<script", "style=", "look-as"):
        assert word not in page.text
    assert len(re.findall("<h1", page.text)) == 1


def test_a_link_opens_only_its_own_suggestions(mailed: Mailed) -> None:
    other = next(q.suggestion.id for q in mailed.product.queue("ben"))
    head = mailed.product.storage.log.head()
    for field, value in (("what", "done"), ("words", "mine")):
        page = mailed.client.post(mailed.path, data={f"{field}.{other}": value}, headers={"origin": HOST})
        assert page.status_code == 200 and "Nothing was chosen" in page.text
    for given in ({"what_0": "take"}, {"what_0": "not_now", "until_0": "tomorrow"}):
        assert mailed.send(**given).status_code == 422
    assert mailed.send(what_0="wrong", reason_0="because").status_code == 422
    assert mailed.product.storage.log.head() == head
    elsewhere = mailed.client.post(mailed.path, data={}, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403


def test_links_that_were_changed_or_cut_or_are_old_are_calm(mailed: Mailed, monkeypatch: Any) -> None:
    changed = mailed.path[:12] + ("a" if mailed.path[12] != "a" else "b") + mailed.path[13:]
    for path in (mailed.path[:-3], changed, "/answer/x"):
        page = mailed.client.get(path)
        assert page.status_code == 410 and "opens nothing any more" in page.text
    real = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: real(self) + 15 * 86_400)
    head = mailed.product.storage.log.head()
    assert mailed.send(what_0="done").status_code == 410
    assert mailed.product.storage.log.head() == head


def test_who_has_left_answers_nothing_any_more(mailed: Mailed) -> None:
    brief = mailed.product.brief
    left = {id: p for id, p in brief.people.items() if id != "ana"}
    mailed.product.workspace.brief = brief.model_copy(update={"people": left})
    assert mailed.send(what_0="done").status_code == 410
    assert answers(mailed.product) == []
