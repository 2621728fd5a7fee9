"""Bringing finished files under their final names, exactly once.

A file appears in the library by one rename on one file system, and the database knows of it before and after:

1. a transaction writes the names that are about to be filled (`placements`),
2. the files are renamed from the work folder to those names,
3. a transaction makes the item, its files and membership, ends the download and forgets the placements.

A crash between any two of these leaves placements behind; the next attempt takes those files away again
(`recover`). A worker that was stopped and comes back (a *zombie*) is caught twice: its claim is checked in 1
and 3, and its work folder was taken from it, so that the rename in 2 finds nothing to rename.

Files that replace others are filed beside them, under names with a number, and take the names of the old ones
once all of this is committed; see `succession`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import IntegrityError

import magpie.library.search.service  # noqa: F401  (whoever files anything, commands too, has the index follow)
from magpie.downloads.extractors.port import Saved
from magpie.kit.db import Database, WriteSession
from magpie.kit.filesystem import to_disk
from magpie.kit.paths import OutsideRoot, below
from magpie.library import music, repository, succession
from magpie.library.models import Item, ItemFile, Placement
from magpie.library.moving import discard, into_place
from magpie.library.naming import OWN, Naming, paths_for, published
from magpie.library.roots import Roots
from magpie.library.sidecars import keep_show

log = structlog.get_logger(__name__)

DELETED = "deleted"  # the holder of names whose files are to go
MAX_NAME_TRIES = 10_000
RESERVE_TRIES = 20


class FenceLost(Exception):
    """Somebody else has taken over this download: nothing may be placed any more."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is to be filed, for whom, and the two questions that its download answers.

    `root` names the media folder to file in; `workdir` lies in the same one. `still_mine` locks the download's
    row and says whether this worker still holds it; `settle` writes the download's end into the same transaction
    as the item's birth.
    """

    key: str
    claim: int
    user_id: int | None
    site: str
    quality: str
    saved: Saved
    root: str
    workdir: Path
    still_mine: Callable[[WriteSession], bool]
    settle: Callable[[WriteSession, Item], None]
    replaces: bool = False  # the files take the place of those that the item has
    naming: Naming = OWN


class Filing:
    """Places finished files in the media folders, and takes files away from there.

    `roots` is asked whenever folders are needed: the present one may change meanwhile.
    """

    def __init__(self, database: Database, roots: Callable[[], Roots]) -> None:
        self._database = database
        self._roots = roots

    @property
    def roots(self) -> Roots:
        """The media folders at this moment."""
        return self._roots()

    def deliver(self, delivery: Delivery) -> int:
        """File the medium and return its item's id. Raises `FenceLost`, or `OSError` with nothing placed."""
        for _ in range(RESERVE_TRIES):
            with suppress(FileExistsError):
                return self._deliver(delivery)
        return self._deliver(delivery)

    def _deliver(self, delivery: Delivery) -> int:
        """Raises `FileExistsError` if a name that was free went to somebody else before it was filled: another program,
        or, on a file system that knows no cases of letters, another download."""
        paths = self._reserve_in_turn(delivery)
        if isinstance(paths, int):
            return paths
        try:
            self._move(delivery, paths)
            item_id = self._conclude(delivery, paths)
        except BaseException:
            self.recover(delivery.key, delivery.claim)
            raise
        self._keep_show(delivery, paths)
        return item_id

    def _keep_show(self, delivery: Delivery, paths: list[str]) -> None:
        """What is said of the show is made again with the next episode if it fails."""
        medium = delivery.saved.medium
        try:
            root = self.roots.existing(delivery.root)
            keep_show(root, medium, delivery.site, delivery.naming, paths[0])
        except (OSError, OutsideRoot) as error:
            log.warning("show_not_described", path=paths[0], error=str(error))

    def record(self, delivery: Delivery, paths: list[str]) -> int:
        """Make the item of files that lie in the media folder already, under these names; returns its id.

        Raises IntegrityError if one of them belongs to another item.
        """
        return self._conclude(delivery, paths)

    def recover(self, holder: str, claim: int) -> None:
        """Take away what an interrupted placing under this claim or an earlier one left behind."""
        with self._database.write() as session:
            gone = []
            roots = self.roots
            for root, path in repository.lock_placements(session, holder, claim):
                try:
                    if not repository.is_filed(session, path):
                        discard(roots.existing(root), path)
                except (OSError, OutsideRoot) as error:
                    # Its name stays taken, and it is tried again next time.
                    log.warning("file_not_removed", path=path, error=str(error))
                else:
                    gone.append(path)
            repository.forget_placements(session, gone)
        if holder == DELETED:
            self._hand_names_over()

    def _hand_names_over(self) -> None:
        """Let files that came for others have their names."""
        with self._database.read() as session:
            promises = succession.promises(session)
        roots = self.roots
        for promise in promises:
            try:
                with self._database.write() as session:
                    succession.keep(session, roots, promise)
            except (OSError, OutsideRoot) as error:
                # It stays under its other name, and it is tried again next time.
                log.warning("file_not_renamed", path=promise.path, error=str(error))

    def sweep(self, holder: str, claim: int, root: str) -> None:
        """Take away all that a download has left on which nobody works any more: placed files, and the work
        folders of its latest attempt in the media folder `root`."""
        self.recover(holder, claim)
        shutil.rmtree(self.roots.workshop(root) / holder, ignore_errors=True)

    def _reserve_in_turn(self, delivery: Delivery) -> list[str] | int:
        """Another host may take the very names that we have just found free; then we look again."""
        for _ in range(RESERVE_TRIES):
            with suppress(IntegrityError):
                return self._reserve(delivery)
        return self._reserve(delivery)

    def _reserve(self, delivery: Delivery) -> list[str] | int:
        """The names to fill; or the id of the item that somebody else has brought in meanwhile."""
        with self._database.write() as session:
            if not delivery.still_mine(session):
                raise FenceLost
            if not delivery.replaces and (held := self._held(session, delivery)):
                return self._join(session, delivery, held)
            paths = self._free_names(session, delivery)
            for path in paths:
                session.add(
                    Placement(path=path, root=delivery.root, holder=delivery.key, claim=delivery.claim)
                )
            return paths

    def _held(self, session: WriteSession, delivery: Delivery) -> Item | None:
        item = repository.find_identity(session, delivery.saved.medium, delivery.quality)
        return item if item and self.is_whole(item) else None

    def _join(self, session: WriteSession, delivery: Delivery, item: Item) -> int:
        repository.add_member(session, item.id, delivery.user_id)
        delivery.settle(session, item)
        return item.id

    def is_whole(self, item: Item) -> bool:
        """Whether all files of the item are on the disk with the recorded sizes."""
        roots = self.roots
        for file in item.files:
            try:
                if roots.place(file.root, file.path).stat().st_size != file.size:
                    return False
            except (OSError, OutsideRoot):
                return False
        return bool(item.files)

    def _free_names(self, session: WriteSession, delivery: Delivery) -> list[str]:
        medium, files = delivery.saved.medium, delivery.saved.files
        folder = self.roots.existing(delivery.root)
        for number in range(1, MAX_NAME_TRIES):
            paths = paths_for(medium, files, delivery.site, delivery.key, number, delivery.naming)
            taken = any(os.path.lexists(folder / path) for path in paths)
            if not taken and not repository.any_taken(session, paths):
                return paths
        raise OSError(f"no free name for {medium.title!r}")

    def _move(self, delivery: Delivery, paths: list[str]) -> None:
        root = self.roots.existing(delivery.root)
        brought: list[tuple[Path, Path]] = []
        try:
            for file, path in zip(delivery.saved.files, paths, strict=True):
                source = below(delivery.workdir, file.name)
                to_disk(source)
                brought.append((source, self.put(source, delivery.root, path, delivery.key, delivery.claim)))
        except FileExistsError:
            for source, target in brought:
                target.replace(source)
            raise
        for folder in {(root / path).parent for path in paths}:
            to_disk(folder)

    def put(self, source: Path, root: str, path: str, holder: str, claim: int) -> Path:
        """Bring a file under the name that is reserved for it. Raises `FileExistsError` if somebody has filled it: then
        it is not reserved any more, since what lies there is not to be taken away as ours."""
        target = below(self.roots.existing(root), path)
        try:
            into_place(source, target)
        except FileExistsError:
            log.warning("name_taken_meanwhile", path=path)
            with self._database.write() as session:
                repository.give_up_placement(session, path, holder, claim)
            raise
        return target

    def _conclude(self, delivery: Delivery, paths: list[str]) -> int:
        try:
            with self._database.write() as session:
                if not delivery.still_mine(session):
                    raise FenceLost
                stale = repository.lock_identity(session, delivery.saved.medium, delivery.quality)
                if stale and not delivery.replaces and self.is_whole(stale):
                    # Somebody else brought it in while we moved our files: theirs stays.
                    session.after_commit(lambda: self.recover(delivery.key, delivery.claim))
                    return self._join(session, delivery, stale)
                if stale:
                    item = self._renew(session, stale, delivery, paths)
                    repository.add_member(session, item.id, delivery.user_id)
                else:
                    item = self._new(session, delivery, paths)
                    repository.add_first_member(session, item.id, delivery.user_id)
                repository.forget_placements(session, paths)
                delivery.settle(session, item)
                return item.id
        except IntegrityError:
            # The same, in the very moment in which we wrote.
            self.recover(delivery.key, delivery.claim)
            with self._database.write() as session:
                held = self._held(session, delivery)
                if held is None or not delivery.still_mine(session):
                    raise
                return self._join(session, delivery, held)

    def _new(self, session: WriteSession, delivery: Delivery, paths: list[str]) -> Item:
        medium = delivery.saved.medium
        item = Item(
            extractor=medium.extractor,
            source_id=medium.source_id,
            kind=medium.kind.value,
            quality=delivery.quality,
            created_at=datetime.now(UTC),
        )
        self._describe(item, delivery, paths)
        session.add(item)
        session.flush()
        return item

    def _renew(self, session: WriteSession, item: Item, delivery: Delivery, paths: list[str]) -> Item:
        """Fresh files for an item whose old ones are gone, damaged, or of a lesser quality.

        The old ones stay until this is committed; then the fresh ones get their names.
        """
        former = [(file.root, file.path) for file in item.files] + succession.withdraw(session, item)
        own = {path for root, path in former if root == delivery.root}
        names = self._names_to_come(session, delivery, paths, own)
        for root, path in former:
            if path not in names:
                session.add(Placement(path=path, root=root, holder=DELETED, claim=0))
        item.files.clear()
        session.flush()
        self._describe(item, delivery, paths)
        session.flush()
        succession.promise(session, item, names)
        session.after_commit(lambda: self.recover(DELETED, 0))
        return item

    def _names_to_come(
        self, session: WriteSession, delivery: Delivery, paths: list[str], own: set[str]
    ) -> list[str]:
        """The first names that are free once the item's `own` old files have gone; those in `paths` if none are
        before."""
        medium, files = delivery.saved.medium, delivery.saved.files
        folder = self.roots.existing(delivery.root)
        for number in range(1, MAX_NAME_TRIES):
            names = paths_for(medium, files, delivery.site, delivery.key, number, delivery.naming)
            others = [name for name in names if name not in own]
            if names == paths or not (
                any(os.path.lexists(folder / name) for name in others)
                or repository.any_taken(session, others)
            ):
                return names
        return paths

    def _describe(self, item: Item, delivery: Delivery, paths: list[str]) -> None:
        medium, files = delivery.saved.medium, delivery.saved.files
        item.title = medium.title
        item.artist, item.album, item.description = medium.artist, medium.album, medium.description
        item.site, item.source_url = delivery.site, medium.url
        item.duration = medium.duration
        item.size = sum(file.size for file in files)
        item.published_at = published(medium)
        item.extra = medium.extra
        music.describe(item, medium)
        item.files = [
            ItemFile(
                path=path,
                root=delivery.root,
                role=file.role.value,
                position=position,
                size=file.size,
                mime=file.mime,
                width=file.width,
                height=file.height,
                duration=file.duration,
                language=file.language,
            )
            for position, (file, path) in enumerate(zip(files, paths, strict=True))
        ]
