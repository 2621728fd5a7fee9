"""HTTP for extractors of our own: through the egress guard, without surprises, with typed failures."""

from __future__ import annotations

import http.cookiejar
import ssl
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from magpie.downloads.extractors.faults import failure_of_status
from magpie.downloads.extractors.listing import ListOrder, ListSession
from magpie.downloads.failures import DownloadFailure, Reason

USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TIMEOUT = httpx.Timeout(30.0, connect=15.0)
MAX_PAGE_BYTES = 8 << 20
MAX_REDIRECTS = 10


@cache
def tls_context() -> ssl.SSLContext:
    """Built once, in the fork server: reading the certificates costs some 20 ms."""
    return httpx.create_ssl_context()


def is_http(url: str) -> bool:
    """True for http and https addresses with a host, and without spaces or control characters."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return valid and not any(ord(char) < 33 for char in url)


def require_http(url: str) -> None:
    """Refuse everything but http and https addresses with a host."""
    if not is_http(url):
        raise DownloadFailure(Reason.BAD_ADDRESS)


def open_client(proxy: str, cookies: Path | None = None, timeout: httpx.Timeout = TIMEOUT) -> httpx.Client:
    """A client for one job. Asks for bytes as they are; ignores the environment's proxies and ~/.netrc."""
    return httpx.Client(
        proxy=httpx.Proxy(proxy) if proxy else None,
        verify=tls_context(),
        trust_env=False,
        follow_redirects=True,
        max_redirects=MAX_REDIRECTS,
        timeout=timeout,
        cookies=_cookie_jar(cookies) if cookies else None,
        headers={
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "identity",
            "Accept-Language": "en-US,en;q=0.7",
        },
    )


def open_list_client(order: ListOrder, session: ListSession) -> httpx.Client:
    """A client for one listing: its requests, redirects included, are counted and paced."""
    client = open_client(order.proxy, order.cookies)
    first = True

    def requested(_: httpx.Request) -> None:
        nonlocal first
        if not first:
            time.sleep(order.request_delay)
        first = False
        session.requested()

    client.event_hooks = {"request": [requested]}
    return client


def _cookie_jar(path: Path) -> http.cookiejar.CookieJar:
    jar = http.cookiejar.MozillaCookieJar(str(path))
    try:
        jar.load(ignore_discard=True, ignore_expires=True)
    except http.cookiejar.LoadError as error:
        raise DownloadFailure(
            Reason.LOGIN_REQUIRED, "the cookies given for this site cannot be read"
        ) from error
    for cookie in jar:
        if cookie.expires == 0:  # browsers' exports write a session's cookies so
            cookie.expires, cookie.discard = None, True
    return jar


@contextmanager
def typed_faults() -> Iterator[None]:
    """Turn httpx's exceptions into `DownloadFailure`."""
    try:
        yield
    except httpx.ProxyError as error:
        if str(error).startswith("403"):
            raise DownloadFailure(Reason.REFUSED_ADDRESS) from error
        raise DownloadFailure(Reason.NETWORK, str(error)) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise DownloadFailure(Reason.BAD_ADDRESS, str(error)) from error
    except httpx.TooManyRedirects as error:
        raise DownloadFailure(Reason.SITE_ERROR, "it redirects in a circle") from error
    except httpx.TimeoutException as error:
        raise DownloadFailure(Reason.TIMED_OUT) from error
    except httpx.RemoteProtocolError as error:
        raise DownloadFailure(Reason.TRUNCATED, str(error)) from error
    except httpx.HTTPError as error:
        raise DownloadFailure(Reason.NETWORK, str(error)) from error


@contextmanager
def get(client: httpx.Client, url: str, headers: dict[str, str] | None = None) -> Iterator[httpx.Response]:
    """A streamed GET; error statuses other than 416 raise `DownloadFailure`."""
    with typed_faults(), client.stream("GET", url, headers=headers) as response:
        if response.status_code >= 400 and response.status_code != 416:
            raise failure_of_status(response.status_code, response.headers, response.reason_phrase)
        yield response


def read_bytes(response: httpx.Response, start: bytes, rest: Iterator[bytes]) -> bytes:
    """A document that is being read: `start` is what has arrived, `rest` yields more. Bounded."""
    data = bytearray(start)
    for chunk in rest:
        data += chunk
        if len(data) >= MAX_PAGE_BYTES:
            break
    raw = bytes(data[:MAX_PAGE_BYTES])
    if response.headers.get("Content-Encoding", "").lower() in ("gzip", "deflate", "x-gzip"):
        raw = _inflate(raw)
    return raw


def read_page(response: httpx.Response, start: bytes, rest: Iterator[bytes]) -> str:
    """As `read_bytes`, the text of a page."""
    raw = read_bytes(response, start, rest)
    encoding = response.charset_encoding or "utf-8"
    try:
        return raw.decode(encoding, errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")


def _inflate(raw: bytes) -> bytes:
    """For servers that compress although asked not to; never more than `MAX_PAGE_BYTES`."""
    try:
        return zlib.decompressobj(wbits=47).decompress(raw, MAX_PAGE_BYTES)
    except zlib.error:
        return b""
