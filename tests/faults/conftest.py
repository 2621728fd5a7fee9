"""Each of these tests has a media web of its own: what it did must not show in another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.site.web import MediaWeb
from tests.support.media import made_media


@pytest.fixture
def web() -> Iterator[MediaWeb]:
    with MediaWeb(made_media()) as site:
        yield site
