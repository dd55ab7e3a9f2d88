"""Which action for whom: what each is expected to be worth, a draw with its propensity, and the reasons."""
