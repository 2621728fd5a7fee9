"""Lyrics that sites hand out as LRC: yt-dlp knows them as subtitles."""

from __future__ import annotations

from typing import Any

from magpie.downloads.extractors.port import Profile
from magpie.downloads.extractors.ytdlp.downloader import Downloader

LANGUAGE = "lyrics"
# In the order in which they are taken: the words as they are sung, before translations.
_PREFERRED = ("lyrics", "origin", "original")
_TRANSLATED = ("trans", "merged", "roma")


def ask_for_lyrics(downloader: Downloader, info: dict[str, Any], profile: Profile) -> None:
    """Have the lyrics of a track fetched, if the profile wants sound with them and the site has some."""
    if profile.kind != "audio" or not profile.lyrics:
        return
    track = _best(info.get("subtitles"))
    if track is not None:
        downloader.params["writesubtitles"] = True
        info["requested_subtitles"] = {LANGUAGE: dict(track)}


def _best(subtitles: Any) -> dict[str, Any] | None:
    tracks = subtitles.items() if isinstance(subtitles, dict) else ()
    timed = {
        str(language): track
        for language, choices in tracks
        for track in (choices if isinstance(choices, list) else ())
        if isinstance(track, dict) and track.get("ext") == "lrc"
    }
    ranked = sorted(
        timed, key=lambda language: (language not in _PREFERRED, _is_translated(language), language)
    )
    return timed[ranked[0]] if ranked else None


def _is_translated(language: str) -> bool:
    return any(mark in language.casefold() for mark in _TRANSLATED)
