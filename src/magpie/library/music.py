"""The columns by which music is sorted and found, from what extractors know of a medium."""

from __future__ import annotations

from typing import Any

from magpie.downloads.extractors.music.numbers import isrc, place
from magpie.downloads.extractors.port import Medium
from magpie.library.models import Item

MAX_GENRE = 128


def describe(item: Item, medium: Medium) -> None:
    """Fill in what the site, the file's tags or an album's list say; what nobody says is empty."""
    extra = medium.extra
    item.album_artist = _text(extra.get("album_artist"))
    item.track_number, item.disc_number = place(extra.get("track_number")), place(extra.get("disc_number"))
    genre = _text(extra.get("genre"))
    item.genre = genre[:MAX_GENRE] if genre else None
    item.isrc = isrc(extra.get("isrc"))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
