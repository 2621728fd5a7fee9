"""The care of episodes' files: what is purged as the settings say, and what nobody needs any more."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import asdict, astuple
from datetime import timedelta

import structlog

from magpie.context import AppContext
from magpie.engine.port import Engine, Where
from magpie.kit.clock import utcnow
from magpie.podcasts.episodes import files, repository
from magpie.podcasts.making.folder import GONE, EpisodeFolder
from magpie.podcasts.models import EpisodeStatus

log = structlog.get_logger(__name__)

EVERY_SECONDS = 600.0
AT_ONCE = 50
STALE_SECONDS = 24 * 3600.0  # after which nobody is uploading any more


def register(engine: Engine, context: AppContext) -> None:
    """Look after the files every few minutes."""
    engine.every("podcasts to be purged", EVERY_SECONDS, lambda: tidy(context), Where.ONE)


def tidy(context: AppContext) -> None:
    """Purge what is due, and delete what broken-off uploads and deletions have left."""
    purge(context)
    root = files.root_of(context.settings)
    for folder in root.glob(f"{GONE}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in root.glob(f"{files.INCOMING}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def purge(context: AppContext) -> int:
    """Delete source texts and intermediate files of finished episodes as the settings say; of how many."""
    settings = context.settings
    if settings.podcast_purge_sources == "keep":
        return 0
    days = settings.podcast_purge_days if settings.podcast_purge_sources == "after_days" else 0
    with context.database.read() as session:
        due = repository.purgeable(session, utcnow() - timedelta(days=days), AT_ONCE)
        keys = [episode.key for episode in due]
    purged = 0
    for key in keys:
        try:
            purged += _purge_one(context, key)
        except OSError as error:  # nothing says that it was purged: the next turn tries it again
            log.warning("episode_not_purged", key=key, error=error.strerror)
    return purged


def _purge_one(context: AppContext, key: str) -> bool:
    root = files.root_of(context.settings)
    with context.database.write() as session:
        episode = repository.lock_by_key(session, key)
        # Somebody may have it spoken anew by now.
        if episode is None or episode.purged_at is not None or episode.status != EpisodeStatus.COMPLETED:
            return False
        # The files first: what is left over after a crash is purged at the next turn.
        folder = EpisodeFolder(root, key)
        used = folder.used()
        files.remove_work(root, key)
        if any(astuple(used)):  # speaking it anew is to add to what was used, and not to begin at nothing
            folder.path.mkdir()
            folder.count(**asdict(used))
        files.amend_metadata(root, key, sourceText=None, sourceAudioUrl=None)
        episode.purged_at = utcnow()
        for source in repository.sources(session, [episode.id])[episode.id]:
            source.file = None
    log.info("episode_purged", key=key)
    return True
