"""Metrics on people, from the log: each declares the aggregates it needs and how they become figures."""
