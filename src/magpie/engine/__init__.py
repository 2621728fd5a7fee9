"""Durable jobs: work that a crash, a restart or the loss of a host does not lose.

A slice registers a handler for its kind of job and enqueues references to its own rows; what is to be done is
read from the row, never from the job. Behind the port stands DBOS's system database (`engine.db` beside the
application's database, or the schema `dbos` in PostgreSQL): its queues, claims, ownership tokens, checkpoints
and recovery. `magpie.engine.store` is the only module that imports `dbos`.

What the engine guarantees
--------------------------
* **At least once.** A job that was enqueued is started until it ends: done, failed, or cancelled before its
  start. Its id is its identity: the same reference enqueued again is the same job, also after it ended.
* **A completed step is not run again.** `Job.step` records the result under the step's name; a later start of
  the same job gets the recorded result.
* **One owner.** Every start has an ownership token. What a start that lost its job records afterwards (a step,
  the outcome) is refused, and the handler is ended by `JobLost` at its next step.

What can run twice, and when
----------------------------
* The step that was running when its process died, was killed or was stopped: it runs again from its beginning.
* Code of the handler outside of steps: it runs at every start.
* At the same time, for some seconds, on two hosts (PostgreSQL only): a worker that was frozen or cut off from
  the database is declared dead after 10 s and its jobs are started elsewhere; when it wakes, its threads go on
  until it notices, at most 3 s later. Then `on_lost` callbacks kill its processes. Whatever a handler does to
  the outside world (placing a file, writing a row) must therefore check the slice's own claim token.
* A step that raised is not recorded: it runs again if the job is started again.

A parked job (`JobParked`) is put back into its queue at once, and any other worker may take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from magpie.engine.port import (
    DirectJob,
    Engine,
    EngineRefused,
    EngineStatus,
    Handler,
    Job,
    JobLost,
    JobParked,
    JobRef,
    JobState,
    Lane,
    Source,
    Wanted,
    Where,
)

if TYPE_CHECKING:
    from magpie.engine.runner import EngineSettings
    from magpie.kit.db import Database

__all__ = [
    "DirectJob",
    "Engine",
    "EngineRefused",
    "EngineStatus",
    "Handler",
    "Job",
    "JobLost",
    "JobParked",
    "JobRef",
    "JobState",
    "Lane",
    "Source",
    "Wanted",
    "Where",
    "open_engine",
]


def open_engine(settings: EngineSettings, database: Database) -> Engine:
    """The engine of this process, not yet started.

    `database` is the application's: on PostgreSQL the engine lives in the same one. Importing what this needs
    costs about a second, so only programs that run jobs call it.
    """
    from magpie.engine.runner import DurableEngine

    return DurableEngine(settings, database)
