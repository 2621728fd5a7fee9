"""The recognisers that ship with Magpie."""

from __future__ import annotations

from magpie.podcasts.transcribers import faster_whisper, openai, pocketsphinx, whisper_asr
from magpie.podcasts.transcribers.port import TranscriberKind


def builtin_transcribers() -> list[TranscriberKind]:
    return [pocketsphinx.KIND, whisper_asr.KIND, openai.KIND, faster_whisper.KIND]
