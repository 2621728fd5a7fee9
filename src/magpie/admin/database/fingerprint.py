"""What a table holds, as one number that is the same for the same rows: in a file, in SQLite and in PostgreSQL.

Rows count in any order, and values by what they mean and not by how they are spelled: PostgreSQL writes `1e16` in
JSON as an integer, and SQLite knows no negative zero. It finds what got lost or changed on its way; against somebody
who means harm the file's own SHA-256 stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection

from magpie.admin.database.format import Kind

ROWS_AT_ONCE = 1000
_WHOLE = 2**128
_EXACT = 2**53  # beyond it a double-precision number does not hold every integer


@dataclass(slots=True)
class Fingerprint:
    """How many rows there are, and the sum of their hashes."""

    rows: int = 0
    total: int = 0

    def add(self, kinds: Sequence[Kind], columns: Iterable[Sequence[Any]]) -> None:
        """Count rows in, which are given as columns."""
        plain = [_PLAIN[kind](column) for kind, column in zip(kinds, columns, strict=True)]
        for row in zip(*plain, strict=True):
            text = repr(row).encode()
            self.total += int.from_bytes(blake2b(text, digest_size=16).digest(), "big")
            self.rows += 1
        self.total %= _WHOLE


def fingerprint(connection: Connection, table: str, kinds: dict[str, Kind]) -> Fingerprint:
    """Of a table as it is in this moment; `table` may name its schema, `kinds` by column."""
    is_sqlite = connection.dialect.name == "sqlite"
    columns = ", ".join(
        f'"{name}"' if is_sqlite or kind is not Kind.JSON else f'"{name}"::text'
        for name, kind in kinds.items()
    )
    found = Fingerprint()
    options = {"yield_per": ROWS_AT_ONCE}
    result = connection.exec_driver_sql(f"SELECT {columns} FROM {table}", execution_options=options)  # noqa: S608
    # The size is said again: without it all of PostgreSQL's rows are one part.
    for part in result.partitions(ROWS_AT_ONCE):
        found.add(list(kinds.values()), zip(*part, strict=True))
    return found


def _moment(value: str | datetime) -> str:
    if isinstance(value, str):
        if len(value) == len("2026-01-02 03:04:05.000006"):
            return value
        value = datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _plain_json(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((key, _plain_json(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return tuple(_plain_json(inner) for inner in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if abs(value) < _EXACT:
        return int(value) if value == int(value) else value
    try:
        return float(value)
    except OverflowError:
        return value


def _each(function: Callable[[Any], Any]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    return lambda column: [None if value is None else function(value) for value in column]


_PLAIN: dict[Kind, Callable[[Sequence[Any]], Sequence[Any]]] = {
    Kind.INTEGER: lambda column: column,
    Kind.REAL: _each(lambda value: value + 0.0),
    Kind.BOOLEAN: _each(int),
    Kind.TIME: _each(_moment),
    # Where JSON is a number and nothing else, SQLite gives it as one.
    Kind.JSON: _each(lambda value: _plain_json(json.loads(value) if isinstance(value, str) else value)),
    Kind.TEXT: lambda column: column,
}
