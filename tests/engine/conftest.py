from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.engine.helpers import Engines


@pytest.fixture(scope="session")
def postgres_engine_template(
    postgres_server: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated database that an engine has lived in: its tables take most of a second to make."""
    name = f"magpie_engine_{uuid.uuid4().hex[:8]}"
    url = _create(postgres_server, name, postgres_template)
    made = Engines(url, tmp_path_factory.mktemp("engine"))
    made.make().start()
    made.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM workers")
    yield name
    _drop(postgres_server, name)


@pytest.fixture
def postgres_url(postgres_server: str, postgres_engine_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database with the application's and the engine's tables."""
    name = f"magpie_{uuid.uuid4().hex[:12]}"
    yield _create(postgres_server, name, postgres_engine_template)
    _drop(postgres_server, name)


@pytest.fixture
def engines(database_url: str, tmp_path: Path) -> Iterator[Engines]:
    """Engines on a fresh database of the kind that this run is about."""
    made = Engines(database_url, tmp_path / "engine")
    yield made
    made.close()


def _create(server: str, name: str, template: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
