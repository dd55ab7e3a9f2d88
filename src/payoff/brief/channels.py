"""The brief's channels looked at: people nobody knows, addresses that are missing, keys that are not set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from payoff.brief.faults import Finder
from payoff.brief.schema import Brief, Channels
from payoff.texts import Texts

KEYS: Mapping[str, tuple[str, ...]] = {
    "slack": ("token", "signing_secret"),
    "email": ("server",),
    "hubspot": ("token",),
    "salesforce": ("client_id", "client_secret"),
    "calendar": (),
}
"""Every channel, with its fields that name a variable of the environment."""
_ADDRESSED = ("email", "hubspot", "salesforce")
"""Channels that know a person by the e-mail address alone."""
_LINKED = ("email", "calendar")
_ANSWERS = frozenset(("frontline", "expert", "manager", "admin"))


def named(channels: Channels) -> list[str]:
    """The channels the brief sets up."""
    return [name for name in KEYS if getattr(channels, name) is not None]


def served(brief: Brief, channel: str) -> list[str]:
    """Who is served by a channel, by short name: those it lists, else everybody with `frontline`."""
    entry = getattr(brief.channels, channel)
    if entry is None:
        return []
    listed: list[str] = entry.people
    if listed:
        return [name for name in listed if name in brief.people]
    return [name for name, person in brief.people.items() if "frontline" in person.permissions]


def unset(brief: Brief, channel: str, environment: Mapping[str, str]) -> list[str]:
    """The variables a channel needs and the environment lacks."""
    entry = getattr(brief.channels, channel)
    return [v for key in KEYS[channel] if not environment.get(v := getattr(entry, key), "").strip()]


def check_channels(
    brief: Brief, finder: Finder, texts: Texts, environment: Mapping[str, str] | None = None
) -> list[str]:
    """Names that lead nowhere become faults; what only keeps somebody from being reached, a note."""
    channels, notes = brief.channels, []
    environment = os.environ if environment is None else environment
    if channels.unowned and channels.unowned not in brief.people:
        finder.unknown(("channels", "unowned"), "person", channels.unowned, brief.people)
    if channels.public_url and not _address(channels.public_url):
        finder.add(
            ("channels", "public_url"),
            f"{channels.public_url!r} is no address people can open",
            "Write it like https://payoff.example.com.",
        )
    for channel in named(channels):
        for i, name in enumerate(getattr(channels, channel).people):
            if name not in brief.people:
                finder.unknown(("channels", channel, "people", i), "person", name, brief.people)
        notes += _notes(brief, channel, texts)
        missing = unset(brief, channel, environment)
        if missing:
            notes.append(texts.say("channels.note_unset", channel=channel, names=", ".join(missing)))
    linked = [channel for channel in named(channels) if channel in _LINKED]
    if linked and not channels.public_url:
        notes.append(texts.say("channels.note_no_url", channels=", ".join(linked)))
    if channels.salesforce is not None and not _address(channels.salesforce.url):
        finder.add(
            ("channels", "salesforce", "url"),
            f"{channels.salesforce.url!r} is no address",
            "Write it like https://yours.my.salesforce.com.",
        )
    return notes


def _notes(brief: Brief, channel: str, texts: Texts) -> list[str]:
    people = {name: brief.people[name] for name in served(brief, channel)}
    notes = []
    if not people and channel != "calendar":
        notes.append(texts.say("channels.note_nobody", channel=channel))
    unreached = [
        p.name
        for p in people.values()
        if not p.email and (channel in _ADDRESSED or (channel == "slack" and not p.slack))
    ]
    if unreached:
        notes.append(texts.say("channels.note_no_email", channel=channel, names=", ".join(unreached)))
    mute = [p.name for p in people.values() if not _ANSWERS & set(p.permissions)]
    if mute:
        notes.append(texts.say("channels.note_may_not", channel=channel, names=", ".join(mute)))
    return notes


def _address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
        )
    except ValueError:
        return False
