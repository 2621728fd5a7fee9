"""Putting a verified scratch database's rows in the place of the present ones, in one transaction.

Nobody else writes meanwhile, so nothing is done here that can be done before: see `scratch` and `staging`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from magpie.admin.database.format import DumpRefused
from magpie.admin.database.staging import attach, staged_name
from magpie.admin.database.tables import ENDED_BY_IMPORT, dumped_tables
from magpie.downloads import service as downloads
from magpie.kit.db import Database, WriteSession
from magpie.kit.errors import Unavailable
from magpie.kit.installation import Installation, job_epoch
from magpie.library.search import service as search
from magpie.schema import metadata

LOCK_SECONDS = 60


def replace_rows(
    session: WriteSession, scratch: Database, highest_claim: int, progress: Callable[[float], None]
) -> None:
    """Replace all dumped tables' rows by the staged ones; end all sessions; begin a new epoch of jobs.

    From here on nobody else writes until the caller's unit of work (`Database.replacing`) commits, or leaves
    everything as it was. Work that runs meanwhile finds that its claim is not the present one any more.
    `highest_claim`: what `settle` gave. Raises `DumpRefused` for what this database cannot hold.
    """
    tables = dumped_tables()
    attach(session, scratch)
    _lock(session, tables)
    epoch, claim = job_epoch(session), downloads.highest_claim(session)
    for name in ENDED_BY_IMPORT:
        session.execute(delete(metadata().tables[name]))
    for table in reversed(tables):
        session.execute(delete(table))
    for number, table in enumerate(tables):
        _move(session, table)
        _compare(session, table)
        progress((number + 1) / len(tables))
    session.execute(update(Installation).values(job_epoch=max(epoch, job_epoch(session)) + 1))
    if claim > highest_claim:
        downloads.start_over(session, claim)
    _advance_sequences(session, tables)
    search.start_over(session)


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


def _move(session: WriteSession, table: Table) -> None:
    names = [column.name for column in table.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    source = staged_name(session, table)
    statement = f'INSERT INTO "{table.name}" ({listed}) SELECT {listed} FROM {source}'  # noqa: S608
    if _order(session, table, "main") == _order(session, table, "incoming"):
        # SQLite copies rows and indexes as they are, if no column is named: https://sqlite.org/lang_insert.html
        statement = f'INSERT INTO main."{table.name}" SELECT * FROM {source}'  # noqa: S608
    try:
        session.execute(text(statement))
    except (IntegrityError, DataError) as error:
        reason = str(error.orig).splitlines()[0]
        raise DumpRefused(f"Rows of {table.name} cannot be stored in this database: {reason}") from None


def _order(session: WriteSession, table: Table, schema: str) -> object:
    """A table's columns in SQLite, as they lie; something else for every call on PostgreSQL."""
    if session.get_bind().dialect.name != "sqlite":
        return object()
    return [row[1] for row in session.execute(text(f'PRAGMA {schema}.table_info("{table.name}")'))]


def _compare(session: WriteSession, table: Table) -> None:
    """Every row is there as it was staged, and no other. Raises `DumpRefused`."""
    staged, keys = staged_name(session, table), [column.name for column in table.primary_key]
    same = "IS" if session.get_bind().dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    join = " AND ".join(f'here."{key}" = there."{key}"' for key in keys)
    equal = " AND ".join(f'here."{one.name}" {same} there."{one.name}"' for one in table.columns)
    query = f"""
        SELECT (SELECT count(*) FROM "{table.name}"), (SELECT count(*) FROM {staged}),
            (SELECT count(*) FROM "{table.name}" AS here JOIN {staged} AS there ON {join} WHERE {equal})
    """  # noqa: S608 - the schema's names
    if len(set(session.execute(text(query)).one())) != 1:
        raise DumpRefused(f"The rows of {table.name} did not arrive as they stand in the file.")


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
