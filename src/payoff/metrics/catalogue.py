"""The built-in metrics by kind; foreign ones are added through the entry-point group `payoff.metrics`."""

from __future__ import annotations

from payoff.metrics.accepted_rate import AcceptedRate
from payoff.metrics.accuracy import Accuracy
from payoff.metrics.adoption import Adoption
from payoff.metrics.auc import Auc
from payoff.metrics.base import Metric
from payoff.metrics.calibration import Calibration
from payoff.metrics.corrections_rate import CorrectionsRate
from payoff.metrics.done_rate import DoneRate
from payoff.metrics.fallback_rate import FallbackRate
from payoff.metrics.incremental_value import IncrementalValue
from payoff.metrics.kinds import KIND_INFO, KindInfo
from payoff.metrics.latency_p95 import LatencyP95
from payoff.metrics.log_loss import LogLoss
from payoff.metrics.outcome_rate import OutcomeRate
from payoff.metrics.outcome_sum import OutcomeSum
from payoff.metrics.precision_at_capacity import PrecisionAtCapacity
from payoff.metrics.pulse import Pulse
from payoff.metrics.satisfaction import Satisfaction
from payoff.metrics.seen_rate import SeenRate
from payoff.metrics.time_to_done import TimeToDone
from payoff.metrics.time_to_value import TimeToValue

__all__ = ["BUILT_IN", "KIND_INFO", "KindInfo"]

_CLASSES: tuple[type[Metric], ...] = (
    OutcomeRate,
    OutcomeSum,
    IncrementalValue,
    SeenRate,
    AcceptedRate,
    DoneRate,
    TimeToDone,
    TimeToValue,
    Satisfaction,
    CorrectionsRate,
    Adoption,
    Pulse,
    Auc,
    Accuracy,
    LogLoss,
    Calibration,
    PrecisionAtCapacity,
    LatencyP95,
    FallbackRate,
)
BUILT_IN: dict[str, type[Metric]] = {metric.kind: metric for metric in _CLASSES}
"""Every built-in metric by its kind."""
