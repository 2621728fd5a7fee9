"""Playlists kept in step: wanted songs of a source, matched with what a media server has, and written there."""
