"""Checks: when a link is looked at, by which way, and what is made of what it lists."""
