"""A household whose links bring media from the made-up web with the real tools; one for all tests of a module."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import POSTGRES
from tests.links.checks.support import Household
from tests.site.fixtures import media_folder
from tests.site.web import MediaWeb

__all__ = ["media_folder"]

PLUGINS = Path(__file__).parents[2] / "site" / "ytdlp_plugin"


@pytest.fixture(scope="module")
def web(media_folder: Path) -> Iterator[MediaWeb]:
    with MediaWeb(media_folder) as site:
        yield site


@pytest.fixture(scope="module")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One database for all of the module, as there is one fork server: it takes seconds to start."""
    if POSTGRES:
        return str(request.getfixturevalue("postgres_module_url"))
    file = tmp_path_factory.mktemp("retention") / "magpie.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="module")
def house(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    plugins = pytest.MonkeyPatch()
    plugins.setenv("MAGPIE_TEST_YTDLP_PLUGINS", str(PLUGINS))
    made = Household(database_url, tmp_path_factory.mktemp("house"))
    yield made
    made.close()
    plugins.undo()


@pytest.fixture(scope="module")
def ada(house: Household) -> int:
    return house.user("ada")


@pytest.fixture(scope="module")
def bob(house: Household) -> int:
    return house.user("bob")
