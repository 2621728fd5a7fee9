"""A dump loaded into a scratch database of its own, where it proves that it is whole and sound.

It is built at the revision that the dump was written at and migrated from there like any other database, so older
exports come along. Nothing of the file is executed; the application's database is not touched.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from magpie.admin.database.format import (
    DumpRefused,
    Header,
    Kind,
    Statement,
    digest_of,
    parse,
    read_header,
    read_statements,
)
from magpie.admin.database.rules import RULES
from magpie.admin.database.tables import present_kinds
from magpie.kit.db import Database
from magpie.schema import HEAD, revisions, upgrade

ROWS_AT_ONCE = 500
PREFIX = ".scratch-"

# Told how far the work is, from 0 to 1.
Progress = Callable[[float], None]


@contextmanager
def verified(path: Path, folder: Path, progress: Progress) -> Iterator[tuple[Header, Database]]:
    """The dump as a database at the present revision, below `folder`, while the block lasts.

    Raises `DumpRefused` for whatever is wrong with the file.
    """
    with path.open("rb") as file, TemporaryDirectory(prefix=PREFIX, dir=folder) as place:
        header = read_header(file)
        if header.revision not in revisions():
            raise DumpRefused("The file was written by a newer Magpie: install that version first.")
        start = file.tell()
        if digest_of(file) != header.digest:
            raise DumpRefused("The file is not as it was written: its SHA-256 is another one.")
        file.seek(start)
        scratch = Database(f"sqlite:///{Path(place) / 'scratch.db'}")
        try:
            upgrade(scratch, header.revision)
            _fill(scratch, file, header, path.stat().st_size, progress)
            if header.revision != HEAD:
                upgrade(scratch, HEAD)
            _judge(scratch)
            yield header, scratch
        finally:
            scratch.close()


def _fill(scratch: Database, file: BinaryIO, header: Header, size: int, progress: Progress) -> None:
    with scratch.engine.connect() as connection:
        kinds = present_kinds(connection)
    if set(header.rows) != set(kinds):
        raise DumpRefused("The file counts other tables than its revision has.")
    counts: Counter[str] = Counter()
    with closing(sqlite3.connect(str(scratch.url.database), isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("BEGIN")
        for table in kinds:  # what migrations made; the file brings its own
            raw.execute(f'DELETE FROM "{table}"')  # noqa: S608 - the name is the schema's
        for (table, columns), rows in groupby(read_statements(file), lambda row: (row.table, row.columns)):
            counts[table] += _insert(raw, kinds, table, columns, rows, lambda: progress(file.tell() / size))
        raw.execute("COMMIT")
        if broken := raw.execute("PRAGMA foreign_key_check").fetchone():
            raise DumpRefused(f"A row of {broken[0]} refers to one of {broken[2]} that is not there.")
    if any(counts[table] != wanted for table, wanted in header.rows.items()):
        raise DumpRefused("The file holds other numbers of rows than it says.")


def _insert(
    raw: sqlite3.Connection,
    kinds: dict[str, dict[str, Kind]],
    table: str,
    columns: tuple[str, ...],
    rows: Iterator[Statement],
    tick: Callable[[], None],
) -> int:
    present = kinds.get(table)
    if present is None or set(columns) != set(present):
        raise DumpRefused(f"There is no table {table[:63]} with these columns in that revision.")
    row_kinds = [present[column] for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608 - names of the schema's only
    count = 0
    batch: list[list[object]] = []
    for row in rows:
        batch.append([parse(kind, value) for kind, value in zip(row_kinds, row.values, strict=True)])
        count += 1
        if len(batch) == ROWS_AT_ONCE:
            _store(raw, table, statement, batch)
            tick()
    _store(raw, table, statement, batch)
    return count


def _store(raw: sqlite3.Connection, table: str, statement: str, batch: list[list[object]]) -> None:
    try:
        raw.executemany(statement, batch)
    except sqlite3.IntegrityError as error:
        raise DumpRefused(f"Rows of {table} break a rule: {error}.") from None
    batch.clear()


def _judge(scratch: Database) -> None:
    """What the tables' own constraints cannot say."""
    with scratch.engine.connect() as connection:
        for query, complaint in RULES:
            if connection.exec_driver_sql(query).first() is not None:
                raise DumpRefused(complaint)
