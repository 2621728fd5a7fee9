"""Collections: items that somebody has put together, and searches that keep themselves up to date."""
