"""A dump of a database that is about to be migrated.

The tables are taken as they are found: the models describe those that the migration is going to make. A restore
builds them at the file's revision again and migrates from there.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, text

from magpie.admin.database.dump import Contents, write_dump
from magpie.admin.database.secrets import without_secrets
from magpie.admin.database.tables import LEFT_OUT
from magpie.kit.db import Database
from magpie.schema import present_revision


def save_before_migration(database: Database, path: Path) -> None:
    """Write the dump, unless nobody has an account yet: then there is nothing to keep."""
    with database.engine.connect() as connection:
        if not _has_users(connection):
            return
    write_dump(database, path, without_secrets, contents=_found)


def _has_users(connection: Connection) -> bool:
    if not inspect(connection).has_table("users"):
        return False
    return connection.scalar(text("SELECT 1 FROM users LIMIT 1")) is not None


def _found(connection: Connection) -> Contents:
    metadata = MetaData()
    metadata.reflect(connection)
    tables = [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]
    return Contents(present_revision(connection) or "", tables)
