"""A verified scratch database brought within reach of the database that it is to replace, before anybody is blocked.

SQLite attaches its file. PostgreSQL gets temporary tables, filled by COPY and compared with what was sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy import Connection, Table, delete, select, text, update

from magpie.admin.database.dump import RowFilter
from magpie.admin.database.fingerprint import Fingerprint, fingerprint
from magpie.admin.database.format import DumpRefused
from magpie.admin.database.scratch import require_same
from magpie.admin.database.tables import SEALED, dumped_tables, kind_of
from magpie.downloads import service as downloads
from magpie.kit.db import Database, WriteSession
from magpie.library.models import Item
from magpie.schema import metadata

# Claims rise while the import is prepared; so many of them are allowed for.
CLAIMS_AHEAD = 1000
_SCHEMA = "incoming"


def settle(scratch: Database, row_filter: RowFilter, claim: int) -> int:
    """Make the scratch database what the real one is to become; gives the number that all claims are above now.

    `claim`: the highest one of the present. Nobody who works on a row under any number up to the returned one holds
    it after the import.
    """
    highest = claim + CLAIMS_AHEAD
    with scratch.write() as session:
        for name in SEALED:
            _filter(session, metadata().tables[name], row_filter)
        downloads.start_over(session, highest)
        # On SQLite nobody reads it, and PostgreSQL enters rows that have it into its index at once.
        session.execute(update(Item).values(search_extra=None, revision=Item.revision))
    return highest


def _filter(session: WriteSession, table: Table, row_filter: RowFilter) -> None:
    """Change the rows that the filter changes, in their places: others refer to them."""
    (key,) = table.primary_key.columns
    sealed = table.columns[SEALED[table.name]]
    for row in session.execute(select(table).where(sealed.is_not(None))).mappings().all():
        kept = row_filter(table.name, dict(row))
        mine = key == row[key.name]
        if kept is None:
            session.execute(delete(table).where(mine))
        elif kept[sealed.name] != row[sealed.name]:
            session.execute(update(table).where(mine).values({sealed.name: kept[sealed.name]}))


def staged_name(session: WriteSession, table: Table) -> str:
    """Where a table's new rows are, for a statement."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return f'{_SCHEMA}."{table.name}"' if is_sqlite else f'"{_SCHEMA}_{table.name}"'


def stage(session: WriteSession, scratch: Database, progress: Callable[[float], None]) -> None:
    """Bring the rows where `attach` and the replacing find them. Raises `DumpRefused`.

    On SQLite nothing is done yet: the unit of work has not begun, and so nobody waits for it.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    connection = session.connection()
    connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))  # SQLite's times are in UTC and do not say so
    tables = dumped_tables()
    with scratch.engine.connect() as source, closing(sqlite3.connect(str(scratch.url.database))) as raw:
        sent: dict[str, Fingerprint] = {}
        arrived: dict[str, Fingerprint] = {}
        for number, table in enumerate(tables):
            kinds = {column.name: kind_of(column) for column in table.columns}
            target = staged_name(session, table)
            _copy(connection, raw, table, target)
            connection.exec_driver_sql(f"ANALYZE {target}")
            sent[table.name] = fingerprint(source, f'"{table.name}"', kinds)
            arrived[table.name] = fingerprint(connection, target, kinds)
            progress((number + 1) / len(tables))
    require_same(sent, arrived)


def attach(session: WriteSession, scratch: Database) -> None:
    """On SQLite: begin, and see the scratch database beside the real one."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"ATTACH DATABASE :path AS {_SCHEMA}"), {"path": scratch.url.database})


def _copy(connection: Connection, raw: sqlite3.Connection, table: Table, target: str) -> None:
    connection.exec_driver_sql(f'CREATE TEMPORARY TABLE {target} (LIKE "{table.name}") ON COMMIT DROP')
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    rows = raw.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608 - the schema's names
    driver: Any = connection.connection.dbapi_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        reason = str(error).splitlines()[0]
        raise DumpRefused(f"Rows of {table.name} cannot be stored in this database: {reason}") from None
