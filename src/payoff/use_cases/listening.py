"""What people told us, read: sessions, quotes, themes, who was heard, and what to ask next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from payoff.errors import Unknown
from payoff.notes.agenda import Item, agenda
from payoff.notes.coverage import Heard, coverage
from payoff.notes.records import Counted, Quote, Session, Theme, counted
from payoff.notes.schedule import Next, upcoming
from payoff.records.releases import STREAM
from payoff.records.time import day_of
from payoff.releases.lifecycle import champion
from payoff.use_cases import score
from payoff.use_cases.actions import Actions
from payoff.use_cases.notes import Kept, read
from payoff.use_cases.openings import Carded, openings
from payoff.use_cases.targets import Target, targets
from payoff.use_cases.today import Today
from payoff.use_cases.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which quotes to list; "" leaves a filter open. `on` is what they bear on, `text` words in them."""

    theme: str = ""
    role: str = ""
    on: str = ""
    stance: str = ""
    text: str = ""
    note: str = ""


class Listening:
    """What a researcher reads, over one product."""

    def __init__(self, ws: Workspace, today: Today, actions: Actions) -> None:
        self._ws, self._today, self._actions = ws, today, actions
        self._read: tuple[tuple[int, int], Kept] | None = None

    def kept(self) -> Kept:
        """Everything, as it stands now."""
        log = self._ws.storage.log
        state = (log.generation(), log.head())
        if self._read is None or self._read[0] != state:
            self._read = (state, read(self._ws))
        return self._read[1]

    def session(self, id: str) -> Session:
        """One note. Raises `Unknown`."""
        found = next((s for s in self.kept().sessions if s.id == id), None)
        if found is None:
            raise Unknown(f"no note {id!r}", mend="Open the notes and choose one from the list.")
        return found

    def quote(self, id: str) -> Quote:
        """One quote. Raises `Unknown`."""
        kept = self.kept()
        found = next((q for q in (*kept.quotes, *kept.removed) if q.id == id), None)
        if found is None:
            raise Unknown(f"no quote {id!r}", mend="Open the quotes and choose one from the list.")
        return found

    def quotes(self, wanted: Wanted | None = None) -> list[Quote]:
        """The quotes that fit, the newest first. Withdrawn ones have no words, and are counted apart; those
        taken out are not among them."""
        w, today = wanted or Wanted(), self.kept().names
        theme, words = (today(w.theme) if w.theme else ""), w.text.casefold().split()
        return [
            q
            for q in self.kept().quotes
            if (not theme or theme in q.themes)
            and w.role in ("", q.role)
            and (not w.on or w.on in q.bears)
            and (not w.stance or q.stance == ("" if w.stance == "neither" else w.stance))
            and w.note in ("", q.note)
            and all(word in q.text.casefold() for word in words)
        ]

    def themes(self) -> tuple[Theme, ...]:
        """All themes, those with the most quotes first."""
        return self.kept().themes()

    def theme(self, name: str) -> Theme:
        """One theme by today's or an earlier name. Raises `Unknown`."""
        kept = self.kept()
        today, found = kept.names(name), kept.themes()
        for theme in found:
            if theme.name == today:
                return theme
        raise Unknown.among("theme", name, [theme.name for theme in found])

    def about(self, on: str) -> Counted:
        """What was said for and against a release, a decision, an action or a part of the brief; its themes."""
        kept = self.kept()
        tied = tuple(name for name, ties in kept.ties.items() if any(t.on == on for t in ties))
        return counted(kept.quotes, on, tied)

    def targets(self) -> tuple[Target, ...]:
        """What words and themes can be tied to."""
        return targets(self._ws)

    def coverage(self) -> tuple[Heard, ...]:
        """Who was heard, by role; never heard first."""
        kept = self.kept()
        return coverage(kept.sessions, kept.quotes, self.roles())

    def roles(self) -> dict[str, int]:
        """The roles there are, in the facts and in the playbook, each with its customers today."""
        named = {role: 0 for action in self._ws.playbook.actions for role in action.roles}
        counted = self._today.roles()
        return {**counted, **{role: 0 for role in named if role not in counted}}

    def next(self) -> Next:
        """The next session, and by when a focus group is due."""
        brief, now = self._ws.brief, self._ws.clock.now()
        zone = brief.product.zone
        every = brief.rhythm.focus_group_days
        return upcoming(self.kept().sessions, every_days=every, today=day_of(now, zone), zone=zone)

    def agenda(self, plan: str = "", *, card: Callable[[str], Carded] | None = None) -> tuple[Item, ...]:
        """What to ask next, drawn from what is open; of a plan: its own questions first, and none that only
        others than those it invites could answer."""
        ws, planned = self._ws, self.session(plan) if plan else None
        own = [line.strip() for line in planned.text.splitlines() if line.strip()] if planned else []
        found = openings(ws, self._actions().values(), card or self._card, own)
        coming = [role for role, n in planned.attended.items() if n] if planned else []
        return agenda(found, self.kept().sessions, ws.texts, coming)

    def _card(self, release: str) -> Carded:
        serving = champion(self._ws.releases())
        if release == STREAM and serving:
            return score.judged(self._ws, serving.id, trial=STREAM)
        return score.judged(self._ws, release)
