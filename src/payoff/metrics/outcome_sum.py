"""What the outcome came to, a unit."""

from __future__ import annotations

from typing import ClassVar

from payoff.metrics.base import OutcomeMetric


class OutcomeSum(OutcomeMetric):
    """Mean amount per entered unit within the window, in the outcome's own measure (money in major units).

    Units without the outcome count as nothing: the mean is over everybody whose window has passed.
    """

    kind: ClassVar[str] = "outcome_sum"
    share: ClassVar[bool] = False
    y: ClassVar[str] = "amount"
    w: ClassVar[str] = "known"
