"""Listening to songs in the background, so that those that sound the same are found."""

from __future__ import annotations

import threading
import time

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.downloads.tools import find_tools
from magpie.engine.port import Engine, Where
from magpie.kit.paths import OutsideRoot
from magpie.library.models import ItemFile
from magpie.library.roots import FolderMissing, Roots, roots_of
from magpie.library.twins import repository, sound

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0
BUDGET_SECONDS = 50.0
BATCH = 20
CANDIDATES = 5


def register(engine: Engine, context: AppContext) -> None:
    """Have new songs listened to while the engine runs, on one host."""
    listener = Listener(context)
    engine.every("how songs sound", EVERY_SECONDS, listener.turn, Where.ONE)
    engine.on_stopping(listener.stop)


class Listener:
    """Listens in a thread of its own, one song after the other. Without an ffmpeg that makes fingerprints it does
    nothing."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._busy = threading.Lock()
        self._stopping = threading.Event()
        self._ffmpeg: str | None = None

    def turn(self) -> None:
        """Begin to listen, unless that is being done or not wanted."""
        wanted = self._context.settings.compare_sound and not self._stopping.is_set()
        if wanted and self._busy.acquire(blocking=False):
            threading.Thread(target=self._work, name="how songs sound", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _work(self) -> None:
        try:
            self.listen(BUDGET_SECONDS)
        except OperationalError as error:
            log.info("songs_not_heard", error=type(error).__name__)
        except Exception:
            log.exception("songs_not_heard")
        finally:
            self._busy.release()

    def listen(self, budget: float) -> int:
        """Listen to what is new for so many seconds; how many songs that were."""
        end, count, after = time.monotonic() + budget, 0, 0
        roots = roots_of(self._context)
        while time.monotonic() < end and not self._stopping.is_set():
            with self._context.database.read() as session:
                waiting = repository.sounding(session, after, BATCH)
            if not waiting or not self._find_ffmpeg():
                break
            for item_id, file in waiting:
                if time.monotonic() >= end or self._stopping.is_set():
                    break
                self._hear(roots, item_id, file)
                after, count = item_id, count + 1
        return count

    def _find_ffmpeg(self) -> str:
        """The program, or nothing where it cannot make fingerprints."""
        if self._ffmpeg is None:
            program = find_tools(self._context.settings.ffmpeg).ffmpeg
            self._ffmpeg = program if sound.has_chromaprint(program) else ""
            if not self._ffmpeg:
                log.info("no_fingerprints", ffmpeg=program)
        return self._ffmpeg

    def _hear(self, roots: Roots, item_id: int, file: ItemFile) -> None:
        numbers = self._numbers(roots, file)
        duration = file.duration or len(numbers) * sound.STEP_SECONDS
        blocks = sound.blocks(numbers) if numbers else []
        alike = self._alike(roots, item_id, numbers, blocks, duration)
        with self._context.database.write() as session:
            there = repository.items(session, [item_id, *alike])
            if item_id not in there:
                return
            repository.keep_sound(session, item_id, file.size, duration if numbers else None, blocks)
            for other_id, score in alike.items():
                if other_id in there:
                    repository.keep_likeness(session, item_id, other_id, score)

    def _alike(
        self, roots: Roots, item_id: int, numbers: tuple[int, ...], blocks: list[int], duration: float
    ) -> dict[int, float]:
        """The items that sound like it, and how much."""
        if not numbers:
            return {}
        with self._context.database.read() as session:
            others = repository.alike_by_blocks(session, item_id, blocks, duration, CANDIDATES)
        scores = {one: sound.likeness(numbers, self._numbers(roots, other)) for one, other in others}
        return {one: score for one, score in scores.items() if score >= sound.ALIKE}

    def _numbers(self, roots: Roots, file: ItemFile) -> tuple[int, ...]:
        """The fingerprint; nothing where there is none."""
        try:
            return sound.fingerprint(self._find_ffmpeg(), roots.place(file.root, file.path))
        except (sound.NoSound, FolderMissing, OutsideRoot, OSError):
            return ()
