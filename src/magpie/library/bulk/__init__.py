"""Doing one thing to many items."""
