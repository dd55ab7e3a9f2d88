"""Places where people work. A vendor's library is imported where it is used, and each is an extra."""
