"""Text files too large to hold: one pass into a temporary Parquet file of typed columns."""
