"""Digests: what is new at followed links and in feeds of reading matter, as an episode on a schedule."""
