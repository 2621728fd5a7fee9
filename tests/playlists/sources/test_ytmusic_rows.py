"""Rows of YouTube Music that are not songs of albums: videos, uploads, what cannot be had."""

from __future__ import annotations

from typing import Any

import pytest

from magpie.playlists.sources.ytmusic.rows import is_deleted, track

pytestmark = pytest.mark.once


def link(text: str, kind: str) -> dict[str, Any]:
    config = {"browseEndpointContextMusicConfig": {"pageType": f"MUSIC_PAGE_TYPE_{kind}"}}
    return {
        "text": text,
        "navigationEndpoint": {"browseEndpoint": {"browseEndpointContextSupportedConfigs": config}},
    }


def row(*columns: list[dict[str, Any]], length: str | None = "3:32", **more: Any) -> dict[str, Any]:
    title = [{"text": "Title", "navigationEndpoint": {"watchEndpoint": {"videoId": "vid"}}}]
    flex = [
        {"musicResponsiveListItemFlexColumnRenderer": {"text": {"runs": runs} if runs else {}}}
        for runs in (title, *columns)
    ]
    fixed = {"musicResponsiveListItemFixedColumnRenderer": {"text": {"simpleText": length}}}
    return {"flexColumns": flex, "fixedColumns": [fixed] if length else [], **more}


def facts(given: dict[str, Any]) -> tuple[tuple[str, ...], str | None, float | None]:
    found = track(given)
    assert found is not None
    assert found.title == "Title"
    return found.artists, found.album, found.duration


def test_a_video_of_a_channel() -> None:
    assert facts(row([link("Some Channel", "USER_CHANNEL")], [{"text": "1.2M views"}])) == (
        ("Some Channel",),
        None,
        212.0,
    )


def test_an_artist_goes_before_a_channel() -> None:
    assert facts(row([link("Channel", "USER_CHANNEL")], [link("Artist", "ARTIST")]))[0] == ("Artist",)


def test_artists_that_lead_nowhere() -> None:
    runs = [{"text": "A"}, {"text": ", "}, link("B", "ARTIST"), {"text": " & "}, {"text": "C"}]
    assert facts(row(runs, [link("Album", "ALBUM")])) == (("A", "B", "C"), "Album", 212.0)
    assert facts(row([{"text": "Nobody knows"}], []))[:2] == (("Nobody knows",), None)


def test_the_length_among_the_columns() -> None:
    """As in lists that several people keep."""
    given = row([link("A", "ARTIST")], [{"text": "4:29"}], [link("Album", "ALBUM")], length=None)
    assert facts(given) == (("A",), "Album", 269.0)


def test_a_grey_one_keeps_the_id_that_it_could_be_removed_by() -> None:
    edit = {"playlistEditEndpoint": {"actions": [{"removedVideoId": "gone1"}]}}
    menu = {"menuRenderer": {"items": [{"menuServiceItemRenderer": {"serviceEndpoint": edit}}]}}
    policy = "MUSIC_ITEM_RENDERER_DISPLAY_POLICY_GREY_OUT"
    found = track(row([{"text": "A"}], [{"text": "Album"}], menu=menu, musicItemRendererDisplayPolicy=policy))
    assert found is not None
    assert (found.source_id, found.is_available, found.album) == ("gone1", False, "Album")


@pytest.mark.parametrize(
    "given",
    [{}, {"flexColumns": 7}, {"flexColumns": []}, {"flexColumns": [{"x": 1}]}, {"flexColumns": [None]}],
)
def test_what_is_no_song(given: dict[str, Any]) -> None:
    assert track(given) is None


def test_a_row_that_cannot_be_read_is_not_taken_for_a_deleted_song() -> None:
    deleted = {
        "flexColumns": [
            {"musicResponsiveListItemFlexColumnRenderer": {"text": {"runs": [{"text": "Song deleted"}]}}}
        ]
    }
    unknown: list[dict[str, Any]] = [{}, {"flexColumns": []}, {"flexColumns": [{"anotherRenderer": {}}]}]
    assert is_deleted(deleted)
    assert [track(one) for one in (deleted, *unknown)] == [None] * 4
    assert not any(map(is_deleted, unknown))
