"""Who did what, when, from where, and how it ended."""
