"""What is watched week by week: each monitor reads the log and says one thing, with the weeks behind it."""
