"""Making episodes: claiming one, watching over the claim, and putting it down when the program stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from magpie.context import AppContext
from magpie.engine.holding import Hold, Holds
from magpie.engine.port import Job, JobParked, JobRef
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Unavailable
from magpie.podcasts.discretion import discreet
from magpie.podcasts.episodes import files, queueing, quota, repository
from magpie.podcasts.making import costing
from magpie.podcasts.making.failures import MakingFailed, Stopped
from magpie.podcasts.making.folder import EpisodeFolder
from magpie.podcasts.making.order import Cost, Made, MakingOrder, NewScript
from magpie.podcasts.making.ordering import order_of, providers_of
from magpie.podcasts.making.pipeline import make
from magpie.podcasts.making.tools import Tools
from magpie.podcasts.models import Episode, EpisodeScript, EpisodeStatus

log = structlog.get_logger(__name__)

# A cancel is to be heard of within two seconds.
WATCH_SECONDS = 0.5
REPORT_SECONDS = 1.0
# How long is waited after each failure in a row that may pass by itself; then it counts as failed.
RETRIES = (10.0, 60.0, 300.0, 1200.0)
_STATUS = {
    "voicing": EpisodeStatus.VOICING,
    "mastering": EpisodeStatus.MASTERING,
    "publishing": EpisodeStatus.MASTERING,
}
CRASHED = "Something went wrong in Magpie itself; the log says more."
OUT_OF_REACH = "The database could not be reached."

MakeTools = Callable[[MakingOrder, str], Tools]


@dataclass(slots=True)
class _Told:
    """What the row says of the progress."""

    step: str = ""
    at: float = 0.0


class Producer:
    """Everything that the making of episodes needs, shared by all of them in this process."""

    def __init__(self, context: AppContext, name: str, tools: MakeTools) -> None:
        """`name` tells workers apart; `tools` gives those of one episode's order and claim."""
        self.context = context
        self.name = name
        self._tools = tools
        self.holds = Holds(
            "episode", context.database, beat=self._beat, held=self._is_held, watch_seconds=WATCH_SECONDS
        )

    def perform(self, job: Job) -> None:
        """Make one episode whose row says that this attempt is due.

        Never raises for what it met; `JobParked` if it was put down because the program stops.
        """
        try:
            claimed = self._claim(job.ref)
        except (OperationalError, Unavailable):
            raise
        except Exception:
            # It would be begun anew at once otherwise, again and again.
            log.exception("episode_not_begun")
            self.give_up(job.ref, CRASHED)
            return
        if claimed is None:
            self._tidy_after_crash(job.ref)
            return
        episode_id, claim, order = claimed
        hold = Hold(episode_id, claim, job)
        with structlog.contextvars.bound_contextvars(episode_id=episode_id), self.holds.watched(hold):
            _Attempt(self, hold, order).run()

    def give_up(self, ref: JobRef, detail: str) -> None:
        """Record an episode that brings down every process that makes it as failed."""
        with self.context.database.write() as session:
            episode = self._due(session, ref)
            if episode is not None:
                fail(self.context, session, episode, "crashed", detail)

    def folder(self, key: str, claim: int) -> EpisodeFolder:
        return EpisodeFolder(files.root_of(self.context.settings), key, claim)

    def tools_for(self, order: MakingOrder, hold: Hold) -> Tools:
        return self._tools(order, f"episode-{order.key}-{hold.claim}")

    def _tidy_after_crash(self, ref: JobRef) -> None:
        """The process died between the last commit and the cleaning."""
        with self.context.database.read() as session:
            episode = repository.by_key(session, ref.key)
            done = episode is not None and episode.status == EpisodeStatus.COMPLETED
            claim = episode.claim if episode is not None else 0
        if done:
            self.tidy(ref.key, claim)

    def tidy(self, key: str, claim: int) -> None:
        """Let go of what the making of an episode has left, unless somebody has begun on it anew meanwhile."""
        folder = self.folder(key, claim)
        with self.context.database.write() as session:
            episode = repository.lock_by_key(session, key)
            if episode is not None and episode.claim == claim and episode.status == EpisodeStatus.COMPLETED:
                folder.tidy()
                session.after_commit(folder.sweep)

    # Claiming

    def _due(self, session: WriteSession, ref: JobRef) -> Episode | None:
        episode = repository.lock_by_key(session, ref.key)
        if episode is None or episode.status not in repository.BUSY or episode.attempt != ref.attempt:
            return None
        return episode if ref.epoch == self.context.job_epoch(session) else None

    def _claim(self, ref: JobRef) -> tuple[int, int, MakingOrder] | None:
        """Take the row; None if there is nothing to do any more."""
        context = self.context
        with context.database.write() as session:
            episode = self._due(session, ref)
            if episode is None:
                return None
            episode.providers = {**(episode.providers or {}), **providers_of(episode, context.settings)}
            try:
                order = order_of(session, context.settings, episode)
            except MakingFailed as failure:
                episode.step = failure.step
                fail(context, session, episode, failure.reason, failure.message)
                return None
            episode.status = EpisodeStatus.WRITING if order.script is None else EpisodeStatus.VOICING
            episode.claim += 1
            episode.worker, episode.heartbeat_at = self.name, utcnow()
            episode.started_at = episode.started_at or utcnow()
            episode.next_attempt_at = episode.error_code = episode.error_message = None
            queueing.announce(context, session, episode)
            return episode.id, episode.claim, order

    # Watching

    def _beat(self, session: WriteSession, hold: Hold, moment: datetime) -> bool:
        return repository.still_mine(session, hold.row_id, hold.claim, heartbeat_at=moment)

    def _is_held(self, session: ReadSession, hold: Hold) -> bool:
        episode = repository.get(session, hold.row_id)
        return episode is not None and episode.claim == hold.claim and episode.status in repository.ACTIVE


def fail(context: AppContext, session: WriteSession, episode: Episode, code: str, message: str) -> None:
    """End an episode's work; everything that was done is kept, and can be gone on with."""
    episode.status = EpisodeStatus.FAILED
    episode.worker = episode.heartbeat_at = episode.next_attempt_at = None
    episode.error_code = code[:32]
    episode.error_message = discreet(message, context.settings, session, episode.user_id)
    queueing.announce(context, session, episode)
    log.info("episode_failed", reason=code, step=episode.step)


class _Attempt:
    """One attempt at one episode, by whoever has claimed its row."""

    def __init__(self, producer: Producer, hold: Hold, order: MakingOrder) -> None:
        self._producer = producer
        self._context = producer.context
        self._hold = hold
        self._order = order
        self._folder = producer.folder(order.key, hold.claim)
        self._told = _Told()
        self._reporting = threading.Lock()

    def run(self) -> None:
        before = self._folder.used()
        try:
            made = make(
                self._order,
                self._producer.tools_for(self._order, self._hold),
                self._folder,
                self._report,
                self._must_end,
                keep_script=self._keep_script,
                keep_estimate=self._keep_estimate,
                conclude=self._conclude,
            )
            if made.is_whole:
                self._producer.tidy(self._order.key, self._hold.claim)
            else:
                self._let_wait(made)
        except Stopped:
            self._put_down()
        except MakingFailed as failure:
            log.info("episode_step_failed", step=failure.step, reason=failure.reason, detail=failure.detail)
            self._settle_failure(failure, progressed=self._folder.used() != before)
        except (OperationalError, Unavailable):
            log.exception("episode_interrupted")
            unreached = MakingFailed(self._told.step, "crashed", OUT_OF_REACH, may_pass=True)
            self._settle_failure(unreached, progressed=self._folder.used() != before)
        except Exception:
            log.exception("episode_crashed")
            self._settle_failure(MakingFailed(self._told.step, "crashed", CRASHED), progressed=False)

    def _must_end(self) -> bool:
        return self._producer.holds.must_end(self._hold)

    def _mine(self, session: WriteSession) -> Episode | None:
        """The row, locked, if this attempt still holds it."""
        episode = repository.lock_by_key(session, self._order.key)
        held = (
            episode is not None
            and episode.claim == self._hold.claim
            and episode.status in repository.ACTIVE
            and not self._hold.is_lost
        )
        if held:
            return episode
        self._hold.lost = True
        log.info("episode_taken_over")
        if episode is None:  # what was written after somebody had deleted it
            session.after_commit(lambda: files.remove_all(self._folder.root, self._order.key))
        return None

    # While it goes on

    def _report(self, step: str, done: int, total: int) -> None:
        """Called in any thread. The row hears of each new step at once, of the rest once a second."""
        with self._reporting:
            now = time.monotonic()
            if step == self._told.step and now - self._told.at < REPORT_SECONDS and done < total:
                return
            self._told = _Told(step, now)
            written = self._order.script is not None and self._order.translate_to is None
            status = _STATUS.get(step, EpisodeStatus.VOICING if written else EpisodeStatus.WRITING)
            with self._context.database.write() as session:
                values: dict[str, Any] = {
                    "step": step[:32],
                    "steps_done": done,
                    "steps_total": total,
                    "status": status,
                }
                if not repository.still_mine(session, self._hold.row_id, self._hold.claim, **values):
                    self._hold.lost = True
                    return
                episode = repository.get(session, self._hold.row_id)
                if episode is not None:
                    queueing.announce(self._context, session, episode)

    def _keep_script(self, new: NewScript) -> None:
        with self._context.database.write() as session:
            episode = self._mine(session)
            if episode is None:
                raise Stopped
            script = new.script
            row = EpisodeScript(
                episode_id=episode.id,
                origin=new.origin,
                language=script.language[:16],
                script=script.as_json(),
            )
            repository.add_script(session, row)
            if not episode.is_titled and script.title:
                episode.title = script.title[:500]
            episode.description = episode.description or script.description
            self._note_sources(session)
            queueing.announce(self._context, session, episode)

    def _note_sources(self, session: WriteSession) -> None:
        """What reading has found out about the sources."""
        for row in repository.sources(session, [self._hold.row_id])[self._hold.row_id]:
            text = self._folder.text(row.position)
            if text is not None:
                row.characters = len(text.text)
                row.title = row.title or text.title[:500] or None
                row.language = row.language or (text.language or "")[:16] or None

    def _keep_estimate(self, estimate: Cost) -> None:
        with self._context.database.write() as session:
            if (episode := self._mine(session)) is None:
                raise Stopped
            if self._order.script is None or not episode.estimate:
                episode.estimate = estimate.as_json()
            self._require_minutes(session, episode, estimate)

    def _require_minutes(self, session: WriteSession, episode: Episode, estimate: Cost) -> None:
        """Raises `MakingFailed` if they are more than the user has left: whoever began it may not have known."""
        refusal = quota.refusal(session, self._context.settings, episode, estimate.minutes)
        if refusal is not None:
            raise MakingFailed("checking", "over_budget", f"{refusal}.")

    # How it ends

    def _usage(self, seconds: float) -> dict[str, Any]:
        return costing.cost_of(self._context.settings, self._folder.used(), seconds / 60).as_json()

    def _conclude(self, made: Made, place: Callable[[], None]) -> None:
        """Put the files in place and record them: both while nobody else can take the row, or neither."""
        with self._context.database.write() as session:
            if (episode := self._mine(session)) is None:
                raise Stopped
            place()
            self._complete(session, episode, made)
            self._end(session, episode, made)

    def _let_wait(self, made: Made) -> None:
        """The script is there, and somebody is to approve it."""
        with self._context.database.write() as session:
            if (episode := self._mine(session)) is None:
                return
            episode.status, episode.step = EpisodeStatus.WAITING, "waiting"
            self._end(session, episode, made)

    def _end(self, session: WriteSession, episode: Episode, made: Made) -> None:
        episode.usage = self._usage(made.seconds)
        episode.failures, episode.error_code, episode.error_message = 0, None, None
        episode.worker = episode.heartbeat_at = episode.next_attempt_at = None
        queueing.announce(self._context, session, episode)
        log.info("episode_made", status=episode.status, seconds=made.seconds)

    def _complete(self, session: WriteSession, episode: Episode, made: Made) -> None:
        episode.status, episode.step = EpisodeStatus.COMPLETED, None
        episode.duration = made.seconds
        episode.size = made.files["mp3"].stat().st_size
        episode.files = {what: path.name for what, path in made.files.items()}
        episode.report = made.report
        episode.completed_at = utcnow()
        if not episode.is_titled and made.script.title:
            episode.title = made.script.title[:500]
        quota.note(session, episode, made.seconds)

    def _settle_failure(self, failure: MakingFailed, *, progressed: bool) -> None:
        context = self._context
        with context.database.write() as session:
            if (episode := self._mine(session)) is None:
                return
            episode.usage = self._usage(episode.duration or 0.0)
            # What got further than the attempt before is not the same failure again.
            failures = 0 if progressed or failure.waits else episode.failures
            if not failure.may_pass or failures >= len(RETRIES):
                fail(context, session, episode, failure.reason, failure.message)
                return
            delay = max(RETRIES[failures], failure.retry_after or 0.0)
            episode.failures = failures + (not failure.waits)
            queueing.queue(context, session, episode, delay=delay)
            episode.error_code = failure.reason[:32]
            episode.error_message = discreet(failure.message, context.settings, session, episode.user_id)
            episode.next_attempt_at = utcnow() + timedelta(seconds=delay)
            queueing.announce(context, session, episode)

    def _put_down(self) -> None:
        """Stopped by a stop of the program, or because the episode is not ours any more."""
        if self._hold.is_lost or not self._producer.holds.is_stopping(self._hold):
            with self._context.database.write() as session:
                self._mine(session)
            return
        with self._context.database.write() as session:
            kept = {"status": EpisodeStatus.PENDING, "worker": None, "heartbeat_at": None}
            if not repository.still_mine(session, self._hold.row_id, self._hold.claim, **kept):
                return
        raise JobParked
