"""Matchers that are kept between syncs: building one for a hundred thousand tracks takes a second."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

from magpie import __version__
from magpie.context import AppContext
from magpie.kit.db import ReadSession
from magpie.playlists.index import service as index
from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.matching.service import Matcher
from magpie.playlists.tasks import repository
from magpie.playlists.tracks import Track

# Tracks in all matchers that are kept; each takes some kilobytes. A larger library's is made when it is needed.
MOST_TRACKS = 60_000


class Rules(NamedTuple):
    """What verdicts rest on besides the songs and the tracks: a digest, and the user's own names of artists."""

    digest: str
    names: tuple[tuple[str, ...], ...]


def rules_of(session: ReadSession, user_id: int) -> Rules:
    """The rules that a user's songs are judged by; another version of the program may judge otherwise."""
    rows = tuple(tuple(map(str, row.names)) for row in repository.alias_rows(session, user_id))
    digest = sha256(repr((__version__, rows)).encode(errors="surrogatepass")).hexdigest()[:24]
    return Rules(digest, rows)


class _Key(NamedTuple):
    server_id: int
    revision: int
    rules: str


class Matchers:
    """The matchers of one process. Thread-safe."""

    def __init__(self, make: Callable[[Sequence[Track], Aliases], Matcher] = Matcher) -> None:
        self._make = make
        self._kept: OrderedDict[_Key, tuple[int, Matcher]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, context: AppContext, server_id: int, revision: int, rules: Rules) -> Matcher:
        """A matcher for what is known of a server's music."""
        key = _Key(server_id, revision, rules.digest)
        with self._lock:  # two that need the same one do not both make it
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][1]
            for old in [one for one in self._kept if one.server_id == server_id and one.revision != revision]:
                del self._kept[old]
            with context.database.read() as session:
                tracks = index.tracks(session, server_id)
            shipped = Aliases.shipped()
            made = self._make(tracks, shipped.with_extra(rules.names) if rules.names else shipped)
            if len(tracks) <= MOST_TRACKS:
                self._kept[key] = len(tracks), made
                while sum(count for count, _ in self._kept.values()) > MOST_TRACKS:
                    self._kept.popitem(last=False)
            return made
