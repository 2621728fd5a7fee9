"""Fetches what is at an address that somebody gave: through the egress guard only, bounded, with typed failures.

The guard judges every connection, those of redirects as well, by the address that it leads to.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import magpie
from magpie.kit.waits import retry_after
from magpie.podcasts.texts.document import Unreadable
from magpie.podcasts.texts.kinds import is_welcome

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 64 << 20  # of what is fetched
SECONDS = 120.0  # for all of it, redirects included
MAX_HOPS = 10
MAX_ADDRESS = 8192  # characters
GUARD_SAYS = "x-magpie-egress"  # a header on the guard's own answers
_TIMEOUT_SECONDS = 30.0
_ACCEPT = (
    "text/html,application/xhtml+xml,text/plain;q=0.9,text/markdown;q=0.9,application/pdf;q=0.8,application/epub+zip;q=0.8,"
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document;q=0.8,*/*;q=0.1"
)
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched, and what was said of it. `address`: after all redirects; `name`: for people, with a suffix."""

    address: str
    name: str
    content_type: str
    charset: str


def fetch(url: str, proxy: str, into: Path, stop: Callable[[], bool]) -> Fetched:
    """Write what is at the address into a new file. `proxy` is a pass of the egress guard's. Raises `Unreadable`."""
    import httpx

    latest = time.monotonic() + SECONDS
    timeout = httpx.Timeout(_TIMEOUT_SECONDS, connect=15.0)
    with httpx.Client(
        proxy=httpx.Proxy(proxy),
        verify=_certificates(),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout,
        headers={
            "User-Agent": f"Mozilla/5.0 (compatible; Magpie/{magpie.__version__}; reads what its user asked for)",
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en;q=0.7,*;q=0.5",
        },
    ) as client:
        for _ in range(MAX_HOPS):
            _judge(url)
            found = _one(client, url, into, stop, latest)
            if isinstance(found, Fetched):
                return found
            url = urljoin(url, found)
    raise Unreadable("refused", f"{urlsplit(url).hostname} sends on in a circle.")


def _judge(url: str) -> None:
    """Only that it is an address at all, and one without a password: where it leads, the guard judges."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in urlsplit(url).netloc or len(url) > MAX_ADDRESS or _UNSAFE.search(url):
        raise Unreadable("bad_address", "This is not an address that can be read: http and https only.")


def _one(
    client: httpx.Client, url: str, into: Path, stop: Callable[[], bool], latest: float
) -> Fetched | str:
    """What is there, or where it is sent on to."""
    import httpx

    host = urlsplit(url).hostname or ""
    try:
        with client.stream("GET", url) as response:
            if response.has_redirect_location:
                return response.headers["Location"]
            if response.status_code != 200:
                raise _failure_of(response.status_code, response.headers, host)
            found = _announced(response.headers, url)
            _save(response, into, host, stop, latest)
            return found
    except httpx.ProxyError as error:
        if str(error).startswith("403"):
            raise _no_leave(host) from error
        raise Unreadable("unreachable", f"{host} cannot be reached.") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise Unreadable("bad_address", "This is not an address that can be read.") from error
    except httpx.TimeoutException as error:
        raise Unreadable("unreachable", f"{host} does not answer in time.") from error
    except httpx.HTTPError as error:
        raise Unreadable("unreachable", f"{host} broke off, or cannot be reached.") from error


def _announced(headers: httpx.Headers, url: str) -> Fetched:
    """What the server says of it. Raises `Unreadable` for what is no text."""
    message = Message()
    message["Content-Type"] = headers.get("Content-Type", "")
    kind = message.get_content_type() if headers.get("Content-Type") else ""
    if not is_welcome(kind):
        raise Unreadable("unsupported", f"This is {kind[:60]} and no text that can be read.")
    length = headers.get("Content-Length", "")
    if length.isascii() and length.isdecimal() and int(length[:20]) > MAX_BYTES:
        raise _too_large()
    message["Content-Disposition"] = headers.get("Content-Disposition", "")
    name = message.get_filename() or unquote(PurePosixPath(urlsplit(url).path).name)
    return Fetched(
        url, PurePosixPath(name.replace("\\", "/")).name[:200], kind, message.get_content_charset() or ""
    )


def _save(response: httpx.Response, into: Path, host: str, stop: Callable[[], bool], latest: float) -> None:
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip", "x-gzip", "deflate"):
        raise Unreadable("unsupported", f"{host} answers in a form that was not asked for ({packed[:20]}).")
    # Unpacked by ourselves, so that it stays bounded while it is.
    unpacker = None if packed == "identity" else zlib.decompressobj(wbits=47)
    size = 0
    with into.open("wb") as file:
        for chunk in response.iter_raw():
            try:
                data = unpacker.decompress(chunk, MAX_BYTES + 1 - size) if unpacker else chunk
            except zlib.error as error:
                raise Unreadable(
                    "unreachable", f"{host} answered something that cannot be unpacked."
                ) from error
            size += len(data)
            if size > MAX_BYTES:
                raise _too_large()
            if stop():
                raise Unreadable("stopped", "The reading was stopped.")
            if time.monotonic() > latest:
                raise Unreadable("unreachable", f"{host} answers too slowly.")
            file.write(data)
    if unpacker and not unpacker.eof:
        raise Unreadable("unreachable", f"{host} broke off in the middle of its answer.")


def _failure_of(status: int, headers: httpx.Headers, host: str) -> Unreadable:
    if guard := headers.get(GUARD_SAYS, "").lower():  # the guard's own answer, not the site's
        return (
            _no_leave(host) if guard == "refused" else Unreadable("unreachable", f"{host} cannot be reached.")
        )
    if status in (404, 410):
        return Unreadable("gone", f"{host} does not have this page (any more).")
    wait = retry_after(headers)
    if status == 429 or (status == 503 and wait is not None):
        return Unreadable("limited", f"{host} has been asked too often.", retry_after=wait)
    if status >= 500:
        return Unreadable("unreachable", f"{host} has trouble of its own (HTTP {status}).")
    return Unreadable("refused", f"{host} does not show this page (HTTP {status}).")


def _no_leave(host: str) -> Unreadable:
    return Unreadable(
        "refused",
        f"{host} is not a public internet address, so it is not read. An administrator can allow it with "
        "MAGPIE_EGRESS_ALLOW.",
    )


def _too_large() -> Unreadable:
    return Unreadable("too_large", f"What is at this address has more than {MAX_BYTES >> 20} MB.")


@cache
def _certificates() -> Any:
    """Read once: that takes some 20 ms."""
    import httpx

    return httpx.create_ssl_context()
