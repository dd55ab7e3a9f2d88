"""People who sign in, for tests: a store, a clock that is moved by hand, quick hashes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from httpx import Response

from payoff.adapters.memory import MemoryAccounts
from payoff.http.app import create_app
from payoff.http.session import SESSION, SESSION_HTTPS
from payoff.people import passwords, sessions
from payoff.people.person import Person
from payoff.people.signing import Signer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = "four blue herons walk"
OTHER = "seven green cups sing"
HOME = "http://localhost"
AWAY = "https://payoff.example.com"


def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least work there is."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


def someone(id: str, name: str, *permissions: str, email: str = "") -> Person:
    return Person(id, name, frozenset(permissions), email)  # type: ignore[arg-type]


@dataclass
class Door:
    """Ana helps customers, Ada administers."""

    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    people: dict[str, Person] = field(
        default_factory=lambda: {
            "ana": someone("ana", "Ana Ruiz", "frontline", email="ana@example.com"),
            "ada": someone("ada", "Ada Lind", "admin"),
        }
    )
    now: datetime = NOON

    @property
    def signer(self) -> Signer:
        return Signer(self.accounts.secret("links"))

    def give(self, person: str, password: str = GOOD) -> None:
        self.accounts.set_password(person, passwords.hash_password(password), at=self.now)

    def sign_in(self, name: str, password: str = GOOD, address: str = "192.0.2.1") -> str:
        return sessions.sign_in(self.accounts, self.people, name, password, address=address, now=self.now)[1]

    def who(self, token: str) -> str | None:
        found = sessions.session_of(self.accounts, token, self.now)
        return found.person if found else None

    def wait(self, **more: float) -> None:
        self.now += timedelta(**more)


class Browser(TestClient):
    """A browser: it keeps cookies and says where a form stands."""

    def __init__(self, product: Any, base: str = HOME, **more: Any) -> None:
        app = create_app(product, **{"mode": "local", **more})
        super().__init__(app, base_url=base, follow_redirects=False, headers={"origin": base})

    def sign_in(self, name: str = "nia", password: str = GOOD, **more: str) -> Response:
        return self.post("/sign-in", data={"name": name, "password": password, **more})

    @property
    def token(self) -> str:
        return self.cookies.get(SESSION) or self.cookies.get(SESSION_HTTPS) or ""
