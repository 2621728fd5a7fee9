"""From a file with sound to a track: its facts under clean names, its tags, its loudness, its lyrics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from magpie.downloads.extractors.music.facts import UNKNOWN_SITES, named, tags_of, with_file, with_list
from magpie.downloads.extractors.music.loudness import Loudness, measure
from magpie.downloads.extractors.music.lyrics import timed_lyrics
from magpie.downloads.extractors.music.tags import read_tags, write_tags
from magpie.downloads.extractors.music.wanted import HINT, as_wanted
from magpie.downloads.extractors.port import Medium, Request, SavedFile

_GAINS = ("replaygain_track_gain", "r128_track_gain")


def as_track(
    medium: Medium, main: SavedFile, others: list[SavedFile], request: Request
) -> tuple[Medium, SavedFile, list[SavedFile]]:
    """The medium, its main file and the others as a music library wants them. `medium` is tidy already.

    A plain file from the web that somebody else has tagged keeps what it says, unless it is fetched for a playlist.
    """
    path = request.workdir / main.name
    found = read_tags(path)
    medium = named(with_list(with_file(medium, found), request.hints), request)
    medium = as_wanted(medium, request.hints)
    others, lyrics = timed_lyrics(others, request.workdir)
    if request.profile.embed_metadata:
        gain = _gain(path, medium, found, request)
        if gain is not None:
            medium = replace(medium, extra={**medium.extra, "loudness": gain.integrated, "peak": gain.peak})
        tags = tags_of(medium, lyrics)
        keep = medium.extractor in UNKNOWN_SITES and HINT not in request.hints
        write_tags(path, tags, gain, ffmpeg=request.ffmpeg, keep=keep)
    return medium, replace(main, size=path.stat().st_size), others


def _gain(path: Path, medium: Medium, found: dict[str, list[str]], request: Request) -> Loudness | None:
    """How loud it is, unless the file says so."""
    if not request.profile.replaygain or any(found.get(name) for name in _GAINS):
        return None
    return measure(path, medium.duration)
