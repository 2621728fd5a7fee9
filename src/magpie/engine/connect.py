"""Connections to the engine's own database."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from magpie.engine.port import EngineRefused
from magpie.kit.filesystem import is_network_file_system

SCHEMA = "dbos"


def sqlite_engine(path: Path) -> sa.Engine:
    """SQLite in a file of its own, prepared for many small writes. Raises `EngineRefused`."""
    # DBOS asks SQLite for milliseconds by `unixepoch('subsec')` from Python 3.12 on.
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise EngineRefused(
            f"This Python {sys.version_info[0]}.{sys.version_info[1]} comes with SQLite "
            f"{sqlite3.sqlite_version}, and the job engine needs 3.42 with it. Use Python 3.11, a Python with a "
            "newer SQLite (those that uv installs have one), or PostgreSQL (DATABASE_URL)."
        )
    if is_network_file_system(path):
        raise EngineRefused(
            f"The job engine's file {path} lies on a network file system, where SQLite loses data. "
            "Keep MAGPIE_DATA_DIR on a local disk, or use PostgreSQL."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    _prepare_sqlite_file(path)
    engine = sa.create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False}, pool_size=16, max_overflow=64
    )
    sa.event.listen(engine, "connect", _prepare_sqlite_connection)
    return engine


def _prepare_sqlite_file(path: Path) -> None:
    """Set what stays in the file: before the first table, or it would need a rebuild."""
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()
    path.chmod(0o600)


def _prepare_sqlite_connection(connection: sqlite3.Connection, _record: Any) -> None:
    # DBOS relies on writers beginning IMMEDIATE.
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        "busy_timeout=30000",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
        "journal_size_limit=33554432",
    ):
        connection.execute(f"PRAGMA {pragma}")


def postgres_engine(url: URL) -> sa.Engine:
    """PostgreSQL, in the schema of the engine; fails within seconds when the server is out of reach."""
    return sa.create_engine(
        url,
        pool_size=8,
        max_overflow=56,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={
            "connect_timeout": 10,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
            "application_name": "magpie-engine",
            # A frozen host must not hold claims' locks for long.
            "options": f"-c idle_in_transaction_session_timeout=20000 -c search_path={SCHEMA}",
        },
    )
