"""Migrated PostgreSQL databases for tests, used again after each: emptying one takes a twentieth of copying it."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.support import kept

_TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
_SEQUENCES = """
SELECT schemaname, sequencename FROM pg_sequences WHERE last_value IS NOT NULL ORDER BY 1, 2
"""
# Every column of every table and index, as one number.
_SHAPE = """
SELECT md5(string_agg(
    concat_ws(' ', n.nspname, c.relname, a.attname, a.atttypid, a.attnotnull), ',' ORDER BY n.nspname, c.relname, a.attnum
))
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND a.attnum > 0 AND NOT a.attisdropped
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)
"""
_LEAVING = 0.5  # seconds: a session has not ended yet when its connection is closed
_TOO_MUCH = 16 * 1024 * 1024  # bytes more than the template: emptying leaves the space taken

Connection = psycopg.Connection[Any]


def create(server: str, name: str, template: str | None = None) -> str:
    """A new database; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        query = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:  # copied as files: with the log, as is usual, it takes twice as long
            query += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        connection.execute(query)
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class Pool:
    """Copies of a template, each as good as new whenever it is taken."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._free: list[tuple[str, str]] = []
        self._taken: dict[str, str] = {}
        self._janitors: dict[str, Connection] = {}  # a new session knows none of the tables that it empties
        address = make_url(server).set(database=template).render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            self._tables = connection.execute(_TABLES).fetchall()
            self._shape = connection.execute(_SHAPE).fetchall()
            self._sequences = connection.execute(_SEQUENCES).fetchall()
            self._size = _size(connection)
            self._rows = {table: _rows(connection, table) for table in self._tables}

    def take(self) -> str:
        """The address of a database that holds what the template does."""
        if self._free:
            name, address = self._free.pop()
        else:
            name = f"magpie_{uuid.uuid4().hex[:12]}"
            address = create(self._server, name, self._template)
        self._taken[address] = name
        return address

    def give_back(self, address: str) -> None:
        """Nobody needs it any more. One that cannot be made as new by emptying it is dropped."""
        name = self._taken.pop(address)
        connection = self._janitor(name, address)
        if self._is_like_new(connection) and self._emptied(connection):
            self._free.append((name, address))
        else:
            self._drop(name)

    def close(self) -> None:
        for name, _ in self._free:
            self._drop(name)
        self._free.clear()

    def _drop(self, name: str) -> None:
        self._janitors.pop(name).close()
        kept.forget(name)
        drop(self._server, name)

    def _janitor(self, name: str, address: str) -> Connection:
        """A connection of our own to a database, which its tests may have cut."""
        known = self._janitors.get(name)
        try:
            if known is not None:
                known.execute("SELECT 1")
                return known
        except psycopg.OperationalError:
            pass
        self._janitors[name] = psycopg.connect(address, autocommit=True)
        return self._janitors[name]

    def _is_like_new(self, connection: Connection) -> bool:
        return (
            _is_left(connection)
            and _size(connection) < self._size + _TOO_MUCH
            and connection.execute(_SHAPE).fetchall() == self._shape
        )

    def _emptied(self, connection: Connection) -> bool:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # no reference is looked at
            connection.execute(_emptying(self._tables))
            for table, rows in self._rows.items():
                for row in rows:
                    connection.execute(_insertion(table), [json.dumps(row)])
            for schema, sequence in connection.execute(_SEQUENCES).fetchall():
                if (schema, sequence) not in self._sequences:
                    name = sql.Identifier(schema, sequence)
                    connection.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(name))
        return True


def _is_left(connection: Connection) -> bool:
    """Whether nobody else is at work there."""
    deadline = time.monotonic() + _LEAVING
    while True:
        [others] = connection.execute(_OTHERS, [kept.processes()]).fetchone() or (1,)
        if others == 0 or time.monotonic() > deadline:
            return bool(others == 0)
        time.sleep(0.01)


def _size(connection: Connection) -> int:
    [size] = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    return int(size)


def _rows(connection: Connection, table: tuple[str, str]) -> list[Any]:
    query = sql.SQL("SELECT to_json(t) FROM {} t").format(sql.Identifier(*table))
    return [row for (row,) in connection.execute(query)]


def _insertion(table: tuple[str, str]) -> sql.Composed:
    name = sql.Identifier(*table)
    return sql.SQL("INSERT INTO {} SELECT * FROM json_populate_record(NULL::{}, %s)").format(name, name)


def _emptying(tables: list[tuple[str, str]]) -> sql.Composed:
    """One block that deletes from the tables that hold something: a look into an empty one costs next to nothing."""
    steps = sql.SQL("").join(
        sql.SQL("IF EXISTS (SELECT FROM {0}) THEN DELETE FROM {0}; END IF; ").format(sql.Identifier(*table))
        for table in tables
    )
    return sql.SQL("DO $do$ BEGIN {} END $do$").format(steps)
