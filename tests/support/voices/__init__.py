"""Doubles of services of voices: real HTTP and WebSockets on 127.0.0.1, tones for speech, and every kind of fault."""
