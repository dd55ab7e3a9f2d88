"""Places rows come from: files by content, databases by query; each reading says what was coerced."""

from payoff.adapters.sources.large.sampled import Reach
from payoff.adapters.sources.large.streamed import streamed
from payoff.adapters.sources.opening import open_source

__all__ = ["Reach", "open_source", "streamed"]
