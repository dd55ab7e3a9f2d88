"""The command line: thin, no logic of its own."""

from payoff.cli.app import main

__all__ = ["main"]
