"""Profiles: over HTTP, and from there into the library."""
