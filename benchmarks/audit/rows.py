"""Made-up predictions in Parquet: 20 columns, the same for everybody who takes part.

python -m benchmarks.audit.rows 10_000_000 rows.parquet
"""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHUNK = 1_000_000
NUMBERS = tuple(f"x{k}" for k in range(9))
WORDS = {
    "role": (["admin", "analyst", "manager", "engineer", "owner"], [0.3, 0.3, 0.2, 0.15, 0.05]),
    "industry": ([f"industry {k}" for k in range(8)], [0.125] * 8),
    "region": (["north", "east", "south", "west"], [0.25] * 4),
    "sex": (["f", "m"], [0.5, 0.5]),
}
START, SPAN = 1_735_689_600_000_000, 180 * 86_400_000_000
"""Microseconds since 1970 of the first prediction, and over how long they spread."""


def words(rng: np.random.Generator, name: str, n: int) -> tuple[pa.DictionaryArray, np.ndarray]:
    levels, shares = WORDS[name]
    code = rng.choice(len(levels), n, p=shares)
    return pa.DictionaryArray.from_arrays(pa.array(code.astype("int8")), pa.array(levels)), code


def chunk(rng: np.random.Generator, start: int, n: int, total: int) -> pa.Table:
    """`n` rows from place `start` on. One column drifts slowly; the score is honest and a little noisy."""
    place = np.arange(start, start + n)
    x = rng.normal(size=(n, len(NUMBERS)))
    x[:, 4] += 0.3 * place / total
    coded = {name: words(rng, name, n) for name in WORDS}
    z = -2.2 + 0.8 * x[:, 0] + 0.5 * x[:, 1] - 0.4 * x[:, 2]
    z += 0.3 * (coded["role"][1] == 1) - 0.3 * (coded["industry"][1] == 2)
    happened = rng.random(n) < 1 / (1 + np.exp(-z))
    score = 1 / (1 + np.exp(-(z + rng.normal(scale=0.5, size=n))))
    called = rng.random(n) < 0.5
    flagged = (score > 0.3) & (rng.random(n) < 0.9)
    at = (START + place / total * SPAN).astype("int64")
    return pa.table(
        {
            "account_id": place,
            "predicted_at": pa.array(at).cast(pa.timestamp("us")),
            "p_churn": score,
            "churned": happened.astype("int8"),
            "called": called.astype("int8"),
            "flagged": flagged.astype("int8"),
            **{name: array for name, (array, _) in coded.items()},
            **{name: x[:, k] for k, name in enumerate(NUMBERS)},
            "seats": rng.poisson(20, n).astype("int32"),
        }
    )


def make(rows: int, path: str) -> None:
    """Write the file, a million rows at a time."""
    rng = np.random.default_rng(5)
    writer = None
    for start in range(0, rows, CHUNK):
        table = chunk(rng, start, min(CHUNK, rows - start), rows)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=250_000)
    assert writer is not None
    writer.close()


if __name__ == "__main__":
    make(int(sys.argv[1]), sys.argv[2])
