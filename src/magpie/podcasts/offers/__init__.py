"""What there is to choose from, and what it would cost: providers, voices, music, estimates, single turns."""
