"""Hashes that cost nothing: these tests are about who gets in, not about how hard guessing is."""

from __future__ import annotations

import pytest
from tests.doors import quick_hashes

quick = pytest.fixture(autouse=True)(quick_hashes)
