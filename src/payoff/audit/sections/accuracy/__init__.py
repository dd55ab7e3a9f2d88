"""Is it accurate, and against what?"""
