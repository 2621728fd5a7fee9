"""Profiles: how to save. Quality, container, subtitles, names and side files."""
