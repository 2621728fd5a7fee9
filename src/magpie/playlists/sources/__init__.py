"""Where playlists come from: one folder per platform, and files."""
