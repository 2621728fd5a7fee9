"""Writing one playlist: in chunks, read back after every step, until what the server has is what is wanted.

Nothing is remembered between steps: each one begins with what the server says, plans anew and does the first thing that
is left to do. So it does not matter whether a write that was cut off was done or not, nor who was killed after which one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from magpie.playlists.models import Mode
from magpie.playlists.servers.port import Entry, Fault, MediaServer, ServerFailed
from magpie.playlists.sync.plan import Plan, moves, plan

T = TypeVar("T")
log = structlog.get_logger(__name__)

# After these the write may have been done or not, or something else has changed the playlist: look again.
LOOK_AGAIN = frozenset({Fault.LOST, Fault.TIMEOUT, Fault.CHANGED, Fault.FAILING})
MISSES = 2  # how often a track may be missing after it was written before it counts as refused
TRIES = 3  # of one kind of step without any progress
MOST_STEPS = 30


class Step:
    """Kinds of steps, in the order in which they are done: a playlist that is left in the middle has too much, not too
    little."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"
    # On a server that can neither replace nor move: what stands behind the first fault goes, to be added again.
    REWRITE = "rewrite"


@dataclass(slots=True)
class Written:
    """How a playlist is after it was written. `refused` are tracks that the server did not take, so often."""

    entries: list[str]
    writes: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Writer:
    """Brings one playlist to what is wanted. `check` is called before every write, and may raise to end it there."""

    def __init__(
        self, server: MediaServer, playlist_id: str, check: Callable[[], None] = lambda: None
    ) -> None:
        self._server = server
        self._playlist_id = playlist_id
        self._check = check
        self._chunk: int | None = None  # keys in one write, once a server has found more of them too long
        self._gave_up_replacing = False
        self._tries: Counter[str] = Counter()
        self._left: tuple[str, int] | None = None
        self._expected: Counter[str] | None = None  # at least these are there, if the last write was taken
        self._missed: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.writes = 0

    def bring(self, wanted: Sequence[str], entries: Sequence[Entry] | None = None) -> Written:
        """Until the playlist is as wanted, but for tracks that the server does not take.

        `entries`: what it holds, if that has just been read. Raises `ServerFailed`; `Fault.FAILING` if the server does
        not come to hold what it was given.
        """
        for _ in range(MOST_STEPS):
            present = list(entries) if entries is not None else self._server.entries(self._playlist_id)
            entries = None
            self._not_taken(present)
            goal = _without(wanted, self.refused)
            made = plan([entry.track_id for entry in present], goal, Mode.MIRROR)
            if made.is_empty:
                return Written(list(made.current), self.writes, self.refused)
            step = self._next(made)
            if not self._may_try(step, made):
                break
            self._do(step, made, present)
        raise ServerFailed(Fault.FAILING, "The server does not keep the playlist as it was written.")

    def _not_taken(self, present: Sequence[Entry]) -> None:
        """Tracks that were written without a word of complaint, twice, and are not there."""
        expected, self._expected = self._expected, None
        if expected is None:
            return
        for track_id, count in (expected - Counter(entry.track_id for entry in present)).items():
            self._missed[track_id] += 1
            if self._missed[track_id] >= MISSES:
                self.refused[track_id] += count
                log.info("track_not_taken", count=count)

    def _may_try(self, step: str, made: Plan) -> bool:
        """Whether this step has been done too often without anything coming of it."""
        lefts = {
            Step.ADD: made.added,
            Step.REMOVE: made.removed,
            Step.MOVE: made.moved,
            Step.REWRITE: made.current,
        }
        left = len(lefts.get(step, made.added))
        if self._left is None or self._left[0] != step or left < self._left[1]:
            self._tries[step] = 0
        self._left = (step, left)
        self._tries[step] += 1
        if self._tries[step] >= TRIES and step == Step.REPLACE and self._server.capabilities.can_move:
            self._gave_up_replacing = True
            return True
        return self._tries[step] < TRIES

    def _next(self, made: Plan) -> str:
        if self._server.capabilities.can_replace and not self._gave_up_replacing:
            return Step.REPLACE
        if not self._server.capabilities.can_move and not _in_place(made):
            return Step.REWRITE
        if made.added:
            return Step.ADD
        return Step.REMOVE if made.removed else Step.MOVE

    def _do(self, step: str, made: Plan, present: Sequence[Entry]) -> None:
        """One step. What leaves it open whether it was done is passed over: the next one looks."""
        try:
            if step == Step.REPLACE:
                self._replace(made)
            elif step == Step.ADD:
                self._add([made.result[position] for position in made.added])
                self._expected = Counter(made.current) + Counter(made.result[place] for place in made.added)
            elif step == Step.REMOVE:
                self._remove([present[place] for place in made.removed])
            elif step == Step.REWRITE:
                self._remove(present[_common(made) :])
            else:
                self._move(made, present)
        except ServerFailed as failure:
            if failure.reason not in LOOK_AGAIN or self._tries[step] >= TRIES - 1:
                raise
            log.info("write_unsure", step=step, reason=failure.reason.value)

    def _replace(self, made: Plan) -> None:
        self._before_write()
        try:
            self._server.replace(self._playlist_id, made.result)
            self._expected = Counter(made.result)
        except ServerFailed as failure:
            if failure.reason is not Fault.TOO_LONG:
                raise
            self._gave_up_replacing = True

    def _add(self, track_ids: Sequence[str]) -> None:
        self._in_chunks(track_ids, lambda part: self._server.add(self._playlist_id, part))

    def _remove(self, entries: Sequence[Entry]) -> None:
        # From the end: where places are named by their number, those before stay what they are.
        self._in_chunks(entries[::-1], lambda part: self._server.remove(self._playlist_id, part[::-1]))

    def _in_chunks(self, values: Sequence[T], write: Callable[[Sequence[T]], None]) -> None:
        """Write them in pieces, smaller ones where the server finds one too long."""
        start = 0
        while start < len(values):
            size = self._chunk or max(1, self._server.capabilities.chunk)
            self._before_write()
            try:
                write(values[start : start + size])
            except ServerFailed as failure:
                if failure.reason is not Fault.TOO_LONG or size == 1:
                    raise
                self._chunk = max(1, size // 2)
                continue
            start += size

    def _move(self, made: Plan, present: Sequence[Entry]) -> None:
        goes_to = {place: position for position, place in enumerate(made.kept) if place is not None}
        for move in moves([goes_to[place] for place in range(len(present))]):
            self._before_write()
            after = None if move.after is None else present[move.after]
            self._server.move(self._playlist_id, present[move.item], after, move.index)

    def _before_write(self) -> None:
        self._check()
        self.writes += 1


def _in_place(made: Plan) -> bool:
    """Whether adding at the end and removing is enough."""
    return not made.moved and all(place is None for place in made.kept[len(made.kept) - len(made.added) :])


def _common(made: Plan) -> int:
    """How many entries from the beginning are as they should be."""
    pairs = enumerate(zip(made.current, made.result, strict=False))
    shorter = min(len(made.current), len(made.result))
    return next((place for place, (a, b) in pairs if a != b), shorter)


def _without(wanted: Sequence[str], refused: Counter[str]) -> list[str]:
    """What is wanted without the last so many of each track that is refused."""
    left = Counter(wanted)
    left.subtract(refused)
    found = []
    for track_id in wanted:
        if left[track_id] > 0:
            left[track_id] -= 1
            found.append(track_id)
    return found
