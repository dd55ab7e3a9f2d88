"""The audit beside Evidently, NannyML and Fairlearn on the same rows, and beside a plain scan of 100 million."""
