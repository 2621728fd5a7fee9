"""From one entry of yt-dlp's lists to a `ListedEntry`."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from yt_dlp.utils import sanitize_url, unsmuggle_url  # type: ignore[import-untyped]

from magpie.downloads.extractors import keys, sniff
from magpie.downloads.extractors.listing import ListedEntry
from magpie.downloads.extractors.port import Kind
from magpie.downloads.extractors.web import is_http
from magpie.downloads.extractors.ytdlp.downloader import known_extractor, specific_extractor
from magpie.downloads.extractors.ytdlp.medium import NAMELESS, published, title_of

LIST_WORDS = (
    "playlist", "channel", "user", "tab", "album", "artist", "set", "series", "season", "search", "feed",
)  # fmt: skip
_SOUND_SITES = (
    "soundcloud", "bandcamp", "mixcloud", "audiomack", "audius", "neteasemusic", "qqmusic", "applepodcasts", "podcast",
    "audioboom", "spreaker", "hearthisat", "reverbnation", "deezer", "jamendo",
)  # fmt: skip
_FACTS = (
    "availability",
    "live_status",
    "language",
    "channel",
    "uploader",
    "view_count",
    "age_limit",
    "episode_number",
)
_LIVE = frozenset({"is_live", "post_live", "was_live"})


def names_a_list(extractor_key: str) -> bool:
    """Whether an extractor of this name brings lists, as far as its name tells."""
    return extractor_key.lower().endswith(LIST_WORDS)


def is_list(info: dict[str, Any]) -> bool:
    """Whether an entry of a list is a list itself: no request is made to find out."""
    if info.get("_type") == "playlist":
        return True
    if info.get("_type") not in ("url", "url_transparent"):
        return False
    key = info.get("ie_key") or specific_extractor(str(info.get("url") or ""))
    return names_a_list(str(key or ""))


def key_of_url(url: str) -> str:
    """The key that a listing gives the medium at this address, from the address alone; `keys.key_of_address` for
    those who must not load yt-dlp."""
    extractor = known_extractor(url)
    identity = extractor.get_temp_id(url) if extractor is not None else None
    if extractor is None or not identity:
        return keys.web_key(url)
    return keys.site_key(extractor.ie_key(), str(identity)) or keys.web_key(url)


def address_of(info: dict[str, Any]) -> str | None:
    """Where the entry can be saved by itself; None if that is no web address."""
    if info.get("_type", "video") in ("url", "url_transparent"):
        url = _web(info.get("url"))
        if url is None and str(info.get("ie_key")) == "Youtube" and info.get("id"):  # only its id, as of old
            url = f"https://www.youtube.com/watch?v={info['id']}"
        return url
    return _web(info.get("webpage_url") or info.get("original_url"))


def listed_entry(info: dict[str, Any], address: str | None, *, page: str | None = None) -> ListedEntry | None:
    """None if it has no address of its own. Several players on one page share its address (`page`, for entries of a
    list), so their media's own addresses stand for them."""
    if page is not None and info.get("_type", "video") == "video" and address in (None, page):
        address = _media_address(info)
    if address is None:
        return None
    return ListedEntry(
        key=_key(info, address),
        url=address,
        title=title_of(info),
        kind=_kind(info, address),
        duration=_number(info.get("duration")),
        published_at=published(info),
        thumbnail_url=_thumbnail(info),
        facts=_facts(info),
    )


def search_facts(info: dict[str, Any]) -> dict[str, Any]:
    """`SEARCH_FACTS` of a search's result, as far as the site tells them."""
    said = info.get("artists") or [info.get("artist")]
    artists = [one for one in said if _text(one)] if isinstance(said, list) else []
    found = {"track": _text(info.get("track")), "artists": artists}
    return {name: value for name, value in found.items() if value}


def _media_address(info: dict[str, Any]) -> str | None:
    formats = info.get("formats") or []
    best = formats[-1] if formats else {}
    return _web(info.get("url")) or _web(best.get("manifest_url")) or _web(best.get("url"))


def _key(info: dict[str, Any], address: str) -> str:
    name = str(info.get("extractor_key") or info.get("ie_key") or "")
    if not name and info.get("_type", "video") in ("url", "url_transparent"):
        known = known_extractor(address)
        name = known.ie_key() if known is not None else ""
    if not name or name in NAMELESS:
        return keys.web_key(address)
    identity = info.get("id")
    if not identity:
        return key_of_url(address)
    return keys.site_key(name, str(identity)) or keys.web_key(address)


def _kind(info: dict[str, Any], address: str) -> str:
    status = info.get("live_status")
    if status == "is_upcoming":
        return "premiere"
    if status in _LIVE or info.get("is_live"):
        return "live"
    if "/shorts/" in urlsplit(address).path:
        return "short"
    name = str(info.get("extractor_key") or info.get("ie_key") or "").lower()
    content = sniff.content_of_extension(sniff.url_extension(address))
    silent_picture = [entry.get("vcodec") == "none" for entry in info.get("formats") or []]
    if (
        name.startswith(_SOUND_SITES)
        or (content and content.kind is Kind.AUDIO)
        or (silent_picture and all(silent_picture))
    ):
        return "audio"
    return "image" if content and content.kind is Kind.IMAGE else "video"


def _facts(info: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        name: info[name] for name in _FACTS if isinstance(info.get(name), str | int | float)
    }
    size = _number(info.get("filesize") or info.get("filesize_approx"))
    if size is not None:
        facts["size"] = int(size)
    starts = _number(info.get("release_timestamp"))
    if starts is not None and info.get("live_status") == "is_upcoming":
        facts["starts_at"] = _iso(starts)
    if info.get("timestamp") and str(info.get("ie_key")) == "Youtube":
        facts["approximate_date"] = True
    return facts


def _thumbnail(info: dict[str, Any]) -> str | None:
    pictures = [one for one in info.get("thumbnails") or [] if isinstance(one, dict)]
    return _web(info.get("thumbnail")) or (_web(pictures[-1].get("url")) if pictures else None)


def _web(value: Any) -> str | None:
    """An http or https address, without what extractors smuggle to each other in it."""
    if not isinstance(value, str) or not value:
        return None
    try:
        url, _ = unsmuggle_url(sanitize_url(value, scheme="https"))
    except ValueError:
        return None
    return url if is_http(url) else None


def _iso(seconds: float) -> str | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
