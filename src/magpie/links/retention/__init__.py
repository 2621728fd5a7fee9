"""What is kept of a link's media, and for how long; a second look for a better quality."""
