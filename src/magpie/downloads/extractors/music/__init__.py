"""What makes a sound file a track: names taken apart, tags, loudness, lyrics."""
