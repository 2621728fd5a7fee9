"""Asking for a feed, in the worker's own process: one small request, and none of the bytes if nothing is new."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx

from magpie.downloads.extractors.web import get, open_client
from magpie.downloads.failures import DownloadFailure, Reason

MAX_BYTES = 8 << 20
TIMEOUT = httpx.Timeout(20.0, connect=10.0)
TOTAL_SECONDS = 60.0
MAX_VALIDATOR = 1000  # characters
_BODY = "body:"  # before the digest of a document that came without validators


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells whether a feed has changed. `etag` may hold our own digest of its bytes."""

    etag: str | None = None
    modified: str | None = None

    def headers(self) -> dict[str, str]:
        fields = {"Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"}
        if self.etag and not self.etag.startswith(_BODY):
            fields["If-None-Match"] = self.etag
        if self.modified:
            fields["If-Modified-Since"] = self.modified
        return fields


@dataclass(frozen=True, slots=True)
class Answer:
    """`document` is None if the feed has not changed. `url`: where it came from, after redirects."""

    url: str
    document: bytes | None
    validators: Validators


def fetch(url: str, proxy: str, known: Validators, cookies: Path | None = None) -> Answer:
    """The feed at an address, if it differs from what `known` describes. Raises `DownloadFailure`."""
    with (
        open_client(proxy, cookies, TIMEOUT) as client,
        get(client, url, known.headers()) as response,
    ):
        final = str(response.url)
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return Answer(final, None, known)
        document = _body(response)
    digest = _BODY + sha256(document).hexdigest()
    if digest == known.etag:
        return Answer(final, None, known)
    found = Validators(_validator(response, "ETag"), _validator(response, "Last-Modified"))
    return Answer(final, document, found if found.etag or found.modified else Validators(digest))


def _validator(response: httpx.Response, name: str) -> str | None:
    value = response.headers.get(name)
    usable = value and len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable()
    return str(value) if usable else None


def _body(response: httpx.Response) -> bytes:
    """The bytes, unpacked if the site has packed them although asked not to; never more than `MAX_BYTES`."""
    data = bytearray()
    latest = time.monotonic() + TOTAL_SECONDS
    for chunk in response.iter_raw():
        data += chunk
        if time.monotonic() > latest:
            raise DownloadFailure(Reason.TIMED_OUT, "the feed comes too slowly")
        if len(data) > MAX_BYTES:
            raise DownloadFailure(Reason.TOO_LARGE, "the feed is larger than 8 MB")
    if response.headers.get("Content-Encoding", "").lower() not in ("gzip", "deflate", "x-gzip"):
        return bytes(data)
    try:
        return zlib.decompressobj(wbits=47).decompress(bytes(data), MAX_BYTES)
    except zlib.error as error:
        raise DownloadFailure(Reason.TRUNCATED, "the feed cannot be unpacked") from error
