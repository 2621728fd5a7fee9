"""All tools: one 429 is the last request of a job, and a job's cookies are sent to its site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from magpie.downloads.extractors.ytdlp.options import CONCURRENT_FRAGMENTS
from magpie.downloads.failures import DownloadFailure, Reason
from tests.downloads.extractors.conftest import Yard
from tests.downloads.extractors.test_saving import booru


@pytest.mark.parametrize(
    ("path", "limited", "is_board", "most"),
    [
        ("/files/1.mp4", "/files/*", False, 1),
        ("/page/video", "/page/video", False, 1),
        ("/page/hls", "/hls/*.m3u8", False, 1),
        # Those that are under way at the same time.
        ("/page/hls", "/hls/ts/*.ts", False, CONCURRENT_FRAGMENTS),
        ("/gallery-of/9", "/images/*", False, 1),
        ("/booru/post?tags=all", "/booru/post.json", True, 1),
        # The program goes on until it is killed.
        ("/booru/post?tags=all", "/booru/image/*", True, 4),
    ],
)
def test_nothing_more_is_asked_for_after_a_429(
    yard: Yard, path: str, limited: str, is_board: bool, most: int
) -> None:
    yard.web.recorder.clear()
    more: dict[str, Any] = {"options": booru(yard)} if is_board else {}
    limit = yard.web.behaving(limited, status=429, headers={"retry-after": "77"})
    with limit, pytest.raises(DownloadFailure) as caught:
        yard.save(path, **more)
    assert caught.value.reason is Reason.RATE_LIMITED
    yard.web.wait_until_idle()
    refused = [seen for seen in yard.web.requests if seen.status == 429]
    assert 1 <= len(refused) <= most
    last = max(seen.ended or seen.at for seen in refused)
    assert [seen.target for seen in yard.web.requests if seen.at > last] == []
    if not is_board:  # gallery-dl does not tell what the site asked for
        assert caught.value.retry_after == 77


@pytest.mark.parametrize(
    ("path", "asked", "is_board"),
    [
        ("/files/1.mp4", "/files/*", False),
        ("/page/video", "/page/video", False),
        ("/page/hls", "/hls/*", False),
        ("/gallery-of/3", "/images/*", False),
        ("/booru/post?tags=pool:1", "/booru/*", True),
    ],
)
def test_every_tool_sends_the_cookies(
    yard: Yard, tmp_path: Path, path: str, asked: str, is_board: bool
) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.write_text("# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tmagpie\n")
    yard.web.recorder.clear()
    more: dict[str, Any] = {"options": booru(yard)} if is_board else {}
    yard.save(path, cookies=cookies, **more)
    seen = yard.web.recorder.select(asked)
    assert seen
    assert {request.cookies.get("session") for request in seen} == {"magpie"}
