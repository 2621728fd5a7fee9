"""An item as the search sees it."""

from __future__ import annotations

from typing import Protocol

from magpie.library.search import terms
from magpie.library.search.derived import extra


class Searched(Protocol):
    """The columns of an item, or of a row of the items, that are searched."""

    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def artist(self) -> str | None: ...
    @property
    def album(self) -> str | None: ...
    @property
    def album_artist(self) -> str | None: ...
    @property
    def genre(self) -> str | None: ...
    @property
    def isrc(self) -> str | None: ...
    @property
    def description(self) -> str | None: ...
    @property
    def site(self) -> str: ...


COLUMNS = ("kind", "title", "artist", "album", "album_artist", "genre", "isrc", "description", "site")


def names_of(item: Searched) -> tuple[str | None, ...]:
    return (item.title, item.artist, item.album, item.album_artist)


def texts_of(item: Searched) -> tuple[str | None, ...]:
    return (item.description, item.genre, item.isrc)


def facts(
    *,
    kind: str | None = None,
    site: str | None = None,
    artist: str | None = None,
    album: str | None = None,
    genre: str | None = None,
) -> set[str]:
    """The terms of what must be exactly so."""
    pairs = (("k", kind), ("s", site), ("a", artist), ("b", album), ("g", genre))
    return {term for letter, value in pairs if (term := terms.fact(letter, value))}


def terms_of(item: Searched) -> set[str]:
    """All terms of the item."""
    said = facts(kind=item.kind, site=item.site, artist=item.artist, album=item.album, genre=item.genre)
    return said | terms.index_terms(names_of(item), texts_of(item), (item.site,))


def extra_of(item: Searched) -> str:
    """Of these, what PostgreSQL does not make of the item's columns by itself."""
    names, texts, places = names_of(item), texts_of(item), (item.site,)
    return extra(terms.index_terms(names, texts, places), names, texts, places)
