"""An episode's way through its steps, each of which is done once."""
