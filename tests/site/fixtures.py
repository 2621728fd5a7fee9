"""Fixtures for every test that needs the made-up web; the media are shared by all runs of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.web import MediaWeb
from tests.support.media import made_media


@pytest.fixture(scope="session")
def media_folder() -> Path:
    """Where made media are kept."""
    return made_media()


@pytest.fixture
def web(media_folder: Path) -> Iterator[MediaWeb]:
    """A made-up web of the test's own."""
    with MediaWeb(media_folder) as site:
        yield site
