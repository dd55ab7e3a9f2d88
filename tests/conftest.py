"""Shared fixtures. Tests start what they need themselves and say plainly when they are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with the public data sets; `PAYOFF_DATA` names another one."""
    folder = Path(os.environ.get("PAYOFF_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no data folder at {folder}; set PAYOFF_DATA to one that holds the public data sets")
    return folder
