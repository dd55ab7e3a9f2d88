"""What the brief needs to know of a kind of metric; whoever judges brings the kinds as an argument."""

from __future__ import annotations

from typing import Protocol

from payoff.records.judgement import Direction, Level


class KindInfo(Protocol):
    """One kind of metric before anything is computed; the catalogue of the judging half fulfils it."""

    @property
    def level(self) -> Level: ...

    @property
    def direction(self) -> Direction: ...

    @property
    def measure(self) -> str:
        """How a value is shown; "outcome" follows the outcome's own measure."""
        ...

    @property
    def needs_outcome(self) -> bool: ...

    @property
    def needs_worth(self) -> bool: ...

    @property
    def follows_outcome(self) -> bool:
        """Whether a bad outcome turns the direction round."""
        ...

    @property
    def per_arm(self) -> bool:
        """False for a figure there is only one of, which cannot compare two arms."""
        ...

    @property
    def label(self) -> str:
        """How people call it; `{outcome}` is filled in."""
        ...
