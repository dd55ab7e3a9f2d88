"""How quickly pages open when the log holds a million suggestions."""
