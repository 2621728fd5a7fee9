"""Music platforms to test against: doubles on 127.0.0.1 with one playlist each, which can be broken in many ways."""

from tests.support.platforms.apple import AppleDouble
from tests.support.platforms.base import Listing, Platform, Song, Trouble, songs
from tests.support.platforms.deezer import DeezerDouble
from tests.support.platforms.listenbrainz import ListenBrainzDouble
from tests.support.platforms.netease import NetEaseDouble
from tests.support.platforms.qq import QQDouble
from tests.support.platforms.spotify import SpotifyApiDouble, SpotifyPageDouble
from tests.support.platforms.ytmusic import YTMusicDouble

ALL: tuple[type[Platform], ...] = (
    NetEaseDouble,
    QQDouble,
    SpotifyPageDouble,
    SpotifyApiDouble,
    YTMusicDouble,
    DeezerDouble,
    ListenBrainzDouble,
    AppleDouble,
)

__all__ = [
    "ALL",
    "AppleDouble",
    "DeezerDouble",
    "ListenBrainzDouble",
    "Listing",
    "NetEaseDouble",
    "Platform",
    "QQDouble",
    "Song",
    "SpotifyApiDouble",
    "SpotifyPageDouble",
    "Trouble",
    "YTMusicDouble",
    "songs",
]
