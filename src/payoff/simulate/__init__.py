"""A made-up company whose true effects are known. For the demonstration and for benchmarks, never for a product."""
