"""What is peculiar to QQ Music: two APIs, wrappers, old encodings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.playlists.sources.conftest import failure_from, fetch_from
from tests.support.platforms import Listing, QQDouble, Song, songs

pytestmark = pytest.mark.once


@pytest.fixture
def qq() -> Iterator[QQDouble]:
    with QQDouble() as double:
        yield double


def test_pages_are_read_from_where_the_last_one_ended(qq: QQDouble) -> None:
    qq.listing = Listing(songs(700))
    assert len(fetch_from(qq).tracks) == 700
    begins = [call.json["req_0"]["param"]["song_begin"] for call in qq.calls]
    assert begins == [0, 300, 600]


@pytest.mark.parametrize("wrapper", ["", "callback", "jsonCallback", "playlistInfoCallback"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_the_older_api_helps_out(qq: QQDouble, wrapper: str, encoding: str) -> None:
    qq.subcode, qq.has_older, qq.wrapper, qq.encoding = 13, True, wrapper, encoding
    qq.listing = Listing([Song(1, "Don't stop & 晴天", ("周杰伦",), "叶惠美", 269)], title="夜里<开车>")
    found = fetch_from(qq)
    [track] = found.tracks
    assert (track.title, track.artists, track.album, track.duration) == (
        "Don't stop & 晴天",
        ("周杰伦",),
        "叶惠美",
        269.0,
    )
    assert (found.title, found.owner, found.is_complete) == ("夜里<开车>", "小明", True)


def test_the_older_api_knows_what_the_present_one_left_out(qq: QQDouble) -> None:
    qq.listing, qq.has_older = Listing(songs(700)), True
    qq.make_trouble(fail_at=2)
    found = fetch_from(qq)
    assert (found.is_complete, len(found.tracks)) == (True, 700)


def test_the_first_page_once_more_is_no_second_page(qq: QQDouble) -> None:
    qq.listing, qq.stuck = Listing(songs(700)), True
    found = fetch_from(qq)
    assert (found.is_complete, len(found.tracks)) == (False, 300)


def test_a_failure_in_the_middle_without_that(qq: QQDouble) -> None:
    qq.listing = Listing(songs(700))
    qq.make_trouble(fail_at=2)
    found = fetch_from(qq)
    assert (found.is_complete, len(found.tracks)) == (False, 300)
    assert (found.note or "").startswith("300 of 700 songs came.")


@pytest.mark.parametrize("has_older", [False, True])
def test_a_subcode_without_songs_is_a_refusal(qq: QQDouble, has_older: bool) -> None:
    qq.subcode, qq.has_older = 13, has_older
    assert failure_from(qq, "1").reason == "refused"


def test_what_wants_a_login_says_so(qq: QQDouble) -> None:
    qq.make_trouble(private=True)
    failure = failure_from(qq)
    assert failure.reason == "private"
    assert "signed in" in failure.message


@pytest.mark.parametrize("path", ["", "/cgi-bin/musicu.fcg"])
def test_the_base_address_may_name_the_endpoint(qq: QQDouble, path: str) -> None:
    assert fetch_from(qq, qq_url=qq.url + path).is_complete
