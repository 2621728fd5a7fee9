"""yt-dlp's parameters from typed settings. No string of a user's ever becomes an option's name or a template."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from magpie.downloads.extractors.demuxers import DEMUXERS
from magpie.downloads.extractors.port import SPONSOR_CATEGORIES, Profile, Request

MEDIA_STEM = "media"
THUMBNAIL_STEM = "site-thumbnail"
SUBTITLE_STEM = "subtitle"
SOCKET_SECONDS = 30
CONCURRENT_FRAGMENTS = 3
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_CONTAINER_SORT = {"mp4": "ext:mp4:m4a", "webm": "ext:webm:webm"}
# What needs no encoding where a kind of sound is wanted, unless it is so poor that encoding the best costs less.
_NATIVE = {
    "m4a": ("ba[acodec^=mp4a][abr>=?96]",), "opus": ("ba[acodec=opus][abr>=?64]",), "mp3": ("ba[acodec=mp3][abr>=?120]",),
    "flac": ("ba[acodec=flac]", "ba[acodec=alac]"),
}  # fmt: skip
_SIDE_DEMUXERS = "ffmetadata,webvtt,srt,ass,ttml"
LOCAL_FILES_ONLY = ["-protocol_whitelist", "file", "-format_whitelist", f"{DEMUXERS},{_SIDE_DEMUXERS}"]


def parameters(request: Request) -> dict[str, Any]:
    """The parameters of `YoutubeDL` for one request."""
    return {
        **_quiet(),
        **_network(request),
        **_tools(request),
        **_places(request.workdir),
        **_choice(request.profile),
        **_lists(request),
    }


def _quiet() -> dict[str, Any]:
    return {
        "quiet": True,
        "noprogress": True,
        "color": "never",
        "ignoreerrors": False,
        "cachedir": False,
        "updatetime": False,
        "enable_file_urls": False,
        "usenetrc": False,
        "writeinfojson": False,
        "live_from_start": True,  # taken back per medium where a site does not offer it
    }


def _network(request: Request) -> dict[str, Any]:
    return {
        "proxy": request.proxy,
        "cookiefile": str(request.cookies) if request.cookies else None,
        "socket_timeout": SOCKET_SECONDS,
        "retries": 3,
        "fragment_retries": 5,
        "extractor_retries": 2,
        "file_access_retries": 3,
        "skip_unavailable_fragments": False,  # a hole in a film is a failure, not a success
        "concurrent_fragment_downloads": CONCURRENT_FRAGMENTS,
        "continuedl": True,
        "nopart": False,
    }


def _tools(request: Request) -> dict[str, Any]:
    return {
        "ffmpeg_location": request.ffmpeg,
        "js_runtimes": {"deno": {"path": request.deno}} if request.deno else {},
        "remote_components": [],
        "postprocessor_args": {"ffmpeg_i": LOCAL_FILES_ONLY},
        "postprocessors": _postprocessors(request),
    }


def _postprocessors(request: Request) -> list[dict[str, Any]]:
    """What is done to the file, in the order in which yt-dlp itself would. SponsorBlock and subtitles
    are added by the job."""
    profile = request.profile
    steps: list[dict[str, Any]] = []
    if sponsor_categories(profile):
        cut = {name for name in profile.cut if SPONSOR_CATEGORIES.get(name)}
        title = "%(category_names)l"  # a constant: yt-dlp fills in its own names of categories
        steps.append(
            {"key": "ModifyChapters", "remove_sponsor_segments": cut, "sponsorblock_chapter_title": title}
        )
    embeds_words = profile.embed_metadata and profile.kind != "audio"  # of sound see to it `music.tags`
    if embeds_words or profile.embed_chapters:
        steps.append(
            {
                "key": "FFmpegMetadata",
                "add_metadata": embeds_words,
                "add_chapters": profile.embed_chapters,
                "add_infojson": False,
            }
        )
    return steps


def sponsor_categories(profile: Profile) -> list[str]:
    """What SponsorBlock is asked for; only its own names get through."""
    if profile.kind == "gallery":
        return []
    return [name for name in SPONSOR_CATEGORIES if name in profile.mark or name in profile.cut]


def languages_of(profile: Profile) -> list[str]:
    """The tags of the subtitles that are wanted; only what is one gets through."""
    if profile.kind != "video":
        return []
    return [language for language in profile.subtitles if _LANGUAGE.fullmatch(language)]


def _asked(language: str, profile: Profile) -> str:
    """`en` also takes `en-GB`; but not among what machines made, where that is a translation."""
    plain = "-" not in language and language != "all" and not profile.automatic_subtitles
    return f"{language}(-[A-Za-z0-9-]+)?" if plain else language


def _places(workdir: Path) -> dict[str, Any]:
    return {
        "paths": {"home": str(workdir)},
        "outtmpl": {
            "default": f"{MEDIA_STEM}.%(ext)s",
            "thumbnail": f"{THUMBNAIL_STEM}.%(ext)s",
            "subtitle": f"{SUBTITLE_STEM}.%(ext)s",
        },
        "writethumbnail": True,
    }


def _choice(profile: Profile) -> dict[str, Any]:
    """The format ladder: the best that fits, and among equals what needs no re-encoding."""
    if profile.kind == "audio":
        return {"format": "/".join([*_NATIVE.get(profile.audio_format, ()), "ba", "b"]), "format_sort": []}
    sort = [f"res:{int(profile.max_height)}"] if profile.max_height else ["res"]
    if profile.container in _CONTAINER_SORT:
        sort.append(_CONTAINER_SORT[profile.container])
    chosen: dict[str, Any] = {"format": "bv*+ba/b/bv*/ba", "format_sort": sort}
    if profile.container != "keep":
        chosen["merge_output_format"] = f"{profile.container}/mkv"
    if languages := languages_of(profile):
        chosen |= {
            "writesubtitles": True,
            "writeautomaticsub": profile.automatic_subtitles,
            "subtitleslangs": [*(_asked(language, profile) for language in languages), "-live_chat"],
            "subtitlesformat": "vtt/srt/best",
        }
    return chosen


def _lists(request: Request) -> dict[str, Any]:
    return {
        "noplaylist": True,
        "extract_flat": "in_playlist",
        "playlist_items": f"1:{int(request.list_limit)}",
        "lazy_playlist": False,
    }
