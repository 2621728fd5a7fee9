"""Chosen items as one zip, written while it is read."""
