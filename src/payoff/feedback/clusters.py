"""What many people say alike: feedback put together by what it is about, then by its words.

Nothing is summed up in words of ours: a group is named by its structure (what was said, about which action,
fact or risk) and shows the words that stand in its middle. Everybody counts once, however often they click.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from payoff.feedback.items import FINAL, FeedbackItem

SPECIAL = ("gone", "risk", "action", "widget", "owner")
"""Names in a correction that are no facts of the unit but say something of their own."""
NOTABLE = 1.5
"""A segment is named when its share among a group is this many times its share of everybody, or more."""
FEWEST = 3
"""Units a segment needs in a group before it is named."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What an item is about, apart from its words. `kind` is what was said; `about` an action, a fact, or ""."""

    kind: str
    about: str = ""
    thumb: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """One value of a fact that is more frequent in a group than among everybody."""

    fact: str
    value: str
    share: float
    usual: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Items that say the same, newest first. `words` are those in the middle of the group, as somebody said them.

    `id` stays while the oldest item does, so that an address keeps working as items come in.
    """

    id: str
    topic: Topic
    words: str
    items: tuple[FeedbackItem, ...]
    segments: tuple[Segment, ...]

    @property
    def authors(self) -> tuple[str, ...]:
        """Everybody who said it, once."""
        return tuple(dict.fromkeys(item.by for item in self.items))

    @property
    def units(self) -> tuple[str, ...]:
        """The units it was said about."""
        return tuple(dict.fromkeys(item.unit for item in self.items if item.unit))

    @property
    def releases(self) -> tuple[str, ...]:
        """The releases it was said of, most frequent first."""
        return tuple(name for name, _ in Counter(i.release for i in self.items if i.release).most_common())

    @property
    def spoken(self) -> FeedbackItem | None:
        """The newest item that holds the words shown; `None` where nobody used any."""
        return next((item for item in self.items if self.words and _words(item) == self.words), None)

    @property
    def waiting(self) -> int:
        """Items without a final answer."""
        return sum(item.state not in FINAL for item in self.items)

    @property
    def first(self) -> datetime:
        """When it was said first."""
        return min(item.at for item in self.items)

    @property
    def last(self) -> datetime:
        """When it was said last."""
        return max(item.at for item in self.items)


def topic(item: FeedbackItem) -> Topic:
    """What an item is about; the weightiest of its kinds decides."""
    if item.kind == "correction":
        name = next((s for s in SPECIAL if s in item.correction), "") or next(iter(sorted(item.correction)), "")
        about = str(item.correction[name]) if name == "action" else name
        return Topic("better" if name == "action" else "correction", about)
    if item.kind == "thumb":
        return Topic("thumb", item.action, item.thumb or 0)
    return Topic(item.kind)  # a problem is the same one whatever was suggested


def clusters(
    items: Sequence[FeedbackItem],
    alike: Callable[[Sequence[str]], Sequence[int]],
    facts: Mapping[str, Mapping[str, str]],
    usual: Mapping[tuple[str, str], float],
) -> list[Cluster]:
    """Groups of items: what nobody has answered first, then what most people say, then the newest.

    `alike` gives texts a group number. `facts` holds, by unit, the values of the facts that make segments; `usual`
    the share of all units that have a value, by (fact, value).
    """
    topics: dict[Topic, list[FeedbackItem]] = {}
    for item in items:
        topics.setdefault(topic(item), []).append(item)
    found = []
    for about, said in topics.items():
        for together in _by_words(said, alike):
            found.append(_cluster(about, together, facts, usual))
    return _ordered(found)


def carried(found: Sequence[Cluster], items: Sequence[FeedbackItem]) -> list[Cluster]:
    """The groups with every item as it stands now, without grouping anew.

    What came in since stands with those of its topic that used the very same words, or alone.
    """
    now, known = {item.id: item for item in items}, {i.id for c in found for i in c.items}
    kept = [replace(c, items=tuple(now[i.id] for i in c.items if i.id in now)) for c in found]
    for item in sorted((i for i in items if i.id not in known), key=lambda i: i.seq):
        about, words = topic(item), _words(item)
        mine = (n for n, c in enumerate(kept) if c.topic == about and any(_words(i) == words for i in c.items))
        place = next(mine, None)
        if place is None:
            kept.append(_cluster(about, [item], {}, {}))
        else:
            kept[place] = replace(kept[place], items=_newest_first([item, *kept[place].items]))
    return _ordered([c for c in kept if c.items])


def _cluster(
    about: Topic,
    together: Sequence[FeedbackItem],
    facts: Mapping[str, Mapping[str, str]],
    usual: Mapping[tuple[str, str], float],
) -> Cluster:
    oldest = min(together, key=lambda i: (i.at, i.id))
    key = f"{about.kind}|{about.about}|{about.thumb}|{oldest.id}"
    return Cluster(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        topic=about,
        words=_middle(together),
        items=_newest_first(together),
        segments=_segments({i.unit for i in together if i.unit}, facts, usual),
    )


def _newest_first(items: Iterable[FeedbackItem]) -> tuple[FeedbackItem, ...]:
    return tuple(sorted(items, key=lambda i: i.seq, reverse=True))


def _ordered(found: Iterable[Cluster]) -> list[Cluster]:
    newest = sorted(found, key=lambda c: c.last, reverse=True)
    return sorted(newest, key=lambda c: (not c.waiting, -len(c.authors)))  # stable: the newest first among equals


def _by_words(
    said: Sequence[FeedbackItem], alike: Callable[[Sequence[str]], Sequence[int]]
) -> Iterable[list[FeedbackItem]]:
    """Split by words; items without any stand together, since their structure says all there is."""
    silent = [item for item in said if not _words(item)]
    spoken = [item for item in said if _words(item)]
    groups: dict[int, list[FeedbackItem]] = {}
    if spoken:
        for item, group in zip(spoken, alike([_words(i) for i in spoken]), strict=True):
            groups.setdefault(group, []).append(item)
    return [group for group in (silent, *groups.values()) if group]


def _words(item: FeedbackItem) -> str:
    """Its words; the reason somebody gave for there being no risk, or for a unit being gone, is one of them."""
    given = (str(item.correction[name]) for name in ("risk", "gone") if name in item.correction)
    return item.text or next(given, "")


def _middle(items: Sequence[FeedbackItem]) -> str:
    """The words most like all others of the group by the words they share; the shorter of equals."""
    texts = [t for t in map(_words, items) if t]
    if not texts:
        return ""
    frequent = Counter(word for text in texts for word in set(text.lower().split()))

    def middle(text: str) -> tuple[float, int, str]:
        words = set(text.lower().split())
        return -sum(frequent[w] for w in words) / max(len(words), 1), len(text), text

    return min(texts, key=middle)


def _segments(
    units: set[str], facts: Mapping[str, Mapping[str, str]], usual: Mapping[tuple[str, str], float]
) -> tuple[Segment, ...]:
    """Values that are clearly more frequent here than among everybody; the most telling first, one a fact."""
    known = [facts[unit] for unit in sorted(units) if unit in facts]
    found: dict[str, Segment] = {}
    counts = Counter((fact, value) for row in known for fact, value in row.items() if value)
    for (fact, value), n in counts.most_common():
        share, everybody = n / len(known), usual.get((fact, value), 0.0)
        if n >= FEWEST and share >= 0.5 and share >= NOTABLE * everybody and fact not in found:
            found[fact] = Segment(fact, value, share, everybody)
    return tuple(sorted(found.values(), key=lambda s: s.usual - s.share))
