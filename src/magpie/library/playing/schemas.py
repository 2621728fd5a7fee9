"""What is said about playing, on the wire."""

from __future__ import annotations

from pydantic import BaseModel, Field

from magpie.library.playing.plan import Way


class PlaybackPlan(BaseModel):
    """How to play a file."""

    way: Way = Field(description="`none`: it can only be downloaded")
    url: str | None = Field(description="what to play; null if there is no way")
    mime: str | None = Field(description="the type of what comes from there")
    seeking: str | None = Field(
        description="`range`: as with any file; `start`: ask for `url` anew with `&start=seconds`"
    )
    duration: float | None = Field(description="seconds, of the whole, if it is known")
    video: str | None = Field(description="the file's video codec, as ffmpeg calls it")
    audio: str | None = Field(description="the file's audio codec, as ffmpeg calls it")


class Waveform(BaseModel):
    """The loudness over time, in audiowaveform's JSON (version 2)."""

    version: int = 2
    channels: int = 1
    sample_rate: int
    samples_per_pixel: int = Field(description="samples that each pair of numbers stands for")
    bits: int = 8
    length: int = Field(description="how many pairs there are")
    data: list[int] = Field(description="lowest and highest value in turn, -128 to 127")


class BeingMade(BaseModel):
    """Ask again after so many seconds as `Retry-After` says."""

    detail: str = "This is being made: ask again in a moment"
