"""The settings of what is made for players."""

from __future__ import annotations

from pydantic import BaseModel

from magpie.setting import setting


class PlayingSettings(BaseModel):
    """Part of `config.Settings`."""

    conversions: int = setting(
        2,
        "How many files are converted at once for browsers that cannot play them as they are; 0 for none.",
        runtime=True,
        ge=0,
        le=64,
    )
    waveforms_ahead: bool = setting(
        True,
        "Whether the waveform of new audio is made at once, in the background; otherwise when it is first looked at.",
        runtime=True,
    )
    playing_cache_mb: int = setting(
        512, "Room for waveforms and what else is made for players, in MB.", runtime=True, ge=16, le=1_048_576
    )
