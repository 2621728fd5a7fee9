"""The platforms that ship with Magpie."""

from __future__ import annotations

from magpie.playlists.sources.apple.source import AppleMusic
from magpie.playlists.sources.deezer.source import Deezer
from magpie.playlists.sources.listenbrainz.source import ListenBrainz
from magpie.playlists.sources.netease.source import NetEase
from magpie.playlists.sources.port import Source
from magpie.playlists.sources.qq.source import QQ
from magpie.playlists.sources.spotify.source import Spotify
from magpie.playlists.sources.ytmusic.source import YTMusic


def builtin_sources() -> list[Source]:
    """In the order in which they are asked whose a pasted text is."""
    return [NetEase(), QQ(), Spotify(), YTMusic(), Deezer(), ListenBrainz(), AppleMusic()]
