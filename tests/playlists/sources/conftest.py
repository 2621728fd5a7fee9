"""Fetching as the tests do it: from doubles, without waiting."""

from __future__ import annotations

from typing import Any

import pytest

from magpie.playlists.sources import service
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.port import SourceFailed, SourcePlaylist, SourceRef
from tests.support.platforms import Platform
from tests.support.platforms.base import settings_for


def fetch_from(platform: Platform, ref_id: str | None = None, **settings: Any) -> SourcePlaylist:
    """The platform's playlist, as the rest of Magpie gets it."""
    ref = SourceRef(platform.name, ref_id or platform.ref_id, "")
    with Fetcher(settings_for(platform, **settings), sleep=lambda _: None) as fetcher:
        return service.fetch(ref, fetcher)


def failure_from(platform: Platform, ref_id: str | None = None, **settings: Any) -> SourceFailed:
    with pytest.raises(SourceFailed) as caught:
        fetch_from(platform, ref_id, **settings)
    return caught.value
