"""A house whose items say something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.podcasts.transcripts.support import TranscriptHouse
from tests.support.transcribers.whisper_double import WhisperDouble


@pytest.fixture(scope="module")
def recogniser() -> Iterator[WhisperDouble]:
    with WhisperDouble() as double:
        yield double


@pytest.fixture
def house(database_url: str, tmp_path: Path, recogniser: WhisperDouble) -> Iterator[TranscriptHouse]:
    recogniser.faults.clear()
    recogniser.calls.clear()
    made = TranscriptHouse(database_url, tmp_path / "data", recogniser)
    yield made
    made.close()
