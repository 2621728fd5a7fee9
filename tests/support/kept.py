"""PostgreSQL's sessions, used again by the engines of later tests: a new one is a process of the server that learns all
tables anew, which takes longer than most tests do.

What an engine gets is as good as new: the session that was closed before it in order, after `DISCARD ALL`, which undoes
settings, locks, temporary tables, prepared statements and LISTEN
(https://www.postgresql.org/docs/current/sql-discard.html). One that was in a transaction, lost or cut off ends for good.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any

import psycopg
from psycopg import pq
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn
from sqlalchemy import Engine, event

_MOST = 3  # sessions kept with the same parameters

_free: dict[str, list[PGconn]] = defaultdict(list)
_lock = threading.Lock()


def _works(session: PGconn, statement: bytes) -> bool:
    done = session.exec_(statement).status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
    return done and session.transaction_status == TransactionStatus.IDLE


def _taken(parameters: str) -> PGconn | None:
    """A free one that lives."""
    while True:
        with _lock:
            kept = _free[parameters]
            session = kept.pop() if kept else None
        if session is None or _works(session, b"SELECT 1"):
            return session
        session.finish()  # a test has cut all


def _is_laid(parameters: str, session: PGconn) -> bool:
    """Whether it is kept."""
    if session.transaction_status != TransactionStatus.IDLE or not _works(session, b"DISCARD ALL"):
        return False
    with _lock:
        if len(_free[parameters]) >= _MOST:
            return False
        _free[parameters].append(session)
    return True


def forget(database: str) -> None:
    """End those of this database."""
    with _lock:
        for parameters, kept in _free.items():
            going = [one for one in kept if one.status != ConnStatus.OK or one.db == database.encode()]
            _free[parameters] = [one for one in kept if one not in going]
            for session in going:
                session.finish()


def processes() -> list[int]:
    """The server's processes of those that are kept."""
    with _lock:
        return [one.backend_pid for kept in _free.values() for one in kept]


class Kept(psycopg.Connection[Any]):
    """A connection whose session is kept when it is closed."""

    _parameters = ""

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Any:
        session = _taken(conninfo)
        if session is None:
            made = yield from super()._connect_gen(conninfo)
        else:
            made = cls(session)
        made._parameters = conninfo
        return made

    def close(self) -> None:
        if self.closed:
            return
        self._closed = True
        session, self.pgconn = self.pgconn, _nobody()  # whoever still holds this has nothing in his hands
        if not _is_laid(self._parameters, session):
            session.finish()


def _nobody() -> PGconn:
    """What is left to who closed: connected to nothing."""
    ended = pq.PGconn.connect_start(b"host=/nowhere")
    ended.finish()
    return ended


def keep_sessions() -> None:
    """From now on, for all engines of this process."""

    @event.listens_for(Engine, "do_connect")
    def connect(dialect: Any, _record: Any, arguments: Any, parameters: Any) -> Kept | None:
        return Kept.connect(*arguments, **parameters) if dialect.driver == "psycopg" else None
