"""A folder for an episode, and the parts of the work as stand-ins."""

from __future__ import annotations

from pathlib import Path

import pytest

from magpie.config import Settings
from magpie.podcasts.making.folder import EpisodeFolder
from tests.podcasts.making.fakes import FakeTools

KEY = "0" * 31 + "1"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", free_space_reserve_gb=0)


@pytest.fixture
def tools(settings: Settings) -> FakeTools:
    return FakeTools(settings)


@pytest.fixture
def folder(settings: Settings) -> EpisodeFolder:
    return EpisodeFolder(settings.data_dir / "podcasts", KEY)
