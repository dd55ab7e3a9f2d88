"""The statistics a card hands to its metrics, so that no metric brings a test of its own."""

from __future__ import annotations

from payoff.stats import compare, ranking


class Arithmetic:
    """Implements `metrics.base.Statistics` with `payoff.stats`."""

    mean = staticmethod(compare.mean)
    stratified = staticmethod(compare.stratified)
    to_t = staticmethod(compare.to_t)
    auc = staticmethod(ranking.auc)
    auc_se = staticmethod(ranking.auc_se)
    log_losses = staticmethod(ranking.log_losses)
    calibration_error = staticmethod(ranking.calibration_error)
    precision_at = staticmethod(ranking.precision_at)
