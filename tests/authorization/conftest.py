"""One application for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.authorization.world import World, open_world
from tests.conftest import POSTGRES


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = request.getfixturevalue("postgres_module_url") if POSTGRES else ""
    with open_world(url, tmp_path_factory.mktemp("world")) as opened:
        yield opened
