"""The application without its worker, started with some settings, and people who may or may not change others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from magpie.admin.settings import service
from magpie.app import build_api
from magpie.config import Settings
from magpie.context import AppContext
from magpie.kit.crypto import Vault
from magpie.kit.db import Database
from magpie.kit.events import EventBus
from tests.accounts.conftest import SECRET, _quick_hashes, register, sign_in  # noqa: F401

Host = Callable[..., AppContext]


@pytest.fixture
def host(database: Database, tmp_path: Path) -> Host:
    """Makes hosts of one installation; the arguments are what their environment sets."""

    def make(**environment: object) -> AppContext:
        settings = Settings(secret_key=SECRET, data_dir=tmp_path / "data", **environment)
        context = AppContext(settings, database, SECRET, Vault(SECRET), EventBus())
        service.refresh(context)
        return context

    return make


@pytest.fixture
def context(host: Host) -> AppContext:
    return host(session_days=7)


@pytest.fixture
def admin(context: AppContext) -> Iterator[TestClient]:
    """The superuser's client."""
    with ExitStack() as stack:
        client = stack.enter_context(
            TestClient(build_api(context), base_url="http://magpie.test", raise_server_exceptions=False)
        )
        register(client)
        client.headers.update(sign_in(client))
        yield client
