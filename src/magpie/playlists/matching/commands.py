"""`magpie match`: the matcher alone, on two files of tracks, one JSON object a line."""

from __future__ import annotations

import gc
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.matching.service import Match, Matcher
from magpie.playlists.tracks import Track

_BATCH = 1_000  # lines


class BadLine(Exception):
    """A line that is no track; the message says which, and what is wrong with it."""


def match(wanted: str, library: str, *, aliases: Path | None = None, out: TextIO | None = None) -> int:
    """Match each wanted track against the library, and print its verdict at once.

    `-` reads from standard input. The exit code: 0 every wanted track was judged, 2 a file or a line of it cannot be read.
    """
    gc.disable()  # a library of hundreds of thousands is no garbage, and this process ends with its answer
    try:
        if wanted == library == "-":
            raise BadLine("only one of the two can be standard input")
        known = Aliases.shipped()
        if aliases is not None:
            known = known.with_extra(_rows(aliases))
        with ExitStack() as stack:
            first = _open(wanted, stack)
            numbers: set[str] = set()  # ids that were told as numbers in the library, and are so again
            matcher = Matcher(list(_library(_open(library, stack), library, numbers)), known)
            for identity, track in _tracks(first, wanted):
                told = {"id": identity, **_told(matcher.match(track), numbers)}
                print(json.dumps(told, ensure_ascii=False), file=out or sys.stdout)
    except BrokenPipeError:
        return 0
    except (BadLine, OSError, UnicodeError) as error:
        print(f"magpie match: {_explained(error)}", file=sys.stderr)
        return 2
    finally:
        gc.enable()
    return 0


def _explained(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return "the text is not UTF-8" if isinstance(error, UnicodeError) else str(error)


def _open(name: str, stack: ExitStack) -> TextIO:
    if name == "-":
        return sys.stdin
    return stack.enter_context(Path(name).open(encoding="utf-8-sig", errors="strict"))


def _rows(file: Path) -> list[list[str]]:
    """People's own aliases: the names of one artist a line, divided by `|`; `#` begins a remark."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return [
        [name.strip() for name in line.split("|") if name.strip()]
        for line in lines
        if line.strip() and not line.startswith("#")
    ]


def _library(lines: TextIO, name: str, numbers: set[str]) -> Iterator[Track]:
    """All tracks of a file; ids that were told as numbers are noted in `numbers`.

    Lines are read by the thousand, which is twice as quick; if some are not as they should be, one by one.
    """
    first = 1
    while batch := list(itertools.islice(lines, _BATCH)):
        full = [line for line in batch if not line.isspace()]
        try:
            told = json.loads(f"[{','.join(full)}]")
            if len(told) != len(full):
                raise ValueError("more than one value in a line")
            tracks = [_track(one) for one in told]
        except (ValueError, RecursionError):
            told, tracks = [], []
            for one, track in _tracks(batch, name, first):
                told.append({"id": one})
                tracks.append(track)
        numbers.update(str(one["id"]) for one in told if isinstance(one["id"], int))
        yield from tracks
        first += len(batch)


def _tracks(lines: Iterable[str], name: str, first: int = 1) -> Iterator[tuple[str | int, Track]]:
    """The tracks of lines with their ids as told, as they are read; empty lines are passed over."""
    shown = "standard input" if name == "-" else name
    for number, line in enumerate(lines, first):
        if line.isspace():
            continue
        try:
            told = json.loads(line)
            yield told["id"] if isinstance(told, dict) and "id" in told else "", _track(told)
        except json.JSONDecodeError as error:
            raise BadLine(f"{shown}, line {number}: not JSON ({error.msg})") from None
        except (ValueError, RecursionError) as error:
            raise BadLine(f"{shown}, line {number}: {error}") from None


def _track(told: Any) -> Track:
    if not isinstance(told, dict):
        raise ValueError("not an object")
    for name in ("id", "title"):
        if name not in told:
            raise ValueError(f"`{name}` is missing")
    identity, title = told["id"], told["title"]
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise ValueError("`id` must be a text or a whole number")
    if not isinstance(title, str):
        raise ValueError("`title` must be a text")
    get = told.get
    return Track(
        str(identity),
        title,
        _texts(told, "artists"),
        _text(told, "album") if get("album") is not None else None,
        _seconds(get("duration")),
        _text(told, "isrc") if get("isrc") is not None else None,
        _text(told, "mbid") if get("mbid") is not None else None,
        _texts(told, "aliases"),
        _text(told, "album_artist") if get("album_artist") is not None else None,
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise ValueError(f"`{name}` must be a text")
    return value


def _texts(told: dict[str, Any], name: str) -> tuple[str, ...]:
    value = told.get(name)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        for one in value:
            if not isinstance(one, str):
                break
        else:
            return tuple(value)
    raise ValueError(f"`{name}` must be a list of texts")


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if type(value) not in (int, float) or not 0 <= value < 1e9:  # neither true nor not-a-number
        raise ValueError("`duration` must be a number of seconds")
    return float(value) or None


def _told(found: Match, numbers: set[str]) -> dict[str, Any]:
    """What is printed; `match` is null unless the verdict is `matched`, candidates for review are beside it."""

    def as_told(track: Track) -> str | int:
        return int(track.id) if track.id in numbers else track.id

    told: dict[str, Any] = {
        "verdict": found.verdict.value,
        "match": as_told(found.track) if found.track else None,
        "score": found.score,
        "reasons": list(found.reasons),
    }
    if found.track is None and found.candidates:
        told["candidates"] = [
            {"id": as_told(one.track), "score": one.score, "reasons": list(one.reasons)}
            for one in found.candidates
        ]
    return told
