"""Is it worth anything?"""
