"""YouTube Music."""
