"""A board for people outside: one signed link, one page that needs nothing else, no names of people."""

from __future__ import annotations

from payoff.errors import PayoffError, Refused
from payoff.texts import Texts
from payoff.use_cases.sharing import GOOD, Share
from payoff.web.figures import Figures
from payoff.web.over_time import often, over_time, planned_end
from payoff.web.pages.comparing import arm_names, compared, titled
from payoff.web.pages.fate import fate, undone
from payoff.web.pages.judged import ANSWERS, as_then, brief_changed
from payoff.web.product import Decision, Product
from payoff.web.reports.card import Outside, Past, card_html
from payoff.web.reports.pages import page

PURPOSE = "board"


def address(product: Product, share: Share) -> str:
    """The path of a link. Signed anew each time it is shown; when the link ends is kept with it, not in it."""
    value = {"share": share.id, "release": share.release, "card": share.card}
    return f"/shared/{product.signer.sign(PURPOSE, value)}"


def shared(product: Product, token: str) -> str:
    """The page a link opens, as one file of HTML.

    Raises `Refused` for a link that is not ours, was withdrawn, or is over.
    """
    value = product.signer.read(PURPOSE, token, days=GOOD.days)
    try:
        share = product.boards.opened(str(value["share"]), str(value["release"]), str(value["card"]))
    except KeyError:
        raise Refused("this link is not one of ours, or was cut off", mend="Open it once more.") from None
    made = product.boards.card(share.release, share.card)
    texts, brief = product.texts, product.brief
    figures = Figures(texts, brief.product.currency)
    judgements = product.boards.judgements(share.release, made.card.trial)
    at = next((j.at for j in judgements if j.card == share.card), share.at)
    found = product.releases()
    now = next((r for r in found if r.id == share.release), None)
    # A link shows what was known when it was made: a trial that was over by then, as it ended, and how.
    made_then = as_then(now, share.at) if now else None
    over = made_then is not None and made_then.ended is not None and made.card.trial == share.release
    ended = made_then if over and made_then is not None and at >= (made_then.ended or at) else None
    release = ended or (as_then(now, at) if now else None)
    names, unit = arm_names(texts, made.card, found), brief.unit.name
    word = ANSWERS[made.verdict.word]
    back = ended is not None and undone(ended) and made.verdict.word != "roll back"
    ends = planned_end(release, made.card.plan_days, at) if release else None
    past = [d for d in product.decisions(share.release) if d.at < share.at]
    outside = Outside(
        product=brief.product.title or brief.product.name,
        title=titled(texts, made.card),
        answer=texts.say(
            "board.outside_answer", answer=texts.say("board.answer_undone" if back else f"board.answer_{word}")
        ),
        compared=compared(texts, made.card, names, unit),
        fate=fate(product, ended, found, named=False) if ended else "",
        changed=brief_changed(product, now, at, named=False) if now and made.card.trial == now.id else (),
        when=texts.say("board.outside_when", at=texts.moment(at), until=texts.day(share.until)),
        simulated=texts.say("board.tag_simulated") if made.card.tag == "simulated" else "",
        over_time=over_time(
            texts,
            figures,
            made,
            at,
            judgements,
            release=release,
            decisions=[d for d in past if d.at <= at],
            others=found,
            until=ends,
        ),
        often=often(texts, made, ends),
        past=tuple(_past(texts, d, reasons=share.reasons) for d in past),
        glossary=texts.say("board.outside_glossary"),
        names=names,
    )
    return card_html(
        made.card,
        made.verdict,
        currency=brief.product.currency,
        language=texts.language,
        zone=texts.zone,
        outside=outside,
    )


def gone(texts: Texts, error: PayoffError) -> str:
    """What a link opens that is no longer good: nothing of the product."""
    return page("gone.html", say=texts.say, language=texts.language, what=error.what, mend=error.mend)


def _past(texts: Texts, decision: Decision, *, reasons: bool) -> Past:
    """A decision without its author. What people wrote may name somebody: shown only if whoever shared said so."""
    key = "board.outside_decided" if decision.word else "board.outside_decided_bare"
    line = texts.say(key, chosen=decision.chosen, word=decision.word)
    return Past(texts.day(decision.at), line, decision.why if reasons else "")
