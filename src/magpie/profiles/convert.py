"""From what a person said to what an extractor is given."""

from __future__ import annotations

from magpie.downloads.extractors.port import Profile
from magpie.library.presets import PRESETS, Preset
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
        audio_quality=_quality(spec) if is_audio else None,
        clean_names=spec.music.clean_names,
        replaygain=spec.music.replaygain,
        lyrics=spec.music.lyrics,
        square_cover=spec.music.square_cover,
        subtitles=tuple(spec.subtitles.languages) if is_video else (),
        automatic_subtitles=spec.subtitles.automatic,
        subtitle_format=format_wanted,
        embed_subtitles=spec.subtitles.where == "embed",
        embed_metadata=spec.embed.metadata,
        embed_chapters=spec.embed.chapters,
        embed_thumbnail=spec.embed.thumbnail,
        cover=_beside(server) if side.thumbnail is None else side.thumbnail,
        info_json=side.info_json,
        nfo=bool(server and server.nfo) if side.nfo is None else side.nfo,
        mark=tuple(dict.fromkeys(sponsors.mark)) if spec.kind != "gallery" else (),
        cut=tuple(dict.fromkeys(sponsors.remove)) if spec.kind != "gallery" else (),
        server=spec.media_server,
        template=spec.template,
    )


def _beside(server: Preset | None) -> bool:
    """Whether the media server reads pictures beside the media."""
    return server is not None and server.cover is not None


def _quality(spec: ProfileSpec) -> str | None:
    """Only where there is something to choose: it makes a quality class of its own."""
    has_rates = spec.audio_format in ("mp3", "opus", "m4a")
    is_variable = spec.audio_quality in ("v0", "v2")
    return spec.audio_quality if has_rates and (spec.audio_format == "mp3" or not is_variable) else None
