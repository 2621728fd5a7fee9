"""What the page says of a pasted text before anybody is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from magpie.config import Settings
from magpie.playlists.models import Task
from magpie.playlists.tasks import covers
from magpie.playlists.tasks.recognising import recognise

pytestmark = pytest.mark.once


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("text", "platform", "playlist_id"),
    [
        (
            "分享歌单: 华语 https://music.163.com/playlist?id=24381616&userid=1 (来自@网易云音乐)",
            "netease",
            "24381616",
        ),
        ("https://y.qq.com/n/ryqq/playlist/7256912512", "qq", "7256912512"),
        (
            "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M?si=x",
            "spotify",
            "37i9dQZF1DXcBWIGoYBM5M",
        ),
        ("https://www.deezer.com/en/playlist/908622995", "deezer", "908622995"),
    ],
)
def test_says_which_playlist_a_text_is_about(
    settings: Settings, text: str, platform: str, playlist_id: str
) -> None:
    found = recognise(settings, text)
    assert (found.platform, found.playlist_id, found.is_short) == (platform, playlist_id, False)
    assert found.platform_title
    assert found.url is not None


def test_of_a_short_link_only_the_platform_is_known(settings: Settings) -> None:
    found = recognise(settings, "听听这个歌单 http://163cn.tv/AbCdEf")
    assert (found.platform, found.playlist_id, found.is_short) == ("netease", None, True)


@pytest.mark.parametrize("text", ["", "just words", "https://example.com/watch?v=1", "file:///etc/passwd"])
def test_knows_what_is_no_playlist(settings: Settings, text: str) -> None:
    assert recognise(settings, text).platform is None


def test_another_picture_has_another_address() -> None:
    task = Task(id=7, source_cover_url=None)
    assert covers.address_of(task) is None
    task.source_cover_url = "https://p.example/1.jpg"
    first = covers.address_of(task)
    task.source_cover_url = "https://p.example/2.jpg"
    assert first is not None
    assert first.startswith("/api/v1/tasks/7/cover?")
    assert covers.address_of(task) != first
