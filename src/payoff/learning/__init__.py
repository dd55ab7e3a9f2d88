"""Learning: labels from outcomes and feedback, and the weekly refresh of every living release."""
