"""What people's words changed in one refresh: training row by training row, both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from payoff.feedback.items import FeedbackItem
from payoff.learning.traces import Trace
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.texts import Texts
from payoff.use_cases.lineage import Learned
from payoff.web.pages.desk import action_names, words
from payoff.web.pages.inbox import Writer, writer
from payoff.web.product import Product
from payoff.web.tables import table

PAGE = 50
COLUMNS = (
    "decision", "unit", "decided", "what", "name", "role", "before", "after", "feedback", "labels",
    "refresh", "releases",
)  # fmt: skip
_KINDS = ("risk", "fact", "expected", "order")


@dataclass(frozen=True, slots=True)
class Filters:
    """`feedback` is an item, `unit` a customer; `start` the first row shown, from 0."""

    feedback: str = ""
    unit: str = ""
    start: int = 0

    def fits(self, trace: Trace) -> bool:
        """Whether a row is among what was asked for."""
        return self.feedback in ("", *trace.feedback) and self.unit in ("", trace.unit)


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it (and for or against what, where it is a shift); `href` leads to what they said, "" for labelled
    cases."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class RowShown:
    """One training row: `what` was changed, from `before` to `after`. `wide` says where all rows of an action and
    role are moved with it, `note` whose words make up the shift, or how long a corrected fact has held."""

    unit: str
    unit_href: str
    when: str
    what: str
    before: str
    after: str
    wide: str
    note: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LearnedPage:
    headline: str
    about: str
    serving: str
    kinds: str
    news: str
    calmed: str
    note: str
    rows: tuple[RowShown, ...]
    filters: Filters
    filtered: str
    clear: str
    said: str
    table: str
    earlier: str
    later: str
    releases: str
    empty: str


def learned(product: Product, person: Person, artefact: str, filters: Filters) -> LearnedPage:
    """The rows that words changed, newest first. Raises `Unknown` for a refresh that never was."""
    texts, made = product.texts, product.lineage.refresh(artefact)
    found = [trace for trace in made.traces if filters.fits(trace)]
    shown = found[filters.start : filters.start + PAGE]
    items = {item.id: item for item in product.inbox()}
    here, write = f"/learned/{artefact}", writer(product, [trace.unit for trace in shown])
    asked = {name: value for name, value in (("feedback", filters.feedback), ("unit", filters.unit)) if value}

    def at(**more: object) -> str:
        query = urlencode({**asked, **more})
        return f"{here}?{query}" if query else here

    after = filters.start + PAGE
    kinds: Counter[str] = Counter(trace.what for trace in found)
    rows, whole = {trace.row for trace in found}, not (filters.feedback or filters.unit)
    counted = [texts.say(f"learned.n_{kind}", n=kinds[kind]) for kind in _KINDS if kinds[kind]]
    twice = len(found) - len(rows)
    if twice:
        counted.append(texts.say("learned.n_twice", n=twice))
    calm = whole and made.calmed > kinds["risk"]
    return LearnedPage(
        headline=texts.say("learned.headline", n=len(rows)),
        about=texts.say(
            "learned.about",
            at=texts.moment(made.at),
            releases=", ".join(made.releases),
            rows=texts.number(made.rows),
        ),
        serving=texts.say("learned.serving", releases=", ".join(made.serving))
        if made.serving
        else texts.say("learned.replaced"),
        kinds=" · ".join(counted),
        news=_news(texts, made, items) if whole else "",
        calmed=texts.say("learned.calmed", n=kinds["risk"], all=texts.number(made.calmed)) if calm else "",
        note=texts.say("learned.no_risk_model") if kinds["risk"] and not made.labelled else "",
        rows=tuple(_row(trace, product, items, here, write) for trace in shown),
        filters=filters,
        filtered=_filtered(texts, filters, items, write),
        clear=here,
        said=f"/inbox?{urlencode({'learned': artefact})}",
        table=at(**{"as": "csv"}),
        earlier=at(**({"start": filters.start - PAGE} if filters.start > PAGE else {})) if filters.start else "",
        later=at(start=after) if after < len(found) else "",
        releases="/releases" if person.may(needed("GET", "/releases") or ()) else "",
        empty=texts.say("learned.empty_item" if filters.feedback else "learned.empty"),
    )


def as_table(product: Product, artefact: str, filters: Filters) -> str:
    """The same rows as CSV, all of them; figures as they are."""
    made = product.lineage.refresh(artefact)
    return table(COLUMNS, (_cells(trace, made) for trace in made.traces if filters.fits(trace)))


def _cells(trace: Trace, made: Learned) -> tuple[object, ...]:
    return (
        trace.row, trace.unit, trace.at.isoformat(), trace.what, trace.name, trace.role, trace.before, trace.after,
        " ".join(trace.feedback), " ".join(trace.labels), made.artefact, " ".join(made.releases),
    )  # fmt: skip


def _news(texts: Texts, made: Learned, items: Mapping[str, FeedbackItem]) -> str:
    """What came in with this refresh, beside all that its rows rest on: every refresh goes by everything said."""
    fresh = sum(item.learned == made.artefact for item in items.values())
    behind = {id for trace in made.traces for id in trace.feedback}
    first = min((items[id].at for id in behind if id in items), default=None)
    if first is None:
        return ""
    return texts.say("learned.news", n=fresh, all=texts.number(len(behind)), day=texts.day(first))


def _row(trace: Trace, product: Product, items: Mapping[str, FeedbackItem], here: str, write: Writer) -> RowShown:
    texts = product.texts
    role = trace.role or texts.say("feedback.everybody")
    values = {"fact": words(trace.name), "action": action_names(product).get(trace.name, trace.name), "role": role}
    before, after = _values(trace, texts)
    mine = {voice.by: voice.says for voice in trace.voices if voice.here}
    sources = [Source(_signed(items.get(id), mine, write, texts), f"/inbox/{id}") for id in trace.feedback]
    if trace.labels:
        sources.append(Source(texts.say("learned.labels", n=len(trace.labels)), ""))
    return RowShown(
        unit=write.called(trace.unit),
        unit_href=f"{here}?{urlencode({'unit': trace.unit})}",
        when=texts.moment(trace.at),
        what=texts.say(f"learned.what_{trace.what}", **values),
        before=before,
        after=after,
        wide=texts.say("learned.wide", **values) if trace.what in ("expected", "order") else "",
        note=_note(trace, write, texts),
        sources=tuple(sources),
    )


def _note(trace: Trace, write: Writer, texts: Texts) -> str:
    if trace.voices:
        sides = [[write.who(v.by) for v in trace.voices if v.says * sign > 0] for sign in (1, -1)]
        said = [
            texts.say(f"learned.{key}", n=len(names), names=", ".join(names))
            for key, names in zip(("side_for", "side_against"), sides, strict=True)
            if names
        ]
        return texts.say("learned.together", sides=", ".join(said))
    if trace.since is None:
        return ""
    if trace.until is None:
        return texts.say("learned.stands", day=texts.day(trace.since))
    return texts.say("learned.held", day=texts.day(trace.since), until=texts.day(trace.until))


def _signed(item: FeedbackItem | None, mine: Mapping[str, int], write: Writer, texts: Texts) -> str:
    """Who said it; where it is one word of a shift, on which side it stands."""
    who = _who(item, write, texts)
    if item is None or item.by not in mine:
        return who
    return texts.say("learned.signed_for" if mine[item.by] > 0 else "learned.signed_against", who=who)


def _values(trace: Trace, texts: Texts) -> tuple[str, str]:
    """Before and after, in words."""
    if trace.what == "risk":
        return texts.say("learned.risk_unknown"), texts.say("learned.risk_none")
    if trace.what == "expected":
        return texts.points(trace.before), texts.points(trace.after)
    if trace.what == "order":
        return texts.say("learned.order_kept"), texts.say(
            "learned.order_out" if trace.after >= 1 else "learned.order_back"
        )
    return plain(trace.before, texts), plain(trace.after, texts)


def plain(value: object, texts: Texts) -> str:
    """A fact's value as people read it."""
    if value is None or value == "":
        return texts.say("learned.not_known")
    if isinstance(value, bool):
        return texts.say("page.yes" if value else "page.no")
    if isinstance(value, (int, float)):
        return texts.number(value, digits=0 if float(value).is_integer() else 2)
    return str(value)


def _who(item: FeedbackItem | None, write: Writer, texts: Texts) -> str:
    if item is None:
        return texts.say("learned.gone")
    return texts.say("inbox.by", who=write.who(item.by), when=texts.day(item.at))


def _filtered(texts: Texts, filters: Filters, items: Mapping[str, FeedbackItem], write: Writer) -> str:
    parts = []
    if filters.feedback:
        parts.append(texts.say("learned.only_feedback", who=_who(items.get(filters.feedback), write, texts)))
    if filters.unit:
        parts.append(texts.say("learned.only_unit", unit=write.called(filters.unit)))
    return " · ".join(parts)
