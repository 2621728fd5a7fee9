"""The matcher: which track of a library is the song that a playlist wants.

Pure: it asks neither a database nor the network. What people decided is applied by the caller, before this.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from magpie.playlists.matching import artists, titles
from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.matching.blocking import Index
from magpie.playlists.matching.filenames import title_of
from magpie.playlists.matching.fold import fold, key, squeeze, written_short
from magpie.playlists.matching.romanise import romanised
from magpie.playlists.matching.scoring import FAR_LENGTH, SAME_LENGTH, Finding, Level, Read, album_key, judge
from magpie.playlists.matching.videos import artist_and_song
from magpie.playlists.tracks import Track

CANDIDATES = 5  # shown for review
SAME_ISRC_WITHIN = 8.0  # s: labels give one ISRC to more than one recording
_POOL = 60  # tracks that are read and judged for one wanted
_FEW = 12  # of other artists under one title: only names that no table joins could make one of them right
_MANY = 4_000  # tracks under one title or artist; of more, only those are taken that other keys name, too


_AND = re.compile(r"(?<![a-z])and(?![a-z])")


class Verdict(StrEnum):
    """What is to be done about a wanted track."""

    MATCHED = "matched"
    REVIEW = "review"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track that a person may choose."""

    track: Track
    score: float  # 0..1
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on one wanted track. `track` is set if it is `matched`; `candidates` are the best few, best first.

    `reasons` are codes, some with a detail behind a colon (`version_differs: live`); docs/matching.md lists them.
    """

    verdict: Verdict
    track: Track | None
    score: float
    reasons: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()


class Matcher:
    """Matches wanted tracks against one library. Building it costs some microseconds a track; use it for many."""

    def __init__(self, library: Sequence[Track], aliases: Aliases | None = None) -> None:
        self._library = library
        self._aliases = aliases or Aliases.shipped()
        self._index = Index(library, self._aliases)
        self._read: dict[int, Read] = {}

    def match(self, wanted: Track, *, source_map: Mapping[tuple[str, str], str] | None = None) -> Match:
        """Find what is wanted. `source_map` tells library ids by (source, source_id), from earlier matches."""
        if (known := self._mapped(wanted, source_map)) is not None:
            return Match(Verdict.MATCHED, known, 1.0, ("same_source",))
        read = _read(wanted, self._aliases)
        if (certain := self._by_number(read)) is not None:
            return certain
        findings = self._judged(read)
        if not any(one.level is Level.YES for one in findings):
            findings += self._as_video(wanted)
        findings.sort(key=lambda one: (-one.level, -one.score, one.distance or 0.0))
        return _verdict(findings)

    def _mapped(self, wanted: Track, source_map: Mapping[tuple[str, str], str] | None) -> Track | None:
        if not source_map or not wanted.source or not wanted.source_id:
            return None
        track_id = source_map.get((wanted.source, wanted.source_id))
        place = None if track_id is None else self._index.place_of(track_id)
        return None if place is None else self._library[place]

    def _at(self, place: int) -> Read:
        if (read := self._read.get(place)) is None:
            if len(self._read) > 50_000:  # a bound on memory, seldom reached
                self._read.clear()
            read = self._read[place] = _read(self._library[place], self._aliases)
        return read

    def _by_number(self, wanted: Read) -> Match | None:
        """By MBID, else by ISRC; None if neither settles it."""
        for reason, places in (
            ("same_mbid", self._index.with_mbid(wanted.track.mbid) if wanted.track.mbid else []),
            ("same_isrc", self._index.with_isrc(wanted.track.isrc) if wanted.track.isrc else []),
        ):
            found = [judge(wanted, self._at(place)) for place in places]
            found = [one for one in found if _number_holds(reason, one)]
            if found:
                best = min(found, key=lambda one: (-one.level, -one.score, one.distance or 0.0))
                reasons = (
                    reason,
                    *(one for one in best.reasons if one.startswith(("same_", "artist_alias"))),
                )
                return Match(Verdict.MATCHED, best.held.track, 1.0, reasons, _candidates(found))
        return None

    def _judged(self, wanted: Read) -> list[Finding]:
        """Verdicts on what is worth a look: the same title first, then the likest titles of the same artists."""
        by_artist = self._of_artists(wanted)
        places = self._titled(wanted, by_artist)
        findings = [judge(wanted, self._at(place)) for place in places]
        if by_artist and not any(one.level is Level.YES for one in findings):
            further = dict.fromkeys(self._likest(wanted, by_artist))
            findings += [judge(wanted, self._at(place)) for place in further if place not in places]
        return findings

    def _as_video(self, wanted: Track) -> list[Finding]:
        """Verdicts if the title is `artist - title` and the artist told is but the channel that shows the video."""
        told = artist_and_song(wanted.title)
        if told is None or not wanted.artists:
            return []
        name, title = told
        read = _read(dataclasses.replace(wanted, title=title, artists=(name,), aliases=()), self._aliases)
        if not any(self._index.by(one) for one in read.artists.keys):
            return []
        findings = [one for one in self._judged(read) if one.kinship_is_sure]
        for one in findings:  # somebody else's own recording may be shown under the title of the first one
            if one.level is Level.YES and (one.distance is None or one.distance > SAME_LENGTH):
                one.level = Level.PERHAPS
                one.reasons.insert(0, "artist_unknown")
        return findings

    def _titled(self, wanted: Read, by_artist: Collection[int]) -> dict[int, None]:
        found: dict[int, None] = {}
        for name in _lookups(wanted):
            places = self._index.titled(name)
            if len(places) > _FEW:
                narrowed = [place for place in places if place in by_artist]
                places = narrowed[:_POOL] or self._by_length(places, wanted.track.duration)
            found.update(dict.fromkeys(places))
        return found

    def _of_artists(self, wanted: Read) -> set[int] | frozenset[int]:
        names = wanted.artists.keys | {written_short(one) for one in wanted.artists.keys}
        keys = sorted(names, key=lambda one: len(self._index.by(one)))
        found: set[int] = set()
        for one in keys:
            places = self._index.by(one)
            if len(places) <= _MANY or not found:
                found.update(places)
        return found

    def _by_length(self, places: list[int], duration: float | None) -> list[int]:
        if not duration:
            return places[:_FEW]
        lengths = ((place, self._library[place].duration) for place in places[:_MANY])
        near = sorted((abs(length - duration), place) for place, length in lengths if length)
        return [place for distance, place in near[:_FEW] if distance <= 10]

    def _of_like_length(self, places: list[int], duration: float | None) -> list[int]:
        """Of an artist with hundreds of tracks only those that could still be accepted; of thousands, the first."""
        if len(places) > 500 and duration:
            lengths = ((place, self._library[place].duration) for place in places)
            places = [
                place for place, length in lengths if not length or abs(length - duration) <= FAR_LENGTH
            ]
        return places[:_MANY]

    def _likest(self, wanted: Read, places: Iterable[int]) -> list[int]:
        ordered = self._of_like_length(sorted(places), wanted.track.duration)
        heads = [self._index.heads[place] for place in ordered]
        names = [squeeze(name) for name in _lookups(wanted)]
        found: list[int] = []
        for name in dict.fromkeys(names):
            likest = process.extract(name, heads, scorer=fuzz.partial_ratio, limit=5, score_cutoff=80)
            likest += process.extract(name, heads, scorer=fuzz.ratio, limit=5, score_cutoff=60)
            found += [ordered[at] for _, _, at in likest]
        return [*found, *self._sounding_like(wanted, ordered, heads)]

    def _sounding_like(self, wanted: Read, places: Sequence[int], heads: Sequence[str]) -> list[int]:
        plain, ours = wanted.title.base.isascii(), romanised(wanted.title.base)
        others = [at for at, head in enumerate(heads[:_MANY]) if head and head.isascii() != plain]
        if len(ours) < 4 or not others:
            return []
        sounds = [romanised(heads[at]) for at in others]
        likest = process.extract(ours, sounds, scorer=fuzz.ratio, limit=3, score_cutoff=85)
        return [places[others[at]] for _, _, at in likest]


def _read(track: Track, aliases: Aliases) -> Read:
    first = artists.read(track.artists, aliases)
    keys = {one for member in first.members for one in (member.key, *member.ids)} | {
        fold_key for name in track.artists if (fold_key := squeeze(artists.without_channel(fold(name))))
    }
    if ":" in track.title:
        keys |= aliases.composers
    title = titles.parse(track.title, artist_keys=keys, aliases=track.aliases)
    if not first.members and title.prefix:  # a file that is named `artist - title`
        rest = title_of(track.title).split(" - ", 1)
        if len(rest) == 2:
            title = titles.parse(rest[1], aliases=track.aliases)
            first = artists.read([rest[0]], aliases)
    found = artists.read(track.artists, aliases, title.guests) if title.guests and track.artists else first
    if not found.members and track.album_artist:
        found = artists.read([track.album_artist], aliases, title.guests)
    album, implied = album_key(track.album)
    return Read(track, title, found, album, implied, key(track.title))


def _lookups(wanted: Read) -> list[str]:
    """Squeezed titles to look up: each name, the whole title, and what stands behind a dash."""
    folded = fold(wanted.track.title)
    pieces = [piece for piece in folded.replace("(", " - ").replace(")", " - ").split(" - ") if piece.strip()]
    found = [
        *wanted.title.names,
        *wanted.title.weak,
        squeeze(folded),
        *(squeeze(one) for head in pieces[:1] for one in (_AND.sub(" ", head), head.replace("&", " and "))),
        *(squeeze(piece) for piece in pieces[:3]),
    ]
    return [one for one in dict.fromkeys((*found, *map(written_short, found))) if one]


def _number_holds(reason: str, one: Finding) -> bool:
    """Whether an equal number is to be believed: not if title and artist both say otherwise, or the version does."""
    contradictions = {"title_differs", "number_differs", "artist_differs"} & set(one.reasons)
    names_another = any(doubt.startswith("version_differs") for doubt in one.reasons)
    if reason == "same_mbid":
        return not (contradictions and not {"same_artist", "artist_alias", "same_title"} & set(one.reasons))
    if one.distance is not None and one.distance > SAME_ISRC_WITHIN:
        return False
    if names_another or (one.distance is None and "same_title" not in one.reasons):
        return False
    return not contradictions or bool({"same_artist", "artist_alias", "same_title"} & set(one.reasons))


def _candidates(findings: Sequence[Finding]) -> tuple[Candidate, ...]:
    return tuple(Candidate(one.held.track, one.score, tuple(one.reasons)) for one in findings[:CANDIDATES])


def _verdict(findings: Sequence[Finding]) -> Match:
    shown = _candidates([one for one in findings if one.level or one.score >= 0.6])
    if not findings or findings[0].level is Level.NO:
        reasons = tuple(findings[0].reasons[:1]) if shown else ("nothing_like_it",)
        return Match(Verdict.MISSING, None, shown[0].score if shown else 0.0, reasons, shown)
    best = findings[0]
    if best.level is Level.PERHAPS:
        return Match(Verdict.REVIEW, None, best.score, tuple(best.reasons), shown)
    if _is_ambiguous([one for one in findings if one.level is Level.YES]):
        return Match(Verdict.REVIEW, None, best.score, ("ambiguous", *best.reasons), shown)
    return Match(Verdict.MATCHED, best.held.track, best.score, tuple(best.reasons), shown)


def _is_ambiguous(equals: Sequence[Finding]) -> bool:
    """Whether several recordings fit and nothing chooses: no length is wanted, none is from the album, and theirs differ."""
    best = equals[0]
    if best.distance is not None or "same_album" in best.reasons:
        return False
    rivals = [one for one in equals[1:] if best.score - one.score < 0.03]
    lengths = [one.held.track.duration for one in (best, *rivals) if one.held.track.duration]
    return bool(lengths) and max(lengths) - min(lengths) > 20
