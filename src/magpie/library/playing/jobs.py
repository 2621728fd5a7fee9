"""What is made ahead for players, and the upkeep of it."""

from __future__ import annotations

from collections.abc import Collection

import structlog

from magpie.context import AppContext
from magpie.downloads.models import Download, Status
from magpie.engine import Engine, Where
from magpie.kit.db import WriteSession
from magpie.kit.errors import NotFound
from magpie.library import service as library
from magpie.library.models import Item
from magpie.library.playing import repository, service
from magpie.library.playing.service import Playing
from magpie.library.playing.thumbnails import Thumbnails

log = structlog.get_logger(__name__)

HOUR = 3600.0
THUMBNAILS_SECONDS = 10.0


def register(engine: Engine, context: AppContext, playing: Playing) -> None:
    """Have waveforms made of audio that arrives, the room for them kept within its limit, and missing thumbnails made."""
    thumbnails = Thumbnails(context, playing.maker)

    def prune() -> None:
        limit = context.settings.playing_cache_mb * 1_000_000
        removed = playing.shelf.prune(limit, lambda ids: _existing(context, ids))
        if removed:
            log.info("playing_cache_pruned", removed=removed)

    def ended(session: WriteSession, download: Download) -> None:
        if download.status == Status.COMPLETED and download.item_id is not None:
            item_id = download.item_id
            session.after_commit(lambda: _prepare(context, playing, item_id))

    context.download_ended.append(ended)
    engine.every("room for players", HOUR, prune, Where.EACH)
    engine.every("missing thumbnails", THUMBNAILS_SECONDS, thumbnails.look, Where.ONE)
    engine.on_stopping(playing.stop)


def _existing(context: AppContext, file_ids: Collection[int]) -> Collection[int]:
    with context.database.read() as session:
        return repository.existing_files(session, file_ids)


def _prepare(context: AppContext, playing: Playing, item_id: int) -> None:
    """Order the waveform of an item, if it is audio. Nothing that goes wrong here is worth a failed download."""
    if not context.settings.waveforms_ahead:
        return
    with context.database.read() as session:
        item = session.get(Item, item_id)
        if item is None or item.kind != "audio" or (file := library.main_file(item)) is None:
            return
        try:
            source = service.source_of(context, item, file)
        except NotFound:
            return
    playing.make_waveform(source)
