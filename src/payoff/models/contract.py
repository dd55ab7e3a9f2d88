"""What a scorer must offer; `models.conformance.check_model` tests that it does."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payoff.features.batch import Batch


@runtime_checkable
class RiskScorer(Protocol):
    """How likely the bad outcome is, and which facts that rests on."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it looks at, in the order of the contributions."""
        ...

    def predict(self, facts: pa.Table) -> NDArray[np.float64]:
        """A probability for each row, in [0, 1], never NaN; order of rows and columns is irrelevant."""
        ...

    def contributions(self, facts: pa.Table) -> NDArray[np.float64]:
        """(rows, facts): what each fact adds to the log-odds against its usual value."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values from which the same scorer can be made."""
        ...


@runtime_checkable
class EffectScorer(Protocol):
    """What each action adds to the goal, against doing nothing."""

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions; the first is `nothing`, whose effect is 0."""
        ...

    def effect(self, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(rows, actions) expected effect and its standard deviation, in the goal's own measure."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values from which the same scorer can be made."""
        ...
