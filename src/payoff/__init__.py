"""Payoff runs machine-learning models as products and proves whether they pay off.

    import payoff
    product = payoff.open("retention")
    report = payoff.audit(frame, score="p_churn", label="churned")

Everything else is reached from these two, or from the rooms named in the documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "audit", "open"]

if TYPE_CHECKING:
    from payoff.audit import audit
    from payoff.configuration import open_product as open  # noqa: A004 - the name people read: payoff.open


def __getattr__(name: str) -> Any:
    """Load the two doors on first use, so that `import payoff` costs nothing."""
    if name == "open":
        from payoff.configuration import open_product

        return open_product
    if name == "audit":
        from payoff.audit import audit

        return audit
    raise AttributeError(f"module 'payoff' has no attribute {name!r}")
