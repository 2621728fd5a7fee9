"""What an address is, and which addresses are the same."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.downloads.addresses import clean_address
from magpie.links.addresses import address_key, folded, normalised, searchable, tag_line
from magpie.links.recognise import looked_up, recognise
from magpie.links.schemas import TypeName


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.youtube.com/channel/UCabc", "youtube_channel"),
        ("https://youtube.com/@Magpies", "youtube_channel"),
        ("https://m.youtube.com/@Magpies/shorts", "youtube_channel"),
        ("https://www.youtube.com/c/Magpies", "youtube_channel"),
        ("https://www.youtube.com/user/Magpies", "youtube_channel"),
        ("https://www.youtube.com/Magpies", "youtube_channel"),
        ("https://www.youtube.com/@Magpies/live", "live"),
        ("https://www.youtube.com/playlist?list=PL123", "playlist"),
        ("https://music.youtube.com/playlist?list=PL123", "playlist"),
        ("https://www.youtube.com/watch?v=abc&list=PL123", "generic_video"),
        ("https://youtu.be/abc", "generic_video"),
        ("https://www.youtube.com/feeds/videos.xml?channel_id=UCabc", "feed"),
        ("https://www.youtube.com/", None),
        ("https://www.pixiv.net/en/users/123", "pixiv_user"),
        ("https://www.pixiv.net/users/123/artworks", "pixiv_user"),
        ("https://www.pixiv.net/member.php?id=123", "pixiv_user"),
        ("https://www.pixiv.net/artworks/123", "generic_gallery"),
        ("https://space.bilibili.com/123", "generic_video"),
        ("https://space.bilibili.com/123/favlist?fid=1", "playlist"),
        ("https://www.bilibili.com/video/BV1", "generic_video"),
        ("https://live.bilibili.com/1", "live"),
        ("https://soundcloud.com/bird", "generic_audio"),
        ("https://soundcloud.com/bird/sets/songs", "playlist"),
        ("https://bird.bandcamp.com/", "generic_audio"),
        ("https://music.163.com/#/playlist?id=1", "playlist"),
        ("https://www.twitch.tv/bird", "live"),
        ("https://www.twitch.tv/bird/videos", "generic_video"),
        ("https://vimeo.com/showcase/1", "playlist"),
        ("https://www.instagram.com/bird/", "generic_gallery"),
        ("https://bird.tumblr.com/", "generic_gallery"),
        ("https://notinstagram.com/bird", None),
        ("https://media.example/clip.MP4?x=1", "generic_video"),
        ("https://media.example/song.flac", "generic_audio"),
        ("https://media.example/bird.jpg", "generic_gallery"),
        ("https://media.example/podcast.xml", "feed"),
        ("https://media.example/blog/feed/", "feed"),
        ("https://media.example/?feed=rss2", "feed"),
        ("https://media.example/channel", None),
    ],
)
def test_the_address_tells_what_it_is(url: str, kind: str | None) -> None:
    assert recognise(url).type == kind


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.youtube.com/@Magpies/videos", "@Magpies"),
        ("https://media.example/%E5%96%9C%E9%B9%8A/", "喜鹊"),
        ("https://www.media.example/", "media.example"),
        ("https://media.example/birds/feed.xml", "birds"),
        ("https://media.example/Index.RSS", "media.example"),
        ("https://www.pixiv.net/en/users/123", "123 (pixiv.net)"),
        ("https://media.example/a%0Ab%1b[31m", "a b [31m"),
    ],
)
def test_until_its_name_is_known(url: str, name: str) -> None:
    assert recognise(url).name == name


def test_extractors_are_asked_where_the_address_does_not_tell() -> None:
    asked = []

    def inspect(url: str) -> SimpleNamespace:
        asked.append(url)
        extractor = {"gallery": "gallerydl", "page": "webimages"}.get(url.rpartition("/")[2], "ytdlp")
        return SimpleNamespace(kind="gallery" if extractor == "webimages" else "list", extractor=extractor)

    looks: object = SimpleNamespace(inspect=inspect)
    assert looked_up("https://youtu.be/abc", looks) == "generic_video"  # type: ignore[arg-type]
    assert asked == []
    assert looked_up("https://media.example/gallery", looks) == "generic_gallery"  # type: ignore[arg-type]
    assert looked_up("https://media.example/list", looks) == "playlist"  # type: ignore[arg-type]
    assert looked_up("https://media.example/page", looks) is None  # type: ignore[arg-type]
    assert looked_up("https://media.example/list", None) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://Media.Example:443/a/", "http://www.media.example/a"),
        ("https://media.example/?b=1&a=2&utm_source=x&fbclid=y", "https://media.example?a=2&b=1"),
        ("https://media.example/%61#top", "https://media.example/a"),
        ("https://youtu.be/abc?si=x", "https://www.youtube.com/watch?v=abc&feature=share"),
        ("https://www.youtube.com/shorts/abc", "https://m.youtube.com/watch?v=abc&t=5&list=PL1"),
        ("https://www.youtube.com/watch?list=PL1&v=abc", "https://youtu.be/abc"),
        ("https://www.youtube.com/@Bird/featured", "https://youtube.com/@bird"),
        ("https://twitter.com/bird", "https://x.com/bird"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
    ],
)
def test_the_same_source(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://media.example:8443/a", "https://media.example/a"),
        ("https://media.example/a?id=1", "https://media.example/a?id=2"),
        ("https://music.163.com/#/playlist?id=1", "https://music.163.com/#/playlist?id=2"),
        ("https://media.example/A", "https://media.example/a"),
        ("https://media.example/a%2Fb", "https://media.example/a/b"),
        ("https://www.youtube.com/@bird/shorts", "https://www.youtube.com/@bird"),
        ("https://www.youtube.com/playlist?list=PL1", "https://www.youtube.com/playlist?list=PL2"),
        ("https://space.bilibili.com/1", "https://www.bilibili.com/1"),
    ],
)
def test_another_source(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


ADDRESSES = st.one_of(
    st.text(max_size=60).map(lambda text: f"https://{text}"),
    st.text(max_size=60).map(lambda text: f"https://www.youtube.com/{text}"),
    st.text(max_size=60).map(lambda text: f"https://a.example/{text}"),
)


@given(ADDRESSES)
def test_no_address_does_harm(text: str) -> None:
    try:
        url = clean_address(text)
    except ValueError:
        return
    told = recognise(url)
    assert told.type is None or told.type in TypeName.__args__  # type: ignore[attr-defined]
    assert told.name
    assert told.name.isprintable()
    assert len(address_key(url)) == 32
    assert normalised(url) == normalised(url.replace("https://", "HTTPS://", 1))


@given(st.text(max_size=40), st.text(max_size=40))
def test_searching_forgets_case(name: str, tag: str) -> None:
    text = searchable(name, "https://a.example", tag)
    assert folded(tag) in text
    assert tag_line(tag.swapcase()) in searchable("x", "https://a.example", tag.swapcase())
    for word in name.split():
        assert folded(word) in text
