"""The providers of voices that ship with Magpie."""

from __future__ import annotations

from magpie.podcasts.voices import elevenlabs, espeak, kyutai, openai, pocket_tts
from magpie.podcasts.voices.port import VoiceKind


def builtin_voices() -> list[VoiceKind]:
    return [espeak.KIND, openai.KIND, kyutai.KIND, pocket_tts.KIND, elevenlabs.KIND]
