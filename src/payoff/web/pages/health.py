"""Health: is anything going wrong? Worst first, each with its weeks; what is fine is kept short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from urllib.parse import quote, urlencode

from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.findings import WORST_FIRST, Finding, GroupFigure, Health, Limit, Target, WeekFigure
from payoff.texts import Texts
from payoff.web.series import Line, Marker, Point, Rule, Series, Span, series

TONES = {"act": "bad", "look": "warn", "cannot tell": "quiet", "fine": "good"}


@dataclass(frozen=True, slots=True)
class LinkShown:
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One finding in words. `open` ones are shown whole; the others as a line that can be opened."""

    id: str
    word: str
    tone: str
    open: bool
    title: str
    sentence: str
    means: str
    todo: str
    links: tuple[LinkShown, ...]
    figure: str
    picture: Series | None
    more: tuple[tuple[str, Series], ...]
    details: tuple[str, ...]
    basis: str
    method: str


@dataclass(frozen=True, slots=True)
class HealthPage:
    """`waiting` is "" unless the first findings are still being worked out; `renewing` says newer ones are.

    `today` says whether anything must be done now, `elsewhere` where other work of the day stands; `before` that
    another release has come to serve since.
    """

    headline: str
    today: str
    elsewhere: tuple[LinkShown, ...]
    before: str
    made: str
    renewing: str
    waiting: str
    findings: tuple[FindingShown, ...]


def health(
    texts: Texts,
    person: Person,
    found: Health | None,
    *,
    renewing: bool = False,
    moved: datetime | None = None,
    unanswered: int = 0,
) -> HealthPage:
    """The page of what the monitors said last; `None` while they have not said anything yet. `moved` is when
    releases changed since, `unanswered` counts what waits in the inbox."""
    if found is None:
        return HealthPage(texts.say("health.title"), "", (), "", "", "", texts.say("health.waiting"), ())
    markers = tuple(
        Marker(c.at, texts.say("health.change", day=texts.day(c.at), words=c.words)) for c in found.changes
    )
    return HealthPage(
        headline=_headline(texts, found.findings),
        today=_today(texts, found.findings),
        elsewhere=tuple(
            LinkShown(f"/{page}", words)
            for page, words in (
                ("inbox", texts.say("health.to_inbox", n=unanswered)),
                ("notes", texts.say("health.to_notes")),
            )
            if person.may(needed("GET", f"/{page}") or ()) and (page != "inbox" or unanswered)
        ),
        before=texts.say("health.before", at=texts.moment(moved)) if moved else "",
        made=texts.say("health.made", at=texts.moment(found.made_at)),
        renewing=texts.say("health.renewing") if renewing else "",
        waiting="",
        findings=tuple(_shown(texts, person, finding, markers, id) for id, finding in _numbered(found.findings)),
    )


def _headline(texts: Texts, findings: Sequence[Finding]) -> str:
    """The answer to "is anything going wrong?", counted."""
    n = {word: sum(f.severity == word for f in findings) for word in TONES}
    if n["cannot tell"] == len(findings):
        return texts.say("health.headline_unknown")
    if n["fine"] == len(findings):
        return texts.say("health.headline_fine", n=n["fine"])
    said = [texts.say(f"health.n_{word.replace(' ', '_')}", n=n[word]) for word in WORST_FIRST if n[word]]
    return texts.say("health.headline", counts=", ".join(said))


def _today(texts: Texts, findings: Sequence[Finding]) -> str:
    """Whether anything has to be done now; "" where nothing can be told."""
    if all(f.severity == "cannot tell" for f in findings):
        return ""
    named = {
        word: ", ".join(dict.fromkeys(f"“{f.title}”" for f in findings if f.severity == word))
        for word in ("act", "look")
    }
    if named["act"]:
        return texts.say("health.today_act", titles=named["act"])
    return (
        texts.say("health.today_look", titles=named["look"]) if named["look"] else texts.say("health.today_none")
    )


def _numbered(findings: Sequence[Finding]) -> Iterator[tuple[str, Finding]]:
    """A place on the page each: the monitor's name, numbered where it says several things."""
    seen: dict[str, int] = {}
    for finding in findings:
        seen[finding.monitor] = n = seen.get(finding.monitor, 0) + 1
        yield finding.monitor if n == 1 else f"{finding.monitor}-{n}", finding


def _shown(texts: Texts, person: Person, finding: Finding, markers: Sequence[Marker], id: str) -> FindingShown:
    main, more = _pictures(texts, finding, markers)
    return FindingShown(
        id=id,
        word=texts.say(f"health.word_{finding.severity.replace(' ', '_')}"),
        tone=TONES[finding.severity],
        open=finding.severity in ("act", "look"),
        title=finding.title,
        sentence=finding.sentence,
        means=finding.means,
        todo=finding.todo,
        links=tuple(LinkShown(_href(t), t.words) for t in finding.targets if _may(person, t)),
        figure=finding.figure,
        picture=main,
        more=more,
        details=finding.details,
        basis=_basis(texts, finding),
        method=texts.say("health.method", method=finding.method, source=finding.source),
    )


def _may(person: Person, target: Target) -> bool:
    """A page nobody has built, or this person may not open, is no help."""
    return person.may(needed("GET", f"/{target.page}") or ())


def _href(target: Target) -> str:
    asked = f"?{urlencode(dict(target.query))}" if target.query else ""
    return f"/{target.page}{asked}" + (f"#{quote(target.place)}" if target.place else "")


def _basis(texts: Texts, finding: Finding) -> str:
    if not finding.total:
        return ""
    if finding.known >= finding.total:
        return texts.say("health.basis", n=texts.number(finding.n))
    known, total = texts.number(finding.known), texts.number(finding.total)
    return texts.say("health.basis_known", n=texts.number(finding.n), known=known, total=total)


def _pictures(
    texts: Texts, finding: Finding, markers: Sequence[Marker]
) -> tuple[Series | None, tuple[tuple[str, Series], ...]]:
    """The finding's own picture, and those of groups that show something else."""
    beside = [g for g in finding.groups if g.weeks and not g.figure]
    main = _picture(texts, finding, finding.figure, finding.weeks, beside, finding.limits, markers)
    more = []
    for group in finding.groups:
        if group.figure and group.weeks:
            picture = _picture(texts, finding, group.figure, group.weeks, [], group.limits, markers)
            if picture is not None:
                more.append((group.figure, picture))
    return main, tuple(more)


def _picture(
    texts: Texts,
    finding: Finding,
    figure: str,
    weeks: Sequence[WeekFigure],
    groups: Sequence[GroupFigure],
    limits: Sequence[Limit],
    markers: Sequence[Marker],
) -> Series | None:
    share = finding.measure == "share"
    lines = [Line(_own_name(texts, finding, groups), _points(texts, weeks, share=share))] if weeks else []
    # Many bands over each other say nothing: the named group keeps its own, the others are lines.
    several = len(groups) + len(lines) > 2
    for i, group in enumerate(groups):
        points = _points(texts, group.weeks, share=share)
        bare = several and (i > 0 or bool(lines))
        lines.append(Line(group.name, tuple(_bare(p) for p in points) if bare else points))
    told = [(w.week, w.value) for w in (weeks or (groups[0].weeks if groups else ())) if w.value is not None]
    if not told:
        return None
    name = f"{lines[0].name}: " if lines[0].name else ""
    label = texts.say(
        "health.picture",
        figure=figure,
        name=name,
        first=_number(texts, told[0][1], share=share),
        begin=texts.day(told[0][0]),
        last=_number(texts, told[-1][1], share=share),
        end=texts.day(told[-1][0]),
    )
    return series(
        lines,
        label=label,
        value=lambda v: _tick(texts, v, share=share),
        day=texts.day,
        when=texts.say("health.week"),
        column=texts.say("health.column_share" if share else "health.column_number"),
        rules=[Rule(x.value, x.words, "bad" if x.kind == "bad" else "quiet") for x in limits],
        markers=markers,
        least=0.0,
        most=1.0 if share else None,
        holds=(0.0,),
        spans=_unknown(texts, weeks),
    )


def _unknown(texts: Texts, weeks: Sequence[WeekFigure]) -> tuple[Span, ...]:
    """The newest weeks whose outcomes are not known yet."""
    late = [w.week for w in takewhile(lambda w: w.value is None and w.open, reversed(weeks))]
    return (Span(late[-1], late[0], texts.say("health.unknown")),) if late else ()


def _own_name(texts: Texts, finding: Finding, groups: Sequence[GroupFigure]) -> str:
    key = f"monitors.{finding.monitor}_came"
    return texts.say(key) if groups and texts.knows(key) else ""


def _points(texts: Texts, weeks: Sequence[WeekFigure], *, share: bool) -> tuple[Point, ...]:
    return tuple(Point(w.week, w.value, w.low, w.high, _cell(texts, w, share=share), open=w.open) for w in weeks)


def _bare(point: Point) -> Point:
    return Point(point.at, point.value, None, None, point.words, point.open)


def _cell(texts: Texts, week: WeekFigure, *, share: bool) -> str:
    n = texts.number(week.n)
    if week.value is None:
        return texts.say("health.cell_unknown", n=n)
    value = _number(texts, week.value, share=share)
    if week.low is None or week.high is None:
        return texts.say("health.cell_bare", value=value, n=n)
    low, high = _number(texts, week.low, share=share), _number(texts, week.high, share=share)
    return texts.say("health.cell", value=value, low=low, high=high, n=n)


def _number(texts: Texts, value: float | None, *, share: bool) -> str:
    shown = (value or 0.0) * (100 if share else 1)
    return texts.number(shown, digits=0 if share and abs(shown) >= 9.95 else 1)


def _tick(texts: Texts, value: float, *, share: bool) -> str:
    shown = value * (100 if share else 1)
    digits = 0 if abs(shown - round(shown)) < 1e-6 else 1 if abs(shown * 10 - round(shown * 10)) < 1e-6 else 2
    return texts.number(shown, digits=digits)
