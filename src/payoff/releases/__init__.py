"""Releases: who is served by which one, and how a release may move."""
