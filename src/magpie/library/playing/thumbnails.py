"""Thumbnails for items that came without one, such as those taken over from a folder.

The library is gone through from its beginning, a portion at a time, and from then on what is new. The pictures lie where
those of other items lie that were left in their places: in the corner of the media folder.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from sqlalchemy.exc import IntegrityError

from magpie.context import AppContext
from magpie.downloads.extractors.port import Role
from magpie.kit.errors import NotFound
from magpie.kit.paths import OutsideRoot, below
from magpie.library import service as library
from magpie.library.models import Item, ItemFile
from magpie.library.naming import CORNER
from magpie.library.playing import repository
from magpie.library.playing.maker import Maker, NotInspected
from magpie.library.playing.service import PLAYED, Source, source_of

log = structlog.get_logger(__name__)

SHOWN = (*PLAYED, "image", "gallery")
PORTION = 5000  # numbers of items that are looked through at a time
ORDERS = 30  # at a time, so that waveforms, which somebody may be waiting for, get their turn
TRIED = "no_thumbnail"  # in `Item.extra`: none can be made


class Thumbnails:
    """Where this process is in the library."""

    def __init__(self, context: AppContext, maker: Maker) -> None:
        self._context = context
        self._maker = maker
        self._seen = 0  # all items up to this number are done, or are being done

    def look(self) -> None:
        """Order thumbnails for the next items that have none, if nothing else is to be made."""
        if not self._maker.is_idle:
            return
        with self._context.database.read() as session:
            until = min(self._seen + PORTION, repository.highest_item(session))
            items = repository.without_thumbnail(session, SHOWN, self._seen, until)
        wanting = [item.id for item in items if not item.extra.get(TRIED)]
        for item_id in wanting[:ORDERS]:
            if not self._order(item_id):
                return
            self._seen = item_id
        if len(wanting) <= ORDERS:
            self._seen = max(self._seen, until)

    def _order(self, item_id: int) -> bool:
        return self._maker.order(f"thumbnail {item_id}", lambda: self.make(item_id))

    def make(self, item_id: int) -> None:
        """Make the item's thumbnail, or note that there can be none."""
        with self._context.database.read() as session:
            item = session.get(Item, item_id)
            file = library.main_file(item) if item is not None else None
            if item is None or file is None:
                return
            try:
                source = source_of(self._context, item, file)
                root, name = file.root, _name(item)
                target = below(library.roots_of(self._context).existing(root), name)
            except (NotFound, OSError, OutsideRoot):
                return  # it is looked at again after the next start
        try:
            made = self._made(source, target)
        except OSError as error:  # the folder may be one that is only read
            log.info("thumbnail_not_placed", item_id=item_id, error=type(error).__name__)
            return
        if made is not None:
            self._keep(item_id, root, name, target, made)

    def _made(self, source: Source, target: Path) -> bool | None:
        """Whether the picture is in its place now; None if that is not the file's fault."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=".new-") as folder:
            picture = Path(folder) / "picture.jpg"
            try:
                found = self._maker.inspect("thumbnail", source.path, picture)
            except NotInspected:
                return None if self._maker.is_stopping else False
            if found:
                picture.replace(target)
            return found

    def _keep(self, item_id: int, root: str, name: str, target: Path, made: bool) -> None:
        try:
            with self._context.database.write() as session:
                item = session.get(Item, item_id) if library.lock_item(session, item_id) else None
                if item is not None and not made:
                    item.extra = {**item.extra, TRIED: True}
                elif item is not None and all(file.role != Role.THUMBNAIL for file in item.files):
                    item.files.append(_file(item, root, name, target.stat().st_size))
                    return
        except IntegrityError:  # the name is another item's, which this one was once
            return
        if made:
            target.unlink(missing_ok=True)


def _name(item: Item) -> str:
    """One that the medium alone decides, so that a repetition leaves nothing behind."""
    identity = f"{item.extractor}\n{item.source_id}\n{item.kind}\n{item.quality}"
    name = blake2b(identity.encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{CORNER}/thumbnails/{name[:2]}/{name}.jpg"


def _file(item: Item, root: str, name: str, size: int) -> ItemFile:
    position = max((file.position for file in item.files), default=-1) + 1
    item.size += size
    return ItemFile(
        path=name, root=root, role=Role.THUMBNAIL.value, position=position, size=size, mime="image/jpeg"
    )
