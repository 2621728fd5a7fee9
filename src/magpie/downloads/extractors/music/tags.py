"""Tags in sound files, under the names that MusicBrainz Picard writes and Plex, Jellyfin and Navidrome read.

Sources: "Tag Mapping" of the MusicBrainz Picard documentation (https://picard-docs.musicbrainz.org), ID3v2.4 frames
(https://id3.org/id3v2.4.0-frames), RFC 7845 (Opus), RFC 9639 (FLAC), Navidrome's tag mappings (`mappings.yaml`).

One name stands for all artists as they are shown (ARTIST), a second one lists them one by one (ARTISTS).
"""

# mypy: disallow-untyped-calls=False
from __future__ import annotations

import shutil
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mutagen
from mutagen.aiff import AIFF
from mutagen.flac import FLAC
from mutagen.id3 import COMM, ID3, TXXX, USLT, Frames
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4, AtomDataType, MP4FreeForm
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from magpie.downloads.extractors.audio import run_ffmpeg
from magpie.downloads.extractors.music.loudness import Loudness
from magpie.downloads.failures import DownloadFailure

SOURCE = "MAGPIE_SOURCE"  # our own: `extractor id`, as the library's items are told apart
# What mutagen raises on files that are not quite what they seem.
UNWILLING = (
    mutagen.MutagenError, ValueError, KeyError, IndexError, OverflowError, TypeError, EOFError, struct.error,
)  # fmt: skip
_MEAN = "----:com.apple.iTunes:"
_ID3: Mapping[str, str] = {
    "title": "TIT2", "artist": "TPE1", "album": "TALB", "albumartist": "TPE2", "date": "TDRC", "genre": "TCON",
    "composer": "TCOM", "isrc": "TSRC", "compilation": "TCMP",
}  # fmt: skip
_MP4: Mapping[str, str] = {
    "title": "\xa9nam", "artist": "\xa9ART", "album": "\xa9alb", "albumartist": "aART", "date": "\xa9day",
    "genre": "\xa9gen", "composer": "\xa9wrt", "comment": "\xa9cmt", "lyrics": "\xa9lyr",
}  # fmt: skip
_MATROSKA: Mapping[str, str] = {
    "title": "title", "artist": "artist", "album": "album", "albumartist": "album_artist", "date": "date", "genre": "genre",
    "composer": "composer", "comment": "comment", "lyrics": "lyrics", "isrc": "isrc", "compilation": "compilation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tags:
    """What is known of a track. `number` and `disc`: the place, and of how many if that is known.

    `date`: `2026`, `2026-02` or `2026-02-03`; `source`: extractor and id; `comment`: the address.
    """

    title: str
    artists: tuple[str, ...] = ()
    artist: str | None = None
    album: str | None = None
    album_artist: str | None = None
    album_artists: tuple[str, ...] = ()
    number: tuple[int, int | None] | None = None
    disc: tuple[int, int | None] | None = None
    date: str | None = None
    genres: tuple[str, ...] = ()
    composers: tuple[str, ...] = ()
    isrc: str | None = None
    lyrics: str | None = None
    comment: str | None = None
    source: str | None = None
    is_compilation: bool = False

    def texts(self) -> dict[str, list[str]]:
        """By Picard's own names, all that is text and has a value."""
        found: dict[str, list[str | None]] = {
            "title": [self.title],
            "artist": [self.artist],
            "artists": [*self.artists],
            "album": [self.album],
            "albumartist": [self.album_artist],
            "albumartists": [*self.album_artists],
            "date": [self.date],
            "genre": [*self.genres],
            "composer": [*self.composers],
            "isrc": [self.isrc],
            "lyrics": [self.lyrics],
            "comment": [self.comment],
            "compilation": ["1" if self.is_compilation else None],
            SOURCE.casefold(): [self.source],
        }
        kept = {name: [value for value in values if value] for name, values in found.items()}
        return {name: values for name, values in kept.items() if values}


def write_tags(path: Path, tags: Tags, loudness: Loudness | None, *, ffmpeg: str, keep: bool = False) -> bool:
    """Write the tags into a copy that then takes the file's place; whether the file took them.

    `keep`: what the file says already stays, for files that somebody else has tagged. A file of a kind that has no
    tags, or that is not quite what it seems, stays as it is.
    """
    draft = path.with_name(f"tagged{path.suffix}")
    try:
        if path.suffix.lower() in (".mka", ".mkv", ".webm"):
            _matroska(path, draft, tags, loudness, ffmpeg)
        else:
            shutil.copyfile(path, draft)
            if not _write(draft, tags, loudness, keep=keep):
                return False
        draft.replace(path)
    except (*UNWILLING, DownloadFailure):
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def _write(path: Path, tags: Tags, loudness: Loudness | None, *, keep: bool) -> bool:
    file = mutagen.File(path)
    for kinds, writer in _WRITERS:
        if isinstance(file, kinds):
            if file.tags is None:
                file.add_tags()
            writer(file, tags, loudness, keep)
            file.save(**({"v2_version": 4} if isinstance(file.tags, ID3) else {}))
            return True
    return False


def _id3(file: Any, tags: Tags, loudness: Loudness | None, keep: bool) -> None:
    own: ID3 = file.tags

    def put(frame: Any) -> None:
        if not keep or not own.getall(frame.HashKey):
            own.setall(frame.HashKey, [frame])

    for name, values in tags.texts().items():
        if name == "lyrics":
            put(USLT(encoding=3, lang="und", desc="", text=values[0]))
        elif name == "comment":
            put(COMM(encoding=3, lang="XXX", desc="", text=values))
        elif name in _ID3:
            put(Frames[_ID3[name]](encoding=3, text=values))
        else:
            put(TXXX(encoding=3, desc=name.upper(), text=values))
    for frame, place in (("TRCK", tags.number), ("TPOS", tags.disc)):
        if place:
            put(Frames[frame](encoding=3, text=["/".join(str(part) for part in place if part is not None)]))
    for name, value in _replaygain(loudness).items():
        own.setall(f"TXXX:{name}", [TXXX(encoding=3, desc=name, text=[value])])


def _mp4(file: MP4, tags: Tags, loudness: Loudness | None, keep: bool) -> None:
    def put(name: str, value: Any) -> None:
        if not keep or name not in file:
            file[name] = value

    for name, values in tags.texts().items():
        if name == "compilation":
            put("cpil", True)
        elif name in _MP4:
            put(_MP4[name], values)
        else:
            put(_MEAN + name.upper(), [_free(value) for value in values])
    for name, place in (("trkn", tags.number), ("disk", tags.disc)):
        if place and all((part or 0) < 1 << 16 for part in place):
            put(name, [(place[0], place[1] or 0)])
    for name, value in _replaygain(loudness).items():
        file[_MEAN + name] = [_free(value)]


def _free(text: str) -> MP4FreeForm:
    return MP4FreeForm(text.encode(), dataformat=AtomDataType.UTF8)


def _vorbis(file: Any, tags: Tags, loudness: Loudness | None, keep: bool) -> None:
    def put(name: str, values: list[str]) -> None:
        if not keep or name not in file:
            file[name] = values

    for name, values in tags.texts().items():
        put(name.upper(), values)
    for prefix, total, place in (("TRACK", "TOTALTRACKS", tags.number), ("DISC", "TOTALDISCS", tags.disc)):
        if place:
            put(f"{prefix}NUMBER", [str(place[0])])
        if place and place[1]:
            put(f"{prefix}TOTAL", [str(place[1])])
            put(total, [str(place[1])])
    if loudness and isinstance(file, OggOpus):  # which is to have no REPLAYGAIN_ tags
        file["R128_TRACK_GAIN"] = [loudness.r128_gain]
        return
    for name, value in _replaygain(loudness).items():
        file[name] = [value]


def _replaygain(loudness: Loudness | None) -> dict[str, str]:
    if loudness is None:
        return {}
    return {
        "REPLAYGAIN_TRACK_GAIN": loudness.track_gain,
        "REPLAYGAIN_TRACK_PEAK": loudness.track_peak,
        "REPLAYGAIN_REFERENCE_LOUDNESS": "-18.00 LUFS",
    }


def _matroska(path: Path, draft: Path, tags: Tags, loudness: Loudness | None, ffmpeg: str) -> None:
    """WebM and Matroska by ffmpeg, which copies the sound: no library of tags writes them."""
    words = {_MATROSKA.get(name, name.upper()): "; ".join(values) for name, values in tags.texts().items()}
    for name, place in (("track", tags.number), ("disc", tags.disc)):
        if place:
            words[name] = "/".join(str(part) for part in place if part is not None)
    words |= _replaygain(loudness)
    options = [part for name, value in words.items() for part in ("-metadata", f"{name}={value}")]
    run_ffmpeg(ffmpeg, path, draft, "-map", "0", "-c", "copy", *options)


_WRITERS: tuple[tuple[Any, Callable[[Any, Tags, Loudness | None, bool], None]], ...] = (
    ((MP3, WAVE, AIFF), _id3),
    (MP4, _mp4),
    ((OggOpus, OggVorbis, OggFLAC, FLAC), _vorbis),
)


def read_tags(path: Path) -> dict[str, list[str]]:
    """All text tags of a file by Picard's names in lower case; empty for what has none or cannot be read."""
    with suppress(*UNWILLING):
        file = mutagen.File(path)
        if file is None or not file.tags:
            return {}
        if isinstance(file.tags, ID3):
            return _of_id3(file.tags)
        if isinstance(file, MP4):
            return _of_mp4(file)
        return {name.casefold(): [str(one) for one in values] for name, values in _pairs(file.tags).items()}
    return {}


def _pairs(tags: Any) -> dict[str, list[str]]:
    return {str(name): list(tags[name]) for name in tags.keys()}  # noqa: SIM118  it iterates over pairs


def _of_id3(own: ID3) -> dict[str, list[str]]:
    names = {frame: name for name, frame in _ID3.items()} | {"TRCK": "tracknumber", "TPOS": "discnumber"}
    found: dict[str, list[str]] = {}
    for frame in own.values():
        name = frame.desc.casefold() if frame.FrameID == "TXXX" else names.get(frame.FrameID)
        if frame.FrameID in ("USLT", "COMM"):
            name = "lyrics" if frame.FrameID == "USLT" else "comment"
        if name and hasattr(frame, "text"):
            text = frame.text
            found[name] = [text] if isinstance(text, str) else [str(one) for one in text]
    return found


def _of_mp4(file: MP4) -> dict[str, list[str]]:
    names = {atom: name for name, atom in _MP4.items()}
    found: dict[str, list[str]] = {}
    for atom, values in file.items():
        if atom in ("trkn", "disk"):
            place = values[0]
            found["tracknumber" if atom == "trkn" else "discnumber"] = [
                "/".join(str(one) for one in place if one)
            ]
        elif atom.startswith("----:"):
            found[atom.rpartition(":")[2].casefold()] = [
                bytes(one).decode(errors="replace") for one in values
            ]
        elif atom in names:
            found[names[atom]] = [str(one) for one in values]
    return found
