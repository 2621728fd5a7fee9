"""One short look at an unknown address, to tell a file from a page, a list or a gallery."""

from __future__ import annotations

import time
from dataclasses import dataclass

import httpx

from magpie.downloads.extractors import sniff, web
from magpie.downloads.extractors.html import read_html
from magpie.downloads.failures import DownloadFailure

LOOK_SECONDS = 1.0
LOOK_BYTES = 256 << 10
_FEED_STARTS = (b"<rss", b"<feed", b"<rdf")


@dataclass(frozen=True, slots=True)
class Look:
    """`kind`: file, page, gallery, list or unsupported."""

    kind: str
    title: str | None = None


def look_at(url: str, proxy: str) -> Look:
    """At most one GET, of at most a second or so and 256 kB. An unreachable address is a page nobody knows yet."""
    timeout = httpx.Timeout(LOOK_SECONDS)
    try:
        with web.open_client(proxy, timeout=timeout) as client, web.get(client, url) as response:
            data = _read(response)
            content_type = response.headers.get("Content-Type", "")
            attachment = "attachment" in response.headers.get("Content-Disposition", "").lower()
            if sniff.content_of(data[: sniff.SNIFF_BYTES], content_type, str(response.url), attachment):
                return Look("file")
            return _page(data, content_type, str(response.url), response)
    except DownloadFailure:
        return Look("page")


def _read(response: httpx.Response) -> bytes:
    data, deadline = bytearray(), time.monotonic() + LOOK_SECONDS
    for chunk in response.iter_raw(16384):
        data += chunk
        if len(data) >= LOOK_BYTES or time.monotonic() > deadline:
            break
    return bytes(data)


def _start(data: bytes) -> bytes:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:2048].lower()


def is_feed(data: bytes) -> bool:
    """Whether a document begins like RSS or Atom."""
    start = _start(data)
    return any(mark in start for mark in _FEED_STARTS) and b"<html" not in start


def _page(data: bytes, content_type: str, url: str, response: httpx.Response) -> Look:
    if is_feed(data):
        return Look("list")
    start = _start(data)
    if sniff.looks_like_page(data[: sniff.SNIFF_BYTES]) and start.startswith((b"#extm3u", b"<mpd", b"<?xml")):
        return Look("page")
    page = read_html(web.read_page(response, data, iter(())), url)
    if page.has_media:
        return Look("page", page.title)
    if len(page.images) > 1:
        return Look("gallery", page.title)
    return Look("page" if "html" in content_type.lower() or page.title else "unsupported", page.title)
