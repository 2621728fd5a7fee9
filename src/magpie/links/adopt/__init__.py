"""Taking media that yt-dlp saved, with their `.info.json` beside them, into the library."""
