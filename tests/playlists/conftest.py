"""A house with playlists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.playlists.support import PlaylistHouse


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[PlaylistHouse]:
    made = PlaylistHouse(database_url, tmp_path / "data")
    yield made
    made.close()
