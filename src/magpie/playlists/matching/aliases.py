"""Artists' names: which are one artist's, in several scripts and spellings.

`aliases.txt` ships with Magpie; people add their own rows. A row joins names; it never joins artists.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from types import MappingProxyType

from magpie.playlists.matching.fold import fold, squeeze

KINDS = ("artist", "composer", "voice")
_AMPERSAND = re.compile(r"(?<=\w)\s*[&+]\s*(?=\w)")
_SEPARATED = re.compile(
    r"[/&,+;|\\]|(?<![a-z])(?:and|y|e|und|et|con|x|with|w/|vs|feat|ft|featuring|starring|presents|pres)(?![a-z])"
)


class Aliases:
    """Finds the artist that a name stands for. Immutable; `with_extra` makes a new one.

    Artists are told apart by the squeezed fold of the first name of their row.
    """

    def __init__(
        self, ids: Mapping[str, str], protected: frozenset[str], kinds: Mapping[str, str] | None = None
    ) -> None:
        self._ids = MappingProxyType(dict(ids))
        self._protected = protected
        self._kinds = MappingProxyType(dict(kinds or {}))
        names: dict[str, list[str]] = {}
        for key, artist in self._ids.items():
            names.setdefault(artist, []).append(key)
        self._names = MappingProxyType({artist: tuple(keys) for artist, keys in names.items()})

    @classmethod
    def shipped(cls) -> Aliases:
        """The table that comes with Magpie; read once."""
        return _shipped()

    @functools.cached_property
    def composers(self) -> frozenset[str]:
        """The squeezed names of composers: a work's title may begin with one."""
        return frozenset(key for key, artist in self._ids.items() if self._kinds.get(artist) == "composer")

    @classmethod
    def empty(cls) -> Aliases:
        return cls({}, frozenset())

    def with_extra(self, rows: Iterable[Sequence[str]]) -> Aliases:
        """With more rows of names. A row that shares a name with a known artist adds to that artist.

        If its names belong to several known artists, those stay apart, and the row's new names go to the first of
        them: a row by mistake must not make two artists one.
        """
        ids, protected = dict(self._ids), set(self._protected)
        for row in rows:
            keys = [name_key(name) for name in row]
            artist = next((ids[key] for key in keys if key in ids), next((key for key in keys if key), ""))
            for name, key in zip(row, keys, strict=True):
                if key:
                    ids.setdefault(key, artist)
                    if is_separated(fold(name)):
                        protected.add(key)
        return Aliases(ids, frozenset(protected), self._kinds)

    def id_of(self, key: str) -> str:
        """The artist of a squeezed name; an unknown name stands for itself."""
        return self._ids.get(key, key)

    def knows(self, key: str) -> bool:
        return key in self._ids

    def is_protected(self, key: str) -> bool:
        """Whether a name that looks like several is one: AC/DC, Earth, Wind & Fire."""
        return key in self._protected

    def keys_of(self, artist: str) -> tuple[str, ...]:
        """All squeezed names of an artist, for finding it in an index."""
        return self._names.get(artist, (artist,))

    def kind_of(self, artist: str) -> str:
        """`composer` and `voice` (a synthetic one) stand beside those who make the recording; else `artist`."""
        return self._kinds.get(artist, "artist")


def name_key(name: str) -> str:
    """What names are looked up by: squeezed, `&` and `+` as `and`, without a leading `the`."""
    return folded_key(fold(name))


def folded_key(folded: str) -> str:
    """`name_key` of a name that is folded already."""
    if folded.isalnum():
        return folded
    squeezed = squeeze(_AMPERSAND.sub(" and ", folded))
    return squeezed[3:] if folded.startswith("the ") and len(squeezed) > 5 else squeezed


def is_separated(folded: str) -> bool:
    """Whether a folded name looks like several."""
    return _SEPARATED.search(folded) is not None


def rows(text: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Kind and names of each row of a table; `#` begins a remark, `@kind` a part."""
    kind = "artist"
    for line in map(str.strip, text.splitlines()):
        if line.startswith("@"):
            kind = line[1:]
        elif line and not line.startswith("# "):
            yield kind, tuple(name for name in (one.strip() for one in line.split("|")) if name)


@functools.cache
def _shipped() -> Aliases:
    text = resources.files(__package__).joinpath("aliases.txt").read_text(encoding="utf-8")
    ids: dict[str, str] = {}
    kinds: dict[str, str] = {}
    protected = set()
    for kind, names in rows(text):
        keys = [name_key(name) for name in names]
        for name, key in zip(names, keys, strict=True):
            ids.setdefault(key, keys[0])
            if is_separated(fold(name)):
                protected.add(key)
        if kind != "artist":
            kinds[keys[0]] = kind
    return Aliases(ids, frozenset(protected), kinds)
