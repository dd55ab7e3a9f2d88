"""Readings as rows of an import; the reading of rows belongs to the brief, which names the columns."""

from payoff.brief.rows import OutcomeRows, UnitRows, outcomes, units
from payoff.brief.trial_rows import LogRows, log_rows

__all__ = ["LogRows", "OutcomeRows", "UnitRows", "log_rows", "outcomes", "units"]
