"""Every source that ships, held to the contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from magpie.playlists.sources.port import Source
from magpie.playlists.sources.registry import sources
from tests.playlists.sources.contract import SourceContract
from tests.support.platforms import ALL, Platform

pytestmark = pytest.mark.once


@pytest.fixture(scope="module", params=ALL, ids=lambda kind: kind.__name__)
def running(request: pytest.FixtureRequest) -> Iterator[Platform]:
    with request.param() as platform:
        yield platform


@pytest.fixture
def platform(running: Platform) -> Platform:
    """The double as it is at first."""
    running.listing = type(running)().listing
    running.make_trouble()
    running.forget()
    return running


@pytest.fixture
def source(platform: Platform) -> Source:
    return sources()[platform.name]


class TestShippedSources(SourceContract):
    pass


def test_every_source_is_held_to_it() -> None:
    assert {kind.name for kind in ALL} == set(sources())
