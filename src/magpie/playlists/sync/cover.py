"""A source's picture: fetched from permitted addresses only, bounded, and a picture indeed."""

from __future__ import annotations

import ssl
import time
from functools import cache

import httpx

from magpie.config import Settings
from magpie.kit.egress.pinned import PinnedTransport
from magpie.kit.egress.policy import EgressPolicy

MAX_BYTES = 8 << 20
SECONDS = 30.0
MAX_HOPS = 3
_KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class NoPicture(Exception):
    """Nothing that can be shown came."""


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()


def fetch(settings: Settings, url: str) -> tuple[bytes, str]:
    """The picture and its type: JPEG, PNG or WebP. Raises `NoPicture`, `httpx.HTTPError`."""
    policy = EgressPolicy([entry for entry in settings.egress_allow.split(",") if entry.strip()])
    transport: httpx.BaseTransport
    if settings.proxy:
        transport = httpx.HTTPTransport(proxy=httpx.Proxy(settings.proxy), verify=_certificates())
    else:
        transport = PinnedTransport(policy, verify=_certificates(), limits=httpx.Limits())
    with httpx.Client(transport=transport, timeout=SECONDS, trust_env=False) as client:
        for _ in range(MAX_HOPS):
            _judge(policy, url, by_proxy=bool(settings.proxy))
            found = _ask(client, url)
            if isinstance(found, bytes):
                return found, _kind(found)
            url = found
    raise NoPicture("it is sent on too often")


def _judge(policy: EgressPolicy, url: str, *, by_proxy: bool) -> None:
    from magpie.kit.egress.errors import EgressError

    try:
        target = policy.check_url(url)
        if by_proxy:
            policy.check_remote_name(target.host, target.port)
    except EgressError as error:
        raise NoPicture(str(error)) from error


def _ask(client: httpx.Client, url: str) -> bytes | str:
    """The picture, or the address that it is sent on to."""
    latest = time.monotonic() + SECONDS
    with client.stream("GET", url) as response:
        if response.is_redirect and response.next_request is not None:
            return str(response.next_request.url)
        if response.status_code != 200:
            raise NoPicture(f"HTTP {response.status_code}")
        received = bytearray()
        for chunk in response.iter_raw(65536):
            received += chunk
            if len(received) > MAX_BYTES or time.monotonic() > latest:
                raise NoPicture("it is too large or comes too slowly")
        return bytes(received)


def _kind(data: bytes) -> str:
    for start, mime in _KINDS:
        if data.startswith(start):
            return mime
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    raise NoPicture("it is no JPEG, PNG or WebP")
