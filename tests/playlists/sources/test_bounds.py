"""What a platform may answer without end, and what is kept of it."""

from __future__ import annotations

import pytest

from magpie.playlists.sources import reading

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (10**30, reading.MAX_WHOLE),
        ("9" * 15, reading.MAX_WHOLE),
        ("9" * 16, None),
        (True, None),
        (-1, None),
        (2000, 2000),
    ],
)
def test_a_number_fits_into_its_column(told: object, kept: int | None) -> None:
    assert reading.whole(told) == kept


def test_a_song_has_so_many_artists() -> None:
    names = reading.names([{"name": f"Artist {number}"} for number in range(100_000)], "name")
    assert len(names) == reading.MAX_NAMES
