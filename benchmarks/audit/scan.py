"""A plain scan of every column the audit uses: one aggregate each, nothing grouped.

python -m benchmarks.audit.scan rows.parquet
"""

from __future__ import annotations

import sys

import duckdb

from benchmarks.audit.rows import NUMBERS, WORDS

if __name__ == "__main__":
    summed = ("p_churn", "churned", "called", "flagged", "account_id", "seats", *NUMBERS)
    shown = [f"sum({name})" for name in summed] + [f"max({name})" for name in (*WORDS, "predicted_at")]
    duckdb.sql(f"select {', '.join(shown)} from read_parquet('{sys.argv[1]}')").fetchall()
