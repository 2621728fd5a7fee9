"""Keeps the engine in step with the rows, which are the truth.

The engine may know less than the rows (the process died between commit and enqueue, or the database was
restored), or more (a job ended and its row never learnt of it). Every source is asked for what waits; what the
engine does not know is enqueued, and of what has ended there the slice is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from magpie.engine.port import JobRef, JobState, Source, Wanted

logger = logging.getLogger(__name__)

EVERY_SECONDS = 20.0
_ALIVE = (JobState.QUEUED, JobState.RUNNING)


class Reconciler:
    """Compares every source with the engine."""

    def __init__(
        self,
        states: Callable[[Iterable[JobRef]], dict[str, JobState]],
        enqueue: Callable[[Wanted], None],
    ) -> None:
        self._states = states
        self._enqueue = enqueue
        self._sources: list[Source] = []

    def add(self, source: Source) -> None:
        self._sources.append(source)

    def run(self) -> int:
        """Go over all sources; how many jobs were enqueued. A failing source does not hold up the others."""
        enqueued = 0
        for source in self._sources:
            try:
                enqueued += self._run_source(source)
            except Exception:
                logger.exception("Comparing %s with the job engine failed", source.name)
        return enqueued

    def _run_source(self, source: Source) -> int:
        wanted = source.pending(datetime.now(UTC))
        states = self._states(want.ref for want in wanted)
        enqueued = 0
        for want in wanted:
            state = states.get(want.ref.id)
            if state is None:
                self._enqueue(want)
                enqueued += 1
            elif state not in _ALIVE:
                source.ended(want.ref, state)
        if enqueued:
            logger.info("Enqueued %d jobs of %s that the engine did not know", enqueued, source.name)
        return enqueued
