"""One page a release: every metric of the three levels, side by side for every arm, with what it means."""
