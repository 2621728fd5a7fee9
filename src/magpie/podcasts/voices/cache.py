"""What was spoken once is kept: by what was asked for, within a size, for all processes on one folder.

An entry is two files: `<key>.wav`, and `<key>.json` with its words and a checksum. The sound is renamed into place
first, so an entry that can be read is whole; one that is not is taken away and counts as not there. When the room is
used up, what was not used for longest goes first.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from magpie.podcasts.voices.port import Speaking, Speech, Spoken, Word

VERSION = 1  # of how speech is made here: another one makes all clips anew
_KEY = re.compile(r"[0-9a-f]{64}")
_STALE_SECONDS = 3600.0  # after which an unfinished file is nobody's
_COUNT_EVERY = 60.0  # seconds between two looks at all files, while there seems to be room
_ROOM = 0.9  # of the limit: this much is left when room is made, so that not each new clip has to make some


def key(speaking: Speaking, speech: Speech) -> str:
    """The name of what is to be spoken: 64 hexadecimal digits, different wherever it could sound different."""
    said = [VERSION, speaking.identity, speech.voice_id, speech.style, speech.language, speech.text]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


class Clips:
    """The clips in a folder. Safe for many threads and processes at once."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._total = 0  # bytes, as counted last, and what was put since
        self._count_at = 0.0  # by the monotonic clock: when to count again, since others put clips here, too

    def get(self, key: str) -> tuple[Path, Spoken] | None:
        """A clip, which is used from now on and goes last; None if it is not there, or damaged.

        The file may be taken away by other processes once others need the room: link or copy it, or open it at once.
        """
        sound, facts = self._files(key)
        try:
            told = json.loads(facts.read_bytes())
            if told["size"] != sound.stat().st_size or told["checksum"] != _checksum(sound):
                raise ValueError("damaged")
            spoken = _spoken(told)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            self.drop(key)
            return None
        with suppress(OSError):
            os.utime(facts)
        return sound, spoken

    def put(self, key: str, clip: Path, spoken: Spoken) -> tuple[Path, Spoken]:
        """Keep a copy of a clip; where it is then. Raises `OSError`."""
        sound, facts = self._files(key)
        sound.parent.mkdir(parents=True, exist_ok=True)
        size = clip.stat().st_size
        told = {
            "size": size,
            "checksum": _checksum(clip),
            "seconds": spoken.seconds,
            "rate": spoken.rate,
            "words": [[word.text, word.start, word.end] for word in spoken.words],
        }
        with self._draft(sound) as draft:
            shutil.copyfile(clip, draft)
        with self._draft(facts) as draft:
            draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        self._total += size
        if self._total > self.limit_bytes or time.monotonic() > self._count_at:
            self._make_room(keep=key)
        return sound, spoken

    def drop(self, key: str) -> None:
        """Take a clip away, if it is there."""
        sound, facts = self._files(key)
        for file in (facts, sound):
            with suppress(OSError):
                file.unlink()

    def size(self) -> int:
        """Bytes of all clips."""
        return sum(size for _, size, _ in self._entries())

    def _files(self, key: str) -> tuple[Path, Path]:
        if not _KEY.fullmatch(key):
            raise ValueError("a clip's key is 64 hexadecimal digits")
        stem = self.folder / key[:2] / key
        return stem.with_suffix(".wav"), stem.with_suffix(".json")

    @contextmanager
    def _draft(self, file: Path) -> Iterator[Path]:
        """A file that becomes `file` at once, when it is whole."""
        draft = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
        try:
            yield draft
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)

    def _make_room(self, keep: str) -> None:
        """Take away what was not used for longest, until the limit is kept. One process at a time does that."""
        entries = list(self._entries())
        total = self._total = sum(size for _, size, _ in entries)
        self._count_at = time.monotonic() + _COUNT_EVERY
        if total <= self.limit_bytes:
            return
        with self._alone() as is_mine:
            if not is_mine:
                return  # another process is at it
            for _, size, name in sorted(entries):
                if total <= self.limit_bytes * _ROOM:
                    break
                if name != keep:
                    self.drop(name)
                    total -= size
            self._total = total

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        with (self.folder / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def _entries(self) -> Iterator[tuple[float, int, str]]:
        """(last use, bytes, key) of each clip. What is left of unfinished ones goes, once it is old."""
        sizes: dict[str, int] = {}
        used: dict[str, float] = {}
        with suppress(OSError):
            for shelf in os.scandir(self.folder):
                if not shelf.is_dir():
                    continue
                for file in os.scandir(shelf.path):
                    with suppress(FileNotFoundError):
                        _note(file, sizes, used)
        for name, size in sizes.items():
            yield used.get(name, 0.0), size, name


def _note(file: os.DirEntry[str], sizes: dict[str, int], used: dict[str, float]) -> None:
    name, _, suffix = file.name.partition(".")
    told = file.stat()
    is_stale = time.time() - told.st_mtime > _STALE_SECONDS
    if not name or (suffix == "wav" and is_stale and not Path(file.path).with_suffix(".json").exists()):
        if is_stale:
            Path(file.path).unlink(missing_ok=True)
        return
    sizes[name] = sizes.get(name, 0) + told.st_size
    if suffix == "json":
        used[name] = told.st_mtime
    else:
        used.setdefault(name, told.st_mtime)


def _checksum(file: Path) -> int:
    total = 0
    with file.open("rb") as data:
        while chunk := data.read(1 << 20):
            total = zlib.crc32(chunk, total)
    return total


def _spoken(told: dict[str, Any]) -> Spoken:
    words = tuple(Word(str(text), float(start), float(end)) for text, start, end in told["words"])
    return Spoken(float(told["seconds"]), int(told["rate"]), words)
