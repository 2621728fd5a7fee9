"""Commands that save beside the server: playlists hear of what they bring, too.

Such a process has no engine. What it writes into `song_arrivals` is found by the server's reconciler within seconds.
"""

from __future__ import annotations

from sqlalchemy import select

from magpie.context import AppContext
from magpie.playlists.models import Target


def follow_command(context: AppContext) -> None:
    """Have what this command downloads awaited wherever a playlist misses it. What that takes (the matcher, mostly) is
    loaded only where playlists are kept at all."""
    with context.database.read() as session:
        if session.scalar(select(Target.id).limit(1)) is None:
            return
    from magpie.playlists.missing import followers

    followers.follow(context)
