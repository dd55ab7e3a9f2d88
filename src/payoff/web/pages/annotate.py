"""Hard cases, one at a time: which of two actions fits better? And how far those who answer agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from payoff.errors import Refused
from payoff.features.words import money
from payoff.feedback.annotations import CANNOT_SAY, NEITHER, Answer, Case
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.records.money import Money
from payoff.texts import Texts
from payoff.use_cases.annotating import About, Became
from payoff.use_cases.label_agreement import Measure, Together, measure, together
from payoff.web.pages.desk import Option, action_names, words
from payoff.web.pages.desk.wording import plain
from payoff.web.pages.inbox import writer
from payoff.web.product import Product

FIRST_FACTS = 6
LATER = "/annotate?later=1"
"""The page of somebody who goes on another time."""
_MINUTES_A_CASE = 10 / 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what a key presses, what is sent, what people read."""

    key: str
    value: str
    label: str
    note: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FactShown:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case. `stands` says for how many it is asked ("" where that was not kept), `locked` why it cannot be
    changed any more, `last_one` what answering it ends; facts beyond the first are shown on demand. `instead` are
    other actions the playbook calls fit, `unfit` those it does not; `mine` is the answer that stands."""

    id: str
    progress: str
    title: str
    place: str
    stands: str
    facts: tuple[FactShown, ...]
    more: tuple[FactShown, ...]
    choices: tuple[Choice, ...]
    instead: tuple[Option, ...]
    unfit: tuple[Option, ...]
    why: str
    mine: str
    locked: str
    last_one: str
    back: str
    next: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one person answered, and why."""

    who: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Apart:
    """A case two people differ on, side by side. `take` are others' answers that can be taken over; `keep` says
    that the reader's own stands, or "" where they have settled on it and there is nothing to press."""

    id: str
    title: str
    place: str
    facts: tuple[FactShown, ...]
    mine: Said
    mine_value: str
    theirs: tuple[Said, ...]
    take: tuple[Option, ...]
    keep: str
    settled: str


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What this person said last, while it can be changed, and where."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class AnnotatePage:
    """`case` is `None` at the end, on "Finish later", and where there is nothing to label (`why_not`).

    `became` is shown before the first case and after the last; `unproven` says that changed is not improved.
    `apart` is what this person has to settle, `apart_title` counts it, `settled` is what they have settled; they
    stand below where no case is shown, and beside one `to_settle` leads to them.
    """

    headline: str
    lead: str
    became: tuple[str, ...]
    unproven: str
    case: CaseShown | None
    later: str
    agreed: tuple[str, ...]
    verdict: str
    apart_title: str
    apart: tuple[Apart, ...]
    settled: tuple[Apart, ...]
    to_settle: str
    last: LastAnswer | None
    how: tuple[str, ...]
    why_not: str
    all: str


def annotate(product: Product, person: Person, *, case: str = "", later: bool = False) -> AnnotatePage:
    """The first case a person has not answered, the one they ask for, or the end of the list."""
    texts, desk = product.texts, product.annotating
    lately = desk.became(person.id)
    became = _became(product, lately)
    unproven = texts.say("annotate.lesson_open") if lately.lessons else ""
    everything = "/annotate/all" if person.may(needed("GET", "/annotate/all") or ()) else ""
    try:
        mine = desk.mine(person.id)
    except Refused as refused:
        return _nothing(texts, f"{refused.what}. {refused.mend}", became, unproven, everything)
    if not mine:
        return _nothing(texts, texts.say("annotate.none"), became, unproven, everything)
    done = sum(person.id in one.first for one in mine)
    minutes = max(1, round(len(mine) * _MINUTES_A_CASE))
    wanted = next((one for one in mine if one.suggestion == case), None)
    if wanted is None and not later:
        wanted = next((one for one in mine if person.id not in one.first), None)
    shown = None if wanted is None else _case(product, person, mine, wanted)
    ended = shown is None and not later
    found = desk.everything()
    seen = [one for one in found if desk.seen(one, person.id)] if shown is None else []
    pairs, differ = together(seen, person.id), desk.disagreements(person.id)
    told = measure([one for one in found if one.week < desk.week or desk.finished(person.id)]) if pairs else None
    answered = wanted is not None and person.id in wanted.first
    return AnnotatePage(
        headline=texts.say("annotate.done", n=len(mine)) if ended else texts.say("annotate.headline"),
        lead=texts.say("annotate.lead", minutes=minutes),
        became=became if shown is None or not done else (),
        unproven=unproven,
        case=shown,
        later=texts.say("annotate.later", done=done, n=len(mine)) if later else "",
        agreed=_agreed(product, pairs) if ended or pairs else (),
        verdict=_verdict(texts, told) if told else "",
        apart_title=texts.say("annotate.apart", n=len(differ)),
        apart=tuple(_apart(product, person, one) for one in differ) if shown is None else (),
        settled=tuple(_apart(product, person, one) for one in desk.settled(person.id)) if shown is None else (),
        to_settle=f"{LATER}#apart" if shown is not None and differ else "",
        last=None if answered else _last(product, person),
        how=_how(texts, told) if told else (),
        why_not="",
        all=everything,
    )


def label_words(texts: Texts, actions: Mapping[str, str], answer: Answer) -> str:
    """An answer in words; with the action somebody would take instead."""
    shown = _label(texts, actions, answer.label)
    if answer.instead:
        return texts.say("annotate.neither_instead", action=actions.get(answer.instead, answer.instead))
    return shown


def _label(texts: Texts, actions: Mapping[str, str], label: str) -> str:
    known = {NEITHER: "annotate.neither", CANNOT_SAY: "annotate.cannot_say"}
    return texts.say(known[label]) if label in known else actions.get(label, words(label))


def _nothing(texts: Texts, why: str, became: tuple[str, ...], unproven: str, everything: str) -> AnnotatePage:
    headline = texts.say("annotate.headline")
    return AnnotatePage(
        headline, "", became, unproven, None, "", (), "", "", (), (), "", None, (), why, everything
    )


def _last(product: Product, person: Person) -> LastAnswer | None:
    texts, case = product.texts, product.annotating.last(person.id)
    if case is None:
        return None
    said = label_words(texts, action_names(product), case.first[person.id])
    title = product.annotating.about(case).name or _place_in_list(texts, product, person, case)
    return LastAnswer(texts.say("annotate.kept_last", title=title, label=said), address(case.suggestion))


def _place_in_list(texts: Texts, product: Product, person: Person, case: Case) -> str:
    return texts.say("annotate.nameless", n=product.annotating.mine(person.id).index(case) + 1)


def _case(product: Product, person: Person, mine: list[Case], case: Case) -> CaseShown:
    texts, desk, at = product.texts, product.annotating, mine.index(case)
    about, given = desk.about(case), case.first.get(person.id)
    facts, others = _facts(product, about), _others(product, case, given)
    ids, missing = [one.suggestion for one in mine], [one for one in mine if person.id not in one.first]
    return CaseShown(
        id=case.suggestion,
        progress=texts.say("annotate.progress", at=at + 1, n=len(mine)),
        title=about.name or texts.say("annotate.nameless", n=at + 1),
        place=_place(texts, about.role, about.industry, texts.day(about.at) if about.at else ""),
        stands=_stands(product, case),
        facts=tuple(facts[:FIRST_FACTS]),
        more=tuple(facts[FIRST_FACTS:]),
        choices=_choices(product, desk.pair(case, person.id), given),
        instead=(
            Option("", texts.say("annotate.instead_none"), not (given and given.instead)),
            *(one for one in others if one.value in about.fit),
        ),
        unfit=tuple(one for one in others if one.value not in about.fit),
        why=given.why if given else "",
        mine=given.label if given else "",
        locked=texts.say("annotate.locked") if desk.seen(case, person.id) else "",
        last_one=texts.say("annotate.last_one") if missing == [case] else "",
        back=address(ids[at - 1]) if at else "",
        next=address(ids[at + 1]) if given and at + 1 < len(ids) else "",
    )


def _facts(product: Product, about: About) -> tuple[FactShown, ...]:
    texts, currency = product.texts, product.brief.product.currency
    return tuple(
        FactShown(
            words(name),
            texts.money(Money.of(value, currency)) if money(name, value) else plain(name, value, texts),
        )
        for name, value in about.facts.items()
    )


def _others(product: Product, case: Case, given: Answer | None) -> list[Option]:
    """The actions that are neither of the two."""
    chosen = given.instead if given else ""
    return [Option(id, name, id == chosen) for id, name in action_names(product).items() if id not in case.actions]


def _stands(product: Product, case: Case) -> str:
    """For how many it is open, in the brief's own words."""
    if not case.alike:
        return ""
    key = "annotate.stands_role" if case.role else "annotate.stands"
    return product.texts.say(key, n=case.alike, role=case.role, unit=product.brief.unit.name)


def _choices(product: Product, pair: tuple[str, str], given: Answer | None) -> tuple[Choice, ...]:
    texts, names = product.texts, action_names(product)
    why = {action.id: action.why for action in product.playbook.actions}
    label = given.label if given else ""
    sides = [
        Choice(
            key,
            action,
            texts.say(f"annotate.side_{key}", action=names.get(action, action)),
            why.get(action, ""),
            label == action,
        )
        for key, action in zip(("1", "2"), pair, strict=True)
    ]
    return (
        *sides,
        Choice("3", NEITHER, texts.say("annotate.neither"), "", label == NEITHER),
        Choice("4", CANNOT_SAY, texts.say("annotate.cannot_say"), "", label == CANNOT_SAY),
    )


def address(suggestion: str) -> str:
    """Where one case stands; without one, the list."""
    return f"/annotate?{urlencode({'case': suggestion})}" if suggestion else "/annotate"


def _place(texts: Texts, role: str, industry: str, day: str) -> str:
    when = texts.say("annotate.as_of", day=day) if day else ""
    return " · ".join(part for part in (role, industry, when) if part)


def _became(product: Product, became: Became) -> tuple[str, ...]:
    texts, titles = product.texts, {release.id: release.title for release in product.releases()}
    lines = [
        texts.say("annotate.lesson", n=one.n, release=titles.get(one.release, one.release), day=texts.day(one.at))
        for one in became.lessons
    ]
    for name in ("open", "waiting", "blind", "apart", "kept", "outvoted", "unsaid"):
        n = getattr(became, name)
        if n:
            lines.append(texts.say(f"annotate.became_{name}", n=n))
    return tuple(lines)


def _agreed(product: Product, pairs: list[Together]) -> tuple[str, ...]:
    texts, write = product.texts, writer(product)
    if not pairs:
        return (texts.say("annotate.alone"),)
    return tuple(
        texts.say(
            "annotate.agree",
            who=write.who(pair.people[1]),
            same=pair.same,
            n=pair.n,
            luck=max(0, round(pair.luck)),
        )
        for pair in pairs
    )


def _verdict(texts: Texts, told: Measure) -> str:
    """What can be said so far, plainly; adjectives only where there are enough cases for one."""
    if told.low is None:
        return texts.say("annotate.too_few", n=told.cases)
    if not told.enough:
        key = "annotate.few_above_luck" if told.low > 0 else "annotate.few_at_luck"
        return texts.say(key, n=told.cases)
    if told.low >= 0.667:
        return texts.say("annotate.close")
    return texts.say("annotate.more_than_luck" if told.low > 0 else "annotate.no_more_than_luck")


def _how(texts: Texts, told: Measure) -> tuple[str, ...]:
    lines = [texts.say("annotate.how_luck"), texts.say("annotate.how_all", n=told.cases, same=told.same)]
    if told.alpha is not None and told.low is not None and told.high is not None:
        figures = {name: texts.number(getattr(told, name), digits=2) for name in ("alpha", "low", "high")}
        lines.append(texts.say("annotate.how_alpha", **figures))
    return tuple(lines)


def _apart(product: Product, person: Person, case: Case) -> Apart:
    texts, write, actions = product.texts, writer(product), action_names(product)
    about, mine = product.annotating.about(case), case.first[person.id]
    others = [a for who, a in case.first.items() if who != person.id]
    settled = case.settled.get(person.id)
    stands = settled.label if settled else ""
    take = {a.label: write.who(a.by) for a in others if a.label not in (mine.label, stands)}
    return Apart(
        id=case.suggestion,
        title=about.name or texts.say("annotate.nameless", n=case.place),
        place=_place(texts, about.role, about.industry, texts.day(about.at) if about.at else ""),
        mine=Said(texts.say("annotate.you"), label_words(texts, actions, mine), mine.why),
        mine_value=mine.label,
        facts=_facts(product, about)[:FIRST_FACTS],
        theirs=tuple(Said(write.who(a.by), label_words(texts, actions, a), a.why) for a in others),
        take=tuple(Option(label, texts.say("annotate.take", who=who), False) for label, who in take.items()),
        keep="" if stands == mine.label else texts.say("annotate.back_to_mine" if stands else "annotate.keep"),
        settled=_settled(texts, actions, case, settled),
    )


def _settled(texts: Texts, actions: Mapping[str, str], case: Case, mine: Answer | None) -> str:
    """What came of settling: it teaches once two agree, and not before."""
    if case.agreed:
        return texts.say("annotate.settled_teaches", label=_label(texts, actions, case.agreed))
    return texts.say("annotate.settled_waits", label=label_words(texts, actions, mine)) if mine else ""
