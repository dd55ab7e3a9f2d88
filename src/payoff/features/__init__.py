"""What is known about a unit at a moment, and which of it a model may look at."""
