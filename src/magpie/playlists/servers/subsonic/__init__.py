"""The Subsonic API: Navidrome, gonic, Airsonic, Supysonic and many more."""

from magpie.playlists.servers.port import ServerKind
from magpie.playlists.servers.subsonic.server import CAPABILITIES, SubsonicServer

__all__ = ["KIND", "SubsonicServer"]

KIND = ServerKind(
    "subsonic", "Subsonic API (Navidrome, gonic, …)", CAPABILITIES, ("password", "token"), SubsonicServer
)
