"""Bytes for players and browsers: whole files and ranges, streams made for what a browser can play, waveforms."""
