"""A dump loaded into a scratch database of its own, where it proves that it is whole and sound.

It is built at the revision that the dump was written at and migrated from there like any other database, so older
exports come along. Nothing of the file is executed; the application's database is not touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from sqlalchemy import event

from magpie.admin.database.fingerprint import Fingerprint, fingerprint
from magpie.admin.database.format import DumpRefused, Header, Kind, digest_of, read_header
from magpie.admin.database.reading import Batch, read_batches
from magpie.admin.database.rules import RULES
from magpie.admin.database.tables import present_kinds
from magpie.kit.db import Database
from magpie.schema import HEAD, revisions, upgrade

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
        # Changing every row of a table must not keep all of them in memory to undo it.
        event.listen(scratch.engine, "connect", lambda raw, _record: raw.execute("PRAGMA temp_store=FILE"))
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
    read = {table: Fingerprint() for table in kinds}
    with closing(sqlite3.connect(str(scratch.url.database), isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA cache_size=-32000")
        raw.execute("BEGIN")
        for table in kinds:  # what migrations made; the file brings its own
            raw.execute(f'DELETE FROM "{table}"')  # noqa: S608 - the name is the schema's
        for batch in read_batches(file, lambda table, names: _kinds_of(kinds, table, names)):
            _store(raw, batch, kinds[batch.table], read[batch.table])
            progress(file.tell() / size)
        raw.execute("COMMIT")
        if broken := raw.execute("PRAGMA foreign_key_check").fetchone():
            raise DumpRefused(f"A row of {broken[0]} refers to one of {broken[2]} that is not there.")
    if any(read[table].rows != wanted for table, wanted in header.rows.items()):
        raise DumpRefused("The file holds other numbers of rows than it says.")
    with scratch.engine.connect() as connection:
        require_same(read, {table: fingerprint(connection, f'"{table}"', kinds[table]) for table in kinds})


def require_same(wanted: dict[str, Fingerprint], found: dict[str, Fingerprint]) -> None:
    """What arrived is what was sent, table by table. Raises `DumpRefused`."""
    for table, one in wanted.items():
        if found.get(table) != one:
            raise DumpRefused(f"The rows of {table} did not arrive as they stand in the file.")


def _kinds_of(kinds: dict[str, dict[str, Kind]], table: str, names: tuple[str, ...]) -> Sequence[Kind]:
    present = kinds.get(table)
    if present is None or set(names) != set(present):
        raise DumpRefused(f"There is no table {table[:63]} with these columns in that revision.")
    return [present[name] for name in names]


def _store(raw: sqlite3.Connection, batch: Batch, kinds: dict[str, Kind], read: Fingerprint) -> None:
    columns = [batch.columns[batch.names.index(name)] for name in kinds]
    read.add(list(kinds.values()), columns)
    names = ", ".join(f'"{name}"' for name in kinds)
    places = ", ".join("?" * len(kinds))
    statement = f'INSERT INTO "{batch.table}" ({names}) VALUES ({places})'  # noqa: S608 - the schema's names
    try:
        raw.executemany(statement, zip(*columns, strict=True))
    except sqlite3.IntegrityError as error:
        raise DumpRefused(f"Rows of {batch.table} break a rule: {error}.") from None


def _judge(scratch: Database) -> None:
    """What the tables' own constraints cannot say."""
    with scratch.engine.connect() as connection:
        for query, complaint in RULES:
            if connection.exec_driver_sql(query).first() is not None:
                raise DumpRefused(complaint)
