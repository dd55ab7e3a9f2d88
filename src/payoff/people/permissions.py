"""The one table of addresses and permissions.

Every route the server answers stands here, by method and path; a route that does not is refused to everybody,
and a test walks them all. An empty set means that no person is needed (styles, health).
"""

from __future__ import annotations

from typing import Literal, get_args

Permission = Literal["frontline", "expert", "researcher", "scientist", "manager", "admin"]
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_ALL: frozenset[Permission] = frozenset(PERMISSIONS)
_PUBLIC: frozenset[Permission] = frozenset()
_DESK: frozenset[Permission] = frozenset({"frontline", "expert", "scientist", "manager", "admin"})
_ANSWER: frozenset[Permission] = frozenset({"frontline", "expert", "manager", "admin"})
_BUILD: frozenset[Permission] = frozenset({"expert", "researcher", "scientist", "manager", "admin"})
_SEND: frozenset[Permission] = frozenset({"scientist", "manager", "admin"})
_DECIDE: frozenset[Permission] = frozenset({"manager", "admin"})

ROUTES: dict[tuple[str, str], frozenset[Permission]] = {
    ("GET", "/"): _ALL,
    ("GET", "/static"): _PUBLIC,
    ("GET", "/static/tokens.css"): _PUBLIC,
    ("POST", "/look-as"): _ALL,
    ("GET", "/desk"): _DESK,
    ("POST", "/desk/{suggestion}/answer"): _ANSWER,
    ("POST", "/desk/{suggestion}/feedback"): _ALL,
    ("POST", "/pulse"): _ALL,
    ("GET", "/board"): _ALL,
    ("POST", "/board/{release}/decide"): _DECIDE,
    ("GET", "/releases"): _BUILD,
    ("POST", "/releases/{release}/revert"): _DECIDE,
    ("POST", "/releases/{release}/start"): _DECIDE,
    ("GET", "/inbox"): _ALL,
    ("GET", "/inbox/{feedback}"): _ALL,
    ("POST", "/inbox/{feedback}/fate"): _BUILD,
    ("GET", "/v1/openapi.json"): _PUBLIC,
    ("GET", "/v1/healthz"): _PUBLIC,
    ("GET", "/v1/readyz"): _PUBLIC,
    ("POST", "/v1/suggestions"): _ANSWER | _SEND,
    ("POST", "/v1/events"): _SEND,
    ("GET", "/v1/scorecards/{release}"): _ALL,
    ("GET", "/v1/releases"): _BUILD,
    ("POST", "/v1/releases/{release}/decisions"): _DECIDE,
    ("GET", "/v1/feedback"): _ALL,
    ("POST", "/v1/feedback"): _ALL,
}


def needed(method: str, path: str) -> frozenset[Permission] | None:
    """Who may: one of these; anybody when empty; nobody when `None`. HEAD is a GET without its body."""
    return ROUTES.get(("GET" if method == "HEAD" else method, path))
