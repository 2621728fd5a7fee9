"""Fixtures for every test that needs the made-up web; the media are shared by all workers of one test run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.web import MediaWeb


@pytest.fixture(scope="session")
def media_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where made media are kept for this run."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "made-up-media"


@pytest.fixture
def web(media_folder: Path) -> Iterator[MediaWeb]:
    """A made-up web of the test's own."""
    with MediaWeb(media_folder) as site:
        yield site
