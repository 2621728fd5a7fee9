"""Users, their sessions, and who may see what."""
