"""Looking into a file, in a process of its own: what it really holds. Loads libav, which the server need not."""

from __future__ import annotations

from pathlib import Path

import av

from magpie.downloads.extractors.probe import opened
from magpie.library.playing.facts import Facts


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
