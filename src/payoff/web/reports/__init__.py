"""Reports as one file of HTML each: no script, nothing fetched, light and dark, fit for paper and a phone."""
