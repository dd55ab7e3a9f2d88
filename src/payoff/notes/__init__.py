"""What people told us: interviews, focus groups, prototype tests, the words that were said and their themes."""
