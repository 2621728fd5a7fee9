"""The recognisers that ship with Magpie."""

from __future__ import annotations

from magpie.podcasts.transcribers.port import TranscriberKind


def builtin_transcribers() -> list[TranscriberKind]:
    return []
