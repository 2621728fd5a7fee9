from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.helpers import Engines


@pytest.fixture
def engines(database_url: str, tmp_path: Path) -> Iterator[Engines]:
    """Engines on a fresh database of the kind that this run is about."""
    made = Engines(database_url, tmp_path / "engine")
    yield made
    made.close()
