"""The log: what happened, in the order we heard of it. The acting half writes it, the judging half reads it."""
