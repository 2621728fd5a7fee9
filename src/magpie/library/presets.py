"""How Plex, Jellyfin and Kodi want videos to be named, and what they read beside them.

Sources: Plex, "Naming and organizing your TV show files" (date-based shows) and "Local media assets"
(https://support.plex.tv); Jellyfin, "Shows" and "Local .nfo metadata" (https://jellyfin.org/docs); Kodi, "Naming video
files/TV shows", "NFO files" and "Artwork/Local" (https://kodi.wiki).

A channel is a show whose seasons are years. Each of the three folders is one library of the media server.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from magpie.downloads.extractors.port import Kind, Medium

Server = Literal["plex", "jellyfin", "kodi"]


class Layout(StrEnum):
    """What a video is to a media server."""

    EPISODE = "episode"  # with a number of its own
    DATED = "dated"  # an episode that only has a date
    MOVIE = "movie"
    MUSIC_VIDEO = "musicvideo"


@dataclass(frozen=True, slots=True)
class Preset:
    """One media server's wishes. `cover`: what follows the video's name in its picture's."""

    templates: dict[Layout, str]
    cover: str
    nfo: bool
    subtitle_format: str = "srt"


_SEASON = "TV/{channel}/Season {season:02}/{channel} - "
_COMMON = {
    Layout.EPISODE: _SEASON + "S{season:02}E{episode:02} - {title}",
    Layout.MOVIE: "Movies/{title}[ ({year})]/{title}[ ({year})]",
    Layout.MUSIC_VIDEO: "Music Videos/{artist}/{artist} - {title}",
}
# Two videos of one day have one number: the id keeps their names apart.
_NUMBERED_BY_DAY = _SEASON + "S{season:02}E{episode:04} - {title} [[{id}]]"

PRESETS: dict[str, Preset] = {
    "plex": Preset(
        templates=_COMMON | {Layout.DATED: _SEASON + "{date:%Y-%m-%d} - {title} [[{id}]]"},
        cover="",
        nfo=False,
    ),
    "jellyfin": Preset(templates=_COMMON | {Layout.DATED: _NUMBERED_BY_DAY}, cover="-thumb", nfo=True),
    "kodi": Preset(templates=_COMMON | {Layout.DATED: _NUMBERED_BY_DAY}, cover="-thumb", nfo=True),
}


def layout_of(medium: Medium) -> Layout:
    """What a video is. Without a channel, or without a number and a date, it stands alone as a film."""
    extra = medium.extra
    if extra.get("track") and medium.artist and not extra.get("series"):
        return Layout.MUSIC_VIDEO
    if not (extra.get("series") or extra.get("channel") or medium.artist):
        return Layout.MOVIE
    if isinstance(extra.get("episode_number"), int):
        return Layout.EPISODE
    return Layout.DATED if medium.published_at else Layout.MOVIE


def template_for(medium: Medium, server: str | None) -> str | None:
    """The server's template for a medium; None for what is no video, and lies as Magpie has it."""
    preset = PRESETS.get(server or "")
    return preset.templates[layout_of(medium)] if preset and medium.kind is Kind.VIDEO else None
