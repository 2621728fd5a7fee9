"""The worker's side of the nest: starts the fork server, hands jobs to it, and answers for their end."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from magpie.downloads.extractors.listing import ListHandler, Listing, ListOrder, order_to_wire
from magpie.downloads.extractors.port import (
    Declined,
    Entry,
    IsAList,
    Medium,
    Request,
    Saved,
    Stage,
    saved_from_wire,
    to_wire,
)
from magpie.downloads.extractors.secrets import Redactor
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.conversation import Conversation, JobDied, NoProgress
from magpie.downloads.nest.generation import Generation, Job
from magpie.downloads.nest.kernel import out_of_memory_kills
from magpie.downloads.nest.spares import Spares
from magpie.downloads.nest.wire import Message
from magpie.downloads.nest.workdir import remove_owner

DEFAULT_IDLE_SECONDS = 600.0
DEFAULT_INACTIVITY_SECONDS = 120.0
END_SECONDS = 10.0
LEAVING_SECONDS = 1.0
KILL_SECONDS = 2.0
FINISH_SECONDS = 10.0
INSPECT_MEMORY_MB = 1024
INSPECT_SECONDS = 8.0


class Verdict(StrEnum):
    """The worker's answer to `on_found`."""

    GO = "go"
    STOP = "stop"


class Cancelled(Exception):
    """The job was ended by `Nest.kill`."""


class _Stale(Exception):
    """A process that was kept had died before it heard of its next order."""


class JobHandler(Protocol):
    """What the worker does with a job's reports; called in the thread that called `run`."""

    def on_stage(self, stage: Stage) -> None: ...

    def on_found(self, medium: Medium) -> Verdict:
        """The job waits for the answer, however long it takes."""

    def on_progress(self, downloaded: int, total: int | None, speed: float | None, eta: float | None) -> None:
        """At most four times a second. Bytes, bytes per second, seconds."""


@dataclass(frozen=True, slots=True)
class NestState:
    """For the health page. `problems`: extractors that could not be prepared, now or when it ran last."""

    running: bool
    pid: int | None
    versions: dict[str, str]
    problems: list[str]


class Nest:
    """Job processes for one worker. All methods may be called from any thread.

    `keep_in`: the folder in which the server keeps what it need not work out again.
    """

    def __init__(
        self,
        *,
        keep_in: Path | None = None,
        idle_seconds: float = DEFAULT_IDLE_SECONDS,
        inactivity_seconds: float = DEFAULT_INACTIVITY_SECONDS,
    ) -> None:
        self._keep_in = keep_in
        self._idle_seconds = idle_seconds
        self.inactivity_seconds = inactivity_seconds
        self._lock = threading.RLock()
        self._generation: Generation | None = None
        self._latest: Generation | None = None  # kept when an idle server is stopped
        self._jobs: dict[str, Job] = {}
        self._spares = Spares()
        self._idle_timer: threading.Timer | None = None
        self._stopped = False

    def start(self) -> None:
        """Start the server now, so that the first job need not wait for it."""
        with self._lock:
            self._stopped = False
            self._living_generation()
            self._watch_idleness()

    def examine(self, seconds: float) -> NestState:
        """Start the server if it does not run, and wait until all extractors are prepared or have failed."""
        with self._lock:
            generation = self._living_generation()
            self._watch_idleness()
        generation.prepared.wait(seconds)
        return self.state()

    def stop(self) -> None:
        """Kill all jobs and the server. A later `start` begins anew."""
        with self._lock:
            self._stopped = True
            self._cancel_idle_timer()
            generation, self._generation = self._generation, None
        self._spares.release_all()
        if generation is not None:
            generation.close()

    def __enter__(self) -> Nest:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self, request: Request, handler: JobHandler, *, memory_mb: int, job_id: str) -> Saved:
        """Run one job to its end; when this returns or raises, no process of the job is left.

        Raises DownloadFailure, IsAList, Declined, Cancelled, or what the handler raised.
        """
        order: Message = {"type": "save", "request": to_wire(request)}
        answer = self._carry_out(
            order,
            handler,
            memory_mb,
            job_id,
            self.inactivity_seconds,
            Redactor(request),
            workdir=request.workdir,
        )
        kind = answer["type"]
        if kind == "saved":
            return saved_from_wire(answer["saved"])
        if kind == "list":
            raise IsAList([Entry(**entry) for entry in answer["entries"]], answer["title"], answer["album"])
        if kind == "declined":
            raise Declined
        raise _failure(answer)

    def list(
        self, order: ListOrder, handler: ListHandler, *, memory_mb: int, job_id: str, kin: str | None = None
    ) -> Listing:
        """List what is at an address; the handler hears of it meanwhile. When this returns or raises, no process of
        the job is left, unless it is kept for another listing of the same `kin` (see `spares.py`). An order with
        cookies always has a process of its own.

        Raises DownloadFailure, Cancelled, or what the handler raised.
        """
        kin = kin if order.cookies is None else None
        message: Message = {"type": "list", "order": order_to_wire(order), "stay": kin is not None}
        redact = Redactor(order)

        def carry_out(kin: str | None) -> Message:
            patience = self.inactivity_seconds
            return self._carry_out(message, _Nobody(), memory_mb, job_id, patience, redact, handler, kin)

        try:
            answer = carry_out(kin)
        except _Stale:
            answer = carry_out(None)
        if answer["type"] == "listed":
            return Listing(**answer["listing"])
        raise _failure(answer)

    def inspect(self, url: str, proxy: str, options: dict[str, Any] | None = None) -> dict[str, Any]:
        """A quick classification: `{extractor, kind, title?}`; `kind`: file, page, gallery, list, unsupported.

        Unknown pages cost at most one small GET. Raises DownloadFailure if the job process fails.
        """
        order: Message = {"type": "inspect", "url": url, "proxy": proxy, "options": options or {}}
        job_id = f"inspect-{threading.get_ident()}-{time.monotonic_ns()}"
        answer = self._carry_out(order, _Nobody(), INSPECT_MEMORY_MB, job_id, INSPECT_SECONDS, str)
        found: dict[str, Any] = answer["answer"]
        return found

    def kill(self, job_id: str) -> bool:
        """SIGKILL the job's process group and wait until all of it is gone, 2 s at most. False: no such job."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None:
                return False
            job.cancelled = True  # from now on it is not kept for anybody else
        job.kill()
        job.ended.wait(KILL_SECONDS)
        return True

    def finish(self, job_id: str) -> bool:
        """Ask a live recording to end so that its file is playable; killed after 10 s. False: no such job."""
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None:
            return False
        with suppress(OSError):
            job.send({"type": "finish"})
        if not job.ended.wait(FINISH_SECONDS):
            self.kill(job_id)
        return True

    def pids(self) -> dict[str, int]:
        """The leaders of the running jobs by job id."""
        with self._lock:
            return {job_id: job.pid for job_id, job in self._jobs.items() if job.pid is not None}

    def state(self) -> NestState:
        with self._lock:
            generation, latest = self._generation, self._latest
        if generation is None or generation.dead.is_set():
            return NestState(False, None, {}, latest.problems if latest else [])
        return NestState(True, generation.pid, generation.versions, generation.problems)

    def _carry_out(
        self,
        order: Message,
        handler: JobHandler,
        memory_mb: int,
        job_id: str,
        patience: float,
        redact: Redactor | type[str],
        listing: ListHandler | None = None,
        kin: str | None = None,
        workdir: Path | None = None,
    ) -> Message:
        kills_before = out_of_memory_kills()
        job, is_spare = self._begin(job_id, memory_mb, kin)
        conversation = Conversation(job, handler, patience, listing)
        answer: Message | None = None
        timed_out = False
        try:
            job.send(order)
            answer = conversation.hold()
        except NoProgress:
            timed_out = True
        except (JobDied, BrokenPipeError, ConnectionResetError):
            pass
        finally:
            conversation.drain_output()
            self._let_go(job_id, job, answer, kin)
            if workdir is not None and job.is_gone:
                remove_owner(workdir, job.pid)
        if job.cancelled and answer is None:
            raise Cancelled(job_id)
        if answer is not None:
            return answer
        if timed_out:
            raise DownloadFailure(Reason.TIMED_OUT)
        if is_spare and not conversation.has_heard:
            raise _Stale
        raise _death(job, kills_before, redact(conversation.last_words()))

    def _begin(self, job_id: str, memory_mb: int, kin: str | None) -> tuple[Job, bool]:
        """A process for the job, and whether it has listed before."""
        with self._lock:
            if job_id in self._jobs:
                raise ValueError(f"job {job_id} is running already")
            self._cancel_idle_timer()
            generation = self._living_generation()
            spare = self._spares.take(kin) if kin is not None else None
            job = spare or generation.begin(job_id, memory_mb)
            self._jobs[job_id] = job
            return job, spare is not None

    def _let_go(self, job_id: str, job: Job, answer: Message | None, kin: str | None) -> None:
        """Keep the process if it may be kept; else make sure that nothing of the job is left."""
        with self._lock:
            if kin is not None and answer is not None and answer.get("stays") and not job.cancelled:
                self._forget(job_id)
                self._spares.keep(kin, job)
                return
        self._end(job, answered=answer is not None)
        with self._lock:
            self._forget(job_id)
        job.close()

    def _end(self, job: Job, *, answered: bool) -> None:
        """Make sure that nothing of the job is left. One that has answered ends by itself."""
        if not job.ended.wait(LEAVING_SECONDS if answered else 0):
            job.kill()
            if not job.ended.wait(END_SECONDS):
                job.generation.kill_directly(job)

    def _forget(self, job_id: str) -> None:
        self._jobs.pop(job_id, None)
        if not self._jobs:
            self._watch_idleness()

    def _living_generation(self) -> Generation:
        if self._stopped:
            raise RuntimeError("the nest has been stopped")
        if self._generation is None or self._generation.dead.is_set():
            self._generation = self._latest = Generation(self._keep_in)
        return self._generation

    def _watch_idleness(self) -> None:
        self._cancel_idle_timer()
        if self._stopped or self._generation is None:
            return
        self._idle_timer = threading.Timer(self._idle_seconds, self._stop_if_idle)
        self._idle_timer.daemon = True
        self._idle_timer.start()

    def _cancel_idle_timer(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None

    def _stop_if_idle(self) -> None:
        with self._lock:
            if self._jobs or self._generation is None:
                return
            generation, self._generation = self._generation, None
        generation.close()


class _Nobody:
    """A handler for orders that report nothing."""

    def on_stage(self, stage: Stage) -> None:
        return None

    def on_found(self, medium: Medium) -> Verdict:
        return Verdict.STOP

    def on_progress(self, downloaded: int, total: int | None, speed: float | None, eta: float | None) -> None:
        return None


def _failure(answer: Message) -> DownloadFailure:
    return DownloadFailure(Reason(answer["reason"]), answer["detail"], retry_after=answer["retry_after"])


def _death(job: Job, kills_before: int, last_words: str) -> DownloadFailure:
    """Why a job ended without an answer."""
    if job.cause == "memory":
        return DownloadFailure(Reason.OUT_OF_MEMORY)
    if job.status is None and not job.generation.ready.is_set():
        return DownloadFailure(Reason.TOOL_MISSING, "the fork server does not start")
    if job.status is None:
        return DownloadFailure(Reason.INTERRUPTED, "the fork server ended")
    if job.status == -signal.SIGKILL:
        if out_of_memory_kills() > kills_before:
            return DownloadFailure(Reason.OUT_OF_MEMORY, "the system ran out of memory")
        return DownloadFailure(Reason.INTERRUPTED, "the job process was killed")
    how = _signal_name(-job.status) if job.status < 0 else f"status {job.status}"
    return DownloadFailure(Reason.TOOL_ERROR, f"the job process ended with {how}. {last_words}".strip())


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
