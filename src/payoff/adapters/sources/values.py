"""Columns of text to columns of numbers, truths and moments; what was coerced is said, what cannot be is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from payoff.adapters.sources.moments import Moments, read_moments
from payoff.errors import Fault
