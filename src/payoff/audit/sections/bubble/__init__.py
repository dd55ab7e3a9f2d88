"""Is it a bubble?"""
