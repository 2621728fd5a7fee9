"""One scan of the media folders, in two passes.

The first one only reads: the database's files and the disk's are compared path by path, and what differs is put into a
spool on the disk, so that a million new files take no memory. The second one writes, a few hundred files at a time:
what moved, returned, changed or is missing, and last, if wished for, what no item has yet.

All of it can be repeated: a scan that was interrupted begins again and finds less to do.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar

import structlog

from magpie.downloads.extractors.port import Role
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.library.care import repository
from magpie.library.care.adopting import Adopter, Candidate, candidates, describe
from magpie.library.care.compare import Finding, Known, Verdict, compare
from magpie.library.care.digests import digest_of
from magpie.library.care.disk import Seen, walk
from magpie.library.care.pictures import Neighbour
from magpie.library.care.readers import Readers
from magpie.library.models import Item
from magpie.library.roots import FolderMissing, Roots

log = structlog.get_logger(__name__)

WRITE_BATCH = 500
READ_BATCH = 64
PROBLEMS_KEPT = 100
_TOLD_EVERY = 2000  # files
T = TypeVar("T")


class Stopped(Exception):
    """Whoever wanted the scan does not want it any more, or the program ends."""


@dataclass(slots=True)
class Report:
    """What a scan has found so far; `problems` are the first ones only, `counts["problems"]` are all."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, str]] = field(default_factory=list)

    def problem(self, path: str, reason: str) -> None:
        self.counts["problems"] += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append({"path": path.encode(errors="replace").decode(), "reason": reason})


class Scanner:
    """Scans for one row. `tell` is called now and then, and raises `Stopped` to end it. `user_id`: for whom media are
    taken in that no item has; None: they are only counted."""

    def __init__(
        self, database: Database, roots: Roots, *, user_id: int | None, tell: Callable[[Report], None]
    ) -> None:
        self._database = database
        self._roots = roots
        self._user_id = user_id
        self._tell = tell
        self.report = Report()

    def scan(self, names: list[str]) -> Report:
        """Look at these media folders, one after the other."""
        for name in names:
            try:
                self._scan_folder(name, self._roots.existing(name))
            except FolderMissing:
                # Its disk is not mounted, most likely: that its files are missing would be the wrong thing to say.
                self.report.problem(str(self._roots.folder(name)), "folder_missing")
        self._tell(self.report)
        return self.report

    def _scan_folder(self, root: str, folder: Path) -> None:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
            found = self._compare(root, folder, spool)
            self._require(root, found)
            unknown = self._match_moved(root, folder, found, spool)
            self._note(root, folder, found)
            if self._user_id is not None:
                self._adopt(root, folder, unknown)

    def _require(self, root: str, found: _Differences) -> None:
        """The disk may have gone while we looked at it: then nothing that we saw counts. Raises `FolderMissing`."""
        try:
            self._roots.existing(root)
        except FolderMissing:
            self.report.counts[Verdict.MISSING.value] -= len(found.missing)
            raise

    def _compare(self, root: str, folder: Path, spool: IO[str]) -> _Differences:
        differences = _Differences()
        with self._database.read() as session:
            seen = walk(folder, self.report.problem)
            for finding in compare(repository.known_files(session, root), seen):
                self._count(finding)
                if finding.verdict is Verdict.UNKNOWN and finding.seen is not None:
                    spool.write(json.dumps([finding.seen.path, finding.seen.size, finding.seen.modified_ns]))
                    spool.write("\n")
                else:
                    differences.add(finding)
        return differences

    def _count(self, finding: Finding) -> None:
        counts = self.report.counts
        if finding.seen is not None:
            counts["files"] += 1
            if counts["files"] % _TOLD_EVERY == 0:
                self._tell(self.report)
        if finding.verdict is not Verdict.FIRST_SEEN:
            counts[finding.verdict.value] += 1

    def _match_moved(
        self, root: str, folder: Path, found: _Differences, spool: IO[str]
    ) -> Callable[[], Iterator[Seen]]:
        """Files that are missing here and there under another name get that name. The others, again and again."""
        moved: set[str] = set()
        if found.missing:
            searcher = _Searcher(folder, found.missing.values())
            pairs = [pair for seen in _spooled(spool) if (pair := searcher.find(seen)) is not None]
            for batch in _batches(pairs):
                for known, seen in self._move(root, batch):
                    moved.add(seen.path)
                    del found.missing[known.id]
                self._tell(self.report)
            self.report.counts["moved"] += len(moved)
            self.report.counts[Verdict.UNKNOWN.value] -= len(moved)
            self.report.counts[Verdict.MISSING.value] -= len(moved)
        return lambda: (seen for seen in _spooled(spool) if seen.path not in moved)

    def _move(self, root: str, pairs: list[tuple[Known, Seen]]) -> list[tuple[Known, Seen]]:
        """Note the new names; those that could be noted."""
        with self._database.write() as session:
            taken = repository.is_taken(session, [seen.path for _, seen in pairs])
            free = [(known, seen) for known, seen in pairs if seen.path not in taken]
            rows = [
                {
                    "id": known.id,
                    "path": seen.path,
                    "root": root,
                    "modified_ns": seen.modified_ns,
                    "missing_since": None,
                }
                for known, seen in free
            ]
            repository.note_files(session, rows)
        return free

    def _note(self, root: str, folder: Path, found: _Differences) -> None:
        for rows in _batches(found.touched):
            with self._database.write() as session:
                repository.note_files(session, rows)
            self._tell(self.report)
        now = utcnow()
        for missing in _batches(list(found.missing.values())):
            gone = [known.id for known in missing if _is_gone(folder / known.path)]
            self.report.counts[Verdict.MISSING.value] -= len(missing) - len(gone)
            with self._database.write() as session:
                repository.note_missing(session, gone, now)
        with Readers(1) as readers:
            for known, seen in found.changed:
                self._note_change(folder, known, seen, readers)
                self._tell(self.report)

    def _note_change(self, folder: Path, known: Known, seen: Seen, readers: Readers) -> None:
        """Somebody has written to the file: a tagger, most likely. What it says now is what its item says."""
        place = (str(folder / seen.path), seen.path)
        facts = next(readers.read([(None, [place])]))[1][0]
        with self._database.write() as session:
            file = repository.file_with_item(session, known.id)
            if file is None or file.path != known.path:
                return
            if seen.size == file.size and file.digest and digest_of(folder / seen.path) == file.digest:
                file.modified_ns = seen.modified_ns  # only touched
                return
            file.size, file.modified_ns = seen.size, seen.modified_ns
            file.digest = file.checked_at = file.missing_since = file.damaged_at = None
            item: Item = file.item
            item.size = sum(one.size for one in item.files)
            if file.role == Role.MEDIA and facts is not None:
                file.duration = facts.duration
                if item.kind == "audio" and facts.kind == "audio":
                    describe(item, facts)

    def _adopt(self, root: str, folder: Path, unknown: Callable[[], Iterator[Seen]]) -> None:
        if self._user_id is None:
            return
        adopter = Adopter(self._database, root, self._user_id)
        with Readers(max(1, min(4, os.cpu_count() or 1))) as readers:
            waiting: list[tuple[Candidate, Any]] = []
            found = candidates(unknown(), lambda inside: self._neighbours(root, inside))
            for batch, facts in readers.read(_for_readers(folder, found)):
                for candidate, told in zip(batch, facts, strict=True):
                    if told is None:
                        self.report.problem(candidate.medium.path, "not_media")
                    else:
                        waiting.append((candidate, told))
                if len(waiting) >= WRITE_BATCH:
                    self._take(adopter, waiting)
                    waiting = []
            self._take(adopter, waiting)

    def _neighbours(self, root: str, inside: str) -> list[Neighbour]:
        with self._database.read() as session:
            return repository.neighbours(session, root, inside)

    def _take(self, adopter: Adopter, found: list[tuple[Candidate, Any]]) -> None:
        if found:
            self.report.counts["adopted"] += adopter.take(found)
        self._tell(self.report)


def _is_gone(path: Path) -> bool:
    """Whether there is nothing. What cannot be looked at, for want of a right or since the disk fails, may be there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


@dataclass(slots=True)
class _Differences:
    """What is to be noted of a folder's known files."""

    touched: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[Known, Seen]] = field(default_factory=list)
    missing: dict[int, Known] = field(default_factory=dict)  # by their ids

    def add(self, finding: Finding) -> None:
        known, seen = finding.known, finding.seen
        if known is None:
            return
        if seen is None:
            if not known.is_missing:
                self.missing[known.id] = known
        elif finding.verdict is Verdict.CHANGED:
            self.changed.append((known, seen))
        elif finding.verdict is not Verdict.UNCHANGED:
            self.touched.append({"id": known.id, "modified_ns": seen.modified_ns, "missing_since": None})


class _Searcher:
    """Finds which missing file a new one is: the same content where that is known, else the same size and name."""

    def __init__(self, folder: Path, missing: Iterable[Known]) -> None:
        self._folder = folder
        self._by_size: dict[int, list[Known]] = {}
        for known in missing:
            self._by_size.setdefault(known.size, []).append(known)

    def find(self, seen: Seen) -> tuple[Known, Seen] | None:
        candidates = self._by_size.get(seen.size)
        if not candidates:
            return None
        digest = None
        if any(known.digest for known in candidates):
            try:
                digest = digest_of(self._folder / seen.path)
            except OSError:
                return None
        name = PurePosixPath(seen.path).name
        for known in candidates:
            same = known.digest == digest if known.digest else PurePosixPath(known.path).name == name
            if same:
                candidates.remove(known)
                return known, seen
        return None


def _spooled(spool: IO[str]) -> Iterator[Seen]:
    spool.seek(0)
    for line in spool:
        yield Seen(*json.loads(line))


def _for_readers(
    folder: Path, found: Iterator[Candidate]
) -> Iterator[tuple[list[Candidate], list[tuple[str, str]]]]:
    while batch := list(islice(found, READ_BATCH)):
        yield batch, [(str(folder / one.medium.path), one.medium.path) for one in batch]


def _batches(rows: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(rows), WRITE_BATCH):
        yield rows[start : start + WRITE_BATCH]
