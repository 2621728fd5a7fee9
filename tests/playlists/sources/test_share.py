"""What people paste, and where short links lead."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.playlists.sources import service
from magpie.playlists.sources.fetching import Fetcher
from magpie.playlists.sources.links import links_in
from magpie.playlists.sources.port import SourceFailed
from tests.support.platforms import DeezerDouble, NetEaseDouble, QQDouble, SpotifyPageDouble
from tests.support.platforms.base import settings_for

pytestmark = pytest.mark.once

SPOTIFY, APPLE = "37i9dQZF1DXcBWIGoYBM5M", "pl.f4d106fed2bd41149aaacabb233eb5eb"
LISTENBRAINZ = "8e3b4c2a-1d5f-4b6a-9c7d-0e1f2a3b4c5d"
PASTED = [
    # NetEase
    ("https://music.163.com/#/playlist?id=2829816518", "netease", "2829816518"),
    ("https://music.163.com/playlist?id=2829816518&userid=1", "netease", "2829816518"),
    ("https://music.163.com/playlist?userid=99&id=2829816518", "netease", "2829816518"),
    ("https://music.163.com/playlist/2829816518", "netease", "2829816518"),
    ("https://music.163.com/playlist/2829816518/7777/?userid=7777", "netease", "2829816518"),
    ("http://music.163.com/m/playlist?id=2829816518", "netease", "2829816518"),
    ("https://y.music.163.com/m/playlist?id=2829816518&userid=3&creatorId=3", "netease", "2829816518"),
    ("https://music.163.com/#/my/m/music/playlist?id=2829816518", "netease", "2829816518"),
    ("https://music.163.com/#/discover/toplist?id=19723756", "netease", "19723756"),
    ("music.163.com/#/playlist?id=2829816518", "netease", "2829816518"),
    ("orpheus://playlist/2829816518", "netease", "2829816518"),
    (
        "分享小明创建的歌单「夜里开车」: https://y.music.163.com/m/playlist?id=2829816518&userid=3 (来自@网易云音乐)",
        "netease",
        "2829816518",
    ),
    ("分享歌单《夜》http://music.163.com/playlist?id=2829816518，快来听！", "netease", "2829816518"),
    ("【歌单】https://music.163.com/playlist?id=2829816518。", "netease", "2829816518"),
    ("NetEase:https://music.163.com/playlist?id=2829816518", "netease", "2829816518"),
    ("(https://music.163.com/playlist?id=2829816518)", "netease", "2829816518"),
    ("\u200bhttps://music.163.com/playlist?id=2829816518\u200b\ufeff", "netease", "2829816518"),
    ("HTTPS://Music.163.com/playlist?id=2829816518", "netease", "2829816518"),
    # QQ Music
    ("https://y.qq.com/n/ryqq/playlist/7844717461", "qq", "7844717461"),
    ("https://y.qq.com/n/ryqq_v2/playlist/7844717461", "qq", "7844717461"),
    ("https://y.qq.com/n/yqq/playlist/7844717461.html#stat=x", "qq", "7844717461"),
    ("https://y.qq.com/n/yqq/playsquare/7844717461.html", "qq", "7844717461"),
    (
        "https://i.y.qq.com/n2/m/share/details/taoge.html?platform=11&appshare=android_qq&id=7844717461&hosteuin=o",
        "qq",
        "7844717461",
    ),
    ("https://i.y.qq.com/n2/m/share/details/taoge.html?ADTAG=x&amp;id=7844717461", "qq", "7844717461"),
    (
        "小红分享了歌单《慢》（来自QQ音乐）https://y.qq.com/n/ryqq/playlist/7844717461 @QQ音乐",
        "qq",
        "7844717461",
    ),
    # Others
    (f"https://open.spotify.com/playlist/{SPOTIFY}?si=abc", "spotify", SPOTIFY),
    (f"https://open.spotify.com/intl-de/playlist/{SPOTIFY}", "spotify", SPOTIFY),
    (f"https://open.spotify.com/user/someone/playlist/{SPOTIFY}", "spotify", SPOTIFY),
    (f"https://open.spotify.com/embed/playlist/{SPOTIFY}", "spotify", SPOTIFY),
    (f"spotify:playlist:{SPOTIFY}", "spotify", SPOTIFY),
    (f"spotify:user:someone:playlist:{SPOTIFY}", "spotify", SPOTIFY),
    ("https://music.youtube.com/playlist?list=PLabc_def-123&si=x", "ytmusic", "PLabc_def-123"),
    ("https://music.youtube.com/browse/VLPLabc_def-123", "ytmusic", "PLabc_def-123"),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLabc_def-123&index=2", "ytmusic", "PLabc_def-123"),
    ("https://youtu.be/dQw4w9WgXcQ?list=PLabc_def-123", "ytmusic", "PLabc_def-123"),
    ("https://music.youtube.com/playlist?list=OLAK5uy_kabc", "ytmusic", "OLAK5uy_kabc"),
    ("https://www.deezer.com/en/playlist/908622995?utm=x", "deezer", "908622995"),
    ("https://deezer.com/playlist/908622995", "deezer", "908622995"),
    (f"https://listenbrainz.org/playlist/{LISTENBRAINZ}/", "listenbrainz", LISTENBRAINZ),
    (f"https://api.listenbrainz.org/1/playlist/{LISTENBRAINZ}", "listenbrainz", LISTENBRAINZ),
    (f"https://music.apple.com/us/playlist/todays-hits/{APPLE}", "apple", f"us/{APPLE}"),
    (f"https://music.apple.com/cn/playlist/{APPLE}?l=en", "apple", f"cn/{APPLE}"),
    (f"https://embed.music.apple.com/de/playlist/x/{APPLE}", "apple", f"de/{APPLE}"),
]


@pytest.mark.parametrize(("text", "platform", "name"), PASTED)
def test_links_in_texts(text: str, platform: str, name: str) -> None:
    ref = service.recognise(text)
    assert ref is not None
    assert (ref.platform, ref.id) == (platform, name)
    assert service.recognise(text, platform) == ref
    assert service.recognise(ref.url) == ref


@pytest.mark.parametrize(
    "text",
    [
        "",
        "晴天",
        "2829816518",
        "https://music.163.com/song?id=1",
        "https://music.163.com/playlist?id=abc",
        "https://music.163.com.evil.example/playlist?id=1",
        "https://evil.example/music.163.com/playlist?id=1",
        "https://evilmusic.163.com.example/playlist/1",
        "https://user@music.163.com/playlist?id=1",
        "ftp://music.163.com/playlist?id=1",
        "file:///music.163.com/playlist?id=1",
        "javascript:alert('https')",
        "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=RDdQw4w9WgXcQ",
        "https://www.deezer.com/track/1",
        "https://y.qq.com/n/ryqq/songDetail/001",
        "https://[::1/playlist",
    ],
)
def test_what_is_no_playlist(text: str) -> None:
    assert service.recognise(text) is None


def test_a_bare_id_counts_if_the_platform_is_known() -> None:
    ref = service.recognise(" 2829816518 ", "netease")
    assert ref is not None
    assert ref.url == "https://music.163.com/playlist?id=2829816518"
    assert service.recognise("2829816518", "spotify") is None


def test_an_unknown_platform_is_named() -> None:
    with pytest.raises(SourceFailed, match="napster") as caught:
        service.recognise("x", "napster")
    assert caught.value.reason == "not_configured"


@given(st.text(max_size=400))
def test_any_text_can_be_looked_through(text: str) -> None:
    service.recognise(text)
    assert len(list(links_in(text))) <= 50


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "https://" * 5000, "a." * 20_000, "((((" * 5000, "x]" * 10_000]
)
def test_long_texts_take_no_long_time(text: str) -> None:
    before = time.process_time()
    service.recognise(text)
    assert time.process_time() - before < 5


class TestShortLinks:
    @pytest.fixture
    def netease(self) -> Iterator[NetEaseDouble]:
        with NetEaseDouble() as double:
            yield double

    def resolve(
        self, text: str, *platforms: NetEaseDouble | QQDouble | DeezerDouble | SpotifyPageDouble
    ) -> str:
        with Fetcher(settings_for(*platforms), sleep=lambda _: None) as fetcher:
            return service.resolve(text, fetcher).id

    def test_netease(self, netease: NetEaseDouble) -> None:
        netease.links["/abC12d"] = f"https://y.music.163.com/m/playlist?id={netease.ref_id}&userid=1"
        text = "分享歌单: 夜里开车 https://163cn.tv/abC12d (来自@网易云音乐)"
        assert self.resolve(text, netease) == netease.ref_id
        assert [call.path for call in netease.calls] == ["/abC12d"]

    @pytest.mark.parametrize("host", ["c6.y.qq.com", "c.y.qq.com", "c12.y.qq.com"])
    def test_qq(self, host: str) -> None:
        with QQDouble() as qq:
            qq.links["/base/fcgi-bin/u?__=Bxq8ubuA7"] = (
                f"https://i.y.qq.com/n2/m/share/details/taoge.html?id={qq.ref_id}&x=1"
            )
            assert (
                self.resolve(f"小红分享 https://{host}/base/fcgi-bin/u?__=Bxq8ubuA7 @QQ音乐", qq) == qq.ref_id
            )

    def test_spotify_and_deezer(self) -> None:
        with SpotifyPageDouble() as spotify, DeezerDouble() as deezer:
            spotify.links["/rgkxn39"] = f"https://open.spotify.com/playlist/{SPOTIFY}?si=1"
            deezer.links["/s/30abc"] = "/hop"
            deezer.links["/hop"] = "https://www.deezer.com/playlist/908622995"
            assert self.resolve("https://spotify.link/rgkxn39", spotify, deezer) == SPOTIFY
            assert self.resolve("https://link.deezer.com/s/30abc", spotify, deezer) == "908622995"

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "http://169.254.169.254/latest/meta-data",
            "http://127.0.0.1:9/",
            "https://163cn.tv.evil.example/",
            "https://music.163.com@evil.example/",
            "https://music.163.com:8443/",
            "file:///etc/passwd",
            "//evil.example/x",
            "http://[::1",
            "",
        ],
    )
    def test_they_are_followed_to_the_platforms_own_hosts_only(
        self, netease: NetEaseDouble, target: str
    ) -> None:
        netease.links["/x"] = target
        with pytest.raises(SourceFailed) as caught:
            self.resolve("https://163cn.tv/x", netease)
        assert caught.value.reason in ("refused", "unreadable", "unreachable")
        own = urlsplit(netease.url).netloc
        assert {call.headers["host"] for call in netease.calls} == {own}

    def test_a_circle_ends(self, netease: NetEaseDouble) -> None:
        netease.links["/x"] = "/x"
        with pytest.raises(SourceFailed) as caught:
            self.resolve("https://163cn.tv/x", netease)
        assert caught.value.reason == "unreadable"
        assert len(netease.calls) == 5

    def test_one_that_is_gone(self, netease: NetEaseDouble) -> None:
        netease.make_trouble(limited=9)
        with pytest.raises(SourceFailed) as caught:
            self.resolve("https://163cn.tv/gone", netease)
        assert caught.value.reason == "limited"

    def test_nothing_is_asked_for_other_texts(self, netease: NetEaseDouble) -> None:
        with pytest.raises(SourceFailed, match="no link to a playlist") as caught:
            self.resolve("https://bit.ly/abc", netease)
        assert caught.value.reason == "unreadable"
        assert netease.calls == []
