"""Units and what was known about them at one moment: what every model and policy looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payoff.checks import BadParameter


@dataclass(frozen=True, slots=True)
class Batch:
    """One row a unit (or, for learning, one row a unit and moment).

    `facts` has a flat column a fact, null where nothing is known. `role`, `industry` and `contact` are texts,
    "" where not known. `as_of` is the moment the facts are seen from (the newest one, for learning).
    """

    units: tuple[str, ...]
    facts: pa.Table
    role: NDArray[np.object_]
    industry: NDArray[np.object_]
    contact: NDArray[np.object_]
    as_of: datetime

    def __post_init__(self) -> None:
        lengths = {len(self.units), self.facts.num_rows, len(self.role), len(self.industry), len(self.contact)}
        if len(lengths) > 1:
            raise BadParameter(
                f"a batch with parts of different length: {sorted(lengths)}", mend="One row a unit."
            )

    def __len__(self) -> int:
        return len(self.units)

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> Batch:
        """The same at some rows, in that order."""
        at = np.asarray(rows, dtype=np.intp)
        return Batch(
            tuple(self.units[i] for i in at.tolist()),
            self.facts.take(pa.array(at)),
            self.role[at],
            self.industry[at],
            self.contact[at],
            self.as_of,
        )
