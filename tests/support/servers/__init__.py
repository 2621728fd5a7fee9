"""Media servers to test against: doubles of Plex, Jellyfin and Subsonic servers, and a real Supysonic."""
