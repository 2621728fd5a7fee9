"""How media servers want files to be named, and what they read beside them: Plex, Jellyfin and Kodi for videos,
Navidrome for music.

Sources: Plex, "Naming and organizing your TV show files" (date-based shows) and "Local media assets"
(https://support.plex.tv); Jellyfin, "Shows" and "Local .nfo metadata" (https://jellyfin.org/docs); Kodi, "Naming video
files/TV shows", "NFO files" and "Artwork/Local" (https://kodi.wiki).

A channel is a show whose seasons are years. Each of the three folders is one library of the media server.

Music is filed as `Artist/Album/NN Title`, which Navidrome reads as well as Plex ("Adding music media from folders") and
Jellyfin ("Music"); the presets of video servers leave music where Magpie has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from magpie.downloads.extractors.port import Kind, Medium

Server = Literal["plex", "jellyfin", "kodi", "navidrome"]


class Layout(StrEnum):
    """What a medium is to a media server."""

    EPISODE = "episode"  # with a number of its own
    DATED = "dated"  # an episode that only has a date
    MOVIE = "movie"
    MUSIC_VIDEO = "musicvideo"
    TRACK = "track"  # of an album
    SINGLE = "single"  # a song of which no album is known


@dataclass(frozen=True, slots=True)
class Preset:
    """One media server's wishes; of what has no template it wants nothing.

    `cover`: what follows the medium's name in its picture's; None where pictures belong into the files.
    """

    templates: dict[Layout, str]
    cover: str | None
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
    "navidrome": Preset(
        templates={
            Layout.TRACK: "Music/{album_artist}/{album}/[{disc}-][{track:02} ]{title}",
            Layout.SINGLE: "Music/{album_artist}/{title}",
        },
        cover=None,
        nfo=False,
    ),
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
    """The server's template for a medium; None for what it wants nothing of, which lies as Magpie has it."""
    preset = PRESETS.get(server or "")
    if preset is None or medium.kind not in (Kind.VIDEO, Kind.AUDIO):
        return None
    song = Layout.TRACK if medium.album else Layout.SINGLE
    return preset.templates.get(song if medium.kind is Kind.AUDIO else layout_of(medium))
