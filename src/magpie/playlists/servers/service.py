"""Reaching a media server, whatever its kind."""

from __future__ import annotations

from magpie.playlists.servers.port import Login, MediaServer, ServerKind


def kinds() -> dict[str, ServerKind]:
    """Every kind of media server there is, by name; a plug-in's stands before one that ships with Magpie."""
    from magpie.plugins import plugins  # it imports what ships, and that imports this package

    found: dict[str, ServerKind] = {}
    for kind in plugins().media_servers:
        found.setdefault(kind.name, kind)
    return found


def connect(kind: str, login: Login) -> MediaServer:
    """A connection that has asked nothing yet; close it. Raises `LookupError` for a kind that is not there, and
    `ServerFailed` for an address that cannot be one."""
    known = kinds().get(kind)
    if known is None:
        raise LookupError(f"There is no media server of the kind {kind!r}.")
    return known.connect(login)
