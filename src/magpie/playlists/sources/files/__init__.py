"""Playlists in files: M3U, CSV, JSPF and XSPF, in and out."""
