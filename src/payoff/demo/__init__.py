"""The company one can look at: simulated customers and people, and the real Payoff working for them."""
