"""The composition root: the only place that names an adapter or loads a plugin."""

from payoff.configuration.opening import open_product

__all__ = ["open_product"]
