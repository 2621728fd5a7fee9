"""A Plex Media Server's double that has a real folder: a scan finds what lies there, by its tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import mutagen

from tests.support.servers.double import Call, Reply
from tests.support.servers.music import Song
from tests.support.servers.plex_double import PlexDouble

FOLDER = "/music"  # where the double's library says that it lies


@dataclass(slots=True)
class FiledSong(Song):
    """A song with a file of its own."""

    file: str = ""

    @property
    def path(self) -> str:
        return self.file


@dataclass(slots=True)
class ScanningPlex(PlexDouble):
    """`shelf`: what the server calls `/music`. `slow`: how often it is asked for its tracks before a scan is done."""

    shelf: Path = Path()
    slow: int = 0
    _scanning: list[str] = field(default_factory=list)
    _filed: set[str] = field(default_factory=set)

    def refresh(self, call: Call, key: str) -> Reply:
        self._scanning.append(call.first("path") or FOLDER)
        return PlexDouble.refresh(self, call, key)

    def all_tracks(self, call: Call, key: str) -> Reply:
        if self._scanning and self.slow:
            self.slow -= 1
        elif self._scanning:
            self.look(self._scanning.pop())
        return PlexDouble.all_tracks(self, call, key)

    def look(self, path: str) -> None:
        """Take in what lies below a folder, as the server calls it."""
        folder = self.shelf / path.removeprefix(FOLDER).strip("/")
        for file in sorted(folder.rglob("*.m4a")) if folder.is_dir() else []:
            name = f"{FOLDER}/{file.relative_to(self.shelf).as_posix()}"
            if name not in self._filed:
                self._filed.add(name)
                self.music.append(self._read(file, name))

    def _read(self, file: Path, name: str) -> FiledSong:
        tags = mutagen.File(file, easy=True)
        assert tags is not None
        first = {key: (tags.get(key) or [""])[0] for key in ("title", "artist", "album")}
        return FiledSong(
            number=7000 + len(self._filed),
            title=first["title"],
            artist=first["artist"],
            album=first["album"],
            seconds=tags.info.length,
            added_at=2_000_000_000,
            updated_at=2_000_000_000,
            file=name,
        )
