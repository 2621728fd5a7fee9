"""From yt-dlp's info dictionary to a `Medium`, and to list entries."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from magpie.downloads.extractors.direct.extractor import source_id
from magpie.downloads.extractors.port import Entry, Kind, Medium, Request

_EXTRA = (
    "channel", "channel_id", "channel_url", "uploader_id", "uploader_url", "track", "track_number", "disc_number",
    "album_artist", "release_year", "release_date", "isrc", "series", "season_number", "episode_number", "episode",
    "view_count", "like_count", "age_limit", "availability", "live_status", "language", "license", "format_id", "resolution",
)  # fmt: skip
_LISTS = ("artists", "album_artists", "genres", "composers", "categories")
MAX_TAGS = 50
NAMELESS = frozenset({"Generic", "HTML5MediaEmbed"})


def medium_of(info: dict[str, Any], request: Request) -> Medium:
    """What is known before the bytes arrive."""
    extractor, identity = _identity(info, request)
    return Medium(
        extractor=extractor,
        source_id=identity,
        kind=_kind(info, request),
        title=str(info.get("title") or ""),
        url=_http(info.get("webpage_url")) or request.url,
        artist=_artist(info),
        album=_text(info.get("album")),
        duration=_number(info.get("duration")),
        description=_text(info.get("description")),
        published_at=published(info),
        thumbnail_url=_http(info.get("thumbnail")),
        estimated_bytes=estimated_bytes(info),
        is_live=bool(info.get("is_live")),
        extra=_extra(info),
    )


def _identity(info: dict[str, Any], request: Request) -> tuple[str, str]:
    """Extractor and id. On pages that yt-dlp does not know by name its ids are file names, the same on any site,
    so the address stands for the medium; every recording of a live one is another medium."""
    key = str(info.get("extractor_key") or info.get("extractor") or "generic")
    if key not in NAMELESS:
        return key.lower(), str(info.get("id") or "unknown")
    identity = source_id(request.url)
    return "web", f"{identity}-{int(time.time())}" if info.get("is_live") else identity


def _kind(info: dict[str, Any], request: Request) -> Kind:
    formats = info.get("requested_formats") or [info]
    silent_picture = all(entry.get("vcodec") == "none" for entry in formats)
    return Kind.AUDIO if request.profile.kind == "audio" or silent_picture else Kind.VIDEO


def estimated_bytes(info: dict[str, Any]) -> int | None:
    """The sum of the chosen formats' sizes; None if one of them is unknown."""
    sizes = [
        entry.get("filesize") or entry.get("filesize_approx")
        for entry in info.get("requested_formats") or [info]
    ]
    return int(sum(sizes)) if all(isinstance(size, int | float) for size in sizes) else None


def _artist(info: dict[str, Any]) -> str | None:
    artists = info.get("artists")
    if isinstance(artists, list) and artists:
        return ", ".join(str(name) for name in artists)
    return _text(info.get("artist") or info.get("creator") or info.get("uploader") or info.get("channel"))


def title_of(info: dict[str, Any]) -> str | None:
    """The title. The only player of a page is called "Title (1)" by yt-dlp; here it has the page's title."""
    title = _text(info.get("title"))
    if title is not None and info.get("extractor_key") == "HTML5MediaEmbed":
        return title.removesuffix(" (1)")
    return title


def published(info: dict[str, Any]) -> str | None:
    """ISO 8601, UTC; from the release before the upload."""
    for key in ("release_timestamp", "timestamp"):
        value = _number(info.get(key))
        if value is not None:
            try:
                return datetime.fromtimestamp(value, UTC).isoformat()
            except (OverflowError, OSError, ValueError):
                continue
    for key in ("release_date", "upload_date"):
        try:
            return datetime.strptime(str(info.get(key)), "%Y%m%d").replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return None


def _extra(info: dict[str, Any]) -> dict[str, Any]:
    extra = {name: info[name] for name in _EXTRA if isinstance(info.get(name), str | int | float)}
    for name in _LISTS:
        if isinstance(info.get(name), list):
            extra[name] = [str(value)[:200] for value in info[name][:MAX_TAGS]]
    extra |= _offered(info)
    tags = info.get("tags")
    if isinstance(tags, list):
        extra["tags"] = [str(tag)[:100] for tag in tags[:MAX_TAGS]]
    return extra


def _offered(info: dict[str, Any]) -> dict[str, Any]:
    """What the chosen formats promise: by this a later look tells whether there is something better."""
    chosen = info.get("requested_formats") or [info]
    sides = [_number(one.get(name)) for one in chosen for name in ("width", "height") if one.get("height")]
    known = [side for side in sides if side]
    rates = [_number(one.get("tbr")) for one in chosen]
    offered = {"offered_height": min(known) if known else None}
    offered["offered_bitrate"] = sum(rate or 0 for rate in rates) if all(rates) else None
    return {name: value for name, value in offered.items() if value is not None}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _http(value: Any) -> str | None:
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else None


# How the site hands the medium out: addresses that end soon, and what goes with them.
_NOT_TOLD = frozenset(
    (
        "formats", "requested_formats", "requested_downloads", "requested_subtitles", "requested_entries", "http_headers",
        "cookies", "url", "urls", "manifest_url", "fragments", "fragment_base_url", "automatic_captions", "subtitles",
        "thumbnails", "filename", "filepath", "entries", "playlist", "sponsorblock_unreachable", "n_entries",
        "downloader_options", "hls_aes", "request_data", "protocol", "proxy",
    )
)  # fmt: skip


def told(info: dict[str, Any], downloader: Any) -> dict[str, Any]:
    """What the site told of the medium, as JSON values, without how it is fetched. `downloader`: yt-dlp's."""
    plain = downloader.sanitize_info(info, remove_private_keys=True)
    return {
        name: value for name, value in plain.items() if name not in _NOT_TOLD and not name.startswith("_")
    }


def entry_of(info: dict[str, Any], page: str) -> Entry | None:
    """An entry of a list as an address of its own; None if it has none.

    Several players on one page share its address, so their media's own addresses are taken.
    """
    own = _http(info.get("webpage_url")) if info.get("_type", "video") == "video" else None
    if own == page:
        own = None
    formats = info.get("formats") or []
    best = formats[-1] if formats else {}
    url = own or _http(info.get("url")) or _http(best.get("manifest_url")) or _http(best.get("url"))
    return Entry(url, _text(info.get("title"))) if url else None
