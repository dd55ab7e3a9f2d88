"""Rules that read a scorecard and say what may happen next, with the reason."""
