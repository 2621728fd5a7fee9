"""Putting a verified scratch database's rows in the place of the present ones, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from magpie.admin.database.dump import RowFilter
from magpie.admin.database.format import DumpRefused
from magpie.admin.database.tables import ENDED_BY_IMPORT, dumped_tables
from magpie.downloads import service as downloads
from magpie.kit.db import Database, ReadSession, WriteSession
from magpie.kit.errors import Unavailable
from magpie.kit.installation import Installation, job_epoch
from magpie.schema import metadata

ROWS_AT_ONCE = 500
LOCK_SECONDS = 60


def replace_rows(
    session: WriteSession, scratch: Database, row_filter: RowFilter, progress: Callable[[float], None]
) -> None:
    """Replace all dumped tables' rows; end all sessions; begin a new epoch of jobs.

    The caller's unit of work commits, or leaves everything as it was. Work that runs meanwhile finds that its claim
    is not the present one any more. Raises `DumpRefused` for what this database cannot hold.
    """
    tables = dumped_tables()
    _lock(session, tables)
    epoch, claim = job_epoch(session), downloads.highest_claim(session)
    for name in ENDED_BY_IMPORT:
        session.execute(delete(metadata().tables[name]))
    for table in reversed(tables):
        session.execute(delete(table))
    with scratch.read() as source:
        total = sum(_count(source, table) for table in tables) or 1
        done = 0
        for table in tables:
            for stored in _copy(session, source, table, row_filter):
                done += stored
                progress(done / total)
    session.execute(update(Installation).values(job_epoch=max(epoch, job_epoch(session)) + 1))
    downloads.start_over(session, claim)
    _advance_sequences(session, tables)


def _lock(session: WriteSession, tables: list[Table]) -> None:
    """Let nobody else write until the end; readers go on. SQLite is locked as a whole already.

    Locks are asked for briefly and again, and given back in between: whoever holds one and waits for another
    is to get through first.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    names = ", ".join(f'"{name}"' for name in (*ENDED_BY_IMPORT, *(table.name for table in tables)))
    deadline = time.monotonic() + LOCK_SECONDS
    session.execute(text("SET LOCAL lock_timeout = '500ms'"))
    while True:
        try:
            with session.begin_nested():
                session.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
            break
        except OperationalError:
            if time.monotonic() > deadline:
                raise Unavailable("The database is too busy to be replaced: try again later") from None
    session.execute(text("SET LOCAL lock_timeout = 0"))


def _count(session: ReadSession, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _copy(session: WriteSession, source: ReadSession, table: Table, row_filter: RowFilter) -> Iterator[int]:
    """Store the rows, some at a time; gives how many were read each time."""
    query = select(table).order_by(*table.primary_key.columns)
    result = source.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
    try:
        for part in result.mappings().partitions():
            rows = [kept for row in part if (kept := row_filter(table.name, dict(row))) is not None]
            if rows:
                session.execute(insert(table), rows)
            yield len(part)
    except (IntegrityError, DataError) as error:
        reason = str(error.orig).splitlines()[0]
        raise DumpRefused(f"Rows of {table.name} cannot be stored in this database: {reason}") from None


def _advance_sequences(session: WriteSession, tables: list[Table]) -> None:
    """The next new row gets a number beyond all present and former ones; SQLite sees to that by itself."""
    if session.get_bind().dialect.name == "sqlite":
        return
    for table in tables:
        if "id" not in table.columns:
            continue
        sequence = session.scalar(
            text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": f'"{table.name}"'}
        )
        highest = session.scalar(select(func.max(table.c.id)))
        if sequence and highest:
            session.execute(
                text(f"SELECT setval(:name, greatest(:highest, (SELECT last_value FROM {sequence})))"),  # noqa: S608
                {"name": sequence, "highest": highest},
            )
