"""Frozen values that cross rooms. They know no storage, no statistics and no page."""
