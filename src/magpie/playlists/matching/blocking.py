"""Finding the few tracks of a library that a wanted one may be: by title, by artist, by number."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from magpie.playlists.matching.aliases import Aliases, folded_key, is_separated
from magpie.playlists.matching.artists import read, split
from magpie.playlists.matching.filenames import title_of
from magpie.playlists.matching.fold import fold, fold_many, has_cjk, key
from magpie.playlists.tracks import Track

_NOT_LETTERS = re.compile(r"[^\w\n]+|_+")
_SIDE = re.compile(r"\([^()\n]*\)?|\s-\s[^\n]*|\s(?:feat|ft)\b[^\n]*")
_INSIDE = re.compile(r"\(([^()]{2,})\)")
_LATIN = re.compile("[a-z]")
_IN_PARTS = re.compile(r"\(|vevo$| (?:topic|channel|official|band|experience|trio|quartet|quintet|sextet)$")
_TAIL = re.compile(r"\s[-~|/]\s+([^\n(]+)")

Places = list[int]
_NONE: Places = []


def _add(index: dict[str, int | Places], key: str, place: int) -> None:
    """Most keys have one place, which then needs no list."""
    held = index.setdefault(key, place)
    if held == place:
        return
    if isinstance(held, list):
        if held[-1] != place:
            held.append(place)
    else:
        index[key] = [held, place]


def _at(index: dict[str, int | Places], key: str) -> Places:
    held = index.get(key)
    return _NONE if held is None else [held] if isinstance(held, int) else held


def _squeezed(lines: Iterable[str]) -> list[str]:
    return _NOT_LETTERS.sub("", "\n".join(lines)).split("\n")


class Index:
    """Where in a library each title and each artist is. Built once, in about 5 µs a track; titles are read by
    their first part only, so that a whole library need not be parsed."""

    def __init__(self, library: Sequence[Track], aliases: Aliases) -> None:
        self._titles: dict[str, int | Places] = {}
        self._artists: dict[str, int | Places] = {}
        self._library = library
        self.heads = self._index_titles(library) if library else []
        self._index_artists(library, aliases)

    @functools.cached_property
    def _ids(self) -> dict[str, int]:
        return {track.id: place for place, track in enumerate(self._library)}

    @functools.cached_property
    def _isrcs(self) -> dict[str, int | Places]:
        found: dict[str, int | Places] = {}
        for place, track in enumerate(self._library):
            if track.isrc:
                _add(found, isrc(track.isrc), place)
        return found

    @functools.cached_property
    def _mbids(self) -> dict[str, int | Places]:
        found: dict[str, int | Places] = {}
        for place, track in enumerate(self._library):
            if track.mbid:
                _add(found, track.mbid.lower(), place)
        return found

    def _index_titles(self, library: Sequence[Track]) -> list[str]:
        folded = fold_many([title_of(track.title) for track in library])
        plain = _SIDE.sub("", "\n".join(folded)).split("\n")
        heads = _squeezed(plain)
        titles = self._titles
        for place, head in enumerate(heads):
            if not head:  # nothing stands outside brackets, or only marks do
                whole = _NOT_LETTERS.sub("", folded[place])
                _add(titles, whole or folded[place].replace(" ", ""), place)
            elif (held := titles.setdefault(head, place)) != place:
                if isinstance(held, list):
                    held.append(place)
                else:
                    titles[head] = [held, place]
        for place, line in enumerate(folded):
            if "(" in line or " - " in line or " / " in line:
                self._index_sides(line, heads[place], place)
        for place, track in enumerate(library):
            if track.aliases:
                for alias in track.aliases:
                    _add(titles, key(alias), place)
        return heads

    def _index_sides(self, line: str, head: str, place: int) -> None:
        """What stands behind a dash may be the title, and what is in a bracket its name in another language."""
        for side in _TAIL.findall(line):
            if found := _NOT_LETTERS.sub("", side):
                _add(self._titles, found, place)
        for side in _INSIDE.findall(line):
            if side.isascii() != head.isascii() and (found := _NOT_LETTERS.sub("", side)):
                _add(self._titles, found, place)

    def _index_artists(self, library: Sequence[Track], aliases: Aliases) -> None:
        keys: dict[str, tuple[str, ...]] = {}
        index = self._artists
        for place, track in enumerate(library):
            names = track.artists
            if track.album_artist and track.album_artist not in names:
                names = (*names, track.album_artist)
            for name in names:
                found = keys.get(name)
                if found is None:
                    found = keys[name] = self._keys_of(name, aliases)
                for one in found:
                    if (held := index.setdefault(one, place)) == place:
                        continue
                    if isinstance(held, list):
                        held.append(place)
                    else:
                        index[one] = [held, place]

    @staticmethod
    def _keys_of(name: str, aliases: Aliases) -> tuple[str, ...]:
        folded = fold(name)
        in_two_scripts = not folded.isascii() and has_cjk(folded) and _LATIN.search(folded)
        if not in_two_scripts and not is_separated(folded) and not _IN_PARTS.search(folded):
            return (aliases.id_of(folded_key(folded)),)
        found = {aliases.id_of(folded_key(folded)), *read((name,), aliases).keys}
        for piece in split(name, aliases):
            found.update(
                aliases.id_of(folded_key(part)) for part in (piece, *re.split(r"[()]", piece)) if part
            )
        return tuple(found - {""})

    def titled(self, key: str) -> Places:
        """Tracks that have this squeezed title."""
        return _at(self._titles, key)

    def by(self, artist: str) -> Places:
        """Tracks of an artist (an id of the table of aliases)."""
        return _at(self._artists, artist)

    def with_isrc(self, number: str) -> Places:
        return _at(self._isrcs, isrc(number))

    def with_mbid(self, mbid: str) -> Places:
        return _at(self._mbids, mbid.lower())

    def place_of(self, track_id: str) -> int | None:
        """Where the track with this id is."""
        return self._ids.get(track_id)


def isrc(text: str) -> str:
    """An ISRC without the dashes that some write in it."""
    return text.replace("-", "").replace(" ", "").upper()
