"""What a product works towards, and what it fears: one rule for learning, pricing and words."""

from __future__ import annotations

from payoff.brief.schema import Brief


def goal_of(brief: Brief) -> str:
    """The outcome learning works towards: the leading goal's, else the goal's; "" when there is neither."""
    for purpose in ("leading goal", "goal"):
        for metric in brief.metrics:
            if metric.purpose == purpose and metric.outcome in brief.outcomes:
                return metric.outcome
    return ""


def risk_of(brief: Brief) -> str:
    """The bad outcome whose risk is predicted; "" when the brief names none."""
    return next((name for name, outcome in brief.outcomes.items() if not outcome.good), "")
