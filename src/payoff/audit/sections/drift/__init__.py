"""Is it drifting?"""
