"""Jellyfin: JSON, by an API key of the household or as a user with a password."""

from magpie.playlists.servers.jellyfin.server import CAPABILITIES, JellyfinServer
from magpie.playlists.servers.port import ServerKind

__all__ = ["KIND", "JellyfinServer"]

KIND = ServerKind("jellyfin", "Jellyfin", CAPABILITIES, ("token", "password"), JellyfinServer)
