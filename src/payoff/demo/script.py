"""What people at the company decide, and when. The verdicts they decide on come from the real gate.

Nothing here forces an ending: a release that is not proven by its deadline gets the decision a careful manager
would take, and the story says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from payoff.records.judgement import Estimate, Verdict
from payoff.releases.lifecycle import find
from payoff.texts import Texts
from payoff.use_cases.cycle import Turn
from payoff.use_cases.product import Product
from payoff.use_cases.score import Card

GOAL = "first_value"
FIRST, BETTER, HARMFUL = "r0", "r1", "r2"
MANAGER, SCIENTIST, EXPERT = "maya", "kenji", "ruth"
RECIPES = {
    FIRST: {"policy": "clicks"},
    BETTER: {"policy": "effect"},
    HARMFUL: {"policy": "constant", "action": "winback_offer"},
}
NAMED = 12


@dataclass(slots=True)
class Script:
    """The plot, advanced once a week. `lines` are the story so far: (week, sentence)."""

    product: Product
    texts: Texts
    lines: list[tuple[int, str]] = field(default_factory=list)
    cards: dict[str, Card] = field(default_factory=dict)
    verdicts: dict[str, list[tuple[int, Verdict]]] = field(default_factory=dict)
    _canary_week: dict[str, int] = field(default_factory=dict)
    _settled: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Week 1: the accurate, well-clicked release serves everybody but the holdout."""
        self._create(FIRST, SCIENTIST)
        self.product.promote(FIRST, by=MANAGER, why=self.texts.say("demo.why_first"))
        self._say(1, "line_first")

    def heard(self, week: int, turn: Turn) -> None:
        """Take note of what the weekly turn judged, and of what it took back by itself."""
        for card in turn.cards:
            if card.card.release in self._settled:
                continue  # its trial is over; what follows is judged against the holdout, another question
            self.cards[card.card.release] = card
            self.verdicts.setdefault(card.card.release, []).append((week, card.verdict))
        if turn.rolled_back:
            self._settled[turn.rolled_back] = week
            self._say(
                week,
                "line_rolled_back",
                title=self._title(turn.rolled_back),
                because=self._because(turn.rolled_back),
            )

    def decide(self, week: int, due: Sequence[str]) -> None:
        """What people do this Monday, after the turn and before the week's suggestions."""
        if week == 5:
            self._create(BETTER, SCIENTIST)
            self.product.start(BETTER, by=SCIENTIST, why=self.texts.say("demo.why_shadow"))
            self._say(week, "line_shadow")
        elif week == 7:
            self._look_at_first(week)
            self.product.start(BETTER, by=MANAGER, why=self.texts.say("demo.why_named"), named=list(due[:NAMED]))
            self._say(week, "line_named", n=NAMED)
        elif week == 8:
            self._canary(BETTER, week)
        elif week == 10:
            self._ramp(BETTER, week)
        elif week > 10:
            self._settle(BETTER, week)
            self._harmful(week)

    def seen_by(self) -> str:
        """Who sees what right now, in a few words, for the progress bar."""
        trial = next(
            (r for r in self.product.releases() if r.stage in ("shadow", "named", "canary", "ramp")), None
        )
        if trial is None:
            return self.texts.say("demo.seen_full")
        return self.texts.say(f"demo.seen_{trial.stage}", title=trial.title)

    def estimated(self, release: str) -> Estimate | None:
        """The difference on the leading goal in the newest card of a release's trial."""
        card = self.cards.get(release)
        row = next((row for row in card.card.rows if row.metric == GOAL), None) if card else None
        return row.difference if row else None

    def accuracy(self, release: str) -> float | None:
        """The share of accounts about which the release's risk was right; `None` before any is known."""
        card = self.cards.get(release)
        row = next((row for row in card.card.rows if row.metric == "accuracy"), None) if card else None
        arms = row.arms if row else {}
        return next((arms[arm].value for arm in ("challenger", "care") if arm in arms), None)

    def _harmful(self, week: int) -> None:
        settled = self._settled.get(BETTER)
        if settled is None:
            return
        start = max(16, settled + 1)
        if week == start:
            self._create(HARMFUL, EXPERT)
            self.product.start(HARMFUL, by=EXPERT, why=self.texts.say("demo.why_harmful"))
            self._say(week, "line_harmful")
        elif week == start + 2:
            self._canary(HARMFUL, week)
        elif week == start + 4 and HARMFUL not in self._settled:
            self._ramp(HARMFUL, week)
        elif week > start + 4:
            self._settle(HARMFUL, week)

    def _canary(self, id: str, week: int) -> None:
        share = next(s.share for s in self.product.brief.release.steps if s.stage == "canary")
        self.product.move(id, "canary", share=share, by=MANAGER, why=self.texts.say("demo.why_canary"))
        self._canary_week[id] = week
        self._say(week, "line_canary", title=self._title(id), share=self.texts.share(share))

    def _ramp(self, id: str, week: int) -> None:
        if id in self._settled:
            return
        self.product.start(id, by=MANAGER, why=self.texts.say("demo.why_ramp"))
        self._say(week, "line_ramp", title=self._title(id))

    def _settle(self, id: str, week: int) -> None:
        """Promote on the gate's word; at the deadline a person must choose."""
        if id in self._settled or id not in self.verdicts:
            return
        verdict = self.verdicts[id][-1][1]
        deadline = self._canary_week[id] + self.product.brief.release.days // 7
        if verdict.word == "promote":
            self.product.promote(id, by=MANAGER, why=self.texts.say("demo.why_promote"))
            self._settled[id] = week
            self._say(week, "line_promoted", title=self._title(id), effect=self._effect(id))
        elif week >= deadline:
            self._choose(id, week)

    def _choose(self, id: str, week: int) -> None:
        estimate = self.estimated(id)
        self._settled[id] = week
        if estimate is not None and estimate.value is not None and estimate.value > 0:
            self.product.promote(id, by=MANAGER, why=self.texts.say("demo.why_unproven"), unproven=True)
            self._say(
                week, "line_unproven", title=self._title(id), because=self._because(id), effect=self._effect(id)
            )
            return
        self.product.rollback(id, by=MANAGER, why=self.texts.say("demo.why_stopped"))
        self._say(week, "line_stopped", title=self._title(id), because=self._because(id))

    def _look_at_first(self, week: int) -> None:
        self._say(week, "line_nothing_moved", effect=self._effect(FIRST))

    def _effect(self, id: str) -> str:
        estimate = self.estimated(id)
        if estimate is None or estimate.value is None or estimate.low is None or estimate.high is None:
            return self.texts.say("common.cannot_tell")
        return self.texts.say(
            "demo.effect",
            value=self.texts.points(estimate.value),
            low=self.texts.number(estimate.low * 100, digits=1),
            high=self.texts.number(estimate.high * 100, digits=1),
        )

    def _because(self, id: str) -> str:
        return self.verdicts[id][-1][1].because.rstrip(".") if id in self.verdicts else ""

    def _title(self, id: str) -> str:
        return find(self.product.releases(), id).title

    def _create(self, id: str, by: str) -> None:
        title, why = self.texts.say(f"demo.title_{id}"), self.texts.say(f"demo.why_{id}")
        self.product.create_release(id, title, RECIPES[id], by=by, why=why)

    def _say(self, week: int, key: str, **values: object) -> None:
        self.lines.append((week, self.texts.say(f"demo.{key}", **values)))
