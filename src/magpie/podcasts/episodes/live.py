"""Hearing an episode while it is made: each turn as soon as it was spoken, in order."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable

import anyio
import structlog
from anyio.to_thread import run_sync
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from magpie.context import AppContext
from magpie.kit.errors import TooManyRequests
from magpie.podcasts.episodes import files, repository
from magpie.podcasts.making.folder import CLIPS, EpisodeFolder
from magpie.podcasts.mastering.order import Clip, MasteringFailed
from magpie.podcasts.models import EpisodeStatus

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
WAIT_SECONDS = 1.0  # between two looks while nobody speaks yet
# Listeners at once: each one asks the database again and again. A page that was loaded anew still counts for a moment.
MOST_OF_EPISODE, MOST_OF_USER = 4, 10
RETRY_SECONDS = 10
MIME = "audio/mpeg"
SPEAKING = (EpisodeStatus.VOICING, EpisodeStatus.MASTERING)


class Seats:
    """Who listens just now, in this process. Thread-safe."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[int, str]] = Counter()
        self._lock = threading.Lock()

    def take(self, user_id: int, key: str) -> Callable[[], None]:
        """A place for one more listener; what is answered gives it back, and may be called more than once. Raises
        `TooManyRequests`."""
        seat = (user_id, key)
        with self._lock:
            of_user = sum(count for (user, _), count in self._taken.items() if user == user_id)
            if self._taken[seat] >= MOST_OF_EPISODE or of_user >= MOST_OF_USER:
                raise TooManyRequests(
                    f"You listen {self._taken[seat]} times to this podcast and {of_user} times in all while they are made "
                    f"already: at most {MOST_OF_EPISODE} and {MOST_OF_USER}. Close another one.",
                    retry_after=RETRY_SECONDS,
                )
            self._taken[seat] += 1
        held = [seat]

        def leave() -> None:
            with self._lock:
                if held:
                    self._taken[held.pop()] -= 1
                    self._taken = +self._taken

        return leave


SEATS = Seats()


class LiveResponse(StreamingResponse):
    """A stream that gives its listener's place back however it ends, also if nobody has waited for its beginning."""

    def __init__(self, stream: AsyncIterator[bytes], leave: Callable[[], None]) -> None:
        headers = {"Cache-Control": "no-store", "Accept-Ranges": "none"}
        super().__init__(stream, media_type=MIME, headers=headers)
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()


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
            await anyio.sleep(LOOK_SECONDS if status in SPEAKING else WAIT_SECONDS)

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
