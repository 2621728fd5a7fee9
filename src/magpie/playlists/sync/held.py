"""Songs that Magpie has fetched itself: by their files, the server's tracks that they have become."""

from __future__ import annotations

from sqlalchemy import select

from magpie.kit.db import ReadSession
from magpie.library.models import ItemFile
from magpie.playlists.index import service as index
from magpie.playlists.missing.models import SongOrder
from magpie.playlists.models import Server


def server_path(server: Server, path: str) -> str | None:
    """Where a server sees a file of our media folder; None if nobody has said where that lies for it."""
    if not server.media_root:
        return None
    root = server.media_root.rstrip("/\\")
    if "\\" in root and "/" not in root:
        return root + "\\" + path.replace("/", "\\")
    return f"{root}/{path}"


def by_source(session: ReadSession, user_id: int, server: Server) -> dict[tuple[str, str], str]:
    """Of every song that was fetched for a user its track on the server, by platform and the id there."""
    if not server.media_root:
        return {}
    query = select(SongOrder.song_key, ItemFile.path).join(ItemFile, ItemFile.item_id == SongOrder.item_id)
    query = query.where(SongOrder.user_id == user_id, ItemFile.position == 0).order_by(SongOrder.id)
    paths = {key: path for key, file in session.execute(query) if (path := server_path(server, file))}
    tracks = index.by_paths(session, server.id, set(paths.values()))
    found = {}
    for key, path in paths.items():
        platform, _, source_id = key.partition(":")
        if source_id and path in tracks:
            found[(platform, source_id)] = tracks[path].id
    return found
