"""Missing songs: looked for, fetched, and put where they belong."""
