"""Whether what a provider calls speech is speech, and long enough for its text. Nothing silent ever counts as done."""

from __future__ import annotations

from magpie.podcasts.voices.port import Spoken, VoiceFailed
from magpie.podcasts.voices.text import seconds_to_say
from magpie.podcasts.voices.wav import LEAST_RATE, MOST_RATE, Sound

# No voice is this much faster or slower than the slow reader that the estimate goes by; numbers and signs may take much
# longer than they look.
_FASTEST, _SLOWEST = 6.0, 8.0
_SPARE = 20.0  # seconds


def examine(sound: Sound, spoken: Spoken, text: str, who: str) -> None:
    """Raises `VoiceFailed` (`silent`, `cut`, `failing`) for what cannot be this text, spoken."""
    if not LEAST_RATE <= sound.rate <= MOST_RATE or spoken.rate != sound.rate:
        raise VoiceFailed("failing", f"{who} answered with {sound.rate} samples a second.")
    if not sound.samples:
        raise VoiceFailed("silent", f"{who} answered with an empty recording.")
    heard = sound.heard
    if heard == 0:
        raise VoiceFailed("silent", f"{who} answered with silence.")
    needed = seconds_to_say(text)
    if heard < needed / _FASTEST:
        raise VoiceFailed(
            "cut",
            f"{who} spoke {heard:.2f} seconds for a text that takes about {needed:.1f}: something is missing.",
        )
    if sound.seconds > needed * _SLOWEST + _SPARE:
        raise VoiceFailed(
            "failing", f"{who} spoke {sound.seconds:.0f} seconds for a text that takes about {needed:.0f}."
        )
    if abs(spoken.seconds - sound.seconds) > 0.01 or any(
        not 0 <= word.start <= word.end <= sound.seconds + 0.5 for word in spoken.words
    ):
        raise VoiceFailed("failing", f"{who} tells times that its recording does not have.")
