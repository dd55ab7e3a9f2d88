"""Who is worse off?"""
