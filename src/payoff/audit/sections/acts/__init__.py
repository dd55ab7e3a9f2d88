"""Who sees it and acts?"""
