"""One playlist on one server: found or made, planned, guarded, written, read back and recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from magpie.kit.db import WriteSession
from magpie.playlists.models import Mode, Target, Task
from magpie.playlists.servers.port import Capabilities, Entry, Fault, MediaServer, ServerFailed
from magpie.playlists.sync import cover
from magpie.playlists.sync.order import Note, Order, Report, SyncLost, TargetOutcome, TargetStatus
from magpie.playlists.sync.plan import Plan, plan
from magpie.playlists.sync.writing import LOOK_AGAIN, Writer, Written
from magpie.playlists.tasks import repository

if TYPE_CHECKING:
    from magpie.playlists.sync.worker import Syncer

log = structlog.get_logger(__name__)

LEAST_CAP = 10
MAX_TITLE = 200
MAX_DESCRIPTION = 4000


@dataclass(frozen=True, slots=True)
class Wanted:
    """The tracks that a playlist is to hold, in their order."""

    track_ids: list[str]


def cap_of(task: Task, count: int) -> int:
    """How many of so many entries may go without asking."""
    if task.max_removals is not None:
        return task.max_removals
    return max(LEAST_CAP, count // 5)


def may_remove(task: Task) -> bool:
    """Nothing goes because a source has given only a part of its list, and nothing ever goes where songs are only added."""
    return task.mode == Mode.MIRROR and task.is_source_complete


def planned(removes: bool, current: Sequence[str], wanted: Sequence[str], can: Capabilities) -> Plan:
    """What a sync does. `removes`: as `may_remove`."""
    if removes:
        return plan(current, wanted, Mode.MIRROR)
    # A server that can neither move nor replace puts something elsewhere by taking out what stands behind it. What is
    # not wanted could not be put back by a later sync, if this one ended there.
    return plan(current, wanted, Mode.APPEND, at_end=not (can.can_move or can.can_replace))


def needs_approval(
    task: Task, target: Target, made: Plan, wanted: Sequence[str], *, elsewhere: int = 0
) -> bool:
    """Whether a person is asked first: too much would go, or all of it, or anything at all of a playlist that was there
    before and has never been kept. `elsewhere`: what an approval has already been used for on other servers."""
    removals = len(made.removed)
    if not removals:
        return False
    approved = int(task.counts.get("approved", 0)) if task.is_removal_approved else 0
    if removals <= approved - elsewhere:
        return False
    return target.synced_at is None or not wanted or removals > cap_of(task, len(made.current))


class Keeping:
    """Keeps one target's playlist."""

    def __init__(
        self,
        syncer: Syncer,
        order: Order,
        report: Report,
        check: Callable[[], None],
        connection: MediaServer,
        outcome: TargetOutcome,
    ) -> None:
        self._syncer = syncer
        self._context = syncer.context
        self._order = order
        self._report = report
        self._check = check
        self._connection = connection
        self._outcome = outcome

    def keep(self, task: Task, wanted: Wanted) -> None:
        """Raises `ServerFailed`, and what `check` raises."""
        target = self._target()
        goal = self._without_doubles(wanted.track_ids)
        entries = self._entries(target)
        if entries is None and not goal:
            self._outcome.status = TargetStatus.BEHIND
            self._note(Note.NOTHING_YET, f"{self._outcome.server_name} has none of the songs yet.")
            return
        if entries is None:
            target = self._made(task, target, goal)
            entries = self._connection.entries(target.playlist_id or "")
        self._bring(task, target, goal, entries)
        if self._outcome.status is not TargetStatus.ASKING:
            self._dress(task)

    def _note(self, code: Note, text: str, *, level: str = "info", **values: str | int | None) -> None:
        """A line of the log about this server."""
        self._report.note(code, text, level=level, server=self._outcome.server_name, **values)

    def _target(self) -> Target:
        with self._context.database.read() as session:
            target = session.get(Target, self._outcome.target_id)
        if target is None:
            raise LookupError("the target is gone")
        return target

    def _change(self, change: Callable[[WriteSession, Target, dict[str, Any]], None]) -> None:
        """Write into the target and into what the run remembers of it for undoing, if the sync still holds its task."""
        with self._context.database.write() as session:
            if not repository.still_mine(session, self._order.id, self._order.claim):
                raise SyncLost
            target = repository.lock_target(session, self._outcome.target_id)
            run = repository.lock_run(session, self._order.run_id)
            if target is None or run is None:
                raise LookupError("the target is gone")
            kept = dict(run.undo.get(str(target.id), {}))
            change(session, target, kept)
            if kept:
                run.undo = {**run.undo, str(target.id): kept}

    def _without_doubles(self, track_ids: list[str]) -> list[str]:
        if self._connection.capabilities.keeps_duplicates:
            return track_ids
        once = list(dict.fromkeys(track_ids))
        if len(once) < len(track_ids):
            text = f"{self._outcome.server_name} keeps each track once in a playlist."
            self._note(Note.NO_DOUBLES, text)
        return once

    # Finding and making

    def _entries(self, target: Target) -> list[Entry] | None:
        """What the playlist holds; None if there is none yet, or none any more."""
        if target.playlist_id is None:
            return None
        try:
            return self._connection.entries(target.playlist_id)
        except ServerFailed as failure:
            if failure.reason is not Fault.NOT_FOUND:
                raise
        self._note(Note.GONE, f"The playlist on {self._outcome.server_name} is gone.", level="warning")

        def forget(_session: WriteSession, row: Target, kept: dict[str, Any]) -> None:
            row.playlist_id = row.playlist_title = row.making = None
            row.cover_digest = row.description_digest = None
            kept.clear()

        self._change(forget)
        return None

    def _made(self, task: Task, target: Target, goal: Sequence[str]) -> Target:
        """A new playlist. Before it is made it is noted what it will be called and which ones are called so already: a
        sync whose forerunner was killed before it learnt the number finds it by that."""
        title = task.name[:MAX_TITLE] or "Playlist"
        found = self._found_again(target.making, goal) if target.making is not None else None
        if found is None:
            making = json.dumps({"title": title, "others": self._named(title)})
            self._change(lambda _session, row, _kept: setattr(row, "making", making))
            found = self._create(title, making, goal)
            self._note(Note.MADE, f"Made a playlist on {self._outcome.server_name}.")
        else:
            text = f"Found the playlist that was made on {self._outcome.server_name}."
            self._note(Note.FOUND_AGAIN, text)
        playlist_id = found

        def record(_session: WriteSession, row: Target, kept: dict[str, Any]) -> None:
            row.playlist_id, row.playlist_title, row.making = playlist_id, title, None
            kept.update(playlist_id=playlist_id, was_made=True, before=[], after=None)

        self._change(record)
        return self._target()

    def _create(self, title: str, making: str, goal: Sequence[str]) -> str:
        self._check()
        try:
            return self._connection.create(title, goal[: max(1, self._connection.capabilities.chunk)]).id
        except ServerFailed as failure:
            if failure.reason is Fault.TOO_LONG and len(goal) > 1:
                self._check()
                return self._connection.create(title, goal[:1]).id
            found = self._found_again(making, goal) if failure.reason in LOOK_AGAIN else None
            if found is None:
                raise
            return found

    def _named(self, title: str) -> list[str]:
        return [one.id for one in self._connection.playlists() if one.title == title]

    def _found_again(self, making: str, goal: Sequence[str]) -> str | None:
        """The playlist that was made: of its title, new since then, and with nothing in it that is not wanted."""
        noted = json.loads(making)
        for playlist_id in self._named(noted["title"]):
            if playlist_id not in noted["others"]:
                there = Counter(entry.track_id for entry in self._connection.entries(playlist_id))
                if not there - Counter(goal):
                    return playlist_id
        return None

    # Writing

    def _bring(self, task: Task, target: Target, goal: Sequence[str], entries: Sequence[Entry]) -> None:
        current = [entry.track_id for entry in entries]
        begun = self._begun(target)
        made = planned(may_remove(task), current, goal, self._connection.capabilities)
        if begun.get("goal") and not may_remove(task) and _goes_on(current, begun["before"], begun["goal"]):
            made = plan(current, begun["goal"], Mode.MIRROR)
        elif (asked := self._asked(task, target, made, goal, begun)) is not None:
            self._ask(asked)
            return
        if made.is_empty and not begun:
            self._note(Note.UNCHANGED, f"{self._outcome.server_name} is in step.")
            self._settled(target, current, Counter())
            return
        self._remember(target, current, made)
        written = self._write(target, made, entries)
        before = self._begun(target).get("before", current)
        self._outcome.counts = plan(before, written.entries, Mode.MIRROR).counts()
        counts = self._outcome.counts
        added, removed, moved = counts["added"], counts["removed"], counts["moved"]
        text = f"{self._outcome.server_name}: {added} added, {removed} removed, {moved} moved."
        self._note(Note.WRITTEN, text, added=added, removed=removed, moved=moved)
        self._settled(target, written.entries, written.refused)

    def _asked(
        self, task: Task, target: Target, made: Plan, goal: Sequence[str], begun: dict[str, Any]
    ) -> Plan | None:
        """The plan that a person is asked about, if one is. What this very run has begun is not asked about again; but if
        the source has come to want something else since, that is judged by what was there before the run."""
        if begun.get("goal") == list(made.result):
            return None
        if begun:
            made = planned(may_remove(task), begun["before"], goal, self._connection.capabilities)
        elsewhere = self._removed_elsewhere(target) if task.is_removal_approved else 0
        return made if needs_approval(task, target, made, goal, elsewhere=elsewhere) else None

    def _removed_elsewhere(self, target: Target) -> int:
        """How many entries this run has removed from the playlists of other targets."""
        with self._context.database.read() as session:
            run = repository.run(session, self._order.run_id)
            done = dict(run.undo) if run is not None else {}
        others = [kept for name, kept in done.items() if name != str(target.id)]
        return sum(
            len(
                plan(
                    kept.get("before") or [], kept.get("after") or kept.get("goal") or [], Mode.MIRROR
                ).removed
            )
            for kept in others
        )

    def _begun(self, target: Target) -> dict[str, Any]:
        """What this very run has noted of the target before its process ended, if it did."""
        with self._context.database.read() as session:
            run = repository.run(session, self._order.run_id)
            found = run.undo.get(str(target.id), {}) if run is not None else {}
        return dict(found)

    def _remember(self, target: Target, current: list[str], made: Plan) -> None:
        """Before the first write: what was there, so that it can be put back."""

        def note(_session: WriteSession, row: Target, kept: dict[str, Any]) -> None:
            kept.setdefault("playlist_id", row.playlist_id)
            kept.setdefault("was_made", False)
            kept.setdefault("before", current)
            kept["goal"] = list(made.result)
            kept["after"] = None

        self._change(note)

    def _write(self, target: Target, made: Plan, entries: Sequence[Entry]) -> Written:
        writer = Writer(self._connection, target.playlist_id or "", self._check)
        try:
            return writer.bring(made.result, entries)
        except ServerFailed as failure:
            if writer.writes:
                self._put_back(target, failure, [entry.track_id for entry in entries])
            raise

    def _put_back(self, target: Target, failure: ServerFailed, before: Sequence[str]) -> None:
        """It cannot be as planned: let it be as it was. Where that cannot be either, the next sync goes on from there."""
        if failure.reason in (Fault.TOKEN, Fault.DNS, Fault.TLS, Fault.REFUSED, Fault.NOT_FOUND):
            return  # nothing can be written now
        if not before:  # just made: what has come so far is no worse than nothing
            return
        try:
            Writer(self._connection, target.playlist_id or "", self._check).bring(before)
        except ServerFailed as second:
            log.info("playlist_not_put_back", reason=second.reason.value)
            return
        self._note(Note.PUT_BACK, f"Put the playlist on {self._outcome.server_name} back as it was.")

    def _ask(self, made: Plan) -> None:
        removals = len(made.removed)
        self._outcome.status = TargetStatus.ASKING
        self._outcome.removals = removals
        text = f"{self._outcome.server_name}: {removals} of {len(made.current)} entries would go. Somebody has to approve."
        self._note(Note.ASKED, text, level="warning", count=removals, total=len(made.current))

    def _settled(self, target: Target, entries: Sequence[str], refused: Counter[str]) -> None:
        waits = any(self._outcome.verdicts.get(name) for name in ("missing", "review"))
        self._outcome.status = TargetStatus.BEHIND if refused or waits else TargetStatus.IN_STEP
        if refused:
            text = f"{self._outcome.server_name} did not take {refused.total()} tracks."
            self._note(Note.NOT_TAKEN, text, level="warning", count=refused.total())
        present = list(entries)
        if target.entries == present and not self._begun(target):
            return

        def record(_session: WriteSession, row: Target, kept: dict[str, Any]) -> None:
            row.entries = present
            if kept:
                kept["after"] = present

        self._change(record)

    # Title, description, picture

    def _dress(self, task: Task) -> None:
        """Give the playlist what the source's has, where that has changed since: what somebody changed on the server by
        hand stays until then."""
        target = self._target()
        playlist_id = target.playlist_id
        if playlist_id is None:
            return
        title = task.name[:MAX_TITLE]
        can = self._connection.capabilities.can_describe
        if task.keep_title and can and title and title != target.playlist_title:
            self._check()
            self._connection.describe(playlist_id, title=title)
            self._note(Note.TITLED, f"Named the playlist on {self._outcome.server_name}.")
            self._change(lambda _session, row, _kept: setattr(row, "playlist_title", title))
        self._describe(task, target, playlist_id)
        self._cover(task, target, playlist_id)

    def _describe(self, task: Task, target: Target, playlist_id: str) -> None:
        text = (task.source_description or "")[:MAX_DESCRIPTION]
        digest = _digest(text)
        can = self._connection.capabilities.can_describe
        if not task.keep_description or not can or not text or digest == target.description_digest:
            return
        self._check()
        self._connection.describe(playlist_id, description=text)
        self._note(Note.DESCRIBED, f"Wrote the description on {self._outcome.server_name}.")
        self._change(lambda _session, row, _kept: setattr(row, "description_digest", digest))

    def _cover(self, task: Task, target: Target, playlist_id: str) -> None:
        url = task.source_cover_url
        can = self._connection.capabilities.can_poster
        if not task.keep_cover or not can or not url or _digest(url) == target.cover_digest:
            return
        try:
            picture, mime = cover.fetch(self._context.settings, url)
            self._check()
            self._connection.poster(playlist_id, picture, mime)
        except (httpx.HTTPError, cover.NoPicture, ServerFailed) as error:
            # The songs are what counts; it is tried again next time.
            log.info("cover_not_taken", error=type(error).__name__)
            self._note(Note.NOT_COVERED, "The picture could not be carried over.", level="warning")
            return
        self._note(Note.COVERED, f"Put the picture on {self._outcome.server_name}.")
        self._change(lambda _session, row, _kept: setattr(row, "cover_digest", _digest(url)))


def _goes_on(current: Sequence[str], before: Sequence[str], goal: Sequence[str]) -> bool:
    """Whether a list is on its way from `before` to `goal`, where nothing is removed: nobody else has changed it."""
    there = Counter(current)
    return not (there - Counter(goal)) and not (Counter(before) - there)


def _digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()
