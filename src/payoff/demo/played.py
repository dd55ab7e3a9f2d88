"""What the story came to, as data: the same for a screen, for `--json` and for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from payoff.texts import Texts


@dataclass(frozen=True, slots=True)
class ReleaseStory:
    """One release: how it went, what was estimated, and what was true.

    `estimated`, `low`, `high` and `truth` are probability points on the leading goal (0.1 = ten points), against
    the release before or, for the first, the holdout; `None` where there is nothing to compare. `stages` are
    (stage, share, day, by whom), `verdicts` the gate's word by week. `right` is the share of accounts about which
    its risk was right, which says nothing about whether it helped.
    """

    id: str
    title: str
    stage: str
    unproven: bool
    stages: tuple[tuple[str, float, str, str], ...]
    verdicts: tuple[tuple[int, str], ...]
    because: str
    against: str
    units: Mapping[str, int]
    estimated: float | None
    low: float | None
    high: float | None
    truth: float | None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """The report of one play. Counts are of events in the product's log; `seconds` is the time it took."""

    company: str
    simulated: str
    seed: int
    weeks: int
    began: datetime
    ended: datetime
    accounts: int
    suggestions: Mapping[str, int]
    responses: Mapping[str, int]
    outcomes: Mapping[str, int]
    feedback: Mapping[str, int]
    fates: Mapping[str, int]
    changed: tuple[str, ...]
    releases: tuple[ReleaseStory, ...]
    story: tuple[tuple[int, str], ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**asdict(self), "began": self.began.isoformat(), "ended": self.ended.isoformat()}

    def as_text(self, texts: Texts) -> str:
        """The last lines of the terminal."""
        told, answered = sum(self.suggestions.values()), sum(self.responses.values())
        lines = [
            texts.say("demo.end_counts", weeks=self.weeks, accounts=texts.number(self.accounts),
                      suggestions=texts.number(told), answers=texts.number(answered),
                      seconds=texts.number(self.seconds)),
            texts.say("demo.end_feedback", n=sum(self.feedback.values()), used=self.fates.get("used", 0),
                      declined=self.fates.get("declined", 0), changed=len(self.changed)),
        ]  # fmt: skip
        lines += [_line(release, texts) for release in self.releases]
        return "\n".join([*lines, texts.say("demo.end_simulated", company=self.company)])


def _line(release: ReleaseStory, texts: Texts) -> str:
    if release.estimated is None or release.low is None or release.high is None:
        return texts.say("demo.end_untold", title=release.title, stage=release.stage)
    line = texts.say(
        "demo.end_release",
        title=release.title,
        stage=texts.say("demo.stage_unproven") if release.unproven else release.stage,
        estimated=texts.points(release.estimated),
        low=texts.number(release.low * 100, digits=1),
        high=texts.number(release.high * 100, digits=1),
        truth=texts.say("common.cannot_tell") if release.truth is None else texts.points(release.truth),
    )
    right = "" if release.right is None else texts.say("demo.end_right", right=texts.number(release.right * 100))
    return f"{line} {right}".rstrip()
