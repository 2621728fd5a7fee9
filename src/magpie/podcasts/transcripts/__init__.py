"""Transcripts of what the library holds, made when somebody asks for them, and kept as subtitles."""
