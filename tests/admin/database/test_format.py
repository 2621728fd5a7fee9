"""The grammar: what is written is read back, and nothing else is read."""

from __future__ import annotations

import io
import json
import math
import sqlite3
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magpie.admin.database.format import (
    RENDER,
    DumpRefused,
    Header,
    Kind,
    Sealing,
    insert_head,
    read_header,
)
from magpie.admin.database.reading import read_batches

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)
ROWS = st.lists(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.datetimes(timezones=st.just(UTC)),
        JSONS,
        TEXTS,
    ),
    max_size=5,
)
KINDS = (Kind.INTEGER, Kind.REAL, Kind.BOOLEAN, Kind.TIME, Kind.JSON, Kind.TEXT)
COLUMNS = ["a", "b", "c", "d", "e", "f"]
HEAD = insert_head("odd", COLUMNS)


def written(row: tuple[Any, ...]) -> str:
    return f"{HEAD}{', '.join(RENDER[kind](value) for kind, value in zip(KINDS, row, strict=True))});\n"


def read(text: str | bytes) -> list[list[Any]]:
    data = text if isinstance(text, bytes) else text.encode()
    found: list[list[Any]] = []
    for batch in read_batches(io.BytesIO(data), kinds):
        assert (batch.table, list(batch.names)) == ("odd", COLUMNS)
        found.extend([*row] for row in zip(*batch.columns, strict=True))
    return found


def kinds(table: str, names: tuple[str, ...]) -> tuple[Kind, ...]:
    if (table, list(names)) != ("odd", COLUMNS):
        raise DumpRefused("another table")
    return KINDS


@settings(max_examples=300)
@given(ROWS)
def test_what_is_written_is_read_back(rows: list[tuple[Any, ...]]) -> None:
    back = read("".join(written(row) for row in rows))
    assert len(back) == len(rows)
    for (number, real, truth, moment, value, text), found in zip(rows, back, strict=True):
        assert found[0] == number
        assert math.copysign(1, found[1]) == math.copysign(1, real)
        assert found[1] == real
        assert found[2] == int(truth)
        assert datetime.fromisoformat(found[3]).replace(tzinfo=UTC) == moment
        assert json.loads(found[4]) == value
        assert found[5] == text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=ROWS.filter(bool))
def test_sqlite_itself_would_read_the_same(row: list[tuple[Any, ...]]) -> None:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE odd (a INTEGER, b REAL, c BOOLEAN, d TEXT, e TEXT, f TEXT)")
    base.executescript("".join(written(one) for one in row))
    [(number, text)] = base.execute("SELECT a, f FROM odd LIMIT 1")
    base.close()
    assert (number, text) == (row[0][0], row[0][5])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=ROWS.filter(bool))
def test_postgresql_itself_would_read_the_same(postgres_server: str, rows: list[tuple[Any, ...]]) -> None:
    with psycopg.connect(postgres_server) as base:
        base.execute(
            "CREATE TEMP TABLE odd (a bigint, b double precision, c boolean, d text, e text, f text)"
        )
        for row in rows:
            base.execute(written(row).encode())
        found = base.execute("SELECT a, b, c, f FROM odd").fetchall()
        base.rollback()
    assert sorted(found) == sorted((row[0], row[1], row[2], row[5]) for row in rows)


GOOD = written((1, 1.5, True, datetime(2026, 1, 1, tzinfo=UTC), {"a": 1}, "it's"))


@pytest.mark.parametrize(
    "text",
    [
        "ATTACH DATABASE '/etc/passwd' AS x;\n",
        'DROP TABLE "users";\n',
        "SELECT load_extension('evil.so');\n",
        "-- a comment\n",
        GOOD.replace("1.5", "1.5 -- a comment\n"),
        GOOD.replace("TRUE", "/* hidden */ TRUE"),
        GOOD.replace("'it''s'", "load_extension('x')"),
        GOOD.replace("'it''s'", "(SELECT password_hash FROM users)"),
        GOOD.replace("'it''s'", "'it''s' || 'x'"),
        GOOD.replace("'it''s'", "E'x'"),
        GOOD.replace("'it''s'", "x'00'"),
        GOOD.replace("'it''s'", '"a"'),
        GOOD.replace(");\n", "), (1, 1.5, TRUE, NULL, NULL, NULL);\n"),
        GOOD.replace(");\n", "); DROP TABLE users;\n"),
        GOOD.replace(");\n", ") ON CONFLICT DO NOTHING;\n"),
        GOOD.replace("INSERT INTO", "INSERT OR REPLACE INTO"),
        GOOD.replace("INSERT", "insert"),
        GOOD.replace('"odd"', 'main."odd"'),
        GOOD.replace('"odd"', '"odd""x"'),
        GOOD.replace('"a", "b"', '"a", "a"'),
        GOOD.replace("1, 1.5", "1"),
        GOOD.replace("1, 1.5", "1, 1, 1.5"),
        GOOD.replace("1, 1.5", "１, 1.5"),
        GOOD.replace("1, 1.5", "9223372036854775808, 1.5"),
        GOOD.replace("1, 1.5", "1, 1e999"),
        GOOD.replace("1, 1.5", "0x10, 1.5"),
        GOOD.replace("TRUE", "1"),
        GOOD.replace("2026-01-01", "2026-13-01"),
        GOOD.replace("2026-01-01", "infinity"),
        GOOD.replace('{"a":1}', '{"a":NaN}'),
        GOOD.replace('{"a":1}', "[" * 100_000),
        GOOD.replace("it''s", "it\0s"),
        GOOD.replace("it''s", "it's"),
        GOOD[:-1],
        GOOD[:-8],
        GOOD + "\n",
        GOOD + GOOD[:30],
    ],
)
def test_whatever_else_stands_there_is_refused(text: str) -> None:
    with pytest.raises(DumpRefused):
        read(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DumpRefused, match="UTF-8"):
        read(GOOD.encode().replace(b"it", b"\xff\xfe"))


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_random_bytes_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(DumpRefused):
        read_header(io.BytesIO(data))
    if data:
        with pytest.raises(DumpRefused):
            read(data)


def test_a_row_beyond_all_measure_is_refused_before_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("magpie.admin.database.reading.MAX_STATEMENT", 1000)
    with pytest.raises(DumpRefused, match="larger"):
        read(GOOD.replace("it''s", "\n" * 2000))


def test_what_no_database_takes_is_written_as_a_replacement() -> None:
    assert RENDER[Kind.TEXT]("a\0b") == "'a\ufffdb'"
    assert RENDER[Kind.JSON]({"k\0": ["\ud800"]}) == '\'{"k\\ufffd":["?"]}\''
    assert RENDER[Kind.REAL](math.inf) == "NULL"


def test_the_header_is_read_back() -> None:
    header = Header(
        "0002", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), {"users": 3, "items": 0}, Sealing(b"salt")
    )
    header.digest = "0" * 64
    assert read_header(io.BytesIO(header.encode())) == header


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"format: 1", b"format: 2"),
        (b"users=3", b"users=x"),
        (b"users=3", b"users=3 users=4"),
        (b"2026-01-02", b"2026-91-02"),
        (b"secrets: none", b"secrets: scrypt 1073741824 8 1 c2FsdA=="),
        (b"-- revision", b"-- Revision"),
        (b"\n\n", b"\nDROP TABLE users;\n"),
    ],
)
def test_a_damaged_header_is_refused(old: bytes, new: bytes) -> None:
    header = Header("0002", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), {"users": 3})
    with pytest.raises(DumpRefused):
        read_header(io.BytesIO(header.encode().replace(old, new)))
