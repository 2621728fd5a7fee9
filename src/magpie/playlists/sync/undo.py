"""Undoing the last sync that has changed something. What somebody has done to the playlists since then is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from magpie.playlists.models import Mode, Target
from magpie.playlists.servers.port import Fault, MediaServer, ServerFailed
from magpie.playlists.sync.order import Note, Order, Report, SyncLost, TargetOutcome
from magpie.playlists.sync.plan import plan
from magpie.playlists.sync.writing import Writer
from magpie.playlists.tasks import repository

if TYPE_CHECKING:
    from magpie.playlists.sync.worker import Syncer


def restored(before: Sequence[str], after: Sequence[str], current: Sequence[str]) -> list[str]:
    """What a playlist is to hold once a sync is undone that led from `before` to `after`: `before`, without what
    somebody has taken out since, and with what somebody has added since at its end."""
    taken = Counter(after) - Counter(current)
    new = Counter(current) - Counter(after)
    found = []
    for track_id in before:
        if taken[track_id] > 0:
            taken[track_id] -= 1
        else:
            found.append(track_id)
    added = []
    for track_id in reversed(current):
        if new[track_id] > 0:
            new[track_id] -= 1
            added.append(track_id)
    return found + added[::-1]


class Undoing:
    """Undoes what the last changing run of a task did to one target."""

    def __init__(self, syncer: Syncer, order: Order, report: Report, check: Callable[[], None]) -> None:
        self._context = syncer.context
        self._order = order
        self._report = report
        self._check = check

    def undo(self, connection: MediaServer, outcome: TargetOutcome) -> None:
        """Raises `ServerFailed`, and what `check` raises. A target that the run did not change is left alone."""
        done = self._done(outcome.target_id)
        playlist_id = done.get("playlist_id")
        if not playlist_id:
            return
        current = self._current(connection, playlist_id, outcome)
        if current is None:
            return
        before, after = list(done.get("before") or []), done.get("after")
        goal = before if after is None else restored(before, after, current)
        if done.get("was_made") and not goal:
            self._check()
            connection.delete(playlist_id)
            text = f"Deleted the playlist on {outcome.server_name}."
            self._report.note(Note.DELETED, text, server=outcome.server_name)
            self._record(outcome.target_id, None, [])
        else:
            written = Writer(connection, playlist_id, self._check).bring(goal)
            self._record(outcome.target_id, playlist_id, written.entries)
            text = f"{outcome.server_name} is as it was before."
            self._report.note(Note.UNDONE, text, server=outcome.server_name)
        outcome.counts = plan(current, goal, Mode.MIRROR).counts()

    def _done(self, target_id: int) -> dict[str, Any]:
        with self._context.database.read() as session:
            run = repository.undoable(session, self._order.id)
            return dict(run.undo.get(str(target_id), {})) if run is not None else {}

    def _current(self, connection: MediaServer, playlist_id: str, outcome: TargetOutcome) -> list[str] | None:
        try:
            return [entry.track_id for entry in connection.entries(playlist_id)]
        except ServerFailed as failure:
            if failure.reason is not Fault.NOT_FOUND:
                raise
        text = f"The playlist on {outcome.server_name} is gone."
        self._report.note(Note.GONE, text, level="warning", server=outcome.server_name)
        self._record(outcome.target_id, None, [])
        return None

    def _record(self, target_id: int, playlist_id: str | None, entries: list[str]) -> None:
        with self._context.database.write() as session:
            if not repository.still_mine(session, self._order.id, self._order.claim):
                raise SyncLost
            target: Target | None = repository.lock_target(session, target_id)
            if target is None:
                return
            target.entries = entries
            if playlist_id is None:
                target.playlist_id = target.playlist_title = target.making = None
                target.cover_digest = target.description_digest = None
