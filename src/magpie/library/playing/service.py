"""The rules of playing: what is known of a file, how it is played, and what is made of it for later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.downloads.tools import find_tools
from magpie.kit.errors import NotFound
from magpie.library import service as library
from magpie.library.models import Item, ItemFile
from magpie.library.playing.conditions import Validators
from magpie.library.playing.convert import Conversion
from magpie.library.playing.facts import Facts
from magpie.library.playing.files import validators
from magpie.library.playing.maker import Maker, NotInspected
from magpie.library.playing.peaks import Peaks
from magpie.library.playing.plan import Plan, Way, decide
from magpie.library.playing.shelf import Shelf, Slot

PLAYED = ("video", "audio")
NO_SOUND = "There is no sound in this file"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of an item on the disk, without any tie to a database session."""

    item_id: int
    file_id: int
    path: Path
    mime: str
    kind: str  # the item's
    duration: float | None
    state: Validators
    language: str | None = None  # of what is said or written there


def find(context: AppContext, principal: Principal, item_id: int, file_id: int | None) -> Source:
    """The item's main file, or the one of this number. No session is held when this is over: what follows may take
    long. Raises `NotFound`."""
    with context.database.read() as session:
        item = library.get_item(session, principal, item_id)
        chosen = (one for one in item.files if one.id == file_id)
        file = library.main_file(item) if file_id is None else next(chosen, None)
        if file is None:
            raise NotFound
        return source_of(context, item, file)


def source_of(context: AppContext, item: Item, file: ItemFile) -> Source:
    """The file as it lies on the disk. Raises `NotFound`."""
    path = library.open_file(library.roots_of(context), file)
    try:
        state = validators(path.stat())
    except OSError as error:
        raise NotFound("The file is no longer on the disk") from error
    duration = file.duration or item.duration
    return Source(item.id, file.id, path, file.mime, item.kind, duration, state, file.language)


class Playing:
    """What one process knows and makes of files. Nothing here needs a database session."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self.shelf = Shelf(context.given.data_dir)
        self.maker = Maker()

    def facts(self, source: Source) -> Facts | None:
        """What is in the file; None if it is no media. Looked up once for each state of it."""
        slot = self.shelf.slot("facts", source.file_id, source.state)
        content = slot.read()
        if content is None:
            content = self._inspect(slot, source)
        return Facts.of_json(content) if content else None

    def _inspect(self, slot: Slot, source: Source) -> bytes:
        try:
            self.shelf.fill(slot, lambda target: self.maker.inspect("facts", source.path, target))
        except (NotInspected, OSError):
            return b""  # not for ever: nothing was kept
        return slot.read() or b""

    def plan(self, source: Source, can: frozenset[str]) -> tuple[Plan, Facts | None]:
        """How the file is played, and what is in it. Files that are not played in time are taken as they are."""
        if not source.mime.startswith(tuple(f"{kind}/" for kind in PLAYED)):
            return Plan(Way.DIRECT, ""), None
        facts = self.facts(source)
        if facts is None:
            return Plan(Way.NONE, ""), None
        may_convert = self._context.settings.conversions > 0
        return decide(facts, source.mime, can, may_convert=may_convert), facts

    def conversion(self, source: Source, facts: Facts, plan: Plan, start: float) -> Conversion:
        ffmpeg = find_tools(self._context.given.ffmpeg).ffmpeg
        return Conversion(ffmpeg, source.path.resolve(), facts, plan, start)

    def waveform(self, source: Source) -> Peaks | None:
        """The file's waveform; None while it is being made. Raises `NotFound` if there is no sound in it."""
        if source.kind not in PLAYED or not source.mime.startswith(PLAYED):
            raise NotFound(NO_SOUND)
        slot = self.shelf.slot("peaks", source.file_id, source.state)
        content = slot.read()
        if content is None:
            self.make_waveform(source)
            return None
        if not content:
            raise NotFound(NO_SOUND)
        return Peaks.unpacked(content)

    def make_waveform(self, source: Source) -> bool:
        """Have it made in the background unless it is there; whether it is or will be."""
        slot = self.shelf.slot("peaks", source.file_id, source.state)

        def make() -> None:
            self.shelf.fill(slot, lambda target: self._measured(source, target))

        return slot.path.exists() or self.maker.order(f"peaks {source.file_id}", make)

    def _measured(self, source: Source, target: Path) -> bool:
        try:
            return self.maker.inspect("peaks", source.path, target)
        except NotInspected:
            if self.maker.is_stopping:
                raise
            return False  # too large, or it ends the process: it would do so again

    def stop(self) -> None:
        """End what runs in the background."""
        self.maker.stop()
