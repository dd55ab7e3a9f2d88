"""The HTTP face: routes, the one error shape, who may pass."""
