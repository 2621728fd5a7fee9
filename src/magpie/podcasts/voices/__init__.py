"""Voices: one folder for each provider, and the clips that are kept."""
