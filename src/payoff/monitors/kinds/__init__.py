"""One monitor a file."""
