"""Notifications: telling people of what is new, what failed and what wants them."""
