"""One real server for all tests of this folder, and the made-up media web beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import POSTGRES
from tests.site.web import MediaWeb
from tests.support.media import made_media
from tests.support.server import Program


@pytest.fixture(scope="session")
def web() -> Iterator[MediaWeb]:
    with MediaWeb(made_media()) as site:
        yield site


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    settings: dict[str, Any] = {"allow_registration": True, "download_attempts": 2}
    if POSTGRES:
        settings["database_url"] = request.getfixturevalue("postgres_session_url")
    with Program(tmp_path_factory.mktemp("server"), **settings) as program:
        yield program


@pytest.fixture(scope="session")
def client(server: Program) -> Iterator[httpx.Client]:
    signed_in = server.client("ada")
    yield signed_in
    signed_in.close()


@pytest.fixture(scope="session")
def other(server: Program, client: httpx.Client) -> Iterator[httpx.Client]:
    """Somebody else, without special rights."""
    signed_in = server.client("bob")
    yield signed_in
    signed_in.close()
