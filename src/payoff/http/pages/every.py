"""All pages' routers, in the order of the navigation."""

from __future__ import annotations

from payoff.http.pages import (
    annotate,
    answering,
    board,
    brief,
    calendar,
    desk,
    documents,
    elsewhere,
    first,
    foryou,
    health,
    inbox,
    learned,
    notes,
    people,
    playbook,
    releases,
    shared_board,
    signin,
    slack,
    table,
    widget,
)

ROUTERS = tuple(
    page.router
    for page in (
        first,
        signin,
        desk,
        elsewhere,
        board,
        shared_board,
        releases,
        inbox,
        learned,
        annotate,
        notes,
        health,
        playbook,
        brief,
        documents,
        people,
        widget,
        foryou,
        answering,
        slack,
        table,
        calendar,
    )
)
