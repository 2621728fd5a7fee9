"""Hearing an episode while it is made: each turn as soon as it was spoken, in order."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import structlog
from anyio.to_thread import run_sync

from magpie.context import AppContext
from magpie.podcasts.episodes import files, repository
from magpie.podcasts.making.folder import CLIPS, EpisodeFolder
from magpie.podcasts.mastering.order import Clip, MasteringFailed
from magpie.podcasts.models import EpisodeStatus

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
MIME = "audio/mpeg"
SPEAKING = (EpisodeStatus.VOICING, EpisodeStatus.MASTERING)


class Listening:
    """One listener at one episode that is being made."""

    def __init__(self, context: AppContext, key: str) -> None:
        self._context = context
        self._key = key
        self._folder = EpisodeFolder(files.root_of(context.settings), key)

    async def stream(self) -> AsyncIterator[bytes]:
        """mp3 as it becomes ready; ends with the last turn, or when the making ends."""
        from magpie.podcasts.mastering.preview import PreviewEncoder

        encoder = PreviewEncoder(self._folder.path / CLIPS, ffmpeg=self._context.given.ffmpeg)
        try:
            async for piece in encoder.stream(self._clip):
                yield piece
        except (MasteringFailed, OSError) as failure:  # the clips are gone: the recording is there by now
            log.info("live_ended", reason=type(failure).__name__)

    async def _clip(self, number: int) -> Clip | None:
        """The turn of this number, once it was spoken; None if there is none, or none will be."""
        while True:
            status = await run_sync(self._status)
            if status in SPEAKING:
                clip, is_last = await run_sync(self._spoken, number)
                if clip is not None or is_last:
                    return clip
            elif status not in repository.BUSY:
                return None
            await anyio.sleep(LOOK_SECONDS)

    def _status(self) -> str | None:
        with self._context.database.read() as session:
            episode = repository.by_key(session, self._key)
            return episode.status if episode is not None else None

    def _spoken(self, number: int) -> tuple[Clip | None, bool]:
        plan = self._folder.plan()
        if number >= len(plan):
            return None, bool(plan)
        held = self._folder.clip(plan[number].clip)
        if held is None:
            return None, False
        path, spoken = held
        turn = plan[number]
        return Clip(path, turn.speaker, turn.text, turn.segment, spoken.words), False
