"""What a file really holds, as far as it matters to who wants to play it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import av

from magpie.downloads.extractors.probe import opened


@dataclass(frozen=True, slots=True)
class Facts:
    """`demuxer`: libav's names of the container, the first of them. Streams are the ones that are played, by libav's
    names of their codecs and their numbers in the file; covers are none. `duration` in seconds."""

    demuxer: str
    duration: float | None
    video: str | None = None
    video_index: int = 0
    pixels: str | None = None  # libav's name of how they are stored
    height: int | None = None
    audio: str | None = None
    audio_index: int = 0

    def as_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def of_json(cls, raw: bytes) -> Self:
        """Raises `ValueError` for what `as_json` has not made."""
        try:
            return cls(**json.loads(raw))
        except TypeError as error:
            raise ValueError("not the facts of a file") from error


def read_facts(path: Path) -> Facts:
    """Open the file and look; nothing is decoded. In a confined process only. Raises `DownloadFailure`."""
    with opened(path) as container:
        videos = [one for one in container.streams.video if not _is_cover(one)]
        sounds = container.streams.audio
        video, sound = next(iter(videos), None), next(iter(sounds), None)
        duration = container.duration / av.time_base if container.duration else None
        return Facts(
            demuxer=container.format.name.split(",")[0],
            duration=round(duration, 3) if duration and duration > 0 else None,
            video=video.codec_context.codec.canonical_name if video else None,
            video_index=video.index if video else 0,
            pixels=video.codec_context.pix_fmt if video else None,
            height=video.codec_context.height if video else None,
            audio=sound.codec_context.codec.canonical_name if sound else None,
            audio_index=sound.index if sound else 0,
        )


def _is_cover(stream: av.VideoStream) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
