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
_EXPERT: frozenset[Permission] = frozenset({"expert", "manager", "admin"})
_RESEARCH: frozenset[Permission] = frozenset({"researcher", "expert", "manager", "admin"})
_RUN: frozenset[Permission] = frozenset({"admin"})

ROUTES: dict[tuple[str, str], frozenset[Permission]] = {
    ("GET", "/"): _ALL,
    ("GET", "/static"): _PUBLIC,
    ("GET", "/static/tokens.css"): _PUBLIC,
    ("POST", "/look-as"): _PUBLIC,
    ("GET", "/sign-in"): _PUBLIC,
    ("POST", "/sign-in"): _PUBLIC,
    ("POST", "/sign-out"): _PUBLIC,
    ("GET", "/welcome/{token}"): _PUBLIC,
    ("POST", "/welcome/{token}"): _PUBLIC,
    ("GET", "/account"): _ALL,
    ("POST", "/account/password"): _ALL,
    ("GET", "/people"): _RUN,
    ("GET", "/people/add"): _RUN,
    ("GET", "/people/permissions"): _RUN,
    ("POST", "/people/{member}/invite"): _RUN,
    ("POST", "/people/{member}/take-password"): _RUN,
    ("POST", "/people/add"): _RUN,
    ("POST", "/people/permissions"): _RUN,
    ("GET", "/people/{member}"): _RUN,
    ("POST", "/people/{member}/left"): _RUN,
    ("GET", "/keys"): _RUN,
    ("POST", "/keys"): _RUN,
    ("POST", "/keys/{key}/revoke"): _RUN,
    ("POST", "/keys/{key}/replace"): _RUN,
    ("GET", "/desk"): _DESK,
    ("POST", "/desk/{suggestion}/answer"): _ANSWER,
    ("POST", "/desk/{suggestion}/feedback"): _ANSWER,
    ("POST", "/desk/{suggestion}/facts"): _ANSWER,
    ("GET", "/desk/elsewhere"): _ANSWER,
    ("POST", "/desk/elsewhere"): _ANSWER,
    ("GET", "/desk.csv"): _DESK,
    ("GET", "/desk/answers"): _ANSWER,
    ("POST", "/desk/answers"): _ANSWER,
    ("GET", "/calendar/{feed}.ics"): _PUBLIC,
    ("GET", "/said"): _ALL,
    ("POST", "/said/{feedback}/undo"): _ALL,
    ("POST", "/pulse"): _ALL,
    ("GET", "/board"): _ALL,
    ("POST", "/board/{release}/decide"): _DECIDE,
    ("GET", "/board/{release}/as-of/{card}"): _ALL,
    ("POST", "/board/{release}/share"): _DECIDE,
    ("POST", "/board/links/{share}/withdraw"): _DECIDE,
    ("GET", "/shared/{link}"): _PUBLIC,
    ("GET", "/releases"): _BUILD,
    ("GET", "/releases/record"): _BUILD,
    ("POST", "/releases/{release}/again"): _DECIDE | {"scientist"},
    ("POST", "/releases/{release}/revert"): _DECIDE,
    ("POST", "/releases/{release}/start"): _DECIDE,
    ("GET", "/inbox"): _ALL,
    ("GET", "/inbox/{feedback}"): _ALL,
    ("POST", "/inbox/{feedback}/fate"): _BUILD,
    ("POST", "/inbox/{feedback}/comment"): _BUILD,
    ("GET", "/inbox/group/{group}"): _ALL,
    ("POST", "/inbox/group/{group}/fate"): _BUILD,
    ("GET", "/learned/{artefact}"): frozenset({"expert", "scientist", "manager", "admin"}),
    ("GET", "/annotate"): frozenset({"expert", "scientist", "manager", "admin"}),
    ("GET", "/annotate/all"): frozenset({"scientist", "admin"}),
    ("POST", "/annotate/{suggestion}"): frozenset({"expert", "scientist", "manager", "admin"}),
    ("POST", "/annotate/{suggestion}/settle"): frozenset({"expert", "scientist", "manager", "admin"}),
    ("GET", "/notes"): _BUILD,
    ("GET", "/dropout"): _BUILD,
    ("GET", "/notes/new"): _RESEARCH,
    ("POST", "/notes/new"): _RESEARCH,
    ("GET", "/notes/plan"): _RESEARCH,
    ("POST", "/notes/plan"): _RESEARCH,
    ("GET", "/notes/agenda"): _BUILD,
    ("GET", "/notes/quotes"): _BUILD,
    ("GET", "/notes/quotes.csv"): _BUILD,
    ("GET", "/notes/themes/{theme}"): _BUILD,
    ("POST", "/notes/themes/{theme}"): _RESEARCH,
    ("GET", "/notes/sessions/{note}"): _BUILD,
    ("POST", "/notes/sessions/{note}/quotes"): _RESEARCH,
    ("POST", "/notes/sessions/{note}/tasks"): _RESEARCH,
    ("POST", "/notes/sessions/{note}/withdraw"): _RESEARCH,
    ("POST", "/notes/sessions/{note}/change"): _RESEARCH,
    ("POST", "/notes/sessions/{note}/drop"): _RESEARCH,
    ("POST", "/notes/quotes/{quote_id}"): _RESEARCH,
    ("POST", "/notes/quotes/{quote_id}/remove"): _RESEARCH,
    ("POST", "/notes/themes/{theme}/untie"): _RESEARCH,
    ("POST", "/notes/themes/{theme}/rename"): _RESEARCH,
    ("GET", "/playbook"): _ALL,
    ("GET", "/playbook/new"): _EXPERT,
    ("POST", "/playbook/new"): _EXPERT,
    ("GET", "/playbook/actions/{action}"): _EXPERT,
    ("POST", "/playbook/actions/{action}"): _EXPERT,
    ("POST", "/playbook/actions/{action}/retire"): _EXPERT,
    ("GET", "/playbook/file"): _BUILD,
    ("POST", "/playbook/file"): _EXPERT,
    ("GET", "/playbook/history"): _BUILD,
    ("POST", "/playbook/history/{number}"): _EXPERT,
    ("GET", "/brief"): _BUILD,
    ("POST", "/brief/answers"): _EXPERT,
    ("POST", "/brief/aims"): _DECIDE,
    ("GET", "/brief/file"): _BUILD,
    ("POST", "/brief/file"): _DECIDE,
    ("GET", "/brief/history"): _BUILD,
    ("POST", "/brief/history/{number}"): _DECIDE,
    ("GET", "/for-you/{token}"): _PUBLIC,
    ("POST", "/for-you/{token}"): _PUBLIC,
    ("GET", "/answer/{token}"): _PUBLIC,
    ("POST", "/answer/{token}"): _PUBLIC,
    ("POST", "/slack/actions"): _PUBLIC,
    ("GET", "/widget.js"): _PUBLIC,
    ("GET", "/widget-{version}.js"): _PUBLIC,
    ("GET", "/widget/try"): _RESEARCH,
    ("POST", "/widget/v1/suggestion"): _PUBLIC,
    ("OPTIONS", "/widget/v1/suggestion"): _PUBLIC,
    ("POST", "/widget/v1/answer"): _PUBLIC,
    ("OPTIONS", "/widget/v1/answer"): _PUBLIC,
    ("POST", "/widget/v1/said"): _PUBLIC,
    ("OPTIONS", "/widget/v1/said"): _PUBLIC,
    ("GET", "/v1/openapi.json"): _PUBLIC,
    ("GET", "/v1/healthz"): _PUBLIC,
    ("GET", "/v1/readyz"): _PUBLIC,
    ("POST", "/v1/suggestions"): _ANSWER | _SEND,
    ("POST", "/v1/events"): _SEND,
    ("GET", "/v1/scorecards/{release}"): _ALL,
    ("GET", "/v1/releases"): _BUILD,
    ("POST", "/v1/releases/{release}/decisions"): _DECIDE,
    ("GET", "/health"): _ALL,
    ("GET", "/v1/findings"): _ALL,
    ("GET", "/v1/feedback"): _ALL,
    ("POST", "/v1/feedback"): _ALL,
}


def needed(method: str, path: str) -> frozenset[Permission] | None:
    """Who may: one of these; anybody when empty; nobody when `None`. HEAD is a GET without its body."""
    return ROUTES.get(("GET" if method == "HEAD" else method, path))
