"""Further names of artists that users have added to the shipped table."""
