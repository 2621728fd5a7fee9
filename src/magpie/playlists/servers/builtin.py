"""The kinds of media servers that ship with Magpie."""

from __future__ import annotations

from magpie.playlists.servers import jellyfin, plex, subsonic
from magpie.playlists.servers.port import ServerKind


def builtin_servers() -> list[ServerKind]:
    return [plex.KIND, jellyfin.KIND, subsonic.KIND]
