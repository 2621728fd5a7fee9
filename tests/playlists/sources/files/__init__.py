"""Playlists in files."""
