"""What became of a release, and what would become of whom if it were taken back now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from payoff.records.releases import SERVED, Move, Release
from payoff.releases.lifecycle import champion, predecessor
from payoff.texts import Texts
from payoff.web.figures import Figures
from payoff.web.pages.decisions import ITSELF, kept_as
from payoff.web.product import Product


def fate(product: Product, release: Release, found: Sequence[Release], *, named: bool = True) -> str:
    """How a finished trial ended, and what has happened since; "" while it runs. Nobody is named outside."""
    if release.ended is None:
        return ""
    texts = product.texts
    names = {key: p.name if named else texts.say("board.somebody") for key, p in product.brief.people.items()}
    day = texts.day(release.ended)
    won = release.began("full") is not None
    if not won:
        last = release.moves[-1]
        return texts.say("board.fate_taken_back", day=day, who=_who(texts, names, last))
    shipped = texts.say("board.fate_unproven" if release.unproven else "board.fate_won", day=day)
    last = release.moves[-1]
    if last.stage == "rolled back":
        return texts.say(
            "board.fate_undone", shipped=shipped, who=_who(texts, names, last), since=texts.day(last.at)
        )
    if last.stage == "retired":
        after = next((r for r in found if predecessor(r, found) is release), None)
        title = after.title if after else ""
        key = "board.fate_followed" if title else "board.fate_retired"
        return texts.say(key, shipped=shipped, title=title, since=texts.day(last.at))
    return texts.say("board.fate_serves" if named else "board.fate_serves_outside", shipped=shipped)


def undone(release: Release) -> bool:
    """Whether it was taken back, whatever its trial once said."""
    return release.stage == "rolled back"


def reverting(product: Product, release: Release, found: Sequence[Release]) -> str:
    """What happens to whom when it is taken back now: who serves instead, how that one last stood, and how many
    suggestions leave the desk."""
    texts = product.texts
    if release.stage == "shadow":
        return texts.say("releases.revert_shadow")
    full = release.stage == "full"
    after = predecessor(release, found) if full else champion(found)
    waiting = product.boards.waiting(release.id)
    leave = texts.say("releases.revert_leave", n=waiting, title=release.title) if waiting else ""
    if after is None:
        return f"{texts.say('releases.revert_nobody')} {leave}".rstrip()
    said = [texts.say("releases.revert_full" if full else "releases.revert_trial", title=after.title), leave]
    if leave:
        said.append(texts.say("releases.revert_anew", title=after.title))
    said.append(texts.say("releases.revert_stays"))
    if full:
        said.append(_last_stood(product, after))
        learned = next(iter(product.refreshes(after.id)), None)
        if learned is not None:
            said.append(texts.say("releases.revert_learned", title=after.title, day=texts.day(learned.at)))
    return " ".join(filter(None, said))


def _last_stood(product: Product, release: Release) -> str:
    """What a release that would serve again had shown when it served last; "" where nothing was kept."""
    texts = product.texts
    kept = product.boards.newest(release.id, trial=SERVED)
    row = next((row for row in kept.rows if row.value is not None), None) if kept else None
    if kept is None or row is None:
        return ""
    change = Figures(texts, product.brief.product.currency).change(row.value, row.measure)
    what = {"title": release.title, "label": row.label, "change": change, "day": texts.day(kept.at)}
    return texts.say(
        "releases.revert_stood", status=texts.say(f"board.status_{row.status.replace(' ', '_')}"), **what
    )


def done(product: Product, release: str) -> str:
    """What was just decided of a release or done with it, in a sentence that says where it stands now."""
    texts, found = product.texts, product.releases()
    now = next((r for r in found if r.id == release), None)
    if now is None:
        return ""
    decision = next(iter(product.decisions(release)), None)
    if decision is None or decision.at < now.moved_at:
        key = "releases.done_made" if now.stage == "draft" else "releases.done_step"
        return texts.say(key, title=now.title, stage=kept_as(texts, now))
    serving = champion(found)
    if decision.chosen == "roll back":
        if serving is None:
            return texts.say("releases.done_back_nobody", title=now.title)
        return texts.say("releases.done_back", title=now.title, other=serving.title)
    key = {"promote": "promoted", "ship unproven": "unproven"}.get(decision.chosen, "held")
    return texts.say(f"releases.done_{key}", title=now.title, stage=kept_as(texts, now))


def _who(texts: Texts, names: Mapping[str, str], move: Move) -> str:
    return texts.say("board.itself") if move.by == ITSELF else names.get(move.by, texts.say("board.somebody"))
