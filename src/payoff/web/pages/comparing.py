"""What a card compares, in the same words everywhere: who is in it, against whom, from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from payoff.records.releases import SERVED, STREAM, Release
from payoff.texts import Texts
from payoff.web.product import Scorecard

ARMS = ("challenger", "champion", "care", "named", "holdout")


def arm_names(texts: Texts, card: Scorecard, releases: Sequence[Release]) -> Mapping[str, str]:
    """A name for every arm. What is tried, and what it is tried against, are called by their titles: “today” and
    “before” are other releases as soon as one of them is over."""
    titles = {r.id: r.title for r in releases}
    release = next((r for r in releases if r.id == card.release), None)
    names = {arm: texts.say(f"board.{arm}") for arm in ARMS}
    if card.trial == card.release:
        names["challenger"] = titles.get(card.release, card.title)
    if release is not None and release.against in titles:
        names["champion"] = titles[release.against]
    return names


def arm_words(names: Mapping[str, str], arm: str) -> str:
    return names.get(arm) or arm.replace("_", " ")


def ordered(arms: Mapping[str, object]) -> list[str]:
    """The arms in the order people read them: what is judged, what it is judged against, those left alone."""
    known = [arm for arm in ARMS if arm in arms]
    return [*known, *(arm for arm in arms if arm not in known)]


def versus(texts: Texts, card: Scorecard, names: Mapping[str, str], unit: str) -> str:
    """Against whom, in a few words: what a figure must never stand without."""
    if card.trial == card.release and "champion" in card.arms:
        return texts.say("board.versus_release", title=names["champion"])
    return texts.say("board.versus_trial" if card.trial == card.release else "board.versus_alone", unit=unit)


def compared(texts: Texts, card: Scorecard, names: Mapping[str, str], unit: str) -> str:
    """The whole comparison in a line, with its days; "" where nothing is compared."""
    if card.days_elapsed is None:
        return ""
    days = {
        "since": texts.day(card.as_of - timedelta(days=int(card.days_elapsed))),
        "until": texts.day(card.as_of),
    }
    if card.trial == STREAM:
        return texts.say("board.compared_stream", unit=unit, **days)
    title = names["challenger"] if card.trial == card.release else card.title
    if card.trial == SERVED:
        return texts.say("board.compared_served", title=title, unit=unit, **days)
    if card.trial == card.release:
        key = "board.compared_release" if "champion" in card.arms else "board.compared_alone"
        return texts.say(key, title=title, other=names["champion"], unit=unit, **days)
    return ""


def titled(texts: Texts, card: Scorecard) -> str:
    """What a card is about, as a heading: the same release has a card of its trial, and one of its days in use."""
    if card.trial == STREAM:
        return texts.say("board.stream")
    return texts.say("board.served", title=card.title) if card.trial == SERVED else card.title


def began(card: Scorecard) -> datetime | None:
    """When the comparison began."""
    return None if card.days_elapsed is None else card.as_of - timedelta(days=int(card.days_elapsed))


def worded(texts: Texts, word: str, trial: str) -> str:
    """A verdict in the words of what can be done: what serves everybody already is kept or taken back."""
    short = word.split(",", maxsplit=1)[0].replace(" ", "_")
    kept = trial in (SERVED, STREAM) and word in ("promote", "roll back", "hold")
    return texts.say(f"board.kept_{short}" if kept else f"board.word_{short}")
