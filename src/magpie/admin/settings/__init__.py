"""Settings that can be changed while the program runs."""
