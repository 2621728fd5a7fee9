"""The songs of a source's playlist, as they are stored: told apart, brought up to date, and never lost to a bad day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from magpie.kit.db import WriteSession
from magpie.playlists.matching.fold import fold
from magpie.playlists.models import Mode, Song
from magpie.playlists.sources.port import SourcePlaylist
from magpie.playlists.sync.plan import plan
from magpie.playlists.tasks import repository
from magpie.playlists.tracks import Track

MAX_KEY = 128
MAX_ID = 255
FACTS = (
    "title",
    "artists",
    "album",
    "duration",
    "isrc",
    "mbid",
    "aliases",
    "url",
    "cover_url",
    "is_available",
)
# Facts that a verdict may depend on.
_JUDGED = ("title", "artists", "album", "duration", "isrc", "mbid", "aliases")
MAX_ISRC, MAX_MBID = 16, 64


def song_key(track: Track) -> str:
    """What names a song in every playlist: its id at its platform, or a digest of its folded facts."""
    if track.source and track.source_id:
        key = f"{track.source}:{track.source_id}"
        if len(key) <= MAX_KEY:
            return key
        return f"{track.source[:32]}#{sha256(key.encode(errors='surrogatepass')).hexdigest()[:40]}"
    facts = "\x1f".join([fold(track.title), *sorted(map(fold, track.artists)), fold(track.album or "")])
    length = "" if track.duration is None else str(round(track.duration / 4))
    return "facts#" + sha256(f"{facts}\x1e{length}".encode(errors="surrogatepass")).hexdigest()[:40]


def track_of(song: Song) -> Track:
    """The song as the matcher takes it."""
    source, _, source_id = song.song_key.partition(":")
    return Track(
        id=song.song_id,
        title=song.title,
        artists=tuple(song.artists),
        album=song.album,
        duration=song.duration,
        isrc=song.isrc,
        mbid=song.mbid,
        aliases=tuple(song.aliases),
        source=source if source_id else None,
        source_id=source_id or None,
        url=song.url,
        cover_url=song.cover_url,
        is_available=song.is_available,
    )


def _row(track: Track) -> dict[str, Any]:
    return {
        "title": track.title,
        "artists": list(track.artists),
        "album": track.album,
        "duration": track.duration,
        "isrc": track.isrc[:MAX_ISRC] if track.isrc else None,
        "mbid": track.mbid[:MAX_MBID] if track.mbid else None,
        "aliases": list(track.aliases),
        "url": track.url,
        "cover_url": track.cover_url,
        "is_available": track.is_available,
    }


def fresh(tracks: Sequence[Track]) -> list[Song]:
    """Songs as they would be stored, numbered from -1 downwards: for looking at a playlist without keeping it."""
    return [
        Song(
            id=-1 - place, position=place, song_key=song_key(track), song_id=track.id[:MAX_ID], **_row(track)
        )
        for place, track in enumerate(tracks)
    ]


def order_of(before: Sequence[str], now: Sequence[str], *, is_complete: bool) -> list[tuple[str, int | None]]:
    """The songs that are wanted from now on: each key, with its place in `now` (None: only known from before).

    From a list that is not complete nothing is lost: what was there before keeps its place among the others.
    """
    if is_complete:
        return [(key, place) for place, key in enumerate(now)]
    places: Mapping[str, list[int]] = defaultdict(list)
    for place, key in enumerate(now):
        places[key].append(place)
    taken: Counter[str] = Counter()
    found: list[tuple[str, int | None]] = []
    for key in plan(before, now, Mode.APPEND).result:
        known = places[key]
        found.append((key, known[taken[key]] if taken[key] < len(known) else None))
        taken[key] += 1
    return found


def store(session: WriteSession, task_id: int, playlist: SourcePlaylist) -> bool:
    """Bring a task's songs up to date; whether anything has changed. The same song keeps its row."""
    songs = repository.songs(session, task_id)
    keys = [song_key(track) for track in playlist.tracks]
    order = order_of([song.song_key for song in songs], keys, is_complete=playlist.is_complete)
    rows: dict[str, list[Song]] = defaultdict(list)
    for song in reversed(songs):
        rows[song.song_key].append(song)
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    to_judge: list[int] = []
    for position, (key, place) in enumerate(order):
        known = rows[key].pop() if rows[key] else None
        facts = None if place is None else _row(playlist.tracks[place])
        if known is None and place is not None and facts is not None:
            named = playlist.tracks[place].id[:MAX_ID]
            added.append(
                {"task_id": task_id, "position": position, "song_key": key, "song_id": named, **facts}
            )
        elif known is not None:
            before = {name: getattr(known, name) for name in FACTS}
            facts = facts or before
            if known.position != position or before != facts:
                changed.append({"id": known.id, "position": position, **facts})
            if any(before[name] != facts[name] for name in _JUDGED):
                to_judge.append(known.id)
    gone = [song.id for left in rows.values() for song in left]
    repository.delete_songs(session, gone)
    repository.write_songs(session, changed)
    repository.forget_songs_matches(session, to_judge)
    repository.add_songs(session, added)
    return bool(gone or changed or added)
