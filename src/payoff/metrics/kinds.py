"""What every kind of metric is, as plain data: the brief compiles against it and the documentation lists it."""

from __future__ import annotations

from dataclasses import dataclass

from payoff.records.judgement import Direction, Level


@dataclass(frozen=True, slots=True)
class KindInfo:
    """One kind of metric before anything is computed.

    `measure` is how a value is shown: share, money, hours, days, milliseconds, number or score; "outcome"
    means that it follows the outcome's own measure. `direction` is the way that is better unless the brief
    says otherwise; kinds with `follows_outcome` turn it round for a bad outcome. `needs_outcome` kinds cannot
    be declared without one. `needs_worth` kinds stay without a figure until the outcome has a worth. `per_arm`
    is False for a figure there is only one of. `of_suggestions` kinds look at what people did with suggestions,
    so units that were told nothing have none. `label` is how people call it when the brief does not say;
    `{outcome}` is filled in.
    """

    kind: str
    level: Level
    direction: Direction
    measure: str
    needs_outcome: bool
    label: str
    follows_outcome: bool = False
    needs_worth: bool = False
    per_arm: bool = True
    of_suggestions: bool = False


def _kind(*args: object, **named: object) -> tuple[str, KindInfo]:
    info = KindInfo(*args, **named)  # type: ignore[arg-type]
    return info.kind, info


KIND_INFO: dict[str, KindInfo] = dict(
    (
        _kind("outcome_rate", "business", "up", "share", True, "{outcome}", follows_outcome=True),
        _kind("outcome_sum", "business", "up", "outcome", True, "{outcome} per unit", follows_outcome=True),
        _kind(
            "incremental_value",
            "business",
            "up",
            "money",
            True,
            "worth added through {outcome}",
            needs_worth=True,
        ),
        _kind("seen_rate", "user", "up", "share", False, "suggestions seen", of_suggestions=True),
        _kind("accepted_rate", "user", "up", "share", False, "suggestions accepted", of_suggestions=True),
        _kind("done_rate", "user", "up", "share", False, "suggestions done", of_suggestions=True),
        _kind(
            "time_to_done", "user", "down", "hours", False, "hours from suggestion to done", of_suggestions=True
        ),
        _kind("time_to_value", "user", "down", "days", True, "days until {outcome}"),
        _kind("satisfaction", "user", "up", "share", False, "thumbs up", of_suggestions=True),
        _kind("corrections_rate", "user", "down", "share", False, "suggestions corrected", of_suggestions=True),
        _kind(
            "adoption", "user", "up", "share", False, "units whose suggestions got an answer", of_suggestions=True
        ),
        _kind("pulse", "user", "up", "number", False, "confidence of the people who use it", per_arm=False),
        _kind("auc", "technical", "up", "score", True, "how well risk ranks (AUC)"),
        _kind("accuracy", "technical", "up", "share", True, "accuracy of risk"),
        _kind("log_loss", "technical", "down", "score", True, "log loss of risk"),
        _kind("calibration", "technical", "down", "share", True, "how far risk is off"),
        _kind("precision_at_capacity", "technical", "up", "share", True, "right among those we can reach"),
        _kind(
            "latency_p95",
            "technical",
            "down",
            "milliseconds",
            False,
            "answer time, slowest 5 in 100",
            of_suggestions=True,
        ),
        _kind(
            "fallback_rate", "technical", "down", "share", False, "answers from the fallback", of_suggestions=True
        ),
    )
)
"""Every built-in kind by its name."""
