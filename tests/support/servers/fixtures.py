"""Fixtures of the doubles, for any test folder: import them in its `conftest.py`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers.jellyfin_double import JellyfinDouble
from tests.support.servers.plex_double import PlexDouble
from tests.support.servers.subsonic_double import SubsonicDouble
from tests.support.servers.supysonic import Supysonic

__all__ = ["jellyfin_double", "plex_double", "subsonic_double", "supysonic"]


@pytest.fixture
def plex_double() -> Iterator[PlexDouble]:
    with PlexDouble() as double:
        yield double


@pytest.fixture
def jellyfin_double() -> Iterator[JellyfinDouble]:
    with JellyfinDouble() as double:
        yield double


@pytest.fixture
def subsonic_double() -> Iterator[SubsonicDouble]:
    with SubsonicDouble() as double:
        yield double


@pytest.fixture(scope="module")
def supysonic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supysonic]:
    """One for all tests of a module: it takes seconds to start."""
    with Supysonic(tmp_path_factory.mktemp("supysonic")) as server:
        yield server
