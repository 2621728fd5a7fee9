"""Each of these tests has a media web of its own: what it did must not show in another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.web import MediaWeb


@pytest.fixture
def web(tmp_path: Path) -> Iterator[MediaWeb]:
    with MediaWeb(tmp_path / "web") as site:
        yield site
