"""The profiles that ship with Magpie."""

from __future__ import annotations

from dataclasses import dataclass

from magpie.profiles.schemas import Embed, ProfileSpec, Subtitles


@dataclass(frozen=True, slots=True)
class Shipped:
    """One of them, and what it is for."""

    spec: ProfileSpec
    description: str


_ENGLISH = Subtitles(languages=["en"])

SHIPPED: dict[str, Shipped] = {
    "video": Shipped(ProfileSpec(), "The best picture with the best sound, as the site has them."),
    "audio": Shipped(ProfileSpec(kind="audio"), "The best sound, as the site has it."),
    "gallery": Shipped(ProfileSpec(kind="gallery"), "All pictures of a page, a post or a gallery."),
    "best-2160p": Shipped(ProfileSpec(max_height=2160), "Video of at most 2160 lines."),
    "best-1080p": Shipped(ProfileSpec(max_height=1080), "Video of at most 1080 lines."),
    "best-720p": Shipped(ProfileSpec(max_height=720), "Video of at most 720 lines."),
    "mp4-1080p": Shipped(
        ProfileSpec(max_height=1080, container="mp4"), "MP4 of at most 1080 lines, which every device plays."
    ),
    "mp3": Shipped(ProfileSpec(kind="audio", audio_format="mp3"), "Sound as MP3, for old players."),
    "music": Shipped(
        ProfileSpec(kind="audio", media_server="navidrome", embed=Embed(thumbnail=True)),
        "Sound as the site has it, tagged, and named Artist/Album/NN Title for Navidrome, Plex and Jellyfin.",
    ),
    "plex": Shipped(
        ProfileSpec(media_server="plex", subtitles=_ENGLISH),
        "Video with the names and side files that Plex reads.",
    ),
    "jellyfin": Shipped(
        ProfileSpec(media_server="jellyfin", subtitles=_ENGLISH),
        "Video with the names and side files that Jellyfin reads.",
    ),
    "kodi": Shipped(
        ProfileSpec(media_server="kodi", subtitles=_ENGLISH),
        "Video with the names and side files that Kodi reads.",
    ),
}
DEFAULT = "video"
