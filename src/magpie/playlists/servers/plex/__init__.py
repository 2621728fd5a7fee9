"""Plex Media Server, as python-plexapi calls it: XML, paging by headers, a token in a header."""

from magpie.playlists.servers.plex.server import CAPABILITIES, PlexServer
from magpie.playlists.servers.port import ServerKind

__all__ = ["KIND", "PlexServer"]

KIND = ServerKind("plex", "Plex", CAPABILITIES, ("token",), PlexServer)
