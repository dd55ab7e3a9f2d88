"""Feedback: what people said, what it taught, and what became of it."""
