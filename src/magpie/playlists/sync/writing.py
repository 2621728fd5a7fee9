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
TRIES = 3  # of one kind of step without any progress
MOST_STEPS = 40


class Step:
    """Kinds of steps, in the order in which they are done: a playlist that is left in the middle has too much, not too
    little."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"


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
        self.writes = 0

    def bring(self, wanted: Sequence[str], entries: Sequence[Entry] | None = None) -> Written:
        """Until the playlist is as wanted, but for tracks that the server does not take.

        `entries`: what it holds, if that has just been read. Raises `ServerFailed`; `Fault.FAILING` if the server does
        not come to hold what it was given.
        """
        refused: Counter[str] = Counter()
        for _ in range(MOST_STEPS):
            present = list(entries) if entries is not None else self._server.entries(self._playlist_id)
            entries = None
            goal = _without(wanted, refused)
            made = plan([entry.track_id for entry in present], goal, Mode.MIRROR)
            if made.is_empty:
                return Written(list(made.current), self.writes, refused)
            step = self._next(made)
            if not self._may_try(step, made):
                if step not in (Step.ADD, Step.REPLACE) or refused or not made.added:
                    break
                refused = Counter(made.result[position] for position in made.added)
                log.info("tracks_not_taken", count=refused.total())
                self._tries.clear()
                continue
            self._do(step, made, present)
        raise ServerFailed(Fault.FAILING, "The server does not keep the playlist as it was written.")

    def _may_try(self, step: str, made: Plan) -> bool:
        """Whether this step has been done too often without anything coming of it."""
        left = len(made.added) + len(made.removed) + len(made.moved)
        if self._left is not None and self._left[0] == step and left < self._left[1]:
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
            elif step == Step.REMOVE:
                self._remove([present[place] for place in made.removed])
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
        """All moves that are left; or, on a server that cannot move, everything behind the first fault is taken out, to be
        added again in its order."""
        if not self._server.capabilities.can_move:
            same = next(
                place for place, (a, b) in enumerate(zip(made.current, made.result, strict=True)) if a != b
            )
            self._remove(present[same:])
            return
        goes_to = {place: position for position, place in enumerate(made.kept) if place is not None}
        for move in moves([goes_to[place] for place in range(len(present))]):
            self._before_write()
            after = None if move.after is None else present[move.after]
            self._server.move(self._playlist_id, present[move.item], after, move.index)

    def _before_write(self) -> None:
        self._check()
        self.writes += 1


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
