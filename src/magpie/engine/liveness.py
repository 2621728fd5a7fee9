"""Who works, who is alive, and who is dead: so that a dead worker's jobs are taken up, and only those.

SQLite: one worker process, held to that by a lock on `worker.lock` in the data folder.

PostgreSQL: every worker lives in a slot (`nas-0`) and holds an advisory lock on it through a connection of its
own, which nothing else uses. The server drops the lock with the connection, so a lock that can be taken
belonged to a dead worker. Each worker looks at all others every two seconds:

* lock free: dead. It is marked gone, and its running jobs are queued again.
* lock held but no heartbeat for ten seconds (frozen, or unplugged so that the server has not noticed): the
  server is told to end that connection; the next look finds the lock free.

A worker whose connection breaks tries for three seconds to get its lock back. If it does and its row says that
nobody declared it gone, nothing has happened. Otherwise it is lost: it takes no work, everything its jobs
started is killed, and it joins again as somebody new: executor ids are never used twice, so what a dead
worker claimed can always be told from what its successor claims.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import uuid4

import psycopg
from psycopg.rows import tuple_row
from sqlalchemy.engine import URL

from magpie import __version__
from magpie.engine.port import EngineRefused

logger = logging.getLogger(__name__)

LOCK_CLASS = 0x4D616770  # "Magp": the first key of this program's advisory locks
LEADER_LOCK = "leader"
BEAT_SECONDS = 2.0
STALE_SECONDS = 10.0
REATTACH_SECONDS = 3.0
# Without a heartbeat for so long, this worker must expect to be declared dead and takes nothing.
FRESH_SECONDS = 6.0
MOST_SLOTS = 64


class Membership(Protocol):
    """This process among the workers."""

    def join(self) -> None:
        """Become a worker. Raises `EngineRefused`."""
        ...

    def executor(self) -> str | None:
        """The id to claim jobs under; None while this process must not take work."""
        ...

    def is_leader(self) -> bool:
        """Whether this worker does what one of all workers does."""
        ...

    def living(self) -> set[str]:
        """The executor ids of all living workers."""
        ...

    def watch(self, adopt: Callable[[], None], lost: Callable[[], None]) -> None:
        """Begin to watch: `adopt` is called whenever workers were looked at, `lost` when this one is lost.

        After `lost` returned, this process joins again.
        """
        ...

    def leave(self) -> None: ...


class SoleWorker:
    """The one worker of an SQLite installation."""

    def __init__(self, lock_file: Path) -> None:
        self._path = lock_file
        self._file: IO[str] | None = None
        self._executor = f"sole:{uuid4().hex[:12]}"

    def join(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Not closed here: the lock lives as long as the open file. Not inherited by jobs either (PEP 446).
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            other = file.read(40).strip()
            file.close()
            raise EngineRefused(
                f"Another Magpie worker{f' (process {other})' if other.isdigit() else ''} uses {self._path.parent}. "
                "With SQLite only one process may do the work: stop the other one, or use PostgreSQL."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def executor(self) -> str | None:
        return self._executor if self._file is not None else None

    def is_leader(self) -> bool:
        return True

    def living(self) -> set[str]:
        return {self._executor}

    def watch(self, adopt: Callable[[], None], lost: Callable[[], None]) -> None:
        """Nobody can take the lock away: what the process before left is adopted once."""
        adopt()

    def leave(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class PostgresWorker:
    """One of several workers. Everything here goes through one connection, which also holds the locks."""

    def __init__(self, url: URL, name: str) -> None:
        """`name` of the host; anything but letters, digits, dots and dashes in it becomes a dash."""
        self._conninfo = conninfo(url)
        self._name = re.sub(r"[^A-Za-z0-9.-]+", "-", name or socket.gethostname()).strip("-")[:60] or "worker"
        self._connection: psycopg.Connection[Any] | None = None
        self._slot = ""
        self._executor_id: str | None = None
        self._leader = False
        self._beat = 0.0
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None

    # Joining

    def join(self) -> None:
        connection = self._connect()
        for number in range(MOST_SLOTS):
            slot = f"{self._name}-{number}"
            if _try_lock(connection, slot):
                break
        else:
            connection.close()
            raise EngineRefused(
                f"{MOST_SLOTS} workers named {self._name} are running: give this one another name"
            )
        executor = f"{slot}:{uuid4().hex[:12]}"
        connection.execute(
            """
            INSERT INTO workers (id, executor, generation, host, pid, backend_pid, version, started_at, heartbeat_at)
            VALUES (%s, %s, 1, %s, %s, pg_backend_pid(), %s, now(), now())
            ON CONFLICT (id) DO UPDATE SET executor = excluded.executor, generation = workers.generation + 1,
                host = excluded.host, pid = excluded.pid, backend_pid = excluded.backend_pid,
                version = excluded.version, started_at = now(), heartbeat_at = now(), gone_at = NULL
            """,
            (slot, executor, socket.gethostname()[:255], os.getpid(), __version__),
        )
        self._leader = _try_lock(connection, LEADER_LOCK)
        self._slot, self._connection, self._beat = slot, connection, _clock()
        self._executor_id = executor

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._conninfo, autocommit=True, row_factory=tuple_row)

    def executor(self) -> str | None:
        # A process that was frozen runs on with the clock far ahead: it must not take work before it has asked.
        return self._executor_id if _clock() - self._beat < FRESH_SECONDS else None

    def is_leader(self) -> bool:
        return self._leader and self.executor() is not None

    def living(self) -> set[str]:
        """Read by the watching thread only. Raises psycopg's errors."""
        return _living(self._required())

    def _required(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            raise psycopg.OperationalError("not connected")
        return self._connection

    # Watching

    def watch(self, adopt: Callable[[], None], lost: Callable[[], None]) -> None:
        self._thread = threading.Thread(
            target=self._watch, args=(adopt, lost), name="engine-liveness", daemon=True
        )
        self._thread.start()

    def _watch(self, adopt: Callable[[], None], lost: Callable[[], None]) -> None:
        while not self._leaving.is_set():
            try:
                if self._executor_id is None:
                    self.join()
                    logger.warning("This worker joined again as %s", self._slot)
                alive = self._look_around(adopt)
            except EngineRefused as error:
                logger.error("%s", error)
                alive = True
            except psycopg.Error as error:
                logger.warning("The worker's connection failed: %s", type(error).__name__)
                alive = self._reattach()
            except Exception:
                logger.exception("Looking after the workers failed")
                alive = True
            if not alive and self._executor_id is not None and not self._leaving.is_set():
                self._lose(lost)
            self._leaving.wait(BEAT_SECONDS)

    def _look_around(self, adopt: Callable[[], None]) -> bool:
        """Beat, bury the dead, adopt their work. False when this worker was declared gone."""
        if not self._heartbeat():
            return False
        connection = self._required()
        if not self._leader:
            self._leader = _try_lock(connection, LEADER_LOCK)
        _bury_dead(connection, self._slot)
        adopt()
        return True

    def _heartbeat(self) -> bool:
        asked = _clock()
        cursor = self._required().execute(
            "UPDATE workers SET heartbeat_at = now() WHERE id = %s AND executor = %s AND gone_at IS NULL",
            (self._slot, self._executor_id),
        )
        if cursor.rowcount != 1:
            logger.warning("This worker (%s) was declared gone", self._slot)
            return False
        self._beat = asked
        return True

    def _reattach(self) -> bool:
        """Whether the lock could be had back before anybody took this worker for dead."""
        self._leader = False
        # First give up what is left of the old connection: it may still hold the lock.
        self._close()
        deadline = _clock() + REATTACH_SECONDS
        while self._executor_id is not None and not self._leaving.is_set() and _clock() < deadline:
            try:
                connection = self._connect()
            except psycopg.Error:
                self._leaving.wait(0.25)
                continue
            mine = self._take_back(connection)
            if mine:
                self._connection = connection
                return True
            connection.close()
            if mine is False:
                return False
            self._leaving.wait(0.25)
        return False

    def _take_back(self, connection: psycopg.Connection[Any]) -> bool | None:
        """True: the slot is this worker's as before. False: it was declared gone. None: cannot be told yet."""
        try:
            locked = _try_lock(connection, self._slot)
            cursor = connection.execute(
                "UPDATE workers SET heartbeat_at = now(), backend_pid = pg_backend_pid()"
                " WHERE id = %s AND executor = %s AND gone_at IS NULL",
                (self._slot, self._executor_id),
            )
        except psycopg.Error:
            return None
        if cursor.rowcount != 1:
            return False
        return True if locked else None

    def _lose(self, lost: Callable[[], None]) -> None:
        logger.error("This worker (%s) has lost its place: its jobs are stopped", self._slot)
        self._executor_id, self._leader = None, False
        self._close()
        lost()

    # Leaving

    def leave(self) -> None:
        self._leaving.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        executor, self._executor_id = self._executor_id, None
        try:
            if self._connection is not None and executor is not None:
                self._connection.execute(
                    "UPDATE workers SET gone_at = now() WHERE id = %s AND executor = %s",
                    (self._slot, executor),
                )
        except psycopg.Error as error:
            logger.info("Leaving without a word: %s", type(error).__name__)
        self._close()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def living_workers(url: URL) -> set[str]:
    """The executor ids of all living workers, for who is none: those that have died are marked gone before.

    Raises psycopg's errors.
    """
    with psycopg.connect(conninfo(url), autocommit=True, row_factory=tuple_row) as connection:
        _bury_dead(connection, "")
        return _living(connection)


def _living(connection: psycopg.Connection[Any]) -> set[str]:
    return {row[0] for row in connection.execute("SELECT executor FROM workers WHERE gone_at IS NULL")}


def _bury_dead(connection: psycopg.Connection[Any], own_slot: str) -> None:
    others = connection.execute(
        "SELECT id, executor, backend_pid, heartbeat_at < now() - make_interval(secs => %s) FROM workers"
        " WHERE gone_at IS NULL AND id <> %s",
        (STALE_SECONDS, own_slot),
    ).fetchall()
    for slot, executor, backend_pid, stale in others:
        if stale:
            _end_backend(connection, slot, backend_pid)
        if _try_lock(connection, slot):
            _bury(connection, slot, executor)


def _bury(connection: psycopg.Connection[Any], slot: str, executor: str) -> None:
    """Mark a dead worker gone. Its lock is held meanwhile, so nobody can move into the slot."""
    try:
        cursor = connection.execute(
            "UPDATE workers SET gone_at = now() WHERE id = %s AND executor = %s AND gone_at IS NULL",
            (slot, executor),
        )
        if cursor.rowcount:
            logger.warning("Worker %s is gone; its jobs are taken up", slot)
    finally:
        _unlock(connection, slot)


def _clock() -> float:
    """Seconds that go on while the process is frozen or the machine asleep."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def _try_lock(connection: psycopg.Connection[Any], name: str) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (LOCK_CLASS, name)).fetchone()
    return bool(row and row[0])


def _unlock(connection: psycopg.Connection[Any], name: str) -> None:
    connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (LOCK_CLASS, name))


def _end_backend(connection: psycopg.Connection[Any], slot: str, backend_pid: int) -> None:
    """End the connection that holds a slot's lock; only if it is the one that the slot's row names."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND classid = %s::oid AND objid = ((hashtext(%s)::bigint + 4294967296) %% 4294967296)::oid AND pid = %s",
        (LOCK_CLASS, slot, backend_pid),
    )


def conninfo(url: URL) -> str:
    """A connection that fails within seconds when the other side is gone, instead of the kernel's hours."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.conninfo.make_conninfo(
        plain,
        connect_timeout=5,
        keepalives=1,
        keepalives_idle=2,
        keepalives_interval=2,
        keepalives_count=2,
        tcp_user_timeout=5000,
        application_name="magpie-worker",
        options="-c statement_timeout=5000",
    )
