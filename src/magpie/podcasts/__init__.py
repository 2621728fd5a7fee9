"""Podcasts: from anything readable or audible to an episode."""
