"""All pages' routers, in the order of the navigation."""

from __future__ import annotations

from payoff.http.pages import board, desk, first, inbox, releases

ROUTERS = tuple(page.router for page in (first, desk, board, releases, inbox))
