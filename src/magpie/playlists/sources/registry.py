"""Which platforms there are: those that ship with Magpie and those of plug-ins."""

from __future__ import annotations

from magpie.playlists.sources.port import Source
from magpie.plugins import plugins


def sources() -> dict[str, Source]:
    """By name. A plug-in's source goes before one that ships, and stands in for it under the same name."""
    found: dict[str, Source] = {}
    for source in plugins().playlist_sources:
        found.setdefault(source.name, source)
    return found
