"""What an address is: told from the address alone where that is possible (`recognise` is pure)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from magpie.downloads.schemas import Inspection
from magpie.links.addresses import hash_route
from magpie.links.hosts import AUDIO_HOSTS, GALLERY_HOSTS, LIVE_HOSTS, VIDEO_HOSTS

VIDEO_ENDINGS = frozenset(
    ["mp4", "m4v", "mkv", "webm", "mov", "avi", "flv", "ts", "mpg", "mpeg", "m3u8", "mpd", "ogv", "wmv"]
)
AUDIO_ENDINGS = frozenset(["mp3", "m4a", "aac", "ogg", "oga", "opus", "flac", "wav", "wma", "aiff"])
IMAGE_ENDINGS = frozenset(["jpg", "jpeg", "png", "gif", "webp", "avif", "bmp", "tiff", "svg", "zip", "cbz"])
FEED_ENDINGS = frozenset(["xml", "rss", "atom", "rdf"])
_FEED_WORDS = frozenset({"feed", "feeds", "rss", "atom", "podcast.xml", "rss2", "feed1"})


_PIXIV_USER = re.compile(r"^/(?:en/)?users/\d+|^/member\.php")
_BILIBILI_LIST = re.compile(r"^/(?:medialist|list)/|/(?:favlist|lists|channel/(?:series|collection)detail)")


@dataclass(frozen=True, slots=True)
class Recognition:
    """`type`: a link type, or None where the address alone does not tell. `name`: what to call it until it is known."""

    type: str | None
    name: str


@dataclass(frozen=True, slots=True)
class _Parts:
    host: str
    path: str
    steps: list[str]
    query: dict[str, list[str]]


def recognise(url: str) -> Recognition:
    """What `url`, a clean http or https address, is."""
    split = urlsplit(url)
    # Pages that route by themselves have their path behind the sign of a fragment.
    path = unquote(
        split.path + split.fragment.partition("?")[0] if hash_route(split.fragment) else split.path
    )
    parts = _Parts(
        (split.hostname or "").lower().rstrip(".").removeprefix("www."),
        path,
        [step for step in path.split("/") if step],
        parse_qs(split.query, errors="replace"),
    )
    return Recognition(_type(parts), _name(parts))


def _type(parts: _Parts) -> str | None:
    for hosts, tell in _SITES:
        if _is_one_of(parts.host, hosts):
            return tell(parts)
    return _direct(parts) or _by_host(parts.host)


def _is_one_of(host: str, hosts: tuple[str, ...] | list[str]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def _by_host(host: str) -> str | None:
    for hosts, kind in (
        (LIVE_HOSTS, "live"),
        (AUDIO_HOSTS, "generic_audio"),
        (GALLERY_HOSTS, "generic_gallery"),
        (VIDEO_HOSTS, "generic_video"),
    ):
        if _is_one_of(host, hosts):
            return kind
    return None


def _direct(parts: _Parts) -> str | None:
    """Files and feeds, by how the path ends."""
    last = parts.steps[-1].lower() if parts.steps else ""
    ending = last.rpartition(".")[2] if "." in last else ""
    for endings, kind in (
        (VIDEO_ENDINGS, "generic_video"),
        (AUDIO_ENDINGS, "generic_audio"),
        (IMAGE_ENDINGS, "generic_gallery"),
        (FEED_ENDINGS, "feed"),
    ):
        if ending in endings:
            return kind
    asked = {value.lower() for name in ("format", "feed", "alt") for value in parts.query.get(name, [])}
    return "feed" if last in _FEED_WORDS or asked & {"rss", "rss2", "atom", "xml"} else None


def _youtube(parts: _Parts) -> str | None:
    first = parts.steps[0] if parts.steps else ""
    if first == "feeds":
        return "feed"
    if first.startswith("@") or first in ("channel", "c", "user"):
        if parts.steps[-1] == "live":
            return "live"
        return "youtube_channel" if first.startswith("@") or len(parts.steps) > 1 else None
    if first in ("playlist", "show") and (parts.query.get("list") or first == "show"):
        return "playlist"
    if first in ("watch", "shorts", "embed", "live", "v", "clip") or parts.host == "youtu.be":
        return "generic_video"
    # youtube.com/name is the oldest spelling of a channel.
    return "youtube_channel" if len(parts.steps) == 1 and re.fullmatch(r"[\w.-]{3,}", first) else None


def _pixiv(parts: _Parts) -> str | None:
    return "pixiv_user" if _PIXIV_USER.match(parts.path) else "generic_gallery"


def _bilibili(parts: _Parts) -> str | None:
    if parts.host == "live.bilibili.com":
        return "live"
    return "playlist" if _BILIBILI_LIST.search(parts.path) else "generic_video"


def _soundcloud(parts: _Parts) -> str | None:
    return "playlist" if "sets" in parts.steps[1:2] else "generic_audio"


def _netease(parts: _Parts) -> str | None:
    return "playlist" if "playlist" in parts.path else "generic_audio"


def _twitch(parts: _Parts) -> str | None:
    return "live" if len(parts.steps) == 1 else "generic_video"


def _vimeo(parts: _Parts) -> str | None:
    return "playlist" if parts.steps[:1] in (["showcase"], ["album"]) else "generic_video"


_SITES: tuple[tuple[tuple[str, ...], Callable[[_Parts], str | None]], ...] = (
    (("youtube.com", "youtu.be", "youtube-nocookie.com"), _youtube),
    (("pixiv.net",), _pixiv),
    (("bilibili.com", "b23.tv"), _bilibili),
    (("soundcloud.com",), _soundcloud),
    (("music.163.com", "y.qq.com"), _netease),
    (("twitch.tv",), _twitch),
    (("vimeo.com",), _vimeo),
)

_SAYS_NOTHING = (
    frozenset({"videos", "shorts", "streams", "live", "playlists", "featured", "index.html", "posts"})
    | _FEED_WORDS
    | {f"{stem}.{ending}" for stem in ("feed", "rss", "atom", "index", "podcast") for ending in FEED_ENDINGS}
)


def _name(parts: _Parts) -> str:
    """The step of the path that says most, or the host."""
    for step in reversed(parts.steps):
        text = " ".join("".join(one if one.isprintable() else " " for one in step).split())
        if text and text.lower() not in _SAYS_NOTHING:
            return f"{text[:200]} ({parts.host})" if text.isdigit() else text[:200]
    return "".join(one for one in parts.host if one.isprintable()) or "link"


class Looks(Protocol):
    """What looks at an address, as `Bench` does."""

    def inspect(self, url: str) -> Inspection: ...


_BY_KIND = {"gallery": "generic_gallery", "list": "playlist", "file": "generic_video"}
# It takes any page with pictures for a gallery: the first listing knows better.
_LAST_RESORT = "webimages"


def looked_up(url: str, looks: Looks | None) -> str | None:
    """The type by the address, or else by who says that it is theirs; None if nobody does."""
    told = recognise(url).type
    if told is not None or looks is None:
        return told
    inspection = looks.inspect(url)
    if inspection.extractor == "gallerydl":
        return "generic_gallery"
    return None if inspection.extractor == _LAST_RESORT else _BY_KIND.get(inspection.kind)
