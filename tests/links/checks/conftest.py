"""Checks on the made-up web."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.links.checks.support import Household
from tests.site.fixtures import media_folder, web

__all__ = ["media_folder", "web"]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Household]:
    made = Household(database_url, tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def ada(house: Household) -> int:
    return house.user("ada")
