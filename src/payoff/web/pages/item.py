"""One item of feedback: its words, the answer its author reads, and its whole way."""

from __future__ import annotations

from dataclasses import dataclass

from payoff.errors import Unknown
from payoff.feedback.items import FINAL, FeedbackItem
from payoff.log.customers import AUTHOR
from payoff.people.permissions import needed
from payoff.people.person import Person
from payoff.web.pages.desk import action_names, said_words
from payoff.web.pages.inbox import Line, Writer, writer
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
class CommentShown:
    """A word that never leaves."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """`group` is the id of the group it is in, `preview` says who reads an answer. Without the permission to
    answer, `comments` is empty: internal comments are for those who run the product. `back` is where the reader
    came from, `back_words` what that is called."""

    line: Line
    group: str
    reply: str
    told: str
    trail: tuple[Step, ...]
    comments: tuple[CommentShown, ...]
    preview: str
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
    return ItemPage(
        line=write.line(item),
        group=next((c.id for c in product.groups() if any(i.id == id for i in c.items)), ""),
        reply=item.reply or texts.say("inbox.reply_none"),
        told=told,
        trail=_trail(product, person, item),
        comments=tuple(
            CommentShown(texts.say("inbox.by", who=write.who(c.by), when=texts.moment(c.at)), c.text)
            for c in inside
        ),
        preview=texts.say("inbox.preview", who=write.who(item.by)),
        may_answer=may,
        open=item.state not in FINAL,
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
    key = "inbox.trail_declined" if item.state == "declined" else "inbox.trail_used"
    key = "inbox.trail_taken_in" if item.at_once and not final else key
    at = texts.moment(item.decided_at) if item.decided_at else ""
    steps.append(Step(texts.say(key), item.reply if final else wait, at, final))
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
            return [Step(label, texts.say("inbox.trail_waiting"), "", False)]
        teaches = item.thumb is not None or bool(item.correction)
        return [Step(label, texts.say("inbox.trail_no_rows" if teaches else "inbox.trail_note"), "", not teaches)]
    may = person.may(needed("GET", "/learned/{artefact}") or ())
    return [
        Step(
            label,
            texts.say("inbox.trail_rows", n=one.rows, releases=", ".join(one.releases)),
            texts.moment(one.at),
            True,
            f"/learned/{one.artefact}?feedback={item.id}" if may else "",
        )
        for one in dict.fromkeys((taken[0], taken[-1]))
    ]
