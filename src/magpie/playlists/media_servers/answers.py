"""A media server as it is answered: without its secrets."""

from __future__ import annotations

from magpie.context import AppContext
from magpie.playlists.media_servers import service
from magpie.playlists.media_servers.schemas import ServerOut
from magpie.playlists.models import Server

_MADE = ("has_secret", "is_locked")


def server_out(context: AppContext, server: Server) -> ServerOut:
    fields = {name: getattr(server, name) for name in ServerOut.model_fields if name not in _MADE}
    return ServerOut(
        **fields,
        has_secret=service.has_secret(context, server),
        is_locked=service.is_locked(context, server),
    )
