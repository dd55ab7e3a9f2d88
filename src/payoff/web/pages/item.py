"""One item of feedback: its words, the answer its author reads, and its whole way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from payoff.errors import Unknown
from payoff.feedback.annotations import PAYOFF
from payoff.feedback.items import FINAL, FeedbackItem
from payoff.log.customers import AUTHOR
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.use_cases.lineage import Taken
from payoff.web.pages.desk import action_names, said_words
from payoff.web.pages.inbox import CommentShown, Form, Line, Writer, form, writer
from payoff.web.product import Product


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the trail; `href` leads to where it can be seen."""

    label: str
    text: str
    at: str
    reached: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class ItemPage:
    """`group` is the id of the group it is in, `group_words` the link to it. `before` are earlier answers that the
    present one corrects, `list_of` says where a problem stands. Without the permission to answer, `form` is `None`
    and `comments` is empty: internal comments are for those who run the product. `back` is where the reader came
    from, `back_words` what that is called."""

    line: Line
    group: str
    group_words: str
    reply: str
    before: tuple[str, ...]
    told: str
    list_of: str
    trail: tuple[Step, ...]
    comments: tuple[CommentShown, ...]
    form: Form | None
    form_title: str
    may_answer: bool
    open: bool
    back: str
    back_words: str


def opened(product: Product, person: Person, id: str, came: str = "") -> ItemPage:
    """One item with its answer and its trail; `came` "said" leads back to what the reader said themselves. Raises
    `Unknown` for an id nobody has."""
    item = next((i for i in product.inbox() if i.id == id), None)
    if item is None:
        raise Unknown(f"no feedback {id!r}", mend="Open the inbox and choose one from the list.")
    texts, write, said = product.texts, _writer(product, item), came == "said"
    told = ""
    if item.state in FINAL:
        told = texts.say("inbox.reply_told", day=texts.day(item.told_at)) if item.told_at else ""
        told = told or texts.say("inbox.reply_untold")
    may = person.may(needed("POST", "/inbox/{feedback}/fate") or ())
    inside = product.comments([item.id]).get(item.id, ()) if may else ()
    group = next((c for c in product.groups() if any(i.id == id for i in c.items)), None)
    open_, alike = item.state not in FINAL, group.waiting if group else 0
    problem = may and item.kind == "problem" and item.decided_by == PAYOFF and len(item.replies) == 1
    return ItemPage(
        line=write.line(item),
        group=group.id if group and len(group.items) > 1 else "",
        group_words=texts.say("inbox.others_answer", n=alike)
        if may and open_ and alike > 1
        else texts.say("inbox.others"),
        reply=item.reply or texts.say("inbox.reply_none"),
        before=tuple(
            texts.say("inbox.reply_before", day=texts.day(one.at), text=one.text) for one in item.replies[:-1]
        ),
        told=told,
        list_of=texts.say("inbox.list_problems") if problem else "",
        trail=_trail(product, person, item),
        comments=write.inside(inside),
        form=form(write, [item]) if may and not item.taken_back else None,
        form_title=texts.say("inbox.answer" if open_ or problem else "inbox.correct"),
        may_answer=may,
        open=open_,
        back="/said" if said else "/inbox",
        back_words=texts.say("inbox.back_said" if said else "inbox.back"),
    )


def _writer(product: Product, item: FeedbackItem) -> Writer:
    return writer(product, [item.unit, item.by.removeprefix(AUTHOR)])


def _trail(product: Product, person: Person, item: FeedbackItem) -> tuple[Step, ...]:
    """From the suggestion to the rows and the release that learned from it, and to whoever said it."""
    texts, write = product.texts, _writer(product, item)
    wait = texts.say("inbox.trail_waiting")
    actions = action_names(product)
    rails = person.may(needed("GET", "/releases") or ())
    steps = []
    if item.suggestion:
        what = " · ".join(w for w in (actions.get(item.action, item.action), write.called(item.unit)) if w)
        href = f"/releases#{item.release}" if rails and item.release else ""
        steps.append(Step(texts.say("inbox.trail_suggestion"), what, "", True, href))
    steps.append(
        Step(texts.say("inbox.trail_said"), said_words(item, texts, actions), texts.moment(item.at), True)
    )
    final = item.state in FINAL
    if item.at_once and not final:
        steps.append(Step(texts.say("inbox.trail_at_once"), texts.say("inbox.trail_at_once_text"), "", True))
    if not final:
        looked = item.state == "looked at"
        steps.append(Step(texts.say("inbox.trail_looked"), "" if looked else wait, "", looked))
    kind = "_problem" if item.kind == "problem" and item.decided_by != PAYOFF else ""
    key = f"inbox.trail_declined{kind}" if item.state == "declined" else f"inbox.trail_used{kind}"
    key = "inbox.trail_taken_in" if item.at_once and not final else key
    at = texts.moment(item.decided_at) if item.decided_at else ""
    first = item.replies[0].text if item.replies else item.reply
    steps.append(Step(texts.say(key), first if final else wait, at, final))
    for one in item.replies[1:]:
        steps.append(Step(texts.say("inbox.trail_corrected"), one.text, texts.moment(one.at), True))
    if item.state != "declined":
        steps += _rows(product, person, item)
        if item.learned_in and item.learned:
            href = f"/releases#{item.learned_in}" if rails else ""
            steps.append(Step(texts.say("inbox.trail_release"), item.learned_in, "", True, href))
    told = texts.moment(item.told_at) if item.told_at else ""
    steps.append(Step(texts.say("inbox.trail_told"), write.who(item.by) if told else wait, told, bool(told)))
    return tuple(steps)


def _rows(product: Product, person: Person, item: FeedbackItem) -> list[Step]:
    """The training rows it changed: where it was taken in first, and where it is in use today."""
    texts = product.texts
    label = texts.say("inbox.trail_learned")
    taken = product.lineage.of(item.id, item.learned)
    if not taken:
        if item.state != "used":
            if item.kinds == ("problem",):
                return []  # nothing is ever learned from it
            return [Step(label, texts.say("inbox.trail_waiting"), "", False)]
        teaches = item.thumb is not None or bool(item.correction)
        note = "inbox.trail_problem" if item.kind == "problem" else "inbox.trail_note"
        return [Step(label, texts.say("inbox.trail_no_rows" if teaches else note), "", not teaches)]
    may = person.may(needed("GET", "/learned/{artefact}") or ())
    return [
        Step(
            label,
            _changed(product, item, one),
            texts.moment(one.at),
            True,
            f"/learned/{one.artefact}?feedback={item.id}" if may else "",
        )
        for one in dict.fromkeys((taken[0], taken[-1]))
    ]


def _changed(product: Product, item: FeedbackItem, taken: Taken) -> str:
    """How many rows it changed in one refresh; an expectation moves by everybody's word, and for a whole role."""
    texts, actions = product.texts, action_names(product)
    titles = {release.id: release.title for release in product.releases()}
    said = [
        texts.say("inbox.trail_rows", n=taken.rows, releases=_listed(titles.get(r, r) for r in taken.releases))
    ]
    wide = {}
    for trace in product.lineage.refresh(taken.artefact).by(item.id):
        if trace.what in ("expected", "order"):
            wide[trace.name, trace.role] = len(trace.voices)
    for (action, role), voices in wide.items():
        values = {"action": actions.get(action, action), "role": role or product.brief.unit.name}
        said.append(texts.say("inbox.trail_wide", n=voices, **values))
    return " ".join(said)


def _listed(titles: Iterable[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)
