"""The verbs: functions that take a product's workspace and do one thing with it."""
