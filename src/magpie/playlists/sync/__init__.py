"""Keeping a playlist in step: what to change, changing it, and proving that it is changed."""
