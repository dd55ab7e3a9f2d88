"""Mails over a real SMTP conversation with a server of our own."""

from __future__ import annotations

import re
import ssl
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.adapters.notify.mail_standin import PASSWORD, USER, MailStandIn
from tests.adapters.notify.papers import certificate
from tests.adapters.notify.parcels import TEXTS, entry, parcel

from payoff.adapters.notify import email, letter
from payoff.adapters.notify.email import Email, Server
from payoff.errors import Refused
from payoff.records.deliveries import Addressee, Undelivered

SENDER = "Payoff <payoff@small.example>"
HOSTILE = '<img src=x onerror="alert(1)">'


def channel(url: str, **more) -> Email:
    return Email(Server.read(url), SENDER, TEXTS, **more)


def test_a_mail_says_all_twice_once_as_text_and_once_as_html() -> None:
    with MailStandIn() as there:
        sent = channel(there.url).send(parcel())
    (mail,) = there.mails
    assert there.to == [["cleo@small.example"]]
    assert (mail["From"], mail["To"]) == (SENDER, "Cleo Marsh <cleo@small.example>")
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Subject"] == parcel().headline
    assert set(sent.refs.values()) == {mail["Message-ID"]} and len(sent.refs) == 2
    plain, page = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    for part in (plain, page):
        for one in (entry(1), entry(2)):
            assert one.headline in part and one.customer in part and one.why in part and one.good_until in part
        assert parcel().link in part and "Cleo Marsh" in part


def test_each_answer_has_a_link_that_only_opens_the_page() -> None:
    links = _links(letter.page(TEXTS, parcel()))
    assert links[0] == parcel().link
    wanted = [
        f"{parcel().link}?choose={what}&on={e.suggestion}#s-{e.suggestion}"
        for e in parcel().entries
        for what in letter.ANSWERS
    ]
    assert links[1:] == wanted
    assert all(link in letter.plain(TEXTS, parcel()) for link in wanted)


def test_names_are_text_in_the_subject_in_the_body_and_in_the_address() -> None:
    to = Addressee("cleo", "Cleo\r\nBcc: eve@elsewhere.example", "cleo@small.example")
    one = entry(1, headline=HOSTILE, customer="A\x00B & <b>C</b>", why="</p><script>1</script>")
    evil = parcel(one, to=to, headline=f"5 customers\r\nBcc: eve@elsewhere.example\n\n{HOSTILE}")
    with MailStandIn() as there:
        channel(there.url).send(evil)
    (mail,) = there.mails
    assert there.to == [["cleo@small.example"]] and mail["Bcc"] is None
    assert mail["Subject"].startswith("5 customers Bcc: eve@elsewhere.example")
    page = mail.get_body(("html",)).get_content()
    assert "<img" not in page and "<script" not in page and "<b>" not in page and "\x00" not in page
    assert "&lt;img src=x" in page


def test_the_same_parcel_has_the_same_id() -> None:
    with MailStandIn() as there:
        made = [channel(there.url).send(parcel(key=key)) for key in ("a", "a", "b")]
    ids = [mail["Message-ID"] for mail in there.mails]
    assert ids[0] == ids[1] != ids[2] and ids[0].endswith("@small.example>")
    assert set(made[0].refs.values()) == {ids[0]}


def test_a_password_goes_over_an_encrypted_line(tmp_path: Path) -> None:
    secure, file = certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(file))
    with MailStandIn(secure=secure, password=True) as there:
        url = there.url.replace("//", f"//{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@")
        assert channel(url, context=trusting).send(parcel()).refs
        assert there.encrypted == [True]
        with pytest.raises(Undelivered, match="does not let us in") as caught:
            channel(url.replace("%40ss", "wrong"), context=trusting).send(parcel())
        assert caught.value.whole and caught.value.certain
        with pytest.raises(Undelivered, match="cannot be reached"):  # nobody vouches for its certificate
            channel(url).send(parcel())
    assert len(there.mails) == 1


def test_a_password_never_goes_over_an_open_line_to_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "_LOCAL", frozenset())
    with MailStandIn() as there, pytest.raises(Undelivered, match="unencrypted") as caught:
        channel(there.url.replace("//", "//u:p@")).send(parcel())
    assert caught.value.whole and there.mails == []


@pytest.mark.parametrize(
    ("said", "mend"), [("550 no such user", "address right"), ("450 try later", "tried again")]
)
def test_somebody_the_server_does_not_take_costs_only_them(said: str, mend: str) -> None:
    with MailStandIn(refuses={"cleo@small.example": said}) as there, pytest.raises(Undelivered) as caught:
        channel(there.url).send(parcel())
    assert caught.value.certain and not caught.value.whole and mend in caught.value.mend


def test_what_the_server_refuses_after_reading_did_not_arrive() -> None:
    with MailStandIn(after="554 looks like spam") as there, pytest.raises(Undelivered, match="spam") as caught:
        channel(there.url).send(parcel())
    assert caught.value.certain


def test_a_line_that_breaks_after_the_mail_may_have_arrived() -> None:
    with MailStandIn(after="") as there, pytest.raises(Undelivered, match="silent") as caught:
        channel(there.url).send(parcel())
    assert not caught.value.certain and len(there.mails) == 1


def test_a_server_that_is_not_there_took_nothing() -> None:
    with pytest.raises(Undelivered, match="cannot be reached") as caught:
        channel("smtp://127.0.0.1:1").send(parcel())
    assert caught.value.certain and caught.value.whole


@pytest.mark.parametrize(
    "address", ["", "cleo", "cleo@", "a@b@c", "x@y.example>\r\nBcc: <z@z.example", "a b@c.example"]
)
def test_somebody_without_an_address_gets_none_and_costs_only_them(address: str) -> None:
    with pytest.raises(Undelivered, match="no e-mail address") as caught:
        channel("smtp://127.0.0.1:1").send(parcel(to=Addressee("cleo", "Cleo", address)))
    assert not caught.value.whole


def test_a_mail_that_would_lead_nowhere_is_not_sent() -> None:
    with pytest.raises(Undelivered, match="lead nowhere") as caught:
        channel("smtp://127.0.0.1:1").send(parcel(link=""))
    assert "public_url" in caught.value.mend


@pytest.mark.parametrize("url", ["http://u:s3cret@mail", "smtp://", "smtp://u:s3cret@mail:many", "s3cret"])
def test_an_address_that_cannot_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Refused) as caught:
        Server.read(url)
    assert "s3cret" not in str(caught.value)


def test_the_mails_colours_are_tokens() -> None:
    tokens = (resources.files("payoff.web") / "tokens.css").read_text("utf-8")
    used = set(re.findall(r"#[0-9a-f]{6}", letter.page(TEXTS, parcel())))
    assert used and all(colour in tokens for colour in used)


def _links(page: str) -> list[str]:
    found: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(value or "" for name, value in attrs if tag == "a" and name == "href")

    Links().feed(page)
    return found
