"""From what a person said to what an extractor is given."""

from __future__ import annotations

from magpie.downloads.extractors.port import Profile
from magpie.library.presets import PRESETS
from magpie.profiles.schemas import ProfileSpec


def to_profile(name: str, spec: ProfileSpec) -> Profile:
    """The profile as extractors know it. What has no meaning for the spec's kind is left out, so that it makes no
    quality class of its own."""
    server = PRESETS.get(spec.media_server or "")
    is_video, is_audio = spec.kind == "video", spec.kind == "audio"
    side, sponsors = spec.side_files, spec.sponsorblock
    format_wanted = spec.subtitles.format or (server.subtitle_format if server else "vtt")
    return Profile(
        name=name,
        kind=spec.kind,
        max_height=spec.max_height if is_video else None,
        container=spec.container if is_video else "keep",
        audio_format=spec.audio_format if is_audio else "keep",
        subtitles=tuple(spec.subtitles.languages) if is_video else (),
        automatic_subtitles=spec.subtitles.automatic,
        subtitle_format=format_wanted,
        embed_subtitles=spec.subtitles.where == "embed",
        embed_metadata=spec.embed.metadata,
        embed_chapters=spec.embed.chapters,
        embed_thumbnail=spec.embed.thumbnail,
        cover=server is not None if side.thumbnail is None else side.thumbnail,
        info_json=side.info_json,
        nfo=bool(server and server.nfo) if side.nfo is None else side.nfo,
        mark=tuple(dict.fromkeys(sponsors.mark)) if spec.kind != "gallery" else (),
        cut=tuple(dict.fromkeys(sponsors.remove)) if spec.kind != "gallery" else (),
        server=spec.media_server,
        template=spec.template,
    )
