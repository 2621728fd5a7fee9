"""Tasks: which playlist is kept in step where, when it is done, and what came of it."""
