"""Hashes that cost nothing, for every test that signs somebody in."""

from __future__ import annotations

import pytest
from tests.doors import quick_hashes

quick = pytest.fixture(autouse=True)(quick_hashes)
