"""A table somebody sends from a browser or a terminal: bytes of some encoding to text."""

from __future__ import annotations

from payoff.adapters.sources.encoding import decode


def text_of(payload: bytes, where: str) -> str:
    """The text. Raises `BadInput` for a workbook, an archive, and for bytes that are no text."""
    return decode(payload, where)[0]
