"""The inbox: what people say alike, what each of them said, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from payoff.feedback.annotations import PAYOFF
from payoff.feedback.clusters import Cluster
from payoff.feedback.items import FINAL, FeedbackItem
from payoff.log.customers import AUTHOR
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.naming import called
from payoff.web.pages.desk import Option, action_names, said_words, words
from payoff.web.product import Comment, Product

KINDS = ("problem", "correction", "idea", "thumb", "comment")
STATES = ("new", "looked at", "used", "declined", "told")
ME = "me"
PAGE = 50
_UNITS = 12
_READERS = 6


@dataclass(frozen=True, slots=True)
class Filters:
    """`author` is "" for everybody or `ME`; `learned` the key of a refresh; `single` shows items, not groups."""

    kind: str = ""
    state: str = ""
    author: str = ""
    release: str = ""
    learned: str = ""
    single: bool = False
    limit: int = PAGE

    def fits(self, item: FeedbackItem, person: str) -> bool:
        """Whether an item is among what was asked for."""
        told = "told" if item.told_at else ""
        return (
            self.kind in ("", *item.kinds)
            and self.state in ("", item.state, told)
            and (self.author != ME or item.by == person)
            and self.release in ("", item.release)
            and self.learned in ("", item.learned)
        )

    @property
    def any(self) -> bool:
        return bool(self.kind or self.state or self.author or self.release or self.learned)


@dataclass(frozen=True, slots=True)
class CommentShown:
    """A word that never leaves."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an answer: `preview` says who reads it, `use` and `decline` are what its two buttons say.

    `everybody` offers to tell those, too, who have an answer already; without `use` there is only `correct`, which
    sends a further answer.
    """

    preview: str
    use: str = ""
    decline: str = ""
    everybody: str = ""
    correct: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the list. `state` is a sentence, `tone` its colour; `inside` is said among those who answer."""

    id: str
    kind: str
    text: str
    by: str
    unit: str
    release: str
    state: str
    tone: str
    reply: str
    waits: bool
    inside: tuple[CommentShown, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupLine:
    """What many say alike. `sentence` says what and how many people, `words` are one person's own, said in the
    item `spoken`."""

    id: str
    sentence: str
    words: str
    spoken: str
    place: str
    about: str
    when: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    headline: str
    waiting: str
    groups: tuple[GroupLine, ...]
    lines: tuple[Line, ...]
    kinds: tuple[Option, ...]
    states: tuple[Option, ...]
    authors: tuple[Option, ...]
    releases: tuple[Option, ...]
    filters: Filters
    learned: str
    learned_rows: str
    more: bool
    may_open_desk: bool


@dataclass(frozen=True, slots=True)
class GroupPage:
    """`open` counts items without an answer: what one answer for all would reach. `form` is `None` without the
    permission. With `learned`, the key of a refresh, only what that took in is shown, and `whole` leads to all."""

    line: GroupLine
    segments: tuple[str, ...]
    units: str
    items: tuple[Line, ...]
    open: int
    form: Form | None
    title: str
    learned: str = ""
    whole: str = ""


def inbox(product: Product, person: Person, filters: Filters) -> InboxPage:
    """Groups, unanswered first; or the items one by one, newest first."""
    texts = product.texts
    everything = product.inbox()
    shown = [item for item in everything if filters.fits(item, person.id)]
    new = sum(item.state not in FINAL for item in shown)
    write = writer(product, _about(shown[: filters.limit]) if filters.single else ())
    rows = person.may(needed("GET", "/learned/{artefact}") or ())
    groups: tuple[GroupLine, ...] = ()
    lines: tuple[Line, ...] = ()
    if filters.single:
        lines = tuple(write.line(item) for item in shown[: filters.limit])
        more = len(shown) > filters.limit
    else:
        chosen = {item.id for item in shown}
        found = [mine for c in product.groups() if (mine := _chosen(c, chosen)).items]
        groups = tuple(write.group(c) for c in found[: filters.limit])
        more = len(found) > filters.limit
    said = dict.fromkeys(item.release for item in everything if item.release)
    return InboxPage(
        headline=texts.say("inbox.headline", n=len(shown)),
        waiting=texts.say("inbox.waiting", n=new) if new else "",
        groups=groups,
        lines=lines,
        kinds=_options(texts, "kind", KINDS, filters.kind),
        states=_options(texts, "state", STATES, filters.state),
        authors=(
            Option("", texts.say("inbox.filter_any"), not filters.author),
            Option(ME, texts.say("inbox.filter_me"), filters.author == ME),
        ),
        releases=(
            Option("", texts.say("inbox.filter_any"), not filters.release),
            *(Option(r, r, r == filters.release) for r in said),
        )
        if said
        else (),
        filters=filters,
        learned=texts.say("inbox.learned_note") if filters.learned else "",
        learned_rows=f"/learned/{quote(filters.learned)}" if filters.learned and rows else "",
        more=more,
        may_open_desk=person.may(needed("GET", "/desk") or ()),
    )


def form(write: Writer, items: Sequence[FeedbackItem]) -> Form:
    """How to answer some items alike: those that wait; where none does, once more all that were answered."""
    texts, waiting = write.texts, [item for item in items if item.state not in FINAL]
    told = [item for item in items if item.state in FINAL and not item.taken_back]
    if not waiting:
        return Form(_readers(write, told), correct=texts.say("inbox.correct_send"))
    kind = "_problem" if all(item.kind == "problem" for item in waiting) else ""
    return Form(
        _readers(write, waiting),
        texts.say(f"inbox.use{kind}"),
        texts.say(f"inbox.decline{kind}"),
        everybody=texts.say("inbox.everybody", n=len(told)) if told else "",
    )


def _readers(write: Writer, items: Sequence[FeedbackItem]) -> str:
    names = [write.who(by) for by in dict.fromkeys(item.by for item in items)]
    others = len(names) - _READERS
    more = write.texts.say("inbox.units_more", n=others) if others > 0 else ""
    return write.texts.say("inbox.preview", who=", ".join(names[:_READERS]) + more)


def _taken(found: Cluster, learned: str) -> Cluster:
    """Of a group, what one refresh took in; all of it where no refresh is asked for."""
    mine = tuple(item for item in found.items if item.learned == learned)
    return replace(found, items=mine, segments=()) if learned and mine else found


def _chosen(found: Cluster, chosen: Container[str]) -> Cluster:
    """Of a group what fits the filters: whoever asks for less must not read everybody's counts."""
    mine = tuple(item for item in found.items if item.id in chosen)
    return found if len(mine) == len(found.items) else replace(found, items=mine, segments=())


def opened_group(product: Product, person: Person, id: str, learned: str = "") -> GroupPage:
    """One group with all of it, or with what one refresh took in. Raises `Unknown` for an id no group has."""
    texts, everything = product.texts, product.group(id)
    found = _taken(everything, learned)
    part = len(found.items) < len(everything.items)
    write = writer(product, [*_about(found.items), *found.units[:_UNITS]])
    named = ", ".join(write.called(unit) for unit in found.units[:_UNITS])
    units = texts.say("inbox.units", n=len(found.units), units=named)
    rest = len(found.units) - _UNITS
    may = person.may(needed("POST", "/inbox/{feedback}/fate") or ())
    inside = product.comments([item.id for item in found.items]) if may else {}
    told = [item for item in found.items if item.state in FINAL and not item.taken_back]
    return GroupPage(
        line=write.group(found),
        segments=tuple(write.segment(c.fact, c.value, c.share, c.usual) for c in found.segments),
        units=units + (texts.say("inbox.units_more", n=rest) if rest > 0 else "") if found.units else "",
        items=tuple(
            replace(write.line(item), inside=write.inside(inside.get(item.id, ()))) for item in found.items
        ),
        open=found.waiting,
        form=form(write, found.items) if may and not part and (found.waiting or told) else None,
        title=texts.say("inbox.answer_all", n=found.waiting)
        if found.waiting
        else texts.say("inbox.correct_all", n=len(told)),
        learned=learned,
        whole=texts.say("inbox.learned_whole", n=texts.number(len(everything.items))) if part else "",
    )


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts items and groups into words. `units` are the names of customers, by id."""

    texts: Texts
    names: Mapping[str, str]
    actions: Mapping[str, str]
    now: Callable[[], datetime]
    units: Mapping[str, str]

    def line(self, item: FeedbackItem) -> Line:
        """One item."""
        texts = self.texts
        return Line(
            id=item.id,
            kind=" + ".join(texts.say(f"inbox.kind_{kind}") for kind in item.kinds),
            text=said_words(item, texts, self.actions),
            by=texts.say("inbox.by", who=self.who(item.by), when=texts.moment(item.at)),
            unit=texts.say("inbox.unit", unit=self.called(item.unit)) if item.unit else "",
            release=texts.say("inbox.release", release=item.release) if item.release else "",
            state=self.state(item),
            tone="quiet"
            if len(item.replies) > 1
            else {"used": "good", "declined": "warn"}.get(item.state, "quiet"),
            reply=item.reply,
            waits=item.state not in FINAL,
        )

    def who(self, person: str) -> str:
        """A person's name; a customer's own words come from the customer."""
        if person.startswith(AUTHOR):
            unit, _, one = person.removeprefix(AUTHOR).partition("/")
            whole = "/".join(part for part in (self.called(unit), one) if part)
            return self.texts.say("inbox.customer", unit=whole)
        return self.names.get(person, person)

    def inside(self, comments: Iterable[Comment]) -> tuple[CommentShown, ...]:
        """Internal comments, each with who wrote it and when."""
        say = self.texts.say
        return tuple(
            CommentShown(say("inbox.by", who=self.who(c.by), when=self.texts.moment(c.at)), c.text)
            for c in comments
        )

    def called(self, unit: str) -> str:
        """What people call a customer."""
        return self.units.get(unit, unit)

    def state(self, item: FeedbackItem) -> str:
        """Where it is, in a sentence: nobody looked yet, looked at, used, declined; and whether they were told."""
        if item.state == "new":
            days = (self.now() - item.at).days
            return self.texts.say("inbox.state_waits", n=days) if days > 0 else self.texts.say("inbox.state_fresh")
        key = f"inbox.state_{item.state.replace(' ', '_')}"
        if len(item.replies) > 1:
            key = "inbox.state_corrected"
        elif item.kind == "problem" and item.state in FINAL and not item.taken_back:
            key = "inbox.state_handed" if item.decided_by == PAYOFF else f"{key}_problem"
        shown = self.texts.say(key)
        return f"{shown}, {self.texts.say('inbox.state_told')}" if item.told_at and item.state in FINAL else shown

    def group(self, found: Cluster) -> GroupLine:
        """One group: how many people say what, in whose words, where, of which release, since when."""
        texts, about = self.texts, found.topic
        waiting = found.waiting
        place = ", ".join(self.segment(s.fact, s.value, s.share, s.usual) for s in found.segments)
        units = texts.say("inbox.group_units", n=len(found.units)) if found.units else ""
        releases = texts.say("inbox.release", release=", ".join(found.releases)) if found.releases else ""
        return GroupLine(
            id=found.id,
            sentence=self._sentence(about.kind, about.about, about.thumb, len(found.authors)),
            words=found.words,
            spoken=found.spoken.id if found.spoken else "",
            place=place,
            about=" · ".join(
                w for w in (texts.say("inbox.group_times", n=len(found.items)), units, releases) if w
            ),
            when=texts.say("inbox.group_when", first=texts.day(found.first), last=texts.day(found.last))
            if texts.day(found.first) != texts.day(found.last)
            else texts.day(found.first),
            state=texts.say("inbox.group_waiting", n=waiting) if waiting else texts.say("inbox.group_answered"),
            tone="warn" if waiting else "quiet",
        )

    def segment(self, fact: str, value: str, share: float, usual: float) -> str:
        """Where it is said more than elsewhere, beside how frequent that is among everybody."""
        shown, everybody = self.texts.share(share), self.texts.share(usual)
        return self.texts.say("inbox.segment", value=value, share=shown, usual=everybody, fact=words(fact))

    def _sentence(self, kind: str, about: str, thumb: int, people: int) -> str:
        key = kind
        if kind == "correction":
            key = about if about in ("risk", "gone", "owner", "widget") else "fact"
        elif kind == "thumb":
            key = "thumb_up" if thumb > 0 else "thumb_down"
        action = self.actions.get(about, words(about)) or self.texts.say("inbox.the_suggestion")
        return self.texts.say(f"inbox.topic_{key}", n=people, action=action, fact=words(about))


def writer(product: Product, units: Iterable[str] = ()) -> Writer:
    """A writer with the product's people and actions, and the names of some customers."""
    names = {key: person.name for key, person in product.brief.people.items()}
    facts = product.facts_now([unit for unit in dict.fromkeys(units) if unit])
    customers = {unit: called(known, unit) for unit, known in facts.items()}
    return Writer(product.texts, names, action_names(product), product.clock.now, customers)


def _about(items: Iterable[FeedbackItem]) -> list[str]:
    """Whom some items speak of, or come from."""
    listed = list(items)
    return [*(i.unit for i in listed), *(i.by.removeprefix(AUTHOR) for i in listed if i.by.startswith(AUTHOR))]


def _options(texts: Texts, kind: str, values: Sequence[str], chosen: str) -> tuple[Option, ...]:
    return (
        Option("", texts.say("inbox.filter_any"), not chosen),
        *(Option(v, texts.say(f"inbox.{kind}_{v.replace(' ', '_')}"), v == chosen) for v in values),
    )
