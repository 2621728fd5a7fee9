"""What yt-dlp says of a source itself: its name, its picture, its feed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from magpie.downloads.extractors.html import feed_of
from magpie.downloads.extractors.listing import ListOrder, SourceFacts
from magpie.downloads.extractors.look import is_feed
from magpie.downloads.extractors.page_cache import kept_page
from magpie.downloads.extractors.ytdlp.medium import title_of

_YOUTUBE_FEED = "https://www.youtube.com/feeds/videos.xml"
_TABBED = frozenset({"YoutubeTab"})
# YouTube keeps a playlist of each kind of a channel's uploads: UC… is the channel, UU… all, these are the parts.
_YOUTUBE_PARTS = {"videos": "UULF", "shorts": "UUSH", "streams": "UULV"}


def is_tabbed(info: dict[str, Any]) -> bool:
    """Whether the lists in this list stand side by side (a channel's tabs), not one after another in time."""
    return info.get("extractor_key") in _TABBED


def source_of(info: dict[str, Any], order: ListOrder) -> SourceFacts:
    """From a list's, or a single medium's, info dictionary."""
    is_youtube = str(info.get("extractor_key") or "").startswith("Youtube")
    is_list = info.get("entries") is not None
    channel = _youtube_channel(info) if is_youtube and is_list else None
    title = info.get("channel") if channel else title_of(info)
    kind = None
    if is_youtube and is_list:
        kind = "youtube_channel" if channel else "youtube_playlist"
    return SourceFacts(
        extractor="ytdlp",
        title=_text(title) or _text(info.get("id")),
        description=_text(info.get("description")),
        picture_url=_picture(info),
        feed_url=_youtube_feed(info, channel) if is_youtube and is_list else _generic_feed(order),
        type=kind,
    )


def _youtube_channel(info: dict[str, Any]) -> str | None:
    """The channel's id, if the list is a channel or a tab of one."""
    identity, channel = str(info.get("id") or ""), str(info.get("channel_id") or "")
    return (
        channel
        if channel.startswith("UC") and identity in (channel, channel.replace("UC", "UU", 1))
        else None
    )


def _youtube_feed(info: dict[str, Any], channel: str | None) -> str | None:
    if channel is None:
        identity = str(info.get("id") or "")
        return (
            f"{_YOUTUBE_FEED}?playlist_id={identity}"
            if identity.startswith(("PL", "UU", "OL", "FL"))
            else None
        )
    tab = urlsplit(str(info.get("webpage_url") or "")).path.rstrip("/").rpartition("/")[2]
    part = _YOUTUBE_PARTS.get(tab)
    if part is not None:
        return f"{_YOUTUBE_FEED}?playlist_id={part}{channel[2:]}"
    return f"{_YOUTUBE_FEED}?channel_id={channel}"


def _generic_feed(order: ListOrder) -> str | None:
    """The feed that the page names, or the address itself if it is one; only if the page was read in this job."""
    kept = kept_page(order.workdir)
    if kept is None:
        return None
    url, text = kept
    return order.url if is_feed(text[:2048].encode(errors="replace")) else feed_of(text, url)


def _picture(info: dict[str, Any]) -> str | None:
    pictures = [one for one in info.get("thumbnails") or [] if isinstance(one, dict) and one.get("url")]
    best = max(pictures, key=_rank, default=None)
    return _text(info.get("thumbnail")) or (_text(best["url"]) if best else None)


def _rank(picture: dict[str, Any]) -> tuple[float, float]:
    return tuple(  # type: ignore[return-value]
        float(value) if isinstance(value := picture.get(name), int | float) else 0.0
        for name in ("preference", "width")
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
