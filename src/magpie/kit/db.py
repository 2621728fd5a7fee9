"""Database sessions for SQLite and PostgreSQL, and the unit of work at the edge.

A request or a job step opens one session, reads or writes through it, and the edge commits. Services never
commit. Reading and writing sessions are different types, so that a function's signature says which it needs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import JSON, DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session

from magpie.kit.errors import Unavailable
from magpie.kit.filesystem import is_network_file_system
from magpie.kit.refusal import Refused

log = structlog.get_logger(__name__)

_WRITER_GATE = "magpie_writer_gate"
BUSY_TIMEOUT_SECONDS = 30
LOG_KEPT_BYTES = 64 * 1024 * 1024  # of SQLite's write-ahead log, once all of it is in the database

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# JSONB on PostgreSQL; JSON text on SQLite.
JsonValue = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Takes timezone-aware values only and gives them back timezone-aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are stored timezone-aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table's class."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JsonValue, list[Any]: JsonValue}  # noqa: RUF012


class ReadSession(Session):
    """A session that only reads. Trying to write through it is a programming error."""

    def flush(self, objects: Any = None) -> None:
        if self.new or self.dirty or self.deleted:
            raise RuntimeError("a reading session was asked to write")


@event.listens_for(ReadSession, "do_orm_execute", propagate=True)
def _refuse_to_write(state: ORMExecuteState) -> None:
    """What goes past the unit of work (`update(Table)…`) is caught here."""
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and not isinstance(state.session, WriteSession):
        raise RuntimeError("a reading session was asked to write")


class WriteSession(ReadSession):
    """A session that may write. What must happen only after the commit is handed to `after_commit`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._after_commit: list[Callable[[], None]] = []

    def flush(self, objects: Any = None) -> None:
        Session.flush(self, objects)

    def committed(self) -> ReadSession:
        """A session that sees what was committed before this unit of work."""
        engine = self.get_bind().engine.execution_options(**{_WRITER_GATE: None})
        return ReadSession(engine, expire_on_commit=False)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run `action` once the unit of work is committed; never when it is rolled back."""
        self._after_commit.append(action)

    def run_after_commit(self) -> None:
        actions, self._after_commit = self._after_commit, []
        for action in actions:
            try:
                action()
            except Exception:
                # What is written is written: a failed follow-up must not look like a failed write. Jobs that
                # were not handed over are found by the reconciler, events by the next fetch.
                log.exception("after_commit_failed")


class _WriterGate:
    """One writing unit of work's turn at the process's writer lock.

    The turn is taken with the first statement, in the thread that works, and not when the session is opened:
    requests that wait for their turn while they hold the web framework's threads would starve the one whose
    turn it is. Not re-entrant, and released by whichever thread ends the unit of work.
    """

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._entered = False

    def enter(self) -> None:
        if not self._lock.acquire(timeout=BUSY_TIMEOUT_SECONDS):
            raise Unavailable("The database is busy: try again in a moment")
        self._entered = True

    def leave(self) -> None:
        if self._entered:
            self._entered = False
            self._lock.release()


class DatabaseRefused(Refused):
    """The database cannot be used as configured; the message says how to mend it."""


def normalise_url(url: str) -> URL:
    """`postgresql://` and `postgres://` mean psycopg 3; the rest stays as it is."""
    try:
        parsed = make_url(
            url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url
        )
    except (ArgumentError, ValueError):  # neither is repeated: there may be a password in it
        raise DatabaseRefused(
            "DATABASE_URL is not a database's address: write postgresql://user:password@host/name"
        ) from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseRefused(
            f"DATABASE_URL names {parsed.get_backend_name()}: use sqlite:/// or postgresql://"
        )
    return parsed


class Database:
    """One database: an engine, reading and writing sessions."""

    def __init__(self, url: str) -> None:
        """Open lazily. Raises `DatabaseRefused` for an SQLite file on a network file system."""
        self.url = normalise_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = threading.Lock()
        self.engine = self._sqlite_engine() if self.is_sqlite else self._postgres_engine()

    def _sqlite_engine(self) -> Engine:
        path = Path(self.url.database or "")
        if not self.url.database or self.url.database == ":memory:":
            raise DatabaseRefused("an SQLite database needs a file: sqlite:////path/to/magpie.db")
        if is_network_file_system(path):
            raise DatabaseRefused(
                f"The database file {path} lies on a network file system, where SQLite loses data. "
                "Keep MAGPIE_DATA_DIR on a local disk (the media may stay on the NAS: MAGPIE_MEDIA_ROOT), "
                "or use PostgreSQL."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            self.url,
            connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            pool_size=8,
            max_overflow=56,
            pool_timeout=30,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgres_engine(self) -> Engine:
        return create_engine(
            self.url,
            pool_size=8,
            max_overflow=24,
            pool_pre_ping=True,
            pool_recycle=1800,
            # A host that is unplugged must be noticed in seconds, not in the kernel's two hours.
            connect_args={
                "connect_timeout": 10,
                "keepalives_idle": 10,
                "keepalives_interval": 3,
                "keepalives_count": 3,
                "application_name": "magpie",
            },
        )

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A reading unit of work: one consistent view, nothing is committed."""
        with ReadSession(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """A writing unit of work: committed at the end, rolled back on any exception.

        On SQLite one thread of this process writes at a time: waiting on a lock is fairer and cheaper than
        polling the busy file.
        """
        gate = self._gate()
        engine = self.engine.execution_options(**{_WRITER_GATE: gate}) if gate else self.engine
        with _unit_of_work(engine, gate) as session:
            yield session

    @contextmanager
    def replacing(self) -> Iterator[WriteSession]:
        """A writing unit of work that replaces whole tables, whose references the caller has checked.

        SQLite does not look after references in it, which takes longer than all the rest. Its connection is thrown
        away afterwards, with whatever was attached to it.
        """
        gate = self._gate()
        with self.engine.connect().execution_options(**{_WRITER_GATE: gate}) as connection:
            try:
                if self.is_sqlite:
                    raw: Any = connection.connection.dbapi_connection
                    raw.execute("PRAGMA foreign_keys=OFF")
                    # What a statement would need to be undone may be as large as the database.
                    raw.execute("PRAGMA temp_store=FILE")
                with _unit_of_work(connection, gate) as session:
                    yield session
            finally:
                if self.is_sqlite:
                    connection.invalidate()

    def _gate(self) -> _WriterGate | None:
        return _WriterGate(self._writer) if self.is_sqlite else None

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A connection for changes of the schema, all in one transaction.

        SQLite rebuilds tables to change them; that must not fire their foreign keys' actions, which can only
        be switched off outside a transaction (https://sqlite.org/lang_altertable.html#otheralter).
        """
        with self.engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection if self.is_sqlite else None
            if raw is not None:
                raw.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                if raw is not None:
                    raw.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _unit_of_work(bind: Engine | Connection, gate: _WriterGate | None) -> Iterator[WriteSession]:
    try:
        with WriteSession(bind, expire_on_commit=False) as session:
            with session.begin():
                yield session
            if gate:
                gate.leave()
            session.run_after_commit()
    finally:
        if gate:
            gate.leave()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is switched off: `_begin_sqlite` says BEGIN.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    # Otherwise one large write (an import, a scan that adopts) leaves a log of its size on the disk for good.
    cursor.execute(f"PRAGMA journal_size_limit={LOG_KEPT_BYTES}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.execute("PRAGMA cache_size=-8000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    gate: _WriterGate | None = connection.get_execution_options().get(_WRITER_GATE)
    if gate is not None:
        gate.enter()
    connection.exec_driver_sql("BEGIN" if gate is None else "BEGIN IMMEDIATE")
