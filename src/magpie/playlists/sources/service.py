"""What the rest of Magpie asks of sources: whose playlist a text is about, and what is in it."""

from __future__ import annotations

from magpie.playlists.sources import share
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.port import Source, SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.sources.registry import sources

AUTO = "auto"
FILE = "file"


def recognise(text: str, platform: str = AUTO) -> SourceRef | None:
    """The playlist that a text names, without asking anybody: a link, or a bare id if the platform is known."""
    if platform == FILE:
        return None
    asked = list(sources().values()) if platform == AUTO else [_source(platform)]
    found = share.recognise(text, asked)
    return found if found or platform == AUTO else asked[0].of_id(text)


def resolve(text: str, fetcher: Fetcher, platform: str = AUTO) -> SourceRef:
    """As `recognise`, and short links are followed. Raises `SourceFailed`."""
    found = recognise(text, platform)
    if found is not None:
        return found
    return share.resolve(text, fetcher, sources().values() if platform == AUTO else [_source(platform)])


def fetch(ref: SourceRef, fetcher: Fetcher) -> SourcePlaylist:
    """The playlist as it is now. Raises `SourceFailed`; what goes wrong in between is told by `is_complete`."""
    source = _source(ref.platform)
    lacking = [name for name in source.needs if not getattr(fetcher.settings, name, None)]
    if lacking:
        names = " and ".join(f"MAGPIE_{name.upper()}" for name in lacking)
        raise SourceFailed("not_configured", f"{source.title} needs {names}.")
    return source.fetch(ref, fetcher)


def _source(platform: str) -> Source:
    found = sources().get(platform)
    if found is None:
        raise SourceFailed("not_configured", f"There is no source of playlists that is called {platform}.")
    return found
