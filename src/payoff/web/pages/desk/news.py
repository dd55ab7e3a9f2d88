"""What a person should hear before any card: whom they wanted to come back to, and why the desk is empty."""

from __future__ import annotations

from collections.abc import Collection

from payoff.people.person import Person
from payoff.records.days import weekday_from
from payoff.records.time import day_of
from payoff.releases import lifecycle
from payoff.use_cases.naming import called
from payoff.web.pages.desk.card import why_words
from payoff.web.product import Product


def coming_back(product: Product, person: Person, waiting: Collection[str]) -> tuple[str, ...]:
    """Whom this person put off to today or to a day since the last weekly turn; who waits on the desk says so
    there. By the next turn they are looked at afresh."""
    texts, brief, zone = product.texts, product.brief, product.brief.product.zone
    today = day_of(product.clock.now(), zone)
    found = []
    for one in product.calendars.returning(person.id):
        day = day_of(one.until, zone)
        fresh = weekday_from(day, brief.rhythm.learn_on)
        if one.unit not in waiting and (day == today or day < today < fresh):
            found.append((one, fresh))
    known = product.facts_now([one.unit for one, _ in found]) if found else {}
    lines = []
    for one, fresh in found:
        values = {
            "name": called(known.get(one.unit, {}), one.unit),
            "day": texts.near_day(one.until),
            "say": one.say,
            "fresh": texts.near_day(fresh),
        }
        why = why_words(one.why, texts)
        said = texts.say("desk.back_why" if why else "desk.back", why=why, **values)
        lines.append(f"{said} {texts.say('desk.back_fresh', **values)}" if fresh > today else said)
    return tuple(lines)


def taken_back_today(product: Product) -> str:
    """That a release was taken back today and another serves instead; "" where none was."""
    texts, zone = product.texts, product.brief.product.zone
    today = day_of(product.clock.now(), zone)
    releases = product.releases()
    gone = [r for r in releases if r.stage == "rolled back" and day_of(r.moved_at, zone) == today]
    serves = lifecycle.champion(releases)
    if not gone or serves is None:
        return ""
    last = max(gone, key=lambda release: release.moved_at)
    return texts.say("desk.empty_taken_back", title=last.title, time=texts.clock(last.moved_at), next=serves.title)
