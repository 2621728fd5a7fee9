"""From gallery-dl's metadata of one post to a `ListedEntry` whose address can be saved by itself. Pure.

The addresses were read in gallery-dl's documentation of supported sites and in its examples (`--list-extractors`,
1.32): each is one that the program takes as a single post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from string import Formatter
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from magpie.downloads.extractors import keys, sniff
from magpie.downloads.extractors.listing import ListedEntry
from magpie.downloads.extractors.port import Kind
from magpie.downloads.extractors.web import is_http

# Software that runs many boards; a board is named by its category, one's own by the family it is configured in.
FAMILIES = {
    "moebooru": "{root}/post/show/{id}",
    "danbooru": "{root}/posts/{id}",
    "e621": "{root}/posts/{id}",
    "gelbooru_v01": "{root}/index.php?page=post&s=view&id={id}",
    "gelbooru_v02": "{root}/index.php?page=post&s=view&id={id}",
    "philomena": "{root}/images/{id}",
    "szurubooru": "{root}/post/{id}",
    "shimmie2": "{root}/post/view/{id}",
}
_BOARDS = {
    "yandere": "moebooru", "konachan": "moebooru", "sakugabooru": "moebooru", "lolibooru": "moebooru",
    "danbooru": "danbooru", "atfbooru": "danbooru", "aibooru": "danbooru", "booruvar": "danbooru",
    "e621": "e621", "e926": "e621", "e6ai": "e621",
    "gelbooru": "gelbooru_v02", "safebooru": "gelbooru_v02", "rule34": "gelbooru_v02", "tbib": "gelbooru_v02",
    "hypnohub": "gelbooru_v02", "xbooru": "gelbooru_v02", "realbooru": "gelbooru_v02",
    "derpibooru": "philomena", "ponybooru": "philomena", "furbooru": "philomena",
}  # fmt: skip
_SITES = {
    "pixiv": "https://www.pixiv.net/artworks/{id}",
    "twitter": "https://x.com/i/web/status/{tweet_id}",
    "bluesky": "https://bsky.app/profile/{author.handle}/post/{post_id}",
    "artstation": "https://www.artstation.com/artwork/{hash_id}",
    "fanbox": "https://www.fanbox.cc/@{creatorId}/posts/{id}",
    "kemono": "{root}/{service}/user/{user}/post/{id}",
    "coomer": "{root}/{service}/user/{user}/post/{id}",
    "furaffinity": "https://www.furaffinity.net/view/{id}/",
    "inkbunny": "https://inkbunny.net/s/{submission_id}",
    "nijie": "https://nijie.info/view.php?id={image_id}",
    "pinterest": "https://www.pinterest.com/pin/{id}/",
    "weibo": "https://weibo.com/detail/{status.id}",
    "zerochan": "https://www.zerochan.net/{id}",
    "sankaku": "https://sankaku.app/posts/{id}",
}
_OWN_ADDRESS = (
    "post_url",
    "permalink",
    "page_url",
    "url",
    "uri",
)  # where sites' metadata have the post's address
_IDS = ("tweet_id", "post_id", "gallery_id", "submission_id", "hash_id", "shortcode", "id")
_DATES = ("date", "created_at", "published")
_TITLES = ("title", "caption", "description", "content", "text")
_VALUE = re.compile(r"[\w.@~+-]{1,200}")  # what may stand in a post's address; no slash, no dots alone


@dataclass(frozen=True, slots=True)
class Board:
    """Where a listing comes from: `root` is its scheme and host (and path, for one's own servers)."""

    root: str
    families: dict[str, str]  # one's own servers, by name


def post_of(facts: dict[str, Any], board: Board) -> ListedEntry | None:
    """None if the post has no address of its own that could be told."""
    category = str(facts.get("category") or "")
    url = _address(category, facts, board)
    if url is None:
        return None
    identity = next((str(facts[name]) for name in _IDS if isinstance(facts.get(name), str | int)), "")
    key = keys.site_key(category, identity) if category and identity else None
    title = next(
        (text for name in _TITLES if isinstance(text := facts.get(name), str) and text.strip()), None
    )
    return ListedEntry(
        key=key or keys.web_key(url),
        url=url,
        title=title or " ".join(filter(None, (category, identity))),
        kind=_kind(facts),
        published_at=_published(facts),
        thumbnail_url=next(
            (_web(facts.get(name)) for name in ("preview_url", "thumbnail") if facts.get(name)), None
        ),
        facts=_more(facts),
    )


def _address(category: str, facts: dict[str, Any], board: Board) -> str | None:
    family = board.families.get(category) or _BOARDS.get(category, "")
    template = FAMILIES.get(family) or _SITES.get(category)
    if template is not None:
        return _filled(template, facts, board.root)
    for name in _OWN_ADDRESS:
        url = _web(facts.get(name), board.root)
        if url is not None and _same_site(url, board.root) and not sniff.url_extension(url):
            return url
    return None


def _filled(template: str, facts: dict[str, Any], root: str) -> str | None:
    values = {"root": root}
    for _, name, _, _ in Formatter().parse(template):
        if name and name != "root":
            value: Any = facts
            for part in name.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if (
                not isinstance(value, str | int)
                or not _VALUE.fullmatch(str(value))
                or str(value) in (".", "..")
            ):
                return None
            template = template.replace(f"{{{name}}}", quote(str(value), safe="@~"))
    return template.replace("{root}", values["root"])


def _same_site(url: str, root: str) -> bool:
    own, other = ((urlsplit(one).hostname or "").split(".")[-2:] for one in (url, root))
    return own == other


def _web(value: Any, base: str = "") -> str | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        url = urljoin(f"{base}/", value) if base else value
    except ValueError:
        return None
    return url if is_http(url) else None


def _kind(facts: dict[str, Any]) -> str:
    """A post of several files is a gallery; one of a single file is what its name says."""
    count = next((facts[name] for name in ("page_count", "count") if isinstance(facts.get(name), int)), None)
    extension = facts.get("extension") or facts.get("file_ext")
    content = sniff.content_of_extension(extension) if isinstance(extension, str) else None
    if (count is not None and count > 1) or content is None or content.kind is Kind.FILE:
        return Kind.GALLERY
    return content.kind


def _published(facts: dict[str, Any]) -> str | None:
    """gallery-dl writes its dates in UTC, without saying so."""
    for name in _DATES:
        try:
            moment = datetime.fromisoformat(str(facts.get(name)))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):  # no time, or one before the first year
            continue
    return None


def _more(facts: dict[str, Any]) -> dict[str, Any]:
    found = {name: facts[name] for name in ("rating", "language", "lang") if isinstance(facts.get(name), str)}
    size = facts.get("file_size")
    return found | ({"size": size} if isinstance(size, int) and size > 0 else {})
