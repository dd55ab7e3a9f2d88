"""Serving: one request, one suggestion, whatever the model does."""
