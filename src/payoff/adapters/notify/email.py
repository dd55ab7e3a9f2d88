"""E-mail over SMTP: one mail with a link to the page that answers all of it. Implements `ports.Channel`.

Sent twice: a mail is sent at least once. Where nobody can tell whether a try got through, the next one sends it
again under the same Message-ID, by which many mail programs show it once. A mail that is there cannot be changed:
what was answered elsewhere is said on the page its link opens.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, parseaddr
from urllib.parse import unquote, urlsplit

from payoff.adapters.notify import letter
from payoff.adapters.notify.patience import TIMEOUT
from payoff.errors import Refused
from payoff.records.deliveries import Found, Parcel, Placed, Sent, Undelivered
from payoff.texts import Texts

_LOCAL = frozenset(("localhost", "127.0.0.1", "::1"))
_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over. `user` and `password` are "" for a server that asks for none."""

    host: str
    port: int
    implicit: bool
    user: str = ""
    password: str = ""

    @classmethod
    def read(cls, url: str) -> Server:
        """`smtps://user:password@host:465` is encrypted from the start, `smtp://…` as soon as the server can.

        Raises `Refused` for anything else, without repeating it: there is a password in it.
        """
        mend = "Write smtps://user:password@mail.example.com; %40 stands for an @ in the user's name."
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise Refused("the mail server's address cannot be read", where="channels.email", mend=mend) from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise Refused("the mail server's address cannot be read", where="channels.email", mend=mend)
        implicit = parts.scheme == "smtps"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port or (465 if implicit else 587), implicit, user, password)


class Email:
    """One sender at one mail server."""

    name = "email"
    lasting = False

    def __init__(
        self, server: Server, sender: str, texts: Texts, *, context: ssl.SSLContext | None = None
    ) -> None:
        """Raises `Refused` for a sender that is no address."""
        self._server, self._texts = server, texts
        self._sender = _address(*parseaddr(sender))
        if self._sender is None:
            mend = 'Write it like "Payoff <payoff@example.com>".'
            raise Refused(f"{sender!r} is no sender", where="channels.email.sender", mend=mend)
        self._context = context or ssl.create_default_context()

    def send(self, parcel: Parcel) -> Sent:
        """See `ports.Channel`."""
        message = self.message(parcel)
        server = self._connected(parcel.to.name)
        try:
            server.send_message(message)
        except smtplib.SMTPException as error:
            raise _refused(parcel.to.name, error) from None
        except OSError as error:
            what = f"the mail server went silent ({error})"
            raise Undelivered(what, where=parcel.to.name, certain=False, whole=True) from None
        finally:
            _parted(server)
        return Sent({entry.suggestion: str(message["Message-ID"]) for entry in parcel.entries})

    def show(self, placed: Sequence[Placed]) -> None:
        """Nothing: a mail that is there stays as it is."""

    def look(self, placed: Sequence[Placed]) -> Sequence[Found]:  # noqa: ARG002
        """Nothing: answers come from the page the mail leads to."""
        return ()

    def message(self, parcel: Parcel) -> EmailMessage:
        """The whole mail. Raises `Undelivered` for somebody without an address, or without a page to lead to."""
        to = _address(parcel.to.name, parcel.to.email)
        if to is None:
            mend = f"Give them `email` under [people.{parcel.to.id}]."
            raise Undelivered(f"{parcel.to.name} has no e-mail address", where=parcel.to.name, mend=mend)
        if not parcel.link:
            mend = "Say under channels.public_url where people reach this server."
            raise Undelivered("a mail would lead nowhere", where=parcel.to.name, mend=mend, whole=True)
        assert self._sender is not None
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._sender
        mail["To"] = to
        mail["Subject"] = _line(parcel.headline)[:_SUBJECT]
        mail["Date"] = localtime()
        mail["Message-ID"] = f"<{parcel.key}@{self._sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(letter.plain(self._texts, parcel))
        mail.add_alternative(letter.page(self._texts, parcel), subtype="html")
        return mail

    def _connected(self, where: str) -> smtplib.SMTP:
        server = self._server
        opened: smtplib.SMTP | None = None
        try:
            if server.implicit:
                opened = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=self._context)
            else:
                opened = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
                opened.ehlo_or_helo_if_needed()
                if opened.has_extn("starttls"):
                    opened.starttls(context=self._context)
                    opened.ehlo()
                elif server.password and server.host not in _LOCAL:
                    mend = "Use smtps://, or a server that offers STARTTLS."
                    what = "the mail server would get the password unencrypted"
                    raise Undelivered(what, where=where, mend=mend, whole=True)
            if server.user:
                opened.login(server.user, server.password)
            return opened
        except smtplib.SMTPAuthenticationError as error:
            what = f"the mail server does not let us in ({error.smtp_code})"
            raise _closed(
                opened, Undelivered(what, where=where, mend="See user and password.", whole=True)
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            what = f"the mail server cannot be reached ({_said(error)})"
            raise _closed(opened, Undelivered(what, where=where, mend="Try again later.", whole=True)) from None
        except Undelivered as error:
            raise _closed(opened, error) from None


def _parted(server: smtplib.SMTP) -> None:
    """Whatever is said at parting, the mail is taken or it is not."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _closed(opened: smtplib.SMTP | None, error: Undelivered) -> Undelivered:
    if opened is not None:
        opened.close()
    return error


def _refused(where: str, error: smtplib.SMTPException) -> Undelivered:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        what = f"the mail server does not take mail for them ({code} {_said(said)})"
        mend = "It is tried again with the next `payoff send`." if code < 500 else "Is the e-mail address right?"
        return Undelivered(what, where=where, mend=mend)
    if isinstance(error, smtplib.SMTPSenderRefused):
        what = f"the mail server does not take our sender ({error.smtp_code} {_said(error.smtp_error)})"
        return Undelivered(what, where=where, mend="See channels.email.sender.", whole=True)
    if isinstance(error, smtplib.SMTPResponseException):
        what = f"the mail server does not take it ({error.smtp_code} {_said(error.smtp_error)})"
        return Undelivered(what, where=where, mend="It is tried again with the next `payoff send`.")
    what = f"the mail server went silent ({_said(error)})"
    return Undelivered(what, where=where, certain=False, whole=True)


def _said(words: object) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return _line(text)[:120]


def _line(text: str) -> str:
    """One line of printable text: nothing in it can end a header and begin another."""
    return re.sub(r"\s+", " ", "".join(c if c.isprintable() or c.isspace() else " " for c in text)).strip()


def _address(name: str, email: str) -> Address | None:
    """The address with its name; `None` for one that is none."""
    if not re.fullmatch(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+", email):
        return None
    try:
        return Address(_line(name), addr_spec=email)
    except (ValueError, IndexError, MessageError):
        return None
