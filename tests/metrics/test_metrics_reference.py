"""The page about metrics is what the code says."""

from __future__ import annotations

from pathlib import Path

from payoff.metrics.catalogue import KIND_INFO
from payoff.metrics.reference import reference


def test_the_page_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "metrics.md"
    assert page.read_text("utf-8") == reference(), "write it again with payoff.metrics.reference.reference()"


def test_every_kind_has_its_section() -> None:
    page = reference()
    assert all(f"### `{kind}`" in page for kind in KIND_INFO)
