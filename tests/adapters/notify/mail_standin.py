"""A mail server for tests: it keeps what it is handed, asks for a password, and refuses when it is told to."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ssl import SSLContext
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = "payoff@small.example", "p@ss:w/rd"


@dataclass
class MailStandIn:
    """`refuses`: recipient → answer. `after`: the answer once the whole mail is there; "" closes the line."""

    secure: SSLContext | None = None
    password: bool = False
    refuses: dict[str, str] = field(default_factory=dict)
    after: str = "250 taken"
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[list[str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    def __enter__(self) -> MailStandIn:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        more: dict[str, Any] = {}
        if self.password:
            more = {
                "authenticator": self._known,
                "auth_required": True,
                "auth_require_tls": self.secure is not None,
            }
        self._server = Controller(
            self, hostname="127.0.0.1", port=self.port, tls_context=self.secure, enable_SMTPUTF8=True, **more
        )
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def _known(self, server: SMTP, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        good = (given.login.decode(), given.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.to.append(list(envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None)
        if not self.after:
            server.transport.close()
        return self.after or "421 gone"
