"""A made-up company whose true effects are known: for the demonstration and benchmarks, never for a product."""
