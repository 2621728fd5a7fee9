"""Writing a dump: one consistent view of the database, row by row into a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Table, func, null, select

from magpie.admin.database.format import RENDER, Header, Kind, Sealing, digest_of, insert_head
from magpie.admin.database.tables import MADE_ANEW, SEALED, dumped_tables, kind_of
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.schema import HEAD

ROWS_AT_ONCE = 500

# Changes a row (column → value) of a table of `SEALED`; None leaves the row out.
RowFilter = Callable[[str, dict[str, Any]], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a dump is of: tables, what is referred to first, at a revision."""

    revision: str
    tables: Sequence[Table]


def present(_connection: Connection) -> Contents:
    """A database that is up to date."""
    return Contents(HEAD, dumped_tables())


def write_dump(
    database: Database,
    path: Path,
    row_filter: RowFilter,
    sealing: Sealing | None = None,
    contents: Callable[[Connection], Contents] = present,
) -> Header:
    """Write a new file (mode 0600) that appears under its name only when it is whole.

    Other units of work go on meanwhile and are not seen: SQLite's WAL and PostgreSQL's REPEATABLE READ keep the
    view of the first statement.
    """
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with snapshot(database) as connection:
                header = _write(connection, file, contents(connection), row_filter, sealing)
            header.digest = digest_of(file)
            place = header.encode().index(b"0" * 64)
            file.seek(place)
            file.write(header.digest.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return header


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection that sees one moment of the database, whatever is written meanwhile."""
    engine = database.engine
    if not database.is_sqlite:
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection, connection.begin():
        yield connection


def _write(
    connection: Connection,
    file: BinaryIO,
    contents: Contents,
    row_filter: RowFilter,
    sealing: Sealing | None,
) -> Header:
    kept = {table.name: _count(connection, table, row_filter) for table in contents.tables}
    header = Header(contents.revision, utcnow(), kept, sealing)
    file.write(header.encode())
    for table in contents.tables:
        file.writelines(text.encode() for text in render_rows(connection, table, row_filter))
    return header


def _count(connection: Connection, table: Table, row_filter: RowFilter) -> int:
    if table.name in SEALED:
        return sum(1 for _ in render_rows(connection, table, row_filter))
    return connection.scalar(select(func.count()).select_from(table)) or 0


def render_rows(connection: Connection, table: Table, row_filter: RowFilter) -> Iterator[str]:
    """The statements of one table's rows, in the order of their keys."""
    names = [column.name for column in table.columns]
    head = insert_head(table.name, names)
    renders = [_render(kind_of(column), nullable=bool(column.nullable)) for column in table.columns]
    told = (null().label(one.name) if (table.name, one.name) in MADE_ANEW else one for one in table.columns)
    query = select(*told).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    for part in result.partitions():
        rows: Sequence[Sequence[Any]] = part
        if table.name in SEALED:
            kept = (row_filter(table.name, dict(zip(names, row, strict=True))) for row in part)
            rows = [tuple(row.values()) for row in kept if row is not None]
        # By columns: a call for a column costs less than one for each of its values.
        columns = [render(column) for render, column in zip(renders, zip(*rows, strict=True), strict=False)]
        for values in zip(*columns, strict=True):
            yield f"{head}{', '.join(values)});\n"


def _render(kind: Kind, *, nullable: bool) -> Callable[[Sequence[Any]], list[str]]:
    render = RENDER[kind]
    if kind is Kind.JSON and not nullable:
        return lambda column: [render(value) for value in column]  # None is JSON's null
    return lambda column: ["NULL" if value is None else render(value) for value in column]
