"""Scorers: risk with its contributions, effects with their certainty; payloads are JSON, never pickle."""
