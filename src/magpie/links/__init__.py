"""Followed links: what is followed and how, everything that was ever seen there, and what became of it."""
