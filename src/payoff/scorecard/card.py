"""The scorecard: one release (or one experiment), three levels of metric, every arm side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from payoff.errors import Unknown
from payoff.records.judgement import Row, Tag
from payoff.scorecard import page
from payoff.scorecard.evidence import Design
from payoff.texts import Texts

if TYPE_CHECKING:
    import altair


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether the comparison itself holds: the split came out as planned, nobody was in two arms.

    `srm_p` is valid at every look, `srm_bf` the evidence (Bayes factor) against the planned split; both `None`
    where no split was planned. `reached` counts units of the holdout that were told something anyway.
    """

    ok: bool
    sentence: str
    faults: tuple[str, ...] = ()
    srm_p: float | None = None
    srm_bf: float | None = None
    mixed: int = 0
    reached: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "sentence": self.sentence,
            "faults": list(self.faults),
            "srm_p": self.srm_p,
            "srm_bf": self.srm_bf,
            "mixed": self.mixed,
            "reached": self.reached,
        }


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What is known of a release at `as_of`.

    `trial` names what was compared: a release's own trial, the stream of care, or an experiment run elsewhere.
    `ours` is the arm judged (several in a foreign experiment: then `ours` is "" and `pair` gives one at a time),
    `theirs` the arm it is compared with. `estimand` says in words what is estimated. `arms` counts units.
    `plan_days` is 0 where there is no deadline. `segments` holds the goals again within each segment, to read
    and not to decide on. `final` holds the rows as they stood at the plan's deadline, once that is past: no
    gain is claimed on what came later.
    """

    release: str
    title: str
    trial: str
    made_at: datetime
    as_of: datetime
    tag: Tag
    estimand: str
    arms: dict[str, int]
    rows: tuple[Row, ...]
    trust: Trust
    days_elapsed: int
    plan_days: int
    open_questions: tuple[str, ...] = ()
    ours: str = ""
    theirs: str = ""
    design: Design = "planned"
    segments: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    final: tuple[Row, ...] = ()
    entries: Mapping[str, int] = field(default_factory=dict)

    @property
    def challengers(self) -> tuple[str, ...]:
        """The arms that are judged: one, or every action of a foreign experiment but the control."""
        return (self.ours,) if self.ours else tuple(arm for arm in self.arms if arm != self.theirs)

    def row(self, metric: str) -> Row:
        """One metric by its name. Raises `Unknown`."""
        for row in self.rows:
            if row.metric == metric:
                return row
        raise Unknown.among("metric", metric, [row.metric for row in self.rows])

    def pair(self, arm: str) -> Scorecard:
        """The card of one arm against the control."""
        if arm not in self.challengers:
            raise Unknown.among("arm", arm, self.challengers)
        if self.ours:
            return self
        mine = tuple(row for row in self.rows if arm in row.arms)
        return replace(
            self, ours=arm, rows=mine, arms={a: n for a, n in self.arms.items() if a in (arm, self.theirs)}
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "release": self.release,
            "title": self.title,
            "trial": self.trial,
            "made_at": self.made_at.isoformat(),
            "as_of": self.as_of.isoformat(),
            "tag": self.tag,
            "estimand": self.estimand,
            "arms": dict(self.arms),
            "entries": dict(self.entries),
            "ours": self.ours,
            "theirs": self.theirs,
            "design": self.design,
            "days_elapsed": self.days_elapsed,
            "plan_days": self.plan_days,
            "trust": self.trust.as_dict(),
            "rows": [row.as_dict() for row in self.rows],
            "final": [row.as_dict() for row in self.final],
            "segments": {name: [row.as_dict() for row in rows] for name, rows in self.segments.items()},
            "open_questions": list(self.open_questions),
        }

    def as_text(self, *, currency: str = "USD", language: str = "en") -> str:
        """Plain text for a wide terminal."""
        texts = Texts(language)
        arms = ", ".join(f"{n:,} {arm}" for arm, n in self.arms.items()) or "–"
        head = [
            texts.say("scorecard.head", title=self.title, release=self.release),
            texts.say("scorecard.as_of", day=texts.day(self.as_of), tag=texts.say(f"common.{self.tag}")),
            self.estimand,
            texts.say("scorecard.arms", arms=arms),
            ("✓ " if self.trust.ok else "✗ ") + self.trust.sentence,
        ]
        return page.text(texts, head, self.rows, len(self.open_questions), currency)

    def plot(self) -> altair.Chart:
        """Each metric's difference with its interval, against nothing and against its margin (Vega-Lite)."""
        from payoff.scorecard import chart

        return chart.intervals(self.title, self.rows)
