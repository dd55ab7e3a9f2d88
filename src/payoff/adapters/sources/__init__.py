"""Places rows come from: files by content, databases by query; each reading says what was coerced."""

from payoff.adapters.sources.opening import open_source

__all__ = ["open_source"]
