"""Statistics on numbers: estimates, intervals that survive being looked at, ratios of samples, power, ranking."""
