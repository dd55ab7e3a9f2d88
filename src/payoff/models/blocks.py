"""The columns an action's effect may depend on: itself, role, industry, their cell, and the numeric facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payoff.features.batch import Batch
from payoff.features.spec import FactSpec
from payoff.models.encode import Encoder, FactColumns

MOST_FACTS = 24
_CELL = "\x1f"


@dataclass(frozen=True, slots=True)
class Blocks:
    """One design for all actions: [1, role…, industry…, role × industry…, fact…].

    A role, industry or cell not met in learning has no column; its share of the prior uncertainty is added by
    the caller through `unmet`. Facts are standardised and cut to what was seen; unknown ones count as usual.
    """

    roles: tuple[str, ...]
    industries: tuple[str, ...]
    cells: tuple[str, ...]
    encoder: Encoder

    @classmethod
    def fit(cls, batch: Batch, spec: FactSpec) -> Blocks:
        numeric = FactSpec(spec.numeric[:MOST_FACTS], spec.boolean[: max(0, MOST_FACTS - len(spec.numeric))])
        encoder = Encoder.fit(batch.facts, numeric)
        plain = tuple(_straight(column) for column in encoder.columns)
        return cls(
            tuple(sorted({r for r in batch.role.tolist() if r})),
            tuple(sorted({i for i in batch.industry.tolist() if i})),
            tuple(sorted({c for c in _cells(batch) if c})),
            Encoder(plain),
        )

    @property
    def facts(self) -> tuple[str, ...]:
        return self.encoder.facts

    @property
    def width(self) -> int:
        return 1 + len(self.roles) + len(self.industries) + len(self.cells) + self.encoder.width

    def matrix(self, batch: Batch) -> NDArray[np.float64]:
        """(rows, columns)."""
        n, r, i, c = len(batch), len(self.roles), len(self.industries), len(self.cells)
        out = np.zeros((n, self.width))
        out[:, 0] = 1.0
        _hot(batch.role.tolist(), self.roles, out[:, 1 : 1 + r])
        _hot(batch.industry.tolist(), self.industries, out[:, 1 + r : 1 + r + i])
        _hot(_cells(batch), self.cells, out[:, 1 + r + i : 1 + r + i + c])
        out[:, 1 + r + i + c :] = self.encoder.matrix(batch.facts)
        return out

    def variances(
        self, main: float, role: float, industry: float, cell: float, fact: float
    ) -> NDArray[np.float64]:
        """One prior variance a column."""
        return np.concatenate(
            [
                [main],
                np.full(len(self.roles), role),
                np.full(len(self.industries), industry),
                np.full(len(self.cells), cell),
                np.full(self.encoder.width, fact),
            ]
        )

    def unmet(self, batch: Batch, role: float, industry: float, cell: float) -> NDArray[np.float64]:
        """Prior variance of what has no column: a role, industry or cell nobody has met."""
        met_r = np.isin(batch.role.astype(str), self.roles) if self.roles else np.zeros(len(batch), bool)
        met_i = (
            np.isin(batch.industry.astype(str), self.industries) if self.industries else np.zeros(len(batch), bool)
        )
        met_c = (
            np.isin(np.array(_cells(batch), dtype=str), self.cells) if self.cells else np.zeros(len(batch), bool)
        )
        return (~met_r) * role + (~met_i) * industry + (~met_c) * cell

    def widths(self) -> dict[str, int]:
        """Columns of each block after the main effect, in their order."""
        return {
            "role": len(self.roles),
            "industry": len(self.industries),
            "cell": len(self.cells),
            "fact": self.encoder.width,
        }

    def role_columns(self) -> list[tuple[int, str]]:
        return [(1 + k, role) for k, role in enumerate(self.roles)]

    def groups(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        """Names of what an effect depends on, and for each column (save the first) which of them it is of."""
        names = ("role", "industry", "role and industry", *self.facts)
        widths = [column.width for column in self.encoder.columns]
        of = np.repeat(
            np.arange(len(names)), [len(self.roles), len(self.industries), len(self.cells), *widths]
        ).astype(np.intp)
        return names, of

    def to_json(self) -> dict[str, Any]:
        return {
            "roles": list(self.roles),
            "industries": list(self.industries),
            "cells": list(self.cells),
            "facts": self.encoder.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Blocks:
        roles, industries, cells = (tuple(data[k]) for k in ("roles", "industries", "cells"))
        return cls(roles, industries, cells, Encoder.from_json(data["facts"]))

    @classmethod
    def empty(cls) -> Blocks:
        """Before any data: the main effect alone."""
        return cls((), (), (), Encoder.fit(pa.table({}), FactSpec()))


def cell(role: str, industry: str) -> str:
    """The name of a role × industry cell; "" when either is unknown."""
    return f"{role}{_CELL}{industry}" if role and industry else ""


def _cells(batch: Batch) -> list[str]:
    return [cell(r, i) for r, i in zip(batch.role.tolist(), batch.industry.tolist(), strict=True)]


def _straight(column: FactColumns) -> FactColumns:
    """One straight line a fact: an effect has too few data for bends, and no flag for what is missing."""
    usual = column.mean if column.usual_number is None else column.usual_number
    return FactColumns(
        column.name, column.kind, column.mean, column.scale, column.low, column.high, usual_number=usual
    )


def _hot(values: list[str], known: tuple[str, ...], out: NDArray[np.float64]) -> None:
    index = {value: k for k, value in enumerate(known)}
    codes = np.array([index.get(value, -1) for value in values], dtype=np.intp)
    rows = np.flatnonzero(codes >= 0)
    out[rows, codes[rows]] = 1.0
