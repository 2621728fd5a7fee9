"""History: one record for each check of a link, with the files that came of it."""
