"""The matcher: which track of a library is the wanted song, and why. Pure: no database, no network."""
